import Dispatch
import Glibc
import Logging
import ReportModel
import ReportStore
import Testing

@testable import ReportDaemon

@Suite("What looks after a node")
struct CareTests {
    private func time(_ text: String) throws -> Timestamp {
        try #require(Timestamp(parsing: text))
    }

    private func settings(_ text: String) throws(ReportError) -> BackupSettings? {
        let folder = TestFolder()
        folder.write("node: {name: 甲}\nstore: /s\n\(text)", to: "reportd.yaml")
        return try NodeConfiguration(file: folder.full("reportd.yaml")).backup
    }

    @Test("backups are due at their time of the day, at once when one was missed, and once a day")
    func schedule() throws {
        let daily = BackupSchedule(every: .seconds(86_400), minute: 150)
        let last = try time("2024-05-01T02:30:07+08:00")
        let next = try time("2024-05-02T02:30+08:00")
        let morning = try time("2024-05-01T09:00+08:00")
        #expect(daily.due(after: last, now: morning) == next)
        // The machine was off that night.
        let later = try time("2024-05-04T09:00+08:00")
        #expect(daily.due(after: last, now: later) == next)
        // What was made up for by day is followed by that of the night, what was shortly before is not.
        let noon = try time("2024-05-04T12:00+08:00")
        let night = try time("2024-05-05T02:30+08:00")
        #expect(daily.due(after: noon, now: noon) == night)
        let evening = try time("2024-05-04T20:00+08:00")
        #expect(daily.due(after: evening, now: evening) == night)
        let before = try time("2024-05-05T02:00+08:00")
        let secondNight = try time("2024-05-06T02:30+08:00")
        #expect(daily.due(after: before, now: before) == secondNight)
        // Every second day: never later than two days after the one before.
        let second = BackupSchedule(every: .seconds(172_800), minute: 150)
        #expect(second.due(after: evening, now: evening) == secondNight)
        #expect(daily.due(after: nil, now: noon) == noon)
        // The clock was set back.
        #expect(daily.due(after: noon, now: last) == last)
        let often = BackupSchedule(every: .seconds(3600), minute: nil)
        #expect(often.due(after: last, now: last).milliseconds == last.milliseconds + 3_600_000)
        #expect(BackupSchedule.retryDelay(failures: 1) == .seconds(300))
        #expect(BackupSchedule.retryDelay(failures: 100) == .seconds(3600))
    }

    @Test("the settings of backups are read, and what cannot be meant is named")
    func settings() throws {
        let none = try settings("")
        #expect(none == nil)
        let usual = try #require(try settings("backup: {folder: /b}\n"))
        #expect(usual.every == .seconds(86_400) && usual.verifies && !usual.includesKey)
        #expect(usual.rotation == BackupRotation(daily: 7, weekly: 4, monthly: 12))
        let text = """
            backup: {folder: /b, every: 2d, at: "02:30", full: 14d, keep: {daily: 3}, verify: false, key: true}
            """
        let read = try #require(try settings(text + "\n"))
        #expect(read.minute == 150 && read.fullEvery == .seconds(14 * 86_400))
        #expect(read.rotation == BackupRotation(daily: 3, weekly: 4, monthly: 12))
        #expect(!read.verifies && read.includesKey && read.every == .seconds(172_800))
        for (line, place) in [
            ("{}", "backup.folder"), ("{folder: b}", "backup.folder"),
            ("{folder: /b, every: 5}", "backup.every"), ("{folder: /b, at: noon}", "backup.at"),
            ("{folder: /b, every: never}", "backup.every"),
            ("{folder: /b, every: 6h, at: \"02:30\"}", "backup.at"),
            ("{folder: /b, keep: {yearly: 1}}", "backup.keep.yearly"),
            ("{folder: /b, keep: {daily: -1}}", "backup.keep.daily"),
        ] {
            do throws(ReportError) {
                _ = try settings("backup: \(line)\n")
                Issue.record("\(line) was read")
            } catch {
                #expect(error.code == .usage && error.message.contains(place), "\(error)")
            }
        }
    }

    @Test("a file of notes tells how the last runs ended")
    func notes() {
        let folder = TestFolder()
        func past() -> NodeGuard.Past { NodeGuard(directory: folder.path).past }
        let first = NodeGuard(directory: folder.path)
        #expect(first.past == NodeGuard.Past(""))
        first.end(isSound: true)
        #expect(!past().isUnclean)
        // A kill leaves the file.
        #expect(past().isUnclean && !past().asksForCheck)
        let damaged = NodeGuard(directory: folder.path)
        damaged.mark()
        damaged.end(isSound: false)
        let next = NodeGuard(directory: folder.path)
        #expect(next.past.isMarked && next.past.asksForCheck)
        next.clear()
        #expect(!past().asksForCheck)
        let crashed = NodeGuard.Past("started\nsignal 07\nstarted\nsignal 11\n")
        #expect(crashed.signals == [7, 11] && crashed.asksForCheck)
    }

    @Test("starts of its own are counted until somebody ends the node; a reason for a check stays")
    func restarts() {
        let folder = TestFolder()
        let first = NodeGuard(directory: folder.path)
        first.mark()
        first.clear(restarts: 2)
        let second = NodeGuard(directory: folder.path)
        #expect(second.past.restartCount == 2 && !second.past.isMarked)
        second.mark()
        second.clear(restarts: 3)
        second.mark()
        second.forgetRestarts()
        second.end(isSound: false)
        let third = NodeGuard(directory: folder.path)
        #expect(third.past.restartCount == 0 && third.past.isMarked && third.past.isUnclean)
    }

    @Test("a reason for a check is not lost behind the notes of many runs")
    func manyRuns() {
        let folder = TestFolder()
        let first = NodeGuard(directory: folder.path)
        first.mark()
        // Another test may have a few files open meanwhile, but not hundreds.
        let before = open("/dev/null", O_RDONLY)
        close(before)
        for _ in 0..<200 { NodeGuard(directory: folder.path).mark() }
        for _ in 0..<1000 {
            let run = NodeGuard(directory: folder.path)
            run.end(isSound: false)
        }
        let after = open("/dev/null", O_RDONLY)
        close(after)
        #expect(after - before < 600, "descriptors of guards that are gone")
        #expect(NodeGuard(directory: folder.path).past.asksForCheck)
        let notes = folder.text(NodeGuard.fileName) ?? ""
        // A run that ends at once adds nothing.
        #expect(notes.hasPrefix("started\ndamaged\n") && notes.utf8.count < 2000)
    }

    @Test("a backup folder that is missing, or whose disk is not mounted, gets nothing")
    func unmounted() async throws {
        let folder = TestFolder()
        let store = try Store.open(
            directory: folder.full("store"),
            options: Store.Options(nodeName: "县", mapByteCount: 1 << 28)
        )
        defer { store.close() }
        let place = folder.full("backup")
        folder.write("node: {name: 甲}\nstore: /s\nbackup: {folder: \(place)}\n", to: "c.yaml")
        let read = try NodeConfiguration(file: folder.full("c.yaml"))
        let keeper = BackupKeeper(
            store: store,
            directory: folder.full("store"),
            settings: try #require(read.backup),
            logger: Logger(label: "test")
        )
        await keeper.attempt()
        #expect(keeper.status["backup"]?["lastFailure"]?["code"] == "not-found")
        #expect(!folder.exists("backup"))
        // A backup was made there once, and now nothing is in it.
        mkdir(place, 0o700)
        let key = Array("backup-folder".utf8)
        try await store.writeJournal([.put(key: key, value: Array(place.utf8))])
        await keeper.attempt()
        let failure = keeper.status["backup"]?["lastFailure"]
        #expect(failure?["message"]?.stringValue?.contains("backups.json") == true)
        #expect(failure?["hint"]?.stringValue?.contains("mount") == true)
        #expect(keeper.status["backup"]?["failures"] == 2)
        #expect(!folder.exists("backup/backups.json"))
    }

    @Test("a backup that is gone from its folder is not told as the last good one")
    func gone() async throws {
        let folder = TestFolder()
        let store = try Store.open(
            directory: folder.full("store"),
            options: Store.Options(nodeName: "县", mapByteCount: 1 << 28)
        )
        defer { store.close() }
        let place = folder.full("backup")
        mkdir(place, 0o700)
        folder.write("node: {name: 甲}\nstore: /s\nbackup: {folder: \(place)}\n", to: "c.yaml")
        let read = try NodeConfiguration(file: folder.full("c.yaml"))
        let keeper = BackupKeeper(
            store: store,
            directory: folder.full("store"),
            settings: try #require(read.backup),
            logger: Logger(label: "test")
        )
        let names = ["reportd-20240501-023000", "reportd-20240502-023000"]
        var times: [Timestamp] = []
        for name in names { times.append(try store.backup(to: "\(place)/\(name)/").madeAt) }
        var state = BackupState()
        state.lastSuccess = BackupState.Success(
            at: times[1],
            name: names[1],
            byteCount: 1,
            entryCount: 0,
            milliseconds: 1,
            isVerified: true
        )
        try BackupFolder(place).note(state)
        keeper.recall()
        #expect(!keeper.look() && keeper.figures.lastSuccess == times[1])
        #expect(rename("\(place)/\(names[1])", folder.full("away")) == 0)
        // The one before it is the last now; how it was verified is not known any more.
        #expect(keeper.look() && keeper.figures.lastSuccess == times[0])
        #expect(keeper.status["backup"]?["lastSuccess"]?["verified"] == false)
        #expect(rename("\(place)/\(names[0])", folder.full("away too")) == 0)
        #expect(keeper.look() && keeper.figures.lastSuccess == nil)
        #expect(try BackupState.read(folder: place)?.lastSuccess == nil)
        #expect(!keeper.look())
        // A disk that is not mounted takes no backup away.
        try BackupFolder(place).note(state)
        keeper.recall()
        #expect(unlink("\(place)/\(BackupState.fileName)") == 0)
        #expect(!keeper.look() && keeper.figures.lastSuccess == times[1])
        // But it is told, once.
        #expect(!keeper.look() && keeper.figures.failureCount == 1)
        #expect(keeper.status["backup"]?["lastFailure"]?["code"] == "not-found")
        // One that is there and cannot be read is not gone.
        try BackupFolder(place).note(state)
        mkdir("\(place)/\(names[1])", 0o700)
        #expect(!keeper.look() && keeper.figures.lastSuccess == times[1])
        #expect(keeper.figures.failureCount == 0)
    }

    @Test(
        "a disk of backups that hangs does not hold up the end of the node",
        .timeLimit(.minutes(1))
    )
    func hangingDisk() async throws {
        let folder = TestFolder()
        let store = try Store.open(
            directory: folder.full("store"),
            options: Store.Options(nodeName: "县", mapByteCount: 1 << 28)
        )
        defer { store.close() }
        let place = folder.full("backup")
        mkdir(place, 0o700)
        folder.write("node: {name: 甲}\nstore: /s\nbackup: {folder: \(place)}\n", to: "c.yaml")
        let keeper = BackupKeeper(
            store: store,
            directory: folder.full("store"),
            settings: try #require(try NodeConfiguration(file: folder.full("c.yaml")).backup),
            logger: Logger(label: "test")
        )
        let (disk, hangs) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        defer { disk.signal() }
        let work = Task {
            await keeper.aside {
                hangs.signal()
                disk.wait()
            } == nil
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                hangs.wait()
                continuation.resume()
            }
        }
        // Nothing of an attempt goes past what hangs, not even the tidying before it, and it ends with the node.
        folder.makeFolder("backup/.reportd-new-left")
        let attempt = Task { await keeper.attempt() }
        attempt.cancel()
        await attempt.value
        #expect(folder.exists("backup/.reportd-new-left"))
        #expect(keeper.figures.failureCount == 0)
        // Whoever asks how the backups stand is told what the last look saw.
        #expect(keeper.status["backup"]?["sameDisk"] == false)
        work.cancel()
        #expect(await work.value)
    }

    @Test("a verification that is due is run, told and remembered over a restart")
    func verification() async throws {
        let folder = TestFolder()
        let store = try Store.open(
            directory: folder.full("store"),
            options: Store.Options(nodeName: "县", mapByteCount: 1 << 28)
        )
        defer { store.close() }
        var report = VerifyReport()
        report.entryCount = 3
        report.problems = ["一处"]
        func watch() -> StoreWatch {
            StoreWatch(
                store: store,
                directory: folder.full("store"),
                interval: nil,
                isDue: false,
                logger: Logger(label: "test")
            )
        }
        let first = watch()
        #expect(first.status["verification"]?["lastVerified"]?.isNull == true)
        #expect(!first.isCheckDue)
        await first.verify { [report] () throws(ReportError) in report }
        #expect(first.status["verification"]?["problems"] == ["一处"])
        #expect(first.status["verification"]?["running"] == false)
        await first.verify { () throws(ReportError) in throw ReportError(.internal, "no child") }
        #expect(first.status["verification"]?["failure"] == "no child")
        #expect(first.status["verification"]?["problems"] == ["一处"])
        let second = watch()
        #expect(second.isCheckDue, "it may have been mended while the node was stopped")
        // Without an interval it only recalls.
        await second.verifyRegularly()
        #expect(second.status["verification"]?["problems"] == ["一处"])
        // One that somebody asked for counts as well.
        report.problems = ["两处", "三处"]
        await second.note(report)
        #expect(second.last?.report.problems == ["两处", "三处"])
        #expect(second.status["verification"]?["failure"]?.isNull == true)
        let third = watch()
        await third.verifyRegularly()
        #expect(third.status["verification"]?["problems"] == ["两处", "三处"])
    }

    @Test("damage that a read meets counts until the next verification, once, over a restart too")
    func damagedReads() async throws {
        let folder = TestFolder()
        let store = try Store.open(
            directory: folder.full("store"),
            options: Store.Options(nodeName: "县", mapByteCount: 1 << 28)
        )
        defer { store.close() }
        let lines = LogLines()
        func watch() -> StoreWatch {
            StoreWatch(
                store: store,
                directory: folder.full("store"),
                interval: nil,
                isDue: false,
                logger: lines.logger
            )
        }
        let row = DamagedValue(place: "table bodies, key 01", message: "table bodies, key 01")
        let named = DamagedValue(place: row.place, message: "甲@1: its record is damaged")
        let first = watch()
        await first.note([row])
        await first.note([named, named])
        #expect(first.problems == [named.message], "the version is named once it is known")
        #expect(first.status["verification"]?["problems"] == ["甲@1: its record is damaged"])
        #expect(first.status["verification"]?["lastVerified"]?.isNull == true)
        #expect(lines.texts.count == 1, "\(lines.texts)")
        let line = lines.texts.first ?? ""
        #expect(line.contains("reportctl repair --store '\(folder.full("store"))'"), "\(line)")
        let second = watch()
        await second.verifyRegularly()
        #expect(second.problems == [named.message])
        await second.note([named])
        #expect(lines.texts.count == 1, "known before the restart")
        // What a verification found as well is not told again.
        var report = VerifyReport()
        report.problems = ["entry 1 (甲@1, record): \(row.message)"]
        await second.note(report)
        await second.note([named])
        #expect(second.problems == report.problems)
        await second.note(VerifyReport())
        #expect(second.problems.isEmpty)
        await second.note([named])
        #expect(second.problems == [named.message], "damaged again")
    }
}
