import ReportModel
import ReportStore
import ReportTestKit
import Synchronization
import Testing

/// An engine that keeps what it is given in memory.
private final class MemoryEngine: CommitSink {
    private struct State {
        var files: [String: [UInt8]] = [:]
        var commits: [SharedCommit] = []
        var loads: [Int] = []
    }

    private let state = Mutex(State())

    var minimumByteCount: Int { 1000 }
    var cutByteCount: Int { 20_000 }

    /// The commits with entries.
    var commits: [SharedCommit] { state.withLock { $0.commits } }
    /// Lengths of the files that were asked for.
    var loads: [Int] { state.withLock { $0.loads } }

    private static func name(_ log: LogID, _ sequence: UInt64, _ index: Int) -> String {
        "\(log) \(sequence) \(index)"
    }

    func commit(
        _ commit: SharedCommit,
        loading load: (SharedCommit.HeldFile) throws -> Body?
    ) throws(ReportError) {
        var files: [String: [UInt8]] = [:]
        var loads: [Int] = []
        for part in commit.parts {
            for (offset, entry) in part.batch.entries.enumerated() {
                for (index, body) in entry.bodies.enumerated() {
                    let sequence = part.batch.first + UInt64(offset)
                    if let body { files[Self.name(part.batch.log, sequence, index)] = body.bytes }
                }
            }
            for held in part.held {
                guard let body = try? load(held) else { continue }
                let sequence = part.batch.first + UInt64(held.offset)
                files[Self.name(part.batch.log, sequence, held.index)] = body.bytes
                loads.append(body.bytes.count)
            }
        }
        let (new, read) = (files, loads)
        state.withLock { state in
            state.files.merge(new) { $1 }
            state.loads += read
            if !commit.parts.isEmpty { state.commits.append(commit) }
        }
    }

    func bytes(of file: SharedFile) throws(ReportError) -> [UInt8]? {
        state.withLock { $0.files[Self.name(file.log, file.sequence, file.index)] }
    }

    func forget() { state.withLock { $0.files = [:] } }

    func reading<R: Sendable>(
        _ work: @escaping @Sendable () throws(ReportError) -> R
    ) async throws(ReportError) -> R { try work() }
}

@Suite("What a commit hands to an engine that nodes share")
struct SharedCommitTests {
    /// A log whose later versions name the files of the first, which their sender leaves out.
    private struct Named {
        var log: ForgedLog
        let record: Body
        let files: [Body]
        private var last = Hash256.zero

        init(count: Int) throws {
            log = try ForgedLog()
            let filing = try Samples.filing()
            record = Body(kind: .record, bytes: filing.record.canonicalBytes)
            files = (0..<4).map { number in
                Body(kind: .source, bytes: [UInt8](repeating: UInt8(number), count: 3000))
            }
            for number in 1...count {
                let parents = number == 1 ? [] : [last]
                last = log.add(filing, bodies: [record] + files) { entry in
                    entry.number = UInt32(number)
                    entry.parents = parents
                }
            }
        }

        func batch(_ first: Int, _ last: Int) -> EntryBatch {
            var batch = log.batch(first, last)
            for place in batch.entries.indices
            where first + place > 1 && batch.entries[place].bodies.count == 5 {
                for index in 1...4 {
                    batch.entries[place].bodies[index] = nil
                    batch.entries[place].held.insert(index)
                }
            }
            return batch
        }
    }

    private func withEngine(
        _ body: (MemoryEngine, Store) async throws -> Void
    ) async throws {
        let engine = MemoryEngine()
        let folder = TemporaryFolder()
        var options = Store.Options(nodeName: "省", mapByteCount: 1 << 28)
        options.sink = engine
        let store = try Store.open(directory: folder.path("store"), options: options)
        defer { store.close() }
        try await body(engine, store)
        #expect(try store.verifyNow().problems == [])
    }

    private func expectFiles(_ store: Store, _ named: Named, of versions: ClosedRange<Int>) throws {
        for version in versions {
            let lookup = try Lookup(parsing: "\(Samples.key)@\(version)")
            for (number, file) in named.files.enumerated() {
                #expect(try store.getNow(lookup, body: .source(number)).bytes == file.bytes)
            }
        }
    }

    @Test("files that are held already are read when they are sent, not all before")
    func held() async throws {
        try await withEngine { engine, store in
            let named = try Named(count: 9)
            for batch in [named.batch(1, 1), named.batch(2, 9)] {
                _ = try await store.accept(batch, descriptor: named.log.descriptor)
            }
            let part = try #require(engine.commits.last?.parts.first)
            #expect(part.held.count == 8 * 4)
            for entry in part.batch.entries {
                let isAbsent = entry.bodies.map { $0 == nil }
                #expect(isAbsent == [false, true, true, true, true])
            }
            #expect(engine.loads == Array(repeating: 3000, count: 8 * 4))
            try expectFiles(store, named, of: 1...9)
        }
    }

    @Test("files that came in the same transaction are shared, not copied")
    func together() async throws {
        try await withEngine { engine, store in
            let named = try Named(count: 5)
            _ = try await store.accept(named.batch(1, 5), descriptor: named.log.descriptor)
            #expect(engine.loads.isEmpty)
            try expectFiles(store, named, of: 1...5)
        }
    }

    @Test("a batch can be divided where a reader has taken enough, with proof for each piece")
    func cuts() async throws {
        try await withEngine { engine, store in
            let named = try Named(count: 9)
            for batch in [named.batch(1, 1), named.batch(2, 9)] {
                _ = try await store.accept(batch, descriptor: named.log.descriptor)
            }
            let part = try #require(engine.commits.last?.parts.first)
            // An entry is some 12 KB whole, and 20 KB are enough.
            #expect(part.cuts.map(\.last) == Array(2...8))
            try await withStore { other in
                _ = try await other.accept(named.log.batch(1, 1), descriptor: part.descriptor)
                var first: UInt64 = 2
                for cut in part.cuts {
                    let piece = EntryBatch(
                        log: part.batch.log,
                        first: first,
                        entries: Array(named.log.entries[Int(first - 1)..<Int(cut.last)]),
                        head: cut.head,
                        proof: cut.proof
                    )
                    let end = try await other.accept(piece, descriptor: part.descriptor)
                    #expect(end.sequence == cut.last)
                    first = cut.last + 1
                }
            }
        }
    }

    @Test("a file that is erased where it was to be read is read before")
    func erasedOrigin() async throws {
        try await withEngine { engine, store in
            var named = try Named(count: 3)
            let erasure = Entry.erasing([
                ErasedSubject(entry: named.log.hashes[0], selection: .kind(.source))
            ])
            let key = try Samples.filing().key.text
            named.log.add(kind: .erase) { entry in
                entry.keyHash = Entry.keyHash(of: key)
                entry.subjects = erasure.subjects
                entry.trailer = erasure.trailer
            }
            for batch in [named.batch(1, 1), named.batch(2, 4)] {
                _ = try await store.accept(batch, descriptor: named.log.descriptor)
            }
            try expectFiles(store, named, of: 2...3)
            let first = try Lookup(parsing: "\(Samples.key)@1")
            let error = #expect(throws: ReportError.self) {
                try store.getNow(first, body: .source(0))
            }
            #expect(error?.code == .erased)
        }
    }

    @Test("a file that the engine has lost is told as lost, not as erased")
    func lost() async throws {
        try await withEngine { engine, store in
            let named = try Named(count: 2)
            for batch in [named.batch(1, 1), named.batch(2, 2)] {
                _ = try await store.accept(batch, descriptor: named.log.descriptor)
            }
            engine.forget()
            for version in 1...2 {
                let lookup = try Lookup(parsing: "\(Samples.key)@\(version)")
                let error = #expect(throws: ReportError.self) {
                    try store.getNow(lookup, body: .source(0))
                }
                #expect(error?.code == .integrity)
                #expect(error?.message.contains("@\(version)") == true)
                #expect(error?.message.contains("database") == true)
            }
            // The log is sent on all the same, without it.
            let sent = try await store.batch(
                log: named.log.descriptor.id,
                after: 0,
                maximumCount: 10,
                maximumByteCount: 1 << 20
            )
            let absent = sent?.entries.map { entry in entry.bodies.count { $0 == nil } }
            #expect(absent == [4, 4])
        }
    }
}
