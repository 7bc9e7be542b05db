import LMDB
import ReportModel
import Synchronization

/// Gathers what the open write transaction adds; used on the writer's queue alone.
struct PendingCommit: Sendable {
    /// What one log gets.
    private struct Part: Sendable {
        var first: UInt64
        var entries: [ReplicatedEntry] = []
        var hashes: [Hash256] = []
        var held: [SharedCommit.HeldFile] = []
        /// What a peer signed for the last entry; nil: the row of the log has it.
        var seal: (last: UInt64, head: SignedHead, proof: [Hash256])?

        var last: UInt64 { first + UInt64(entries.count) - 1 }

        /// Entries behind which as many bytes have come as are read at once.
        func cuts(every byteCount: Int) -> [UInt64] {
            var heldBytes: [Int: Int] = [:]
            for file in held { heldBytes[file.offset, default: 0] += file.byteCount }
            var cuts: [UInt64] = []
            var sum = 0
            for (offset, entry) in entries.enumerated() {
                let whole = entry.byteCount + heldBytes[offset, default: 0]
                if sum > 0, sum + whole > byteCount {
                    cuts.append(first + UInt64(offset) - 1)
                    sum = 0
                }
                sum += whole
            }
            return cuts
        }
    }

    private struct State: Sendable {
        var parts: [UInt32: Part] = [:]
        var notices: [SharedCommit.Notice] = []
        var losses: [SharedCommit.Loss] = []
    }

    private final class Box: Sendable {
        let state = Mutex(State())
    }

    private let box = Box()

    /// Adds an entry that was applied to a log.
    /// - Parameters:
    ///   - incoming: the entry.
    ///   - held: its files that are read when they are sent.
    ///   - ref: its log.
    func add(_ incoming: EntryApplier.Incoming, held: [SharedCommit.HeldFile], ref: UInt32) {
        let entry = ReplicatedEntry(header: incoming.header, bodies: incoming.bodies)
        box.state.withLock { state in
            var part = state.parts.removeValue(forKey: ref) ?? Part(first: incoming.entry.sequence)
            for var file in held {
                file.offset = part.entries.count
                part.held.append(file)
            }
            part.entries.append(entry)
            part.hashes.append(incoming.hash)
            state.parts[ref] = part
        }
    }

    /// A body of an entry that came in the open transaction; nil when it did not.
    func body(_ place: EntryPlace, index: Int) -> Body? {
        box.state.withLock { state in
            guard let (part, offset) = Self.part(of: place, state) else { return nil }
            let bodies = part.entries[offset].bodies
            return bodies.indices.contains(index) ? bodies[index] : nil
        }
    }

    /// Where a file is read that an entry of the open transaction names.
    func heldFile(_ place: EntryPlace, index: Int) -> SharedCommit.HeldFile? {
        box.state.withLock { state in
            guard let (part, offset) = Self.part(of: place, state) else { return nil }
            return part.held.first { $0.offset == offset && $0.index == index }
        }
    }

    private static func part(
        of place: EntryPlace,
        _ state: State
    ) -> (part: Part, offset: Int)? {
        guard let part = state.parts[place.log], place.sequence >= part.first,
            place.sequence <= part.last
        else { return nil }
        return (part, Int(place.sequence - part.first))
    }

    /// Reads a file now that is about to be erased where it was to be read later.
    /// - Parameters:
    ///   - origin: its place.
    ///   - index: its index there.
    ///   - load: reads it; called when somebody needs it.
    /// - Throws: what `load` throws.
    func keep(_ origin: EntryPlace, index: Int, _ load: () throws -> Body?) throws {
        let isNeeded = box.state.withLock { state in
            state.parts.values.contains { part in
                part.held.contains { $0.origin == origin && $0.originIndex == index }
            }
        }
        guard isNeeded, let body = try load() else { return }
        box.state.withLock { state in
            for (ref, var part) in state.parts {
                for file in part.held where file.origin == origin && file.originIndex == index {
                    guard file.reference == body.reference else { continue }
                    part.entries[file.offset].bodies[file.index] = body
                }
                part.held.removeAll { $0.origin == origin && $0.originIndex == index }
                state.parts[ref] = part
            }
        }
    }

    /// Adds what proves the entries of a batch that was accepted.
    func seal(_ batch: CheckedBatch, ref: UInt32) {
        box.state.withLock { state in
            // A batch that was held already has nothing to prove here.
            guard let part = state.parts[ref], part.last == batch.last else { return }
            state.parts[ref]?.seal = (batch.last, batch.head, batch.proof)
        }
    }

    func add(_ notice: SharedCommit.Notice) {
        box.state.withLock { $0.notices.append(notice) }
    }

    func add(_ loss: SharedCommit.Loss) {
        box.state.withLock { $0.losses.append(loss) }
    }

    /// Forgets everything: the transaction was given up.
    func reset() { box.state.withLock { $0 = State() } }

    /// Hands out what was gathered, and begins anew.
    /// - Parameters:
    ///   - cutByteCount: bytes of entries behind which a batch can be divided.
    ///   - row: the row of a log as the transaction has it.
    ///   - proof: proof that the entries up to a sequence are the beginning of the tree under the head
    ///     of a row; nil when it cannot be given.
    /// - Returns: the commit.
    /// - Throws: what the closures throw; ``ReportError`` `integrity` when nothing proves the entries.
    func take(
        cutByteCount: Int,
        row: (UInt32) throws -> LogRow,
        proof: (LogRow, UInt64) throws -> [Hash256]?
    ) throws -> SharedCommit {
        let state = box.state.withLock { state in
            defer { state = State() }
            return state
        }
        var commit = SharedCommit()
        commit.notices = state.notices
        commit.losses = state.losses
        for (ref, part) in state.parts {
            let row = try row(ref)
            let head: SignedHead
            var path: [Hash256] = []
            if let seal = part.seal, seal.last == part.last {
                (head, path) = (seal.head, seal.proof)
            } else if let own = row.head, own.size == part.last {
                head = own
            } else {
                throw ReportError(.integrity, "nothing proves the new entries of a log")
            }
            let batch = EntryBatch(
                log: row.descriptor.id,
                first: part.first,
                entries: part.entries,
                head: head,
                proof: path
            )
            var whole = SharedCommit.Part(
                descriptor: row.descriptor,
                batch: batch,
                hashes: part.hashes
            )
            whole.held = part.held
            for last in part.cuts(every: cutByteCount) {
                guard let head = row.head, let path = try proof(row, last) else { continue }
                whole.cuts.append(.init(last: last, head: head, proof: path))
            }
            commit.parts.append(whole)
        }
        commit.parts.sort { $0.batch.log < $1.batch.log }
        return commit
    }
}
