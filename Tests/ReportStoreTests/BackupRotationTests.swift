import Glibc
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

/// What the rotation of scheduled backups must never take away.
@Suite("Rotation of scheduled backups")
struct BackupRotationTests {
    private let folder = TemporaryFolder()
    private let clock = TestClock()
    private var backups: BackupFolder { BackupFolder(folder.path) }

    private func time(_ text: String) throws -> Timestamp {
        try #require(Timestamp(parsing: text))
    }

    /// Makes a scheduled backup of a store, of which but one is kept.
    private func add(
        _ store: Store,
        in directory: String,
        at now: Timestamp,
        problems: [String] = []
    ) async throws -> (name: String, removed: [String]) {
        clock.now = now
        let estimate = try store.backupEstimate()
        let plan = BackupFolder.Plan(
            store: directory,
            storeID: estimate.storeID,
            node: store.node,
            byteCount: estimate.byteCount,
            rotation: BackupRotation(daily: 1, weekly: 0, monthly: 0)
        )
        let (item, removed) = try await backups.add(plan, at: now) { order throws(ReportError) in
            let manifest = try store.backup(to: order.target + "/", includesKey: true)
            return BackupProcess.Outcome(manifest: manifest, problems: problems)
        }
        return (item.name, removed)
    }

    private func names() throws -> [String] { try backups.items().map(\.name) }

    @Test("only names that the schedule gives are rotated; what somebody put beside them stays")
    func otherNames() async throws {
        try await withFixture(clock: clock) { fixture in
            _ = try await fixture.store.append(try Samples.filing(files: ["一"]))
            let others = [
                "reportd", "reportd-", "reportd-old", "reportd-20240101", "reportd-20240101-0230",
                "reportd-20240101-02300x", "reportd-20240101-023000-copy",
                "reportd-20240101-023000.bak", "Reportd-20240101-023000", "20240101-023000",
                "before the move",
            ]
            clock.now = try time("2024-01-01T02:30+08:00")
            for name in others { _ = try fixture.store.backup(to: folder.path(name) + "/") }
            for day in 1...3 {
                let now = try time("2024-05-0\(day)T02:30+08:00")
                let (name, removed) = try await add(fixture.store, in: fixture.directory, at: now)
                #expect(removed == (day == 1 ? [] : ["reportd-2024050\(day - 1)-023000"]))
                #expect(try names() == [name])
            }
            for name in others {
                #expect(access(folder.path(name) + "/data.mdb", F_OK) == 0, "\(name) is gone")
            }
        }
    }

    @Test("the new one is kept though the clock says that others are newer")
    func clockSetBack() async throws {
        try await withFixture(clock: clock) { fixture in
            _ = try await fixture.store.append(try Samples.filing(files: ["一"]))
            let later = try await add(
                fixture.store,
                in: fixture.directory,
                at: try time("2031-05-01T02:30+08:00")
            )
            let earlier = try await add(
                fixture.store,
                in: fixture.directory,
                at: try time("2024-05-01T02:30+08:00")
            )
            #expect(earlier.removed.isEmpty)
            #expect(try names() == [earlier.name, later.name])
        }
    }

    @Test("the last backup of each earlier store of the node is kept, and those of other nodes")
    func earlierStores() async throws {
        let other = try StoreFixture(name: "市", clock: clock)
        defer { other.close() }
        let fixture = try StoreFixture(clock: clock)
        defer { fixture.close() }
        for store in [other.store, fixture.store] {
            _ = try await store.append(try Samples.filing(files: ["一"]))
        }
        let foreign = try await add(
            other.store,
            in: other.directory,
            at: try time("2024-05-01T01:00+08:00")
        )
        var last = ""
        for day in 1...2 {
            let now = try time("2024-05-0\(day)T02:30+08:00")
            last = try await add(fixture.store, in: fixture.directory, at: now).name
        }
        #expect(try names() == [foreign.name, last])
        // The machine is lost: the same node in a new store.
        _ = try await StoreRestore.restore(
            folder.path(last),
            to: folder.path("restored"),
            isStandalone: true,
            options: Store.Options(nodeName: "县", mapByteCount: 1 << 30, clock: clock.closure)
        )
        let restored = try Store.open(
            directory: folder.path("restored"),
            options: Store.Options(nodeName: "县", mapByteCount: 1 << 30, clock: clock.closure)
        )
        defer { restored.close() }
        #expect(restored.node == fixture.store.node)
        #expect(try restored.backupEstimate().storeID != fixture.store.backupEstimate().storeID)
        for day in 3...5 {
            let now = try time("2024-05-0\(day)T02:30+08:00")
            let (name, removed) = try await add(restored, in: folder.path("restored"), at: now)
            #expect(removed == (day == 3 ? [] : ["reportd-2024050\(day - 1)-023000"]))
            #expect(try names() == [foreign.name, last, name])
        }
    }

    @Test(
        "a damaged copy is dropped when a good one of its store is there, that of another store is not"
    )
    func damaged() async throws {
        let other = try StoreFixture(name: "市", clock: clock)
        defer { other.close() }
        let fixture = try StoreFixture(clock: clock)
        defer { fixture.close() }
        for one in [other, fixture] {
            _ = try await one.store.append(try Samples.filing(files: ["一"]))
            let now = try time(one === other ? "2024-05-01T02:30+08:00" : "2024-05-01T03:30+08:00")
            await expectFailure(.integrity) {
                _ = try await add(one.store, in: one.directory, at: now, problems: ["a value"])
            }
        }
        let copies = ["reportd-20240501-023000.damaged", "reportd-20240501-033000.damaged"]
        #expect(try names() == copies)
        let now = try time("2024-05-02T03:30+08:00")
        let (name, removed) = try await add(fixture.store, in: fixture.directory, at: now)
        #expect(removed == [copies[1]])
        #expect(try names() == [copies[0], name])
    }
}
