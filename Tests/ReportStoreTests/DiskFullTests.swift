import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

/// A small file system in memory; nil when this user may not mount one.
private final class SmallDisk {
    let path: String
    private let folder = TemporaryFolder()

    init?(byteCount: Int) {
        path = folder.path("disk")
        guard mkdir(path, 0o700) == 0,
            mount("tmpfs", path, "tmpfs", 0, "size=\(byteCount)") == 0
        else { return nil }
    }

    /// Takes room away until so many bytes are free.
    func fill(leaving byteCount: Int) throws {
        var status = statvfs()
        try #require(statvfs(path, &status) == 0)
        let free = Int(status.f_bavail) * Int(status.f_frsize)
        let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 1, count: max(0, free - byteCount))
        let written = write(descriptor, zeros, zeros.count)
        try #require(written == zeros.count)
    }

    func clear() { unlink(path + "/filler") }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}

@Suite("A full disk")
struct DiskFullTests {
    private func file(_ number: Int, padding: Int = 0) throws -> Filing {
        try Samples.filing(
            "2023/湛江市/麻章区/单位\(number)/整体支出",
            files: ["\(number)"],
            padding: padding
        )
    }

    private func open(_ disk: SmallDisk, _ thresholds: DiskThresholds) throws -> Store {
        var options = Store.Options(nodeName: "县", mapByteCount: 64 << 20)
        options.disk = thresholds
        return try Store.open(directory: disk.path + "/store", options: options)
    }

    @Test(
        "writes are refused while there is little room, reads go on, and writes by themselves again"
    )
    func readOnlyMode() async throws {
        guard let disk = SmallDisk(byteCount: 24 << 20) else {
            print("skipped: only root may mount a small disk")
            return
        }
        let thresholds = DiskThresholds(lowByteCount: 8 << 20, fullByteCount: 2 << 20)
        let store = try open(disk, thresholds)
        defer { store.close() }
        _ = try await store.append(try file(1))
        #expect(store.diskCondition?.level == .ok)
        try disk.fill(leaving: 5 << 20)
        #expect(store.diskCondition?.level == .low)
        _ = try await store.append(try file(2))
        try disk.fill(leaving: 1 << 20)
        let error = await failure { _ = try await store.append(try file(3)) }
        #expect(error.code == .noSpace)
        #expect(error.hint != nil)
        let level = try await store.status().json["disk"]?["level"]?.stringValue
        #expect(level == "full")
        let number = try store.number("2023/单位2")
        #expect(number == 1)
        disk.clear()
        #expect(store.diskCondition?.level == .ok)
        _ = try await store.append(try file(3))
        #expect(try store.verifyNow().isSound)
    }

    @Test("a disk that fills up within a commit loses nothing, and writes go on when there is room")
    func fillsUp() async throws {
        guard let disk = SmallDisk(byteCount: 16 << 20) else {
            print("skipped: only root may mount a small disk")
            return
        }
        let store = try open(disk, DiskThresholds(lowByteCount: 0, fullByteCount: 0))
        defer { store.close() }
        var stored = 0
        var refused = 0
        try disk.fill(leaving: 4 << 20)
        for number in 0..<40 {
            do {
                _ = try await store.append(try file(number, padding: 300_000))
                stored += 1
            } catch let error as ReportError {
                #expect(error.code == .noSpace)
                refused += 1
            }
        }
        #expect(stored > 2)
        #expect(refused > 2)
        let report = try store.verifyNow()
        #expect(report.isSound, "\(report.problems)")
        #expect(report.entryCount == stored)
        disk.clear()
        for number in 40..<45 { _ = try await store.append(try file(number, padding: 300_000)) }
        let after = try store.verifyNow()
        #expect(after.isSound)
        #expect(after.entryCount == stored + 5)
    }

    @Test("a backup for which there is no room leaves nothing behind, and one that is good stays")
    func backup() async throws {
        guard let disk = SmallDisk(byteCount: 6 << 20) else {
            print("skipped: only root may mount a small disk")
            return
        }
        try await withFixture { fixture in
            _ = try await fixture.store.append(try file(1))
            _ = try fixture.store.backup(to: disk.path + "/good/")
            for number in 2..<20 {
                _ = try await fixture.store.append(try file(number, padding: 500_000))
            }
            let manifest = try BackupManifest(reading: disk.path + "/good")
            await expectFailure(.noSpace) {
                _ = try fixture.store.backup(to: disk.path + "/more/")
            }
            await expectFailure(.noSpace) {
                let since = BackupSince.manifest(manifest)
                _ = try fixture.store.backupIncrement(to: disk.path + "/more", since: since)
            }
            let names = try #require(opendir(disk.path))
            defer { closedir(names) }
            var count = 0
            while readdir(names) != nil { count += 1 }
            #expect(count == 3, "the good one, and the two names of the folder")
            #expect(try fixture.store.verifyNow().isSound)
        }
    }

    @Test("a map that is full refuses a write and keeps the rest")
    func mapFull() async throws {
        let folder = TemporaryFolder()
        var options = Store.Options(nodeName: "县", mapByteCount: 4 << 20)
        options.disk = DiskThresholds(lowByteCount: 0, fullByteCount: 0)
        let store = try Store.open(directory: folder.path("s"), options: options)
        defer { store.close() }
        _ = try await store.append(try file(1))
        await expectFailure(.noSpace) {
            _ = try await store.append(try file(2, padding: 6_000_000))
        }
        _ = try await store.append(try file(3))
        let report = try store.verifyNow()
        #expect(report.isSound)
        #expect(report.entryCount == 2)
    }
}
