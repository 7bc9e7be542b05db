import Glibc
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("A folder of scheduled backups")
struct BackupFolderTests {
    private let folder = TemporaryFolder()

    private func file(_ number: Int) throws -> Filing {
        try Samples.filing("2023/湛江市/麻章区/单位\(number)/整体支出", files: ["文件\(number)"])
    }

    private func time(_ text: String) throws -> Timestamp {
        try #require(Timestamp(parsing: text))
    }

    private func plan(_ fixture: StoreFixture) throws -> BackupFolder.Plan {
        let estimate = try fixture.store.backupEstimate()
        return BackupFolder.Plan(
            store: fixture.directory,
            storeID: estimate.storeID,
            node: fixture.store.node,
            byteCount: estimate.byteCount,
            rotation: BackupRotation(daily: 2, weekly: 0, monthly: 0)
        )
    }

    /// Makes a backup as the node's child does, of a store that is open here.
    private func make(
        _ store: Store,
        at time: Timestamp,
        problems: [String] = []
    ) -> (BackupProcess.Order) async throws(ReportError) -> BackupProcess.Outcome {
        { order throws(ReportError) in
            var manifest: BackupManifest
            if let base = order.base {
                let since = BackupSince.manifest(try BackupManifest(reading: base))
                manifest = try store.backupIncrement(to: order.target, since: since)
            } else {
                manifest = try store.backup(to: order.target + "/")
            }
            manifest.madeAt = time
            return BackupProcess.Outcome(manifest: manifest, problems: problems)
        }
    }

    @Test("the newest of days, weeks and months are kept, whatever order they come in")
    func rotation() throws {
        let days = (1...31).map { "2024-01-\($0 < 10 ? "0" : "")\($0)T02:30+08:00" }
        let times = try (days + ["2024-02-01T02:30+08:00", "2024-02-01T20:00+08:00"]).map(time)
        let kept = BackupRotation(daily: 3, weekly: 3, monthly: 2).kept(of: times.reversed())
        let backwards = Array(times.reversed())
        let texts = kept.map { String(backwards[$0].description.prefix(16)) }.sorted()
        // Weeks end on 14, 21 and 28 January; 1 February is a Thursday.
        #expect(
            texts == [
                "2024-01-20T18:30", "2024-01-27T18:30", "2024-01-29T18:30", "2024-01-30T18:30",
                "2024-02-01T12:00",
            ]
        )
        #expect(BackupRotation(daily: 0, weekly: 0, monthly: 0).kept(of: times).count == 1)
        #expect(BackupRotation().kept(of: []).isEmpty)
    }

    @Test("each backup gets its name when it is whole, and only what the rotation keeps stays")
    func rotating() async throws {
        try await withFixture { fixture in
            let backups = BackupFolder(folder.path)
            var names: [String] = []
            for day in 1...4 {
                _ = try await fixture.store.append(try file(day))
                let now = try time("2024-05-0\(day)T02:30+08:00")
                fixture.clock.now = now
                let (item, removed) = try await backups.add(
                    try plan(fixture),
                    at: now,
                    make: make(fixture.store, at: now)
                )
                names.append(item.name)
                #expect(removed == (day < 3 ? [] : [names[day - 3]]))
            }
            #expect(names[0] == "reportd-20240501-023000")
            let there = try backups.items()
            #expect(there.map(\.name) == Array(names.suffix(2)))
            #expect(try backups.newestChain() == [folder.path(names[3])])
            let outcome = try await StoreRestore.restore(
                folder.path(names[3]),
                to: folder.path("restored"),
                identity: .new,
                options: Store.Options(nodeName: "复", mapByteCount: 1 << 30)
            )
            #expect(outcome.positions.contains { $0.sequence == 4 })
        }
    }

    @Test("two that are begun in the same second are both kept, each under its own name")
    func sameSecond() async throws {
        try await withFixture { fixture in
            let backups = BackupFolder(folder.path)
            let now = try time("2024-05-01T02:30+08:00")
            var plan = try plan(fixture)
            plan.rotation = BackupRotation(daily: 1, weekly: 0, monthly: 0)
            var names: [String] = []
            for number in 1...3 {
                _ = try await fixture.store.append(try file(number))
                // The manifests are a moment apart, as those of two runs are.
                let madeAt = Timestamp(milliseconds: now.milliseconds + UInt64(number))
                fixture.clock.now = madeAt
                let making = make(fixture.store, at: madeAt)
                let (item, removed) = try await backups.add(plan, at: now, make: making)
                #expect(removed == names.suffix(1))
                names.append(item.name)
            }
            #expect(
                names == [
                    "reportd-20240501-023000", "reportd-20240501-023001",
                    "reportd-20240501-023000",
                ]
            )
            #expect(try backups.newestChain() == [folder.path(names[2])])
        }
    }

    @Test("increments go after the last full backup, which stays as long as one of them does")
    func increments() async throws {
        try await withFixture { fixture in
            let backups = BackupFolder(folder.path)
            for day in 1...5 {
                _ = try await fixture.store.append(try file(day))
                let now = try time("2024-05-0\(day)T02:30+08:00")
                fixture.clock.now = now
                var plan = try plan(fixture)
                plan.fullEvery = .seconds(3 * 86_400)
                _ = try await backups.add(plan, at: now, make: make(fixture.store, at: now))
            }
            // Full on the first and fourth day.
            let names = try backups.items().map(\.name)
            #expect(names == ["reportd-20240504-023000", "reportd-20240505-023000.increment"])
            let chain = try #require(try backups.newestChain())
            let outcome = try await StoreRestore.restore(
                chain[0],
                increments: Array(chain.dropFirst()),
                to: folder.path("restored"),
                identity: .new,
                options: Store.Options(nodeName: "复", mapByteCount: 1 << 30)
            )
            #expect(outcome.addedEntryCount == 1)
        }
    }

    @Test("an attempt that fails, is not sound or was killed takes nothing away")
    func failures() async throws {
        try await withFixture { fixture in
            let backups = BackupFolder(folder.path)
            _ = try await fixture.store.append(try file(1))
            let first = try time("2024-05-01T02:30+08:00")
            fixture.clock.now = first
            let plan = try plan(fixture)
            let (good, _) = try await backups.add(
                plan,
                at: first,
                make: make(fixture.store, at: first)
            )
            // What a killed child leaves.
            mkdir(folder.path(".reportd-new-20240502-023000"), 0o700)
            for day in 2...9 {
                let now = try time("2024-05-0\(day)T02:30+08:00")
                fixture.clock.now = now
                if day % 2 == 0 {
                    await expectFailure(.noSpace) {
                        _ = try await backups.add(plan, at: now) { _ throws(ReportError) in
                            throw ReportError(.noSpace, "no room")
                        }
                    }
                } else {
                    await expectFailure(.integrity) {
                        let make = make(fixture.store, at: now, problems: ["a value"])
                        _ = try await backups.add(plan, at: now, make: make)
                    }
                }
            }
            let there = try backups.items()
            #expect(there.map(\.name) == [good.name, "reportd-20240509-023000.damaged"])
            #expect(try backups.newestChain() == [folder.path(good.name)])
            #expect(access(folder.path(".reportd-new-20240502-023000"), F_OK) != 0)
            var huge = plan
            huge.byteCount = .max / 4
            await expectFailure(.noSpace) {
                _ = try await backups.add(huge, at: .now, make: make(fixture.store, at: .now))
            }
        }
    }

    @Test("the state is read back as it was written; what is none is refused")
    func state() async throws {
        let backups = BackupFolder(folder.path)
        #expect(try BackupState.read(folder: folder.path) == nil)
        var state = BackupState()
        state.store = "ab"
        state.failureCount = 2
        state.lastFailure = .init(
            at: Timestamp(milliseconds: 1_717_056_000_007),
            code: "no-space",
            message: "x"
        )
        state.lastSuccess = .init(
            at: Timestamp(milliseconds: 1_717_056_000_005),
            name: "reportd-20240501-023000",
            byteCount: 3,
            entryCount: 4,
            milliseconds: 9,
            isVerified: true
        )
        try backups.note(state)
        #expect(try BackupState.read(folder: folder.path) == state)
        let path = folder.path(BackupState.fileName)
        truncate(path, 0)
        #expect(try BackupState.read(folder: folder.path) == BackupState())
        truncate(path, 3)
        await expectFailure(.unreadable) { _ = try BackupState.read(folder: folder.path) }
    }

    @Test("the order of a backup goes through an argument")
    func order() {
        let order = BackupProcess.Order(store: "/s", target: "/t", base: "/b", includesKey: true)
        #expect(BackupProcess.Order(argument: order.argument) == order)
        #expect(BackupProcess.Order(argument: "{}") == nil)
    }
}
