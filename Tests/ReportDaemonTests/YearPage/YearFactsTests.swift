import Logging
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportDaemon

@Suite struct YearFactsTests {
    private let folder = TestFolder()
    private let clock = TestClock()
    private let fixture: StoreFixture
    private let city = NodeKey()

    init() throws { fixture = try StoreFixture(name: "麻章区", clock: clock) }

    private func facts(
        region: String? = "湛江市/麻章区",
        unit: String? = nil,
        hasCity: Bool = true,
        roster: String? = nil
    ) -> YearFacts {
        YearFacts(
            store: fixture.store,
            inbox: NodeConfiguration.InboxFolder(path: folder.path, region: region, unit: unit),
            name: "麻章区财政局",
            upstreams: hasCity ? [city.id] : [],
            roster: { () throws(ReportError) in
                try roster.map { text throws(ReportError) in
                    try Roster(Array(text.utf8), name: "应报单位.csv")
                }
            }
        )
    }

    private func file(_ key: String, _ text: String = "自评") async throws -> VersionInfo {
        var filing = try Samples.filing(key, files: [text])
        // The samples' code is that of 麻章区.
        if filing.key.district != "麻章区" { filing.record.region.code = nil }
        return try await fixture.store.append(filing).version
    }

    @Test("what cannot be read is told on the page with what to do; what only waits is not")
    func stuckFiles() async throws {
        func file(_ name: String, _ reason: WaitingFile.Reason) -> WaitingFile {
            WaitingFile(file: name, reason: reason, message: nil, attempts: 0)
        }
        let many = (0..<30).map { file("夹\($0)", .tooDeep) }
        let waiting = [file("慢.txt", .settling), file("快捷方式.txt", .link)] + many
        let facts = YearFacts(
            store: fixture.store,
            inbox: NodeConfiguration.InboxFolder(path: folder.path, region: nil, unit: nil),
            name: "麻章区财政局",
            upstreams: [],
            waiting: { waiting }
        )
        let page = try await facts.page(at: clock.now)
        #expect(page.problems.count == YearPageLimits.stuckFileCount + 1)
        #expect(page.problems.first?.contains("快捷方式.txt") == true)
        let told = page.problems.joined()
        #expect(!told.contains("慢.txt") && told.contains("另有 11 个文件"))
        #expect(page.html.contains("快捷方式.txt"))
    }

    @Test("filed, returned and signed: what the store says of this year")
    func records() async throws {
        let first = try await file("2023/湛江市/麻章区/总工会/整体支出")
        _ = try await file("2023/湛江市/麻章区/教育局/整体支出")
        _ = try await file("2023/湛江市/赤坎区/教育局/整体支出")
        try await fixture.store.setMayReview(true)
        let judged = try Lookup(parsing: "2023/湛江市/麻章区/教育局/整体支出")
        let command = try ReviewCommand([judged], .returned, comment: "执行率不一致")
        _ = try await fixture.store.review(command)
        let found = try await fixture.store.entryHash(log: first.log, sequence: first.sequence)
        let hash = try #require(found)
        let position = LogPosition(log: first.log, sequence: first.sequence, hash: hash)
        try await fixture.store.keep(
            Acknowledgement(position: position, receivedAt: clock.now, key: city)
        )
        let third = try await file("2023/湛江市/麻章区/文化站/整体支出")
        let page = try await facts().page(at: clock.now)
        #expect(page.year == 2024)
        #expect(page.day == "2024年5月30日")
        #expect(page.place == "湛江市/麻章区")
        let cities = Dictionary(uniqueKeysWithValues: page.filed.map { ($0.key, $0.city) })
        #expect(cities == [first.key: .received, third.key: .waiting])
        let shown = try #require(page.filed.first { $0.key == first.key })
        #expect(shown.score == "96.50")
        #expect(shown.findings.messages == ["权重合计不是一百"])
        #expect(page.returned.map(\.unit) == ["麻章区教育局"])
        #expect(page.returned.first?.comment == "执行率不一致")
        #expect(page.missing == nil)

        let alone = try await facts(region: nil, hasCity: false).page(at: clock.now)
        #expect(alone.place == "麻章区财政局")
        #expect(alone.filed.count == 3, "every region")
        #expect(Set(alone.filed.map(\.city)) == [.none])
        let one = try await facts(unit: "文化站").page(at: clock.now)
        #expect(one.filed.map(\.key) == [third.key])

        // A new year begins without filed reports; what was sent back is still to be done.
        clock.advance(milliseconds: 250 * 86_400_000)
        let next = try await facts().page(at: clock.now)
        #expect(next.filed.isEmpty)
        #expect(next.returned.count == 1)
    }

    @Test("the roster says what is still to come, the most overdue first")
    func missing() async throws {
        _ = try await file("2023/湛江市/麻章区/总工会/整体支出")
        let roster = """
            年度,地区,单位,截止日期
            2023,湛江市/麻章区,麻章区总工会,2024-05-01
            2023,湛江市/麻章区,麻章区民政局,2024-05-20
            2023,湛江市/麻章区,麻章区水务局,2024-06-02
            2023,湛江市/麻章区,麻章区档案馆,
            2023,湛江市/麻章区,麻章区残联,2024-05-30
            2023,湛江市/赤坎区,赤坎区民政局,2024-05-01
            2024,湛江市/麻章区,麻章区民政局,2025-05-31

            """
        let page = try await facts(roster: roster).page(at: clock.now)
        #expect(page.missing?.map(\.unit) == ["麻章区民政局", "麻章区残联", "麻章区水务局", "麻章区档案馆"])
        #expect(page.missing?.map(\.days) == [10, 0, -3, nil])
        #expect(page.missing?.first?.deadline == "2024年5月20日")
        let elsewhere = "年度,地区,单位\n2023,湛江市/赤坎区,赤坎区民政局\n"
        let none = try await facts(roster: elsewhere).page(at: clock.now)
        #expect(none.missing == nil, "nobody here is on the roster: there is no empty table")
        let broken = try await facts(roster: "单位\n\"").page(at: clock.now)
        #expect(broken.problems.count == 1)
    }

    private func receipt(_ outcome: InboxOutcome, _ name: String, _ error: ReportError?) -> String {
        Receipt(
            name: Array(name.utf8),
            outcome: outcome,
            submitted: SubmitOutcomeFacts(error: error),
            given: GivenFacts(),
            size: 1,
            time: clock.now
        ).json.canonicalText
    }

    private func put(_ outcome: InboxOutcome, _ name: String, _ error: ReportError?) {
        folder.makeFolder(outcome.folderName)
        folder.write("x", to: outcome.folderName + "/" + name)
        let text = receipt(outcome, name, error)
        folder.write(text, to: outcome.folderName + "/" + name + ".回执.json")
    }

    @Test("refused files and forms come from their folders, until they are put right")
    func files() async throws {
        put(.rejected, "扫描.pdf", ReportError(.noText, "no text"))
        put(.rejected, "改好.doc", ReportError(.encrypted, "password"))
        put(.pending, "无年度.txt", ReportError(.noKey, "year", details: ["missing": ["year"]]))
        let before = try await facts().page(at: clock.now)
        #expect(Set(before.refused.map(\.file)) == ["扫描.pdf", "改好.doc"])
        #expect(before.pending.map(\.missing) == [["年度"]])
        #expect(before.pending.first?.form == "无年度.txt.回执.txt")
        let scan = try #require(before.refused.first { $0.file == "扫描.pdf" })
        #expect(scan.reason.contains("扫描件"))
        clock.advance(milliseconds: 1000)
        put(.accepted, "改好.doc", nil)
        let after = try await facts().page(at: clock.now)
        #expect(after.refused.map(\.file) == ["扫描.pdf"])
    }

    @Test("the keeper writes the page only when something changed")
    func keeper() async throws {
        let clock = clock
        let keeper = YearPageKeeper(
            facts(),
            now: { clock.now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        #expect(try await keeper.refresh() == .written)
        #expect(try await keeper.refresh() == .unchanged)
        clock.advance(milliseconds: 60_000)
        #expect(try await keeper.refresh() == .unchanged, "a minute is no news")
        _ = try await file("2023/湛江市/麻章区/总工会/整体支出")
        #expect(try await keeper.refresh() == .written)
        #expect(folder.text(YearPage.fileName)?.contains("麻章区总工会") == true)
        clock.advance(milliseconds: 86_400_000)
        #expect(try await keeper.refresh() == .written, "another day")
    }
}
