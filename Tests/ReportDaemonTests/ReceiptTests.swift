import Glibc
import ReportIntake
import ReportModel
import Synchronization
import Testing

@testable import ReportDaemon

@Suite("receipts", .timeLimit(.minutes(30)))
struct ReceiptTests {
    private static let noon = Timestamp(milliseconds: 1_717_041_600_000)

    @Test("the city's word completes receipts, also after a restart")
    func acknowledged() async throws {
        let fixture = InboxFixture()
        let folder = fixture.folder
        let log = try #require(FakeStore.log)
        folder.write("ok 1", to: "a.txt")
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(1) }
        folder.write("ok 2", to: "b.txt")
        let events = EventLog()
        let inbox = fixture.inbox(events: events)
        try await fixture.running(inbox) {
            await events.waitForFinished(1)
            #expect(folder.text("已接收/a.txt.回执.txt")?.contains("市级收件：等待中") == true)
            await inbox.acknowledged(log: log, upTo: 1, at: Self.noon, by: "湛江市财政局")
            let text = try #require(folder.text("已接收/a.txt.回执.txt"))
            #expect(text.contains("\r\n市级已收到：2024-05-30 12:00:00（湛江市财政局）\r\n"))
            #expect(!text.contains("市级收件："))
            let json = try JSONValue(parsing: folder.bytes("已接收/a.txt.回执.json") ?? [])
            #expect(json["cityReceivedAt"] == "2024-05-30T04:00:00.000Z")
            #expect(json["cityName"] == "湛江市财政局")
            #expect(folder.text("已接收/b.txt.回执.txt")?.contains("市级收件：等待中") == true)
            #expect(fixture.journal.count("a") == 1)
            folder.remove("已接收/b.txt.回执.txt")
            folder.remove("已接收/b.txt.回执.json")
            await inbox.acknowledged(log: log, upTo: 2, at: Self.noon, by: "湛江市财政局")
            #expect(fixture.journal.count("a") == 0)
            #expect(!folder.exists("已接收/b.txt.回执.txt"))
            await inbox.judged(
                .returned,
                log: log,
                sequence: 1,
                at: Self.noon,
                by: "预算科",
                comment: "总分\n有误"
            )
            let returned = try #require(folder.text("已接收/a.txt.回执.txt"))
            #expect(returned.contains("审核退回：2024-05-30 12:00:00（预算科）：总分 有误\r\n"))
        }
    }

    @Test("a version the city had before its receipt was written is completed at once")
    func acknowledgedEarly() async throws {
        let fixture = InboxFixture()
        let log = try #require(FakeStore.log)
        let inbox = fixture.inbox()
        await fixture.running(inbox) {
            await inbox.acknowledged(log: log, upTo: 5, at: Self.noon, by: "市")
            fixture.folder.write("ok 1", to: "a.txt")
            await fixture.events.wait(forLine: "completed")
        }
        #expect(fixture.folder.text("已接收/a.txt.回执.txt")?.contains("市级已收到：") == true)
        #expect(fixture.journal.count("r") == 1)
    }

    @Test("a receipt carries the proof, with the city's signature once the city has it")
    func proof() async throws {
        let fixture = InboxFixture()
        let log = try #require(FakeStore.log)
        let hasSigned = Mutex(false)
        let prove: Inbox.Prove = { found, sequence in
            guard found == log else { return nil }
            let word = hasSigned.withLock { $0 } ? "signed" : "own"
            return ["sequence": .integer(Int(sequence)), "by": .string(word)]
        }
        let inbox = fixture.inbox(prove: prove)
        func receipt() throws -> JSONValue {
            try JSONValue(parsing: fixture.folder.bytes("已接收/a.txt.回执.json") ?? [])
        }
        try await fixture.running(inbox) {
            fixture.folder.write("ok 1", to: "a.txt")
            await fixture.events.waitForFinished(1)
            let first = try receipt()["proof"]
            #expect(first == ["sequence": 1, "by": "own"])
            hasSigned.withLock { $0 = true }
            await inbox.acknowledged(log: log, upTo: 1, at: Self.noon, by: "市")
            let second = try receipt()["proof"]
            #expect(second == ["sequence": 1, "by": "signed"])
        }
    }

    @Test("the receipt of a stored file reads as written here")
    func golden() throws {
        let log = try #require(LogID([UInt8](repeating: 7, count: 16)))
        var record = FakeStore.record(GivenFacts(year: 2023))
        record.reportDate = "2024-05-30"
        record.executionRate = "96.5"
        record.score = "95"
        let place = Place(source: 0, block: 3, start: 0, end: 4, quote: "自评得分95分")
        record.findings = [
            Finding(rule: "A", severity: .low, message: "第二条", places: [], fingerprint: "1"),
            Finding(
                rule: "B",
                severity: .high,
                message: "各项得分合计为 94 分，与总分不符",
                places: [place],
                fingerprint: "2"
            ),
        ]
        record.unread = [UnreadItem(what: "第 3 页图片", reason: "没有文字")]
        let version = VersionInfo(
            key: "2023/湛江市/麻章区/总工会/整体支出",
            number: 2,
            hash: Hash256(hashing: [1]),
            parents: [],
            log: log,
            sequence: 9,
            recordedAt: Self.noon,
            arrivedAt: Self.noon,
            node: "麻章区"
        )
        let receipt = Receipt(
            name: Array("自评报告.docx".utf8),
            outcome: .accepted,
            submitted: SubmitOutcomeFacts(
                version: version,
                record: record,
                droppedParts: ["基础数据表"]
            ),
            given: GivenFacts(),
            size: 10,
            hash: nil,
            time: Self.noon
        )
        let expected = """
            【reportd 收件回执】已接收

            文件：自评报告.docx
            结果：已接收，存为第 2 版。
            时间：2024-05-30 12:00:00（北京时间）

            单位：湛江市麻章区总工会
            年度：2023
            地区：广东省湛江市麻章区
            类型：整体支出
            版本：第 2 版（编号 2-4bf5122f）
            存入：2024-05-30 12:00:00（北京时间）
            记录：2023/湛江市/麻章区/总工会/整体支出
            市级收件：等待中，市级收到后本回执会自动补充

            上一版中有而本版没有的部分（如需保留，请把完整材料重新提交）：
            　· 基础数据表

            核对结果：高 1 项，中 0 项，低 1 项，提示 0 项
            【高】
            　1. 各项得分合计为 94 分，与总分不符
            　　 原文：“自评得分95分”
            【低】
            　2. 第二条

            报告中没有的内容：
            　· 没有读到预算金额
            　· 没有读到执行（支出）金额
            　· 没有绩效指标表
            　· 没有写存在的问题
            　· 没有写改进措施

            没有读出的内容：
            　· 第 3 页图片：没有文字

            下一步：
            　请核对上面列出的问题。确有错误的，请改好后把新文件再放入收件文件夹，会存为新的一版，旧版保留；
            　情况属实的，请向审核人员说明原因。
            """
        #expect(receipt.lines.joined(separator: "\n") == expected)
    }

    @Test("every reason of the record schema has its own words and its own advice")
    func advice() {
        let codes = ReportError.Code.allCases.filter(\.isAboutDocument)
        let advice = codes.map { ErrorAdvice(ReportError($0, "x")) }
        #expect(Set(advice.map(\.reason)).count == codes.count)
        #expect(Set(advice.map(\.advice)).count == codes.count)
        #expect(
            ErrorAdvice(ReportError(.needsTool, "x", details: ["tool": "soffice"])).reason.contains(
                "soffice"
            )
        )
    }

    @Test("a receipt quotes fifty findings and counts the rest")
    func manyFindings() {
        var record = FakeStore.record(GivenFacts(year: 2023))
        record.findings = (0..<70).map {
            Finding(
                rule: "A",
                severity: .medium,
                message: "问题\($0)",
                places: [],
                fingerprint: "\($0)"
            )
        }
        let receipt = Receipt(
            name: [0x61],
            outcome: .accepted,
            submitted: SubmitOutcomeFacts(record: record),
            given: GivenFacts(),
            size: 1,
            time: Self.noon
        )
        #expect(receipt.lines.contains("　……另有 20 项未列出"))
        #expect(receipt.lines.contains("　50. 问题49"))
        #expect(!receipt.lines.contains("　51. 问题50"))
    }

    @Test("names are cut to fit with their receipts and keep their extensions")
    func names() {
        let long = Array(String(repeating: "长", count: 83).utf8) + Array("ab.txt".utf8)
        for name in [long, [UInt8](repeating: 0xFF, count: 255), Array("a.txt".utf8)] {
            #expect(FileName.receiptText(of: name).count <= 255)
            #expect(FileName.receiptJSON(of: name).count <= 255)
            #expect(FileName.numbered(name, 12).count <= 255)
            #expect(FileName.isReceipt(FileName.receiptText(of: name)))
        }
        #expect(String(validating: FileName.receiptText(of: long), as: UTF8.self) != nil)
        #expect(FileName.numbered(long, 2).ends(with: Array(" (2).txt".utf8)))
        #expect(FileName.numbered(Array("a.tar.gz".utf8), 2) == Array("a.tar (2).gz".utf8))
        #expect(FileName.numbered(Array("无扩展名".utf8), 2) == Array("无扩展名 (2)".utf8))
        #expect(InboxPath(bytes: Array("../a".utf8)) == nil)
        #expect(InboxPath(bytes: Array("a//b".utf8)) == nil)
    }
}
