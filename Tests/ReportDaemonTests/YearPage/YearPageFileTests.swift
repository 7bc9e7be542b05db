import Glibc
import ReportModel
import Testing

@testable import ReportDaemon

@Suite struct YearPageFileTests {
    private let fixture = InboxFixture()
    private var file: YearPageFile {
        YearPageFile(disk: InboxDisk(root: Array(fixture.folder.path.utf8)))
    }

    private func page(_ text: String) -> [UInt8] { Array((YearPage.beginning + text).utf8) }

    @Test("a page is written when it changed, and leaves nothing else behind")
    func writes() throws {
        try file.prepare()
        #expect(try file.write(page("a")) == .written)
        #expect(try file.write(page("a")) == .unchanged)
        #expect(try file.write(page("b")) == .written)
        #expect(fixture.folder.bytes(YearPage.fileName) == page("b"))
        #expect(fixture.folder.names(in: "") == [YearPage.fileName])
    }

    @Test("what somebody else put in its place gets another name and is kept")
    func foreignFile() throws {
        fixture.folder.write("ok report", to: YearPage.fileName)
        #expect(try file.write(page("a")) == .written)
        #expect(fixture.folder.text("本年情况（来件）.html") == "ok report")
        fixture.folder.write("ok another", to: YearPage.fileName)
        #expect(try file.write(page("a")) == .written)
        #expect(fixture.folder.text("本年情况（来件） (2).html") == "ok another")
        #expect(fixture.folder.bytes(YearPage.fileName) == page("a"))
    }

    @Test("what a crash left behind is removed, unless it is somebody else's")
    func leftovers() throws {
        fixture.folder.write(page("old"), to: Array(".reportd-page.new".utf8))
        fixture.folder.write("half", to: ".reportd-12ab.tmp")
        try file.prepare()
        #expect(fixture.folder.names(in: "").isEmpty)
        fixture.folder.write("ok report", to: ".reportd-page.new")
        try file.prepare()
        #expect(fixture.folder.text("本年情况（来件）.html") == "ok report")
    }

    @Test("a link or a folder in its place is left alone")
    func link() throws {
        fixture.folder.write("secret", to: "target.txt")
        symlink(fixture.folder.full("target.txt"), fixture.folder.full(YearPage.fileName))
        #expect(throws: FileFault.self) { try file.write(page("a")) }
        #expect(fixture.folder.text("target.txt") == "secret")
        unlink(fixture.folder.full(YearPage.fileName))
        fixture.folder.makeFolder(YearPage.fileName)
        #expect(throws: FileFault.self) { try file.write(page("a")) }
    }

    @Test("the inbox takes in neither the page nor a copy of it, but everything that is none")
    func neverTakenIn() async throws {
        _ = try file.write(page("a"))
        fixture.folder.write(page("a"), to: Array("本年情况 - 副本.html".utf8))
        fixture.folder.makeFolder("2023")
        fixture.folder.write("ok report", to: "2023/" + YearPage.fileName)
        let inbox = fixture.inbox()
        await fixture.running(inbox) {
            await fixture.events.waitForFinished(1)
            await fixture.events.wait(forLine: "副本.html waits: receipt")
            fixture.folder.write(page("b"), to: Array(YearPage.fileName.utf8))
            fixture.folder.drop("ok last", as: "last.txt")
            await fixture.events.waitForFinished(2)
        }
        #expect(fixture.folder.bytes(YearPage.fileName) == page("b"))
        let names = Set(fixture.events.finished.map(\.file))
        #expect(names == ["2023/" + YearPage.fileName, "last.txt"])
    }
}
