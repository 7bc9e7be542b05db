package import ReportModel
import Synchronization

/// What a commit adds to the logs of a store, for an engine that several nodes share.
package struct SharedCommit: Sendable {
    /// Consecutive new entries of one log, with a head of its owner that covers them.
    package struct Part: Sendable {
        /// Who owns the log.
        package var descriptor: LogDescriptor
        /// The entries; bodies that were erased before they came are left out.
        package var batch: EntryBatch
        /// Hashes of the entries, in their order.
        package var hashes: [Hash256]

        package init(descriptor: LogDescriptor, batch: EntryBatch, hashes: [Hash256]? = nil) {
            self.descriptor = descriptor
            self.batch = batch
            self.hashes = hashes ?? batch.entries.map { Hash256(hashing: $0.header) }
        }
    }

    /// An entry that lost bodies by law.
    package struct Loss: Hashable, Sendable {
        /// The log.
        package var log: LogID
        /// Sequence of the entry.
        package var sequence: UInt64
        /// Indexes of the bodies that nobody may hold any more.
        package var bodies: [Int]
    }

    /// What is said of a log beside its entries.
    package enum Notice: Sendable {
        /// A node has signed that it holds the log up to a position.
        case acknowledgement(Acknowledgement)
        /// Entries of another branch: the log is forked.
        case branch(EntryBatch)
        /// An administrator lets the owner of a forked log go on with other logs.
        case release(LogID)

        /// The log that is spoken of.
        package var log: LogID {
            switch self {
            case .acknowledgement(let acknowledgement): acknowledgement.position.log
            case .branch(let batch): batch.log
            case .release(let log): log
            }
        }
    }

    /// New entries, one part for each log, in ascending order of log.
    package var parts: [Part] = []
    /// What was said of logs, in its order.
    package var notices: [Notice] = []
    /// Entries that lost bodies.
    package var losses: [Loss] = []

    package init() {}

    /// Whether nothing was added.
    package var isEmpty: Bool { parts.isEmpty && notices.isEmpty && losses.isEmpty }
}

/// Where every commit of a store must be durable before the store itself commits.
package protocol CommitSink: SharedFiles {
    /// Makes a commit durable; called on the writer's thread within its transaction, and may block.
    ///
    /// What it holds already it passes over.
    /// - Throws: ``ReportError``; then the store's transaction is given up. `unreachable` tells that a
    ///   part of the transaction would fare no better.
    func commit(_ commit: SharedCommit) throws(ReportError)
}

/// Gathers what the open write transaction adds; used on the writer's queue alone.
struct PendingCommit: Sendable {
    /// What one log gets.
    private struct Part: Sendable {
        var first: UInt64
        var entries: [ReplicatedEntry] = []
        var hashes: [Hash256] = []
        /// What a peer signed for the last entry; nil: the row of the log has it.
        var seal: (last: UInt64, head: SignedHead, proof: [Hash256])?
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
    func add(_ incoming: EntryApplier.Incoming, ref: UInt32) {
        let entry = ReplicatedEntry(header: incoming.header, bodies: incoming.bodies)
        box.state.withLock { state in
            var part = state.parts.removeValue(forKey: ref) ?? Part(first: incoming.entry.sequence)
            part.entries.append(entry)
            part.hashes.append(incoming.hash)
            state.parts[ref] = part
        }
    }

    /// A body of an entry that came in the open transaction; nil when it did not.
    func body(_ place: EntryPlace, index: Int) -> Body? {
        box.state.withLock { state in
            guard let part = state.parts[place.log], place.sequence >= part.first,
                place.sequence - part.first < UInt64(part.entries.count)
            else { return nil }
            let bodies = part.entries[Int(place.sequence - part.first)].bodies
            return bodies.indices.contains(index) ? bodies[index] : nil
        }
    }

    /// Adds what proves the entries of a batch that was accepted.
    func seal(_ batch: CheckedBatch, ref: UInt32) {
        box.state.withLock { state in
            // A batch that was held already has nothing to prove here.
            guard let part = state.parts[ref],
                part.first + UInt64(part.entries.count) - 1 == batch.last
            else { return }
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
    /// - Parameter row: the row of a log as the transaction has it.
    /// - Returns: the commit.
    /// - Throws: what `row` throws; ``ReportError`` `integrity` when nothing proves the entries.
    func take(row: (UInt32) throws -> LogRow) throws -> SharedCommit {
        let state = box.state.withLock { state in
            defer { state = State() }
            return state
        }
        var commit = SharedCommit()
        commit.notices = state.notices
        commit.losses = state.losses
        for (ref, part) in state.parts {
            let row = try row(ref)
            let last = part.first + UInt64(part.entries.count) - 1
            let head: SignedHead
            var proof: [Hash256] = []
            if let seal = part.seal, seal.last == last {
                (head, proof) = (seal.head, seal.proof)
            } else if let own = row.head, own.size == last {
                head = own
            } else {
                throw ReportError(.integrity, "nothing proves the new entries of a log")
            }
            let batch = EntryBatch(
                log: row.descriptor.id,
                first: part.first,
                entries: part.entries,
                head: head,
                proof: proof
            )
            commit.parts.append(
                .init(descriptor: row.descriptor, batch: batch, hashes: part.hashes)
            )
        }
        commit.parts.sort { $0.batch.log < $1.batch.log }
        return commit
    }
}
