import Glibc
import ReportModel
import Testing

@testable import ReportDaemon

@Suite("inbox", .timeLimit(.minutes(30)))
struct InboxTests {
    @Test("each kind of file goes to its outcome folder with two receipts beside it")
    func outcomes() async throws {
        let fixture = InboxFixture()
        let folder = fixture.folder
        folder.write("ok 1", to: "一.txt")
        folder.write("code encrypted", to: "二.txt")
        folder.write("needs year", to: "三.txt")
        try await fixture.running(fixture.inbox()) {
            await fixture.events.waitForFinished(3)
            folder.write("ok 1", to: "四.txt")
            await fixture.events.waitForFinished(4)
            let places = [
                ("一.txt", "已接收"), ("二.txt", "未接收"), ("三.txt", "待处理"), ("四.txt", "重复"),
            ]
            for (name, outcome) in places {
                #expect(folder.outcomes(of: name) == [outcome])
                #expect(!folder.exists(name))
                let bytes = try #require(folder.bytes("\(outcome)/\(name).回执.txt"))
                #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
                let text = String(decoding: bytes.dropFirst(3), as: UTF8.self)
                #expect(text.hasPrefix("【reportd 收件回执】\(outcome)\r\n"))
                #expect(text.split(separator: "\r\n").allSatisfy { !$0.contains("\n") })
                let json = try JSONValue(parsing: folder.bytes("\(outcome)/\(name).回执.json") ?? [])
                #expect(json["schema"] == "reportd.receipt/1")
                #expect(json["file"] == .string(name))
            }
            #expect(fixture.journal.count("n") == 0)
        }
        #expect(fixture.events.events.last?.description.hasSuffix("stopped, 0 unfinished") == true)
    }

    @Test("a file renamed into the inbox is taken at once")
    func renamedIn() async {
        let fixture = InboxFixture()
        var timing = InboxTiming.quick
        timing.settle = .seconds(3600)
        timing.settleAfterClose = .seconds(3600)
        timing.rescanInterval = .seconds(3600)
        await fixture.running(fixture.inbox(timing: timing)) {
            await fixture.events.wait(forLine: "idle")
            let start = ContinuousClock.now
            fixture.folder.drop("ok 1", as: "a.txt")
            await fixture.events.waitForFinished(1)
            #expect(ContinuousClock.now - start < timing.settle, "it did not wait to settle")
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
    }

    @Test("a half-written file is not taken before it is whole")
    func halfWritten() async {
        let fixture = InboxFixture()
        var timing = InboxTiming.quick
        timing.incompleteGrace = .seconds(3600)
        await fixture.running(fixture.inbox(timing: timing)) {
            fixture.folder.write("half of it", to: "a.txt")
            await fixture.events.wait(forLine: "incomplete")
            #expect(fixture.folder.exists("a.txt"))
            fixture.folder.write(Array(" and END".utf8), to: Array("a.txt".utf8), flags: O_APPEND)
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(fixture.folder.text("已接收/a.txt") == "half of it and END")
    }

    @Test("a file that stays cut off is refused after the time of grace")
    func staysCutOff() async {
        let fixture = InboxFixture()
        await fixture.running(fixture.inbox()) {
            fixture.folder.write("half of it", to: "a.txt")
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.events.finished.first?.code == .truncated)
        #expect(fixture.folder.outcomes(of: "a.txt") == ["未接收"])
    }

    @Test("lock, temporary and system files and receipts are never taken in")
    func ignored() async {
        let fixture = InboxFixture()
        let names = [
            "~$a.docx", "a.part", "a.crdownload", ".a", ".~lock.a.docx#", "a.TMP", "Thumbs.db",
            "desktop.ini", "a.txt.回执.txt", "a.txt.回执.json",
        ]
        for name in names { fixture.folder.write("ok \(name)", to: name) }
        fixture.folder.write("ok", to: "a.txt")
        await fixture.running(fixture.inbox()) {
            await fixture.events.waitForFinished(1)
            await fixture.events.wait(forLine: "idle")
        }
        #expect(fixture.store.submissions.map(\.name) == ["a.txt"])
        #expect(names.allSatisfy { fixture.folder.exists($0) })
    }

    @Test("a copy of a receipt under another name is listed and left alone")
    func receiptCopy() async {
        let fixture = InboxFixture()
        let inbox = fixture.inbox()
        await fixture.running(inbox) {
            fixture.folder.write("ok", to: "a.txt")
            await fixture.events.waitForFinished(1)
            let receipt = fixture.folder.text("已接收/a.txt.回执.txt") ?? ""
            fixture.folder.write(receipt, to: "副本.txt")
            await fixture.events.wait(forLine: "副本.txt waits: receipt")
            let status = await inbox.status
            #expect(status.waiting.map(\.reason) == [.receipt])
        }
        #expect(fixture.folder.exists("副本.txt"))
        #expect(fixture.store.submissions.count == 1)
    }

    @Test("folders named for year, region, kind and unit supply what they name")
    func folderFacts() async throws {
        let fixture = InboxFixture()
        fixture.folder.makeFolder("2023年")
        fixture.folder.makeFolder("2023年/湛江市")
        fixture.folder.makeFolder("2023年/湛江市/麻章区")
        fixture.folder.makeFolder("2023年/湛江市/麻章区/总工会")
        fixture.folder.write("needs year region unit", to: "2023年/湛江市/麻章区/总工会/a.txt")
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(1) }
        let given = try #require(fixture.store.submissions.first?.given)
        #expect(given.year == 2023)
        #expect(given.region == "湛江市/麻章区")
        #expect(given.unit == "总工会")
        #expect(given.origin == "folder")
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
    }

    @Test("folders named for a region of the configuration supply it")
    func localRegions() async throws {
        let fixture = InboxFixture()
        let local = LocalDivision(name: "君山垦殖场", city: "岳阳市")
        for folder in ["岳阳市", "岳阳市/君山垦殖场", "君山垦殖场", "君山垦殖场财政局"] {
            fixture.folder.makeFolder(folder)
        }
        fixture.folder.write("needs region A", to: "岳阳市/君山垦殖场/a.txt")
        fixture.folder.write("needs region B", to: "君山垦殖场/b.txt")
        fixture.folder.write("needs region C", to: "君山垦殖场财政局/c.txt")
        let inbox = fixture.inbox(divisions: Divisions(adding: [local]))
        await fixture.running(inbox) { await fixture.events.waitForFinished(3) }
        var regions: [String: String] = [:]
        for (name, given) in fixture.store.submissions { regions[name] = given.region }
        #expect(regions == ["a.txt": "岳阳市/君山垦殖场", "b.txt": "君山垦殖场", "c.txt": "岳阳市/君山垦殖场"])
    }

    @Test("a folder that is moved in or made while the inbox runs is looked into")
    func newFolder() async {
        let fixture = InboxFixture()
        await fixture.running(fixture.inbox(year: 2022)) {
            await fixture.events.wait(forLine: "idle")
            fixture.folder.makeFolder("麻章区")
            fixture.folder.write("needs year region", to: "麻章区/a.txt")
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(fixture.store.submissions.last?.given.year == 2022)
    }

    @Test("equal names get a number before the extension")
    func collisions() async {
        let fixture = InboxFixture()
        for year in ["2021", "2022", "2023"] {
            fixture.folder.makeFolder(year)
            fixture.folder.write("ok \(year)", to: "\(year)/报告.txt")
        }
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(3) }
        #expect(fixture.folder.names(in: "已接收") == ["报告 (2).txt", "报告 (3).txt", "报告.txt"])
        #expect(fixture.folder.names(in: "已接收", receipts: true).count == 9)
    }

    @Test("names of 255 bytes, with control characters, emoji or invalid UTF-8 all work")
    func hostileNames() async {
        let fixture = InboxFixture()
        let long = Array(String(repeating: "长", count: 83).utf8) + Array("ab.txt".utf8)
        #expect(long.count == 255)
        let names: [[UInt8]] = [
            long, Array("a\nb\u{1B}[31m.txt".utf8), Array("🧾.txt".utf8), [0xFF, 0xFE, 0x80],
            Array(" .txt".utf8), Array("-rf".utf8), Array("%s\\".utf8),
        ]
        for (index, name) in names.enumerated() {
            fixture.folder.write(Array("ok \(index)".utf8), to: name)
        }
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(names.count) }
        let accepted = TestFolder.names(Array(fixture.folder.full("已接收").utf8))
        for name in names {
            #expect(accepted.contains(name))
            #expect(accepted.contains(FileName.receiptText(of: name)))
            #expect(accepted.contains(FileName.receiptJSON(of: name)))
        }
        #expect(accepted.count == names.count * 3)
        for event in fixture.events.events {
            #expect(!event.description.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test("links and special files are listed, never read and never moved")
    func links() async throws {
        let fixture = InboxFixture()
        let secret = TestFolder()
        secret.write("ok secret", to: "secret.txt")
        symlink(secret.full("secret.txt"), fixture.folder.full("link.txt"))
        symlink(secret.path, fixture.folder.full("folder"))
        mkfifo(fixture.folder.full("pipe"), 0o644)
        fixture.folder.write("ok", to: "a.txt")
        let inbox = fixture.inbox()
        await fixture.running(inbox) {
            await fixture.events.waitForFinished(1)
            await fixture.events.wait(forLine: "idle")
            let status = await inbox.status
            let reasons = Dictionary(
                uniqueKeysWithValues: status.waiting.map { ($0.file, $0.reason) }
            )
            #expect(reasons == ["link.txt": .link, "folder": .link, "pipe": .special])
        }
        #expect(fixture.store.submissions.map(\.name) == ["a.txt"])
        #expect(fixture.folder.exists("link.txt") && fixture.folder.exists("pipe"))
        let told = fixture.events.events.count { $0.description.contains("link.txt") }
        #expect(told == 1)
    }

    @Test("a file over the limit is refused without being read")
    func tooLarge() async {
        let fixture = InboxFixture()
        fixture.folder.write("", to: "a.bin")
        truncate(fixture.folder.full("a.bin"), off_t(InboxLimits.maximumSourceByteCount + 1))
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(1) }
        #expect(fixture.events.finished.first?.code == .tooLarge)
        #expect(fixture.folder.outcomes(of: "a.bin") == ["未接收"])
        #expect(fixture.store.submissions.isEmpty)
    }

    @Test("without hints of the kernel the folder is polled")
    func polling() async {
        let fixture = InboxFixture()
        await fixture.running(fixture.inbox(usesWatcher: false)) {
            await fixture.events.wait(forLine: "started, polling")
            fixture.folder.write("ok", to: "a.txt")
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
    }

    @Test("a fault of the store holds files back, is told once, and ends by itself")
    func faults() async {
        let fixture = InboxFixture()
        fixture.store.setIll(true)
        fixture.folder.write("throw no-space", to: "a.txt")
        fixture.folder.write("throw conflict", to: "b.txt")
        let inbox = fixture.inbox()
        await fixture.running(inbox) {
            await fixture.events.wait(forLine: "no-space")
            await fixture.events.wait(forLine: "b.txt waits: fault")
            await fixture.store.waitForSubmissions(12)
            let status = await inbox.status
            #expect(status.waiting.count == 2)
            #expect(fixture.folder.exists("a.txt") && fixture.folder.exists("b.txt"))
            let told = fixture.events.events.count {
                if case .fault = $0.kind { true } else { false }
            }
            #expect(told == 1)
            fixture.store.setIll(false)
            await fixture.events.waitForFinished(2)
            await fixture.events.wait(forLine: "recovered")
        }
        #expect(fixture.folder.names(in: "已接收") == ["a.txt", "b.txt"])
    }

    @Test("an inbox whose folder is missing waits for it")
    func missingFolder() async {
        let fixture = InboxFixture()
        rmdir(fixture.folder.path)
        await fixture.running(fixture.inbox()) {
            await fixture.events.wait { $0.contains { $0.isWarning } }
            mkdir(fixture.folder.path, 0o755)
            fixture.folder.write("ok", to: "a.txt")
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
    }

    @Test("two thousand files are taken, at most four at once")
    func many() async {
        let fixture = InboxFixture(inMemory: true)
        for number in 0..<2000 { fixture.folder.write("ok \(number)", to: "\(number).txt") }
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(2000) }
        #expect(fixture.folder.names(in: "已接收").count == 2000)
        #expect(fixture.folder.names(in: "已接收", receipts: true).count == 6000)
        #expect(fixture.store.versionCount == 2000)
        #expect(fixture.store.mostRunning <= 4)
        #expect(fixture.journal.count("n") == 0)
    }

    @Test("a file that is exchanged while it is stored leaves both with an outcome")
    func exchangedWhileStored() async {
        let fixture = InboxFixture()
        let folder = fixture.folder
        folder.write("ok 1", to: "a.txt")
        let inbox = fixture.inbox { point in
            if point == .afterSubmit, folder.text("a.txt") == "ok 1" {
                folder.write("ok 2", to: "a.txt")
            }
        }
        await fixture.running(inbox) { await fixture.events.waitForFinished(2) }
        #expect(folder.text("已接收/a.txt") == "ok 1")
        #expect(folder.text("已接收/a (2).txt") == "ok 2")
        #expect(!folder.exists("a.txt"))
    }

    @Test("a file that goes while it is stored lies beside its receipt all the same")
    func goneWhileStored() async {
        for point in [InboxFailpoint.afterReading, .afterSubmit, .afterReceiptJSON] {
            let fixture = InboxFixture()
            let folder = fixture.folder
            folder.write("ok 1", to: "a.txt")
            let inbox = fixture.inbox { passed in
                if passed == point { folder.remove("a.txt") }
            }
            await fixture.running(inbox) { await fixture.events.waitForFinished(1) }
            #expect(folder.text("已接收/a.txt") == "ok 1", "\(point)")
            #expect(
                folder.names(in: "已接收", receipts: true)
                    == ["a.txt", "a.txt.回执.json", "a.txt.回执.txt"]
            )
        }
    }

    @Test("a file put under a name that was given away is kept, and the other takes a new name")
    func nameTaken() async {
        let fixture = InboxFixture()
        let folder = fixture.folder
        folder.write("ok 1", to: "a.txt")
        let inbox = fixture.inbox { point in
            if point == .afterReceiptJSON, !folder.exists("已接收/a.txt") {
                folder.write("mine", to: "已接收/a.txt")
            }
        }
        await fixture.running(inbox) { await fixture.events.waitForFinished(1) }
        #expect(folder.text("已接收/a.txt") == "mine")
        #expect(folder.text("已接收/a (2).txt") == "ok 1")
        #expect(
            folder.names(in: "已接收", receipts: true)
                == ["a (2).txt", "a (2).txt.回执.json", "a (2).txt.回执.txt", "a.txt"]
        )
    }

    @Test("an outcome folder that a clerk removed is made again")
    func removedFolder() async {
        let fixture = InboxFixture()
        await fixture.running(fixture.inbox()) {
            await fixture.events.wait(forLine: "idle")
            rmdir(fixture.folder.full("已接收"))
            fixture.folder.write("ok 1", to: "a.txt")
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
    }

    @Test("folders deeper than four are listed, not read")
    func tooDeep() async {
        let fixture = InboxFixture()
        for depth in 1...5 {
            fixture.folder.makeFolder(Array(repeating: "x", count: depth).joined(separator: "/"))
        }
        fixture.folder.write("ok 1", to: "x/x/x/x/a.txt")
        fixture.folder.write("ok 2", to: "x/x/x/x/x/b.txt")
        await fixture.running(fixture.inbox()) {
            await fixture.events.waitForFinished(1)
            await fixture.events.wait(forLine: "x/x/x/x/x waits: too-deep")
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(fixture.folder.exists("x/x/x/x/x/b.txt"))
    }

    @Test("a file in work when the inbox is told to end is brought to its outcome")
    func drain() async {
        let fixture = InboxFixture()
        fixture.folder.write("ok 1", to: "a.txt")
        let (gate, open) = AsyncStream<Void>.makeStream()
        let (started, start) = AsyncStream<Void>.makeStream()
        let store = fixture.store
        let events = fixture.events
        let inbox = Inbox(
            configuration: InboxConfiguration(path: fixture.folder.path, timing: .quick),
            journal: fixture.journal,
            submit: { name, bytes, given, check throws(ReportError) in
                start.finish()
                for await _ in gate {}
                return try await store.submit(name, bytes, given, check)
            },
            log: { events.add($0) }
        )
        let task = Task { await inbox.run() }
        for await _ in started {}
        task.cancel()
        open.finish()
        await task.value
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(fixture.events.events.last?.description.hasSuffix("stopped, 0 unfinished") == true)
    }

    @Test("a store that never answers does not hold up the end for ever")
    func drainLimit() async {
        let fixture = InboxFixture()
        fixture.folder.write("ok 1", to: "a.txt")
        var timing = InboxTiming.quick
        timing.drainLimit = .milliseconds(50)
        let (gate, open) = AsyncStream<Void>.makeStream()
        let (started, start) = AsyncStream<Void>.makeStream()
        let events = fixture.events
        let inbox = Inbox(
            configuration: InboxConfiguration(path: fixture.folder.path, timing: timing),
            journal: fixture.journal,
            submit: { _, _, _, _ throws(ReportError) in
                start.finish()
                for await _ in gate {}
                throw ReportError(.timedOut, "too late")
            },
            log: { events.add($0) }
        )
        let task = Task { await inbox.run() }
        for await _ in started {}
        task.cancel()
        await task.value
        #expect(fixture.events.events.last?.description.hasSuffix("stopped, 1 unfinished") == true)
        #expect(fixture.folder.exists("a.txt"))
        #expect(fixture.journal.count("n") == 1)
        open.finish()
    }

    @Test(
        "a file that may not be read stays, is listed, and is taken when it may",
        .enabled(if: geteuid() != 0, "root may read everything")
    )
    func unreadable() async {
        let fixture = InboxFixture()
        fixture.folder.write("ok 1", to: "a.txt")
        chmod(fixture.folder.full("a.txt"), 0)
        let inbox = fixture.inbox()
        await fixture.running(inbox) {
            await fixture.events.wait(forLine: "a.txt waits: unreadable")
            #expect(await inbox.status.waiting.map(\.reason) == [.unreadable])
            #expect(fixture.folder.exists("a.txt"))
            chmod(fixture.folder.full("a.txt"), 0o644)
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
    }

    @Test("a name that an outcome folder needs is told while something else has it, then made")
    func blockedFolder() async {
        let fixture = InboxFixture()
        let elsewhere = TestFolder()
        symlink(elsewhere.path, fixture.folder.full("已接收"))
        fixture.folder.write("ok 1", to: "a.txt")
        await fixture.running(fixture.inbox()) {
            await fixture.events.wait { $0.contains { $0.isWarning } }
            #expect(elsewhere.names(in: ".", receipts: true).isEmpty)
            fixture.folder.remove("已接收")
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(elsewhere.names(in: ".", receipts: true).isEmpty)
    }
}
