import ReportModel
import Testing

@testable import ReportDaemon

@Suite("files that wait for a clerk", .timeLimit(.minutes(30)))
struct InboxPendingTests {
    private func fill(_ folder: TestFolder, _ name: String, _ label: String, _ value: String) {
        let form = folder.text("待处理/\(name).回执.txt") ?? ""
        let filled = form.replacing("\r\n\(label)：\r\n", with: "\r\n\(label)：\(value)\r\n")
        folder.write(filled, to: "待处理/\(name).回执.txt")
    }

    @Test("a form filled in step by step brings the file in")
    func form() async throws {
        let fixture = InboxFixture()
        let folder = fixture.folder
        folder.write("needs year region", to: "a.txt")
        try await fixture.running(fixture.inbox()) {
            await fixture.events.waitForFinished(1)
            let form = try #require(folder.text("待处理/a.txt.回执.txt"))
            #expect(form.contains("江苏省南京市鼓楼区"))
            #expect(form.contains("年度：\r\n地区：\r\n单位：\r\n类型：\r\n"))
            fill(folder, "a.txt", "年度", "２０２３年")
            await fixture.events.waitForFinished(2)
            #expect(folder.outcomes(of: "a.txt") == ["待处理"])
            #expect(folder.text("待处理/a.txt.回执.txt")?.contains("年度：2023年\r\n") == true)
            fill(folder, "a.txt", "地区", "南京市/鼓楼区")
            await fixture.events.waitForFinished(3)
        }
        let given = try #require(fixture.store.submissions.last?.given)
        #expect(given.origin == "form")
        #expect(given.year == 2023)
        #expect(given.region == "南京市/鼓楼区")
        #expect(folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(folder.names(in: "待处理", receipts: true).isEmpty)
        #expect(fixture.store.submissions.count == 3)
    }

    @Test("a report of another region waits for the clerk, whose region decides and no other fact")
    func otherRegion() async throws {
        let fixture = InboxFixture()
        let folder = fixture.folder
        folder.write("of 乐山市 市中区", to: "a.txt")
        folder.write("of 湛江市 麻章区", to: "b.txt")
        folder.makeFolder("湛江市坡头区")
        folder.write("of 湛江市 坡头区", to: "湛江市坡头区/c.txt")
        let inbox = fixture.inbox(year: 2022, region: "湛江市/麻章区")
        try await fixture.running(inbox) {
            await fixture.events.waitForFinished(3)
            #expect(folder.outcomes(of: "a.txt") == ["待处理"])
            #expect(folder.outcomes(of: "b.txt") == ["已接收"])
            #expect(folder.outcomes(of: "c.txt") == ["已接收"], "the folder says so")
            let form = try #require(folder.text("待处理/a.txt.回执.txt"))
            #expect(form.contains("乐山市/市中区"))
            #expect(form.contains("\r\n地区：\r\n"), "the inbox's region is not put in his mouth")
            fill(folder, "a.txt", "单位", "总工会")
            await fixture.events.waitForFinished(4)
            #expect(folder.outcomes(of: "a.txt") == ["待处理"], "nothing was said of the region")
            fill(folder, "a.txt", "地区", "湛江市/麻章区")
            await fixture.events.waitForFinished(5)
        }
        #expect(folder.outcomes(of: "a.txt") == ["已接收"])
        let given = try #require(fixture.store.submissions.last?.given)
        #expect(given.force && given.region == "湛江市/麻章区")
        #expect(given.year == nil && given.unit == nil, "what the document says stays")
    }

    @Test("a clerk may confirm the region that the document says")
    func confirmedRegion() async {
        let fixture = InboxFixture()
        fixture.folder.write("of 乐山市 市中区", to: "a.txt")
        await fixture.running(fixture.inbox(region: "湛江市")) {
            await fixture.events.waitForFinished(1)
            fill(fixture.folder, "a.txt", "地区", "乐山市/市中区")
            await fixture.events.waitForFinished(2)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(fixture.store.submissions.allSatisfy { !$0.given.force })
    }

    @Test("what cannot be understood in a form is told in the form")
    func badForm() async {
        let fixture = InboxFixture()
        fixture.folder.write("needs year", to: "a.txt")
        await fixture.running(fixture.inbox()) {
            await fixture.events.waitForFinished(1)
            fill(fixture.folder, "a.txt", "年度", "去年")
            await fixture.events.waitForFinished(2)
        }
        #expect(fixture.folder.text("待处理/a.txt.回执.txt")?.contains("“去年”看不懂") == true)
    }

    @Test("a region that no table has is told in the form and not submitted")
    func unknownRegion() async throws {
        let fixture = InboxFixture()
        fixture.folder.makeFolder("无名片区")
        fixture.folder.write("needs region", to: "无名片区/a.txt")
        await fixture.running(fixture.inbox()) {
            await fixture.events.waitForFinished(1)
            fill(fixture.folder, "a.txt", "地区", "无名片区")
            await fixture.events.waitForFinished(2)
        }
        let text = try #require(fixture.folder.text("待处理/a.txt.回执.txt"))
        #expect(text.contains("地区“无名片区”不在行政区划表中"))
        #expect(text.contains("\r\n地区：无名片区\r\n"))
        #expect(fixture.store.submissions.allSatisfy { $0.given.region == nil })
        #expect(fixture.store.submissions.count == 2)
    }

    @Test("a form's region may be one of the configuration")
    func localRegion() throws {
        var form = PendingForm()
        form.region = "岳阳市/君山垦殖场"
        let local = LocalDivision(name: "君山垦殖场", city: "岳阳市")
        #expect(form.problems(Divisions(adding: [local])).isEmpty)
        #expect(form.problems(.standard).count == 1)
    }

    @Test("forms are read as editors on Windows save them")
    func encodings() {
        let text = "年度: 2023\r\n单位：总工会 \r\n"
        var utf16: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 { utf16 += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        let gb: [UInt8] = [
            0xC4, 0xEA, 0xB6, 0xC8, 0xA3, 0xBA, 0x32, 0x30, 0x32, 0x33, 0x0D, 0x0A, 0xB5, 0xA5,
            0xCE,
            0xBB, 0x3A, 0xD7, 0xDC, 0xB9, 0xA4, 0xBB, 0xE1,
        ]
        for bytes in [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), utf16, gb] {
            let form = PendingForm(bytes: bytes)
            #expect(form?.year == "2023")
            #expect(form?.unit == "总工会")
            #expect(form?.region == "")
        }
        #expect(PendingForm(bytes: [0x80, 0xFF, 0xFF]) == nil)
    }

    @Test("a file moved from 待处理 into a folder named for what is missing is taken from there")
    func movedToFolder() async {
        let fixture = InboxFixture()
        let folder = fixture.folder
        folder.makeFolder("2023")
        folder.write("needs year", to: "a.txt")
        await fixture.running(fixture.inbox()) {
            await fixture.events.waitForFinished(1)
            folder.move("待处理/a.txt", to: "2023/a.txt")
            await fixture.events.waitForFinished(2)
            await fixture.events.wait(forLine: "待处理/a.txt went away")
        }
        #expect(folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(folder.names(in: "待处理", receipts: true).isEmpty)
        #expect(fixture.journal.count("f") == 0)
    }

    @Test("a waiting file is not tried again after a restart unless its form changed")
    func restart() async {
        let fixture = InboxFixture()
        fixture.folder.write("needs year", to: "a.txt")
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(1) }
        let events = EventLog()
        let inbox = fixture.inbox(events: events)
        await fixture.running(inbox) {
            await events.wait(forLine: "idle")
            #expect(await inbox.status.pendingCount == 1)
            #expect(fixture.store.submissions.count == 1)
            fill(fixture.folder, "a.txt", "年度", "2024")
            await events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
    }

    @Test("a form that a clerk deleted is written again")
    func deletedForm() async {
        let fixture = InboxFixture()
        fixture.folder.write("needs year", to: "a.txt")
        await fixture.running(fixture.inbox()) {
            await fixture.events.waitForFinished(1)
            fixture.folder.remove("待处理/a.txt.回执.txt")
            await fixture.events.waitForFinished(2)
        }
        #expect(fixture.folder.exists("待处理/a.txt.回执.txt"))
    }
}
