import ReportModel
import ReportStore
import ReportTestKit
import Testing

/// What was said of each version, in the simplest form that can be right.
private struct WorkflowModel {
    struct Event {
        var recordedAt: Timestamp
        var log: LogID
        var sequence: Int
        var what: What
    }

    enum What {
        case judged(VersionStatus)
        case undone
        case moved
        case reread(String)
        case erased
    }

    var events: [Hash256: [Event]] = [:]
    var ids: [Hash256: (key: String, id: String)] = [:]

    mutating func add(_ version: Hash256, _ event: Event) {
        events[version, default: []].append(event)
    }

    private func ordered(_ version: Hash256) -> [Event] {
        (events[version] ?? []).sorted {
            ($0.recordedAt.milliseconds, $0.log, $0.sequence)
                < ($1.recordedAt.milliseconds, $1.log, $1.sequence)
        }
    }

    func status(_ version: Hash256) -> VersionStatus {
        var standing: [VersionStatus] = []
        var isMoved = false
        for event in ordered(version) {
            switch event.what {
            case .judged(let status): standing.append(status)
            case .undone: _ = standing.popLast()
            case .moved: isMoved = true
            case .reread, .erased: continue
            }
        }
        return isMoved ? .retracted : standing.last ?? .submitted
    }

    /// The score that is served; nil once the record was erased.
    func score(_ version: Hash256) -> String? {
        var score = "96.50"
        for event in ordered(version) {
            if case .erased = event.what { return nil }
            if case .reread(let new) = event.what { score = new }
        }
        return score
    }
}

@Suite("Any order of reviews, moves, readings and erasures on two nodes")
struct WorkflowPropertyTests {
    @Test("both give the answers of a simple model, and the same bytes", arguments: 1...8)
    func model(seed: Int) async throws {
        let clock = TestClock()
        try await withStore(name: "县", clock: clock) { left in
            try await withStore(name: "市", clock: clock) { right in
                var run = WorkflowRun(seed: UInt64(seed), stores: [left, right], clock: clock)
                for _ in 0..<60 { try await run.step() }
                let before = clock.now
                clock.advance(milliseconds: 50)
                for _ in 0..<25 { try await run.step() }
                try await replicate(from: left, to: right, count: 2)
                try await replicate(from: right, to: left, count: 5)
                try await run.check(left)
                try await run.check(right)
                for moment in [Moment.now, .asOf(before)] {
                    let first = try await workflowAnswers(left, at: moment)
                    let second = try await workflowAnswers(right, at: moment)
                    #expect(first == second)
                }
                // A third node takes the logs in the other order.
                try await withStore(name: "省", clock: clock) { third in
                    try await replicate(try await right.ownLog(), from: right, to: third)
                    try await replicate(try await left.ownLog(), from: left, to: third)
                    try await run.check(third)
                    let first = try await workflowAnswers(left, at: .now)
                    #expect(try await workflowAnswers(third, at: .now) == first)
                }
            }
        }
    }
}

/// What every reader gets of a store, errors included.
func workflowAnswers(_ store: Store, at moment: Moment) async throws -> String {
    var lines: [String] = []
    let page = try await store.list(ListFilter(limit: 1000), at: moment)
    lines.append(page.json.canonicalText)
    for row in page.rows {
        let lookup = Lookup(try ReportKey(parsing: row.version.key))
        lines += row.version.conflict + [row.version.comment ?? "-"]
        for body in [BodySelector.record, .people, .source(0)] {
            do {
                let answer = try store.getNow(lookup, body: body, at: moment)
                lines.append(String(decoding: answer.bytes, as: UTF8.self))
            } catch {
                lines.append(error.json.canonicalText)
            }
        }
        lines += try await store.history(lookup).map(\.json.canonicalText)
    }
    lines.append(try await store.queue(QueueQuery(countsOpenFindings: true)).canonicalText)
    lines.append(try await store.audit(AuditQuery()).canonicalText)
    return lines.joined(separator: "\n")
}

/// Random work on two stores, told to a model.
private struct WorkflowRun {
    var generator: SeededGenerator
    let stores: [Store]
    let clock: TestClock
    var model = WorkflowModel()

    init(seed: UInt64, stores: [Store], clock: TestClock) {
        generator = SeededGenerator(seed: seed)
        self.stores = stores
        self.clock = clock
    }

    mutating func step() async throws {
        clock.advance(milliseconds: Int.random(in: 0...2, using: &generator))
        let store = stores[Int.random(in: 0..<stores.count, using: &generator)]
        let choice = Int.random(in: 0..<20, using: &generator)
        if choice < 6 {
            let filing = try Samples.random(using: &generator, keyCount: 3)
            let version = try await store.append(filing).version
            model.ids[version.hash] = (version.key, version.id)
        } else if choice < 8 {
            let (from, to) = Bool.random(using: &generator) ? (0, 1) : (1, 0)
            try await replicate(from: stores[from], to: stores[to], count: 3)
        } else if let lookup = try await anyVersion(store) {
            do {
                try await judge(choice, lookup, store)
            } catch let error as ReportError {
                let isRefusal = [.conflict, .erased, .notFound].contains(error.code)
                #expect(isRefusal, "\(error)")
            }
        }
    }

    private mutating func anyVersion(_ store: Store) async throws -> Lookup? {
        let rows = try await store.list(ListFilter(), at: .now).rows
        guard let row = rows.randomElement(using: &generator) else { return nil }
        let items = try await store.history(Lookup(try ReportKey(parsing: row.version.key)))
        let versions = items.filter { $0.kind == .submit }.map(\.version)
        guard let version = versions.randomElement(using: &generator) else { return nil }
        return try Lookup(parsing: "\(version.key)@\(version.id)")
    }

    private func version(_ lookup: Lookup) -> Hash256? {
        model.ids.first { "\($0.value.key)@\($0.value.id)" == lookup.description }?.key
    }

    private mutating func told(
        _ store: Store,
        _ version: Hash256?,
        _ what: WorkflowModel.What
    ) async throws {
        let log = try await store.ownLog()
        let state = try await store.logState(log)
        let position = try #require(state).position
        let items = try await store.changes(after: 0, matching: nil, limit: 1000).items
        let entry = try #require(items.last { $0.version.hash == position.hash })
        model.add(
            try #require(version),
            WorkflowModel.Event(
                recordedAt: entry.version.recordedAt,
                log: log,
                sequence: Int(position.sequence),
                what: what
            )
        )
    }

    private mutating func judge(_ choice: Int, _ lookup: Lookup, _ store: Store) async throws {
        let subject = version(lookup)
        switch choice {
        case 8...12:
            let verdict = Verdict.allCases.randomElement(using: &generator) ?? .approve
            let answer = try await store.review(
                try ReviewCommand([lookup], verdict, comment: "意见\(choice)")
            )
            guard answer["items"]?.arrayValue?.first?["error"] == nil else { return }
            let what: WorkflowModel.What =
                switch verdict {
                case .approve: .judged(.approved)
                case .returned: .judged(.returned)
                case .undo: .undone
                }
            try await told(store, subject, what)
        case 13, 14:
            _ = try await store.retract(try RetractCommand(lookup, reason: "有误"))
            try await told(store, subject, .judged(.retracted))
        case 15:
            let unit = Int.random(in: 0..<4, using: &generator)
            let key = try ReportKey(parsing: "2023/湛江市/麻章区/单位\(unit)/整体支出")
            let answer = try await store.rekey(try RekeyCommand(lookup, to: key, reason: "错"))
            let hash = answer["to"]?["entry"]?.stringValue.flatMap { Hash256(hex: $0) }
            let moved = try #require(hash)
            let id = try #require(answer["to"]?["version"]?.stringValue)
            model.ids[moved] = (key.text, id)
            try await told(store, subject, .moved)
            let score = try store.getNow(try Lookup(parsing: "\(key.text)@\(id)"), body: .record)
            let json = try JSONValue(parsing: score.bytes)
            let old = try #require(subject)
            var event = try #require(model.events[old]?.last)
            event.what = .reread(json["score"]?.stringValue ?? "")
            model.add(moved, event)
        case 16, 17:
            let score = "\(Int.random(in: 10...99, using: &generator)).00"
            _ = try await store.append(try reading(store, lookup, score: score))
            try await told(store, subject, .reread(score))
        default:
            let parts: Set<EraseCommand.Part> = choice == 18 ? [.people] : EraseCommand.Part.usual
            let command = try EraseCommand(lookup, parts: parts, reason: "依法", authority: "法")
            _ = try await store.erase(command)
            if choice == 19 { try await told(store, subject, .erased) }
        }
    }

    private func reading(_ store: Store, _ lookup: Lookup, score: String) throws -> Reading {
        let answer = try store.getNow(lookup, body: .record)
        var json = try JSONValue(parsing: answer.bytes).objectValue ?? [:]
        json["status"] = nil
        json["version"] = nil
        let before = Hash256(hashing: JSONValue.object(json).canonicalBytes)
        var record = try Record(json: .object(json))
        record.score = score
        return Reading(of: answer.version.hash, before: before, record: record, people: [])
    }

    /// Every version has the status and the score that the model says.
    func check(_ store: Store) async throws {
        for (hash, name) in model.ids {
            let lookup = try Lookup(parsing: "\(name.key)@\(name.id)")
            let items = try await store.history(lookup)
            let item = try #require(items.first { $0.version.hash == hash })
            #expect(item.version.status == model.status(hash), "\(name)")
            var score: String?
            do {
                let answer = try store.getNow(lookup, body: .record)
                #expect(answer.version.status == model.status(hash))
                score = try JSONValue(parsing: answer.bytes)["score"]?.stringValue
            } catch let error as ReportError {
                #expect(error.code == .erased)
            }
            #expect(score == model.score(hash), "\(name)")
        }
    }
}
