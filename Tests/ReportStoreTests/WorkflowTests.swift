import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Reviews, retractions, moves, readings and erasures")
struct WorkflowTests {
    private static let other = "2023/湛江市/麻章区/财政局/整体支出"

    private func lookup(_ text: String = Samples.key) throws -> Lookup { try Lookup(parsing: text) }

    private func review(
        _ store: Store,
        _ verdict: Verdict,
        _ comment: String? = nil,
        of text: String = Samples.key
    ) async throws -> JSONValue {
        let command = try ReviewCommand([try lookup(text)], verdict, comment: comment, by: "李审")
        return try await store.review(command)
    }

    private func status(_ store: Store, _ text: String = Samples.key) async throws -> String {
        let answer = try store.getNow(try lookup(text), body: .record)
        let rows = try await store.list(ListFilter(lookup: try lookup(text)), at: .now).rows
        if rows.count == 1, !text.contains("@") {
            #expect(rows[0].version.status == answer.version.status)
            #expect(rows[0].version.comment == answer.version.comment)
            #expect(rows[0].json["comment"]?.stringValue == answer.version.comment)
        }
        let json = try JSONValue(parsing: answer.bytes)
        #expect(json["status"]?.stringValue == answer.version.status.rawValue)
        #expect(json["version"]?["comment"] == .optional(answer.version.comment))
        return answer.version.status.rawValue + (answer.version.comment.map { ": " + $0 } ?? "")
    }

    @Test("a review gives the version its status and comment, an undo takes the last one back")
    func reviewed() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            #expect(try await status(store) == "submitted")
            _ = try await review(store, .returned, "请补充得分表")
            #expect(try await status(store) == "returned: 请补充得分表")
            _ = try await review(store, .approve)
            #expect(try await status(store) == "approved")
            _ = try await review(store, .undo)
            #expect(try await status(store) == "returned: 请补充得分表")
            _ = try await review(store, .undo)
            #expect(try await status(store) == "submitted")
            let answer = try await review(store, .undo)
            #expect(answer["items"]?.arrayValue?[0]["error"]?["code"] == "conflict")
            let history = try await store.history(try lookup())
            #expect(history.map(\.kind) == [.submit] + [EntryKind](repeating: .review, count: 4))
            #expect(history[1].about == [history[0].version.id])
            #expect(history[1].detail?["by"] == "李审")
            #expect(history[1].version.status == .returned)
        }
    }

    @Test("a next version waits for a review of its own, and the older one keeps its status")
    func nextVersion() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            _ = try await review(store, .returned, "重报")
            _ = try await store.append(try Samples.filing(files: ["乙"]))
            #expect(try await status(store) == "submitted")
            #expect(try await status(store, Samples.key + "@1") == "returned: 重报")
            let returned = ListFilter(status: .returned)
            #expect(try await store.list(returned, at: .now).rows.isEmpty)
        }
    }

    @Test("many are judged at once, each with its own outcome, in one commit")
    func manyAtOnce() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            _ = try await store.append(try Samples.filing(Self.other, files: ["乙"]))
            let lookups = [try lookup(), try lookup("1999/没有"), try lookup(Self.other)]
            let answer = try await store.review(try ReviewCommand(lookups, .approve))
            let items = try #require(answer["items"]?.arrayValue)
            #expect(items.map { $0["status"]?.stringValue } == ["approved", nil, "approved"])
            #expect(items[1]["error"]?["code"] == "not-found")
            #expect(try await store.status().arrival == 4)
        }
    }

    @Test("a moment before a judgement does not know it")
    func asOf() async throws {
        let clock = TestClock()
        try await withStore(clock: clock) { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            let before = clock.now
            clock.advance(milliseconds: 10)
            _ = try await review(store, .returned, "不齐")
            for moment in [Moment.asOf(before), .knownHere(before)] {
                let answer = try store.getNow(try lookup(), body: .record, at: moment)
                #expect(answer.version.status == .submitted)
                #expect(answer.version.comment == nil)
                let rows = try await store.list(ListFilter(), at: moment).rows
                #expect(rows[0].version.status == .submitted)
            }
            let now = try store.getNow(try lookup(), body: .record, at: .asOf(clock.now))
            #expect(now.version.status == .returned)
        }
    }

    @Test("what was taken back may be filed again, and is a new version")
    func retracted() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            let command = try RetractCommand(try lookup(), reason: "数据有误", by: "王")
            let judged = try await store.retract(command)
            #expect(judged.version.status == .retracted)
            #expect(try await status(store) == "retracted: 数据有误")
            await expectFailure(.conflict) { _ = try await store.retract(command) }
            let refused = try await review(store, .approve)
            #expect(refused["items"]?.arrayValue?[0]["error"]?["code"] == "conflict")
            let again = try await store.append(try Samples.filing(files: ["甲"]))
            #expect(again.version.number == 2)
            #expect(try await status(store) == "submitted")
        }
    }

    @Test("a version moves to another key with its files, and says where it went")
    func rekeyed() async throws {
        try await withStore { store in
            let big = String(repeating: "自评报告", count: 9000)
            _ = try await store.append(try Samples.filing(files: [big], people: ["王某"]))
            let key = try ReportKey(parsing: Self.other)
            let command = try RekeyCommand(try lookup(), to: key, reason: "单位认错", by: "李")
            let answer = try await store.rekey(command)
            #expect(answer["from"]?["status"] == "retracted")
            #expect(try await status(store) == "retracted: 已改报到 \(Self.other)@1：单位认错")
            let record = try JSONValue(parsing: Array(try store.text(Self.other).utf8))
            #expect(record["key"] == .string(Self.other))
            #expect(record["unit"]?["shortName"] == "财政局")
            #expect(record["given"]?["overridden"]?["unit"] == "麻章区总工会")
            let people = try store.getNow(try lookup(Self.other), body: .people)
            #expect(String(decoding: people.bytes, as: UTF8.self).contains("王某"))
            let source = try store.getNow(try lookup(Self.other), body: .source(0))
            #expect(source.bytes == Array(big.utf8))
            await expectFailure(.conflict) { _ = try await store.rekey(command) }
            let kinds = try await store.history(try lookup()).map(\.kind)
            #expect(kinds == [.submit, .rekey])
            let there = try await store.history(try lookup(Self.other))
            #expect(there.map(\.kind) == [.submit])
            #expect(there[0].detail?["from"]?.stringValue == "\(Samples.key)@1")
        }
    }

    @Test("a move to a key that has these files is refused and stores nothing")
    func rekeyRefused() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            _ = try await store.append(try Samples.filing(Self.other, files: ["甲"]))
            let key = try ReportKey(parsing: Self.other)
            let command = try RekeyCommand(try lookup(), to: key, reason: "单位认错")
            await expectFailure(.conflict) { _ = try await store.rekey(command) }
            #expect(try await store.status().arrival == 2)
            #expect(try await status(store) == "submitted")
        }
    }

    private func reading(_ store: Store, score: String) throws -> Reading {
        let answer = try store.getNow(try lookup(), body: .record)
        var json = try JSONValue(parsing: answer.bytes).objectValue ?? [:]
        json["status"] = nil
        json["version"] = nil
        let before = JSONValue.object(json).canonicalBytes
        var record = try Record(json: .object(json))
        record.score = score
        record.parser = "later"
        return Reading(
            of: answer.version.hash,
            before: Hash256(hashing: before),
            record: record,
            people: [],
            reason: "解析器升级",
            by: "管理员"
        )
    }

    @Test("a new reading is served under the same version number, and before it the old one")
    func reread() async throws {
        let clock = TestClock()
        try await withStore(clock: clock) { store in
            let first = try await store.append(try Samples.filing(files: ["甲"], people: ["王某"]))
            let before = clock.now
            clock.advance(milliseconds: 5)
            let stale = try reading(store, score: "11.00")
            let judged = try await store.append(try reading(store, score: "88.00"))
            #expect(judged.version.id == first.version.id)
            #expect(try store.text(Samples.key).contains("\"score\":\"88.00\""))
            #expect(try store.text(Samples.key, at: .asOf(before)).contains("\"96.50\""))
            let page = try await store.list(ListFilter(), at: .now)
            #expect(page.rows[0].score == "88.00")
            let people = try store.getNow(try lookup(), body: .people)
            #expect(people.bytes == Array("[]\n".utf8))
            await expectFailure(.conflict) { _ = try await store.append(stale) }
            var lent: [UInt8] = []
            let key = Array(Samples.key.utf8)
            _ = try key.withUnsafeBytes { key throws(ReportError) in
                try store.withCurrentRecord(key: key) { record in
                    for piece in [record.first, record.second, record.third, record.suffix] {
                        lent += Array(piece)
                    }
                }
            }
            #expect(String(decoding: lent, as: UTF8.self) == (try store.text(Samples.key)))
            let audit = try await store.audit(AuditQuery())
            let item = try #require(audit["items"]?.arrayValue?.first)
            #expect(item["kind"] == "reparse")
            #expect(item["detail"]?["parser"]?["to"] == "later")
            #expect(item["by"] == "管理员")
        }
    }

    @Test("the queue lists what waits, the oldest first, with findings that nobody explained")
    func queue() async throws {
        let clock = TestClock()
        try await withStore(clock: clock) { store in
            for unit in ["丙局", "甲局", "乙局"] {
                let key = "2023/湛江市/麻章区/\(unit)/整体支出"
                _ = try await store.append(try Samples.filing(key, files: [unit]))
                clock.advance(milliseconds: 5)
            }
            func keys(_ query: QueueQuery) async throws -> [String] {
                let items = try await store.queue(query)["items"]?.arrayValue ?? []
                return items.compactMap { $0["key"]?.stringValue?.split(separator: "/")[3] }
                    .map { String($0) }
            }
            #expect(try await keys(QueueQuery()) == ["丙局", "甲局", "乙局"])
            _ = try await review(store, .approve, of: "2023/湛江市/麻章区/甲局/整体支出")
            #expect(try await keys(QueueQuery()) == ["丙局", "乙局"])
            let first = try await store.queue(QueueQuery(countsOpenFindings: true, limit: 1))
            #expect(first["waiting"] == 2)
            #expect(first["items"]?.arrayValue?[0]["open"]?["high"] == 1)
            let next = QueueQuery(limit: 1, after: first["next"]?.stringValue)
            #expect(try await keys(next) == ["乙局"])
        }
    }

    @Test("pages of the queue go on in each order, whatever is judged or explained meanwhile")
    func queueOrders() async throws {
        let clock = TestClock()
        try await withStore(clock: clock) { store in
            let units = ["甲局", "乙局", "丙局", "丁局", "戊局"]
            for unit in units {
                let key = "2023/湛江市/麻章区/\(unit)/整体支出"
                var filing = try Samples.filing(key, files: [unit])
                filing.record.findings[0].fingerprint = "0123456789abcdef"
                _ = try await store.append(filing)
                clock.advance(milliseconds: 5)
            }
            let lines = [
                "年度,地区,单位,截止日期", "2023,湛江市/麻章区,甲局,", "2023,湛江市/麻章区,乙局,2024-06-30",
                "2023,湛江市/麻章区,丙局,2024-05-31", "2023,湛江市/麻章区,丁局,2024-05-31",
            ]
            let roster = try Roster(Array(lines.joined(separator: "\n").utf8), name: "r")
            let day = try #require(Timestamp(parsing: "2024-06-02"))
            /// The units of all pages of one row, and what happens after the first.
            func paged(
                _ order: QueueQuery.Order,
                between: () async throws -> Void = {}
            ) async throws -> [String] {
                var query = QueueQuery(order: order, day: day, limit: 1)
                var found: [String] = []
                repeat {
                    let page = try await store.queue(query, roster: roster)
                    let row = try #require(page["items"]?.arrayValue?.first)
                    found.append(String(row["key"]?.stringValue?.split(separator: "/")[3] ?? ""))
                    query.after = page["next"]?.stringValue
                    if found.count == 1 { try await between() }
                } while query.after != nil
                return found
            }
            #expect(try await paged(.age) == units)
            #expect(try await paged(.deadline) == ["丙局", "丁局", "乙局", "甲局", "戊局"])
            #expect(try await paged(.open) == units)
            let all = try await store.queue(QueueQuery(order: .deadline, day: day), roster: roster)
            let rows = try #require(all["items"]?.arrayValue)
            #expect(rows.map { $0["days"]?.integerValue } == [2, 2, -28, nil, nil])
            #expect(rows[0]["deadline"] == "2024-05-31T15:59:59.999Z")
            #expect(rows[4]["deadline"] == .null)
            #expect(rows[0]["open"] == nil)

            let explained = "2023/湛江市/麻章区/甲局/整体支出"
            let note = try Note(fingerprint: "0123456789abcdef", text: "已核实")
            _ = try await store.append(note, about: try lookup(explained))
            #expect(try await paged(.open) == ["乙局", "丙局", "丁局", "戊局", "甲局"])
            let left = try await paged(.open) {
                _ = try await review(store, .approve, of: "2023/湛江市/麻章区/乙局/整体支出")
            }
            #expect(left == ["乙局", "丙局", "丁局", "戊局", "甲局"])
            let rest = try await paged(.deadline) {
                _ = try await review(store, .approve, of: "2023/湛江市/麻章区/丙局/整体支出")
            }
            #expect(rest == ["丙局", "丁局", "甲局", "戊局"])
            await expectFailure(.usage) { _ = try await store.queue(QueueQuery(order: .deadline)) }
            let foreign = QueueQuery(order: .open, after: String(repeating: "0", count: 64))
            await expectFailure(.usage) { _ = try await store.queue(foreign) }
        }
    }

    @Test("a node that reports to another one and is no reviewer takes no review")
    func notAllowed() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            try await store.setMayReview(false)
            await expectFailure(.notAllowed) { _ = try await review(store, .approve) }
            try await withStore(name: "他") { other in
                _ = try await other.append(try Samples.filing(Self.other, files: ["乙"]))
                try await replicate(from: other, to: store)
            }
            let foreign = try RetractCommand(try lookup(Self.other), reason: "x")
            await expectFailure(.notAllowed) { _ = try await store.retract(foreign) }
            let erasure = try EraseCommand(try lookup(Self.other), reason: "a", authority: "b")
            await expectFailure(.notAllowed) { _ = try await store.erase(erasure) }
            try await store.setMayReview(true)
            _ = try await review(store, .approve)
            #expect(try await status(store) == "approved")
            try await store.setMayReview(false)
            _ = try await store.retract(try RetractCommand(try lookup(), reason: "x"))
            #expect(try await status(store) == "retracted: x")
        }
    }

    @Test("a node's own retraction judges nobody else; a review and a foreign retraction do")
    func judging() async throws {
        try await withStore(name: "县") { county in
            try await withStore(name: "市") { city in
                _ = try await county.append(try Samples.filing(files: ["甲"]))
                try await replicate(from: county, to: city)
                _ = try await county.retract(try RetractCommand(try lookup(), reason: "x"))
                let (own, descriptor) = try await ownBatch(county)
                #expect(city.judgement(in: own, of: descriptor.node) == nil)
                let (later, _) = try await ownBatch(county, after: 1)
                #expect(city.judgement(in: later, of: descriptor.node) == nil)
                _ = try await city.retract(try RetractCommand(try lookup(), reason: "y"))
                let (foreign, other) = try await ownBatch(city)
                #expect(county.judgement(in: foreign, of: other.node) == .retract)
                try await withStore(name: "空") { empty in
                    #expect(empty.judgement(in: later, of: descriptor.node) == .retract)
                }
                _ = try await county.append(try Samples.filing(files: ["乙"]))
                _ = try await review(county, .approve)
                let (review, _) = try await ownBatch(county, after: 2)
                #expect(city.judgement(in: review, of: descriptor.node) == .review)
            }
        }
    }

    @Test("a review without a comment where one must be is refused, and so is an empty reason")
    func badInput() async throws {
        let key = try lookup()
        await expectFailure(.usage) { _ = try ReviewCommand([key], .returned, comment: " ") }
        await expectFailure(.usage) { _ = try ReviewCommand([], .approve) }
        await expectFailure(.usage) { _ = try RetractCommand(key, reason: "") }
        await expectFailure(.usage) { _ = try EraseCommand(key, reason: "a", authority: "") }
        let long = String(repeating: "长", count: 4000)
        await expectFailure(.tooLarge) { _ = try ReviewCommand([key], .approve, comment: long) }
    }
}
