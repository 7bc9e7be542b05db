import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// kill -9 at random moments of everything that writes: filing, replication, backup, restore,
    /// making tables anew, upgrade.
    @Suite struct RandomKills {
        private static let region = "湛江市/麻章区"
        private let root: TestFolder

        init() throws { root = try TestFolder() }

        @Test("no report is lost or doubled, and no receipt is wrong, whatever is killed and when")
        func killed() async throws {
            let kills = CrashChecks.setting("REPORTD_CRASH_KILLS", 12)
            let seed = CrashChecks.setting("REPORTD_CRASH_SEED", Int.random(in: 1...Int.max))
            print("REPORTD_CRASH_SEED=\(seed) REPORTD_CRASH_KILLS=\(kills)")
            var run = try KillRun(root, seed: UInt64(seed))
            while run.killCount < kills { try await run.once() }
            print("kills: \(run.counts.sorted { $0.key < $1.key })")
            try run.end()
        }

        /// A county with its city, and what was killed so far.
        private struct KillRun {
            private enum Victim: String, CaseIterable {
                case county, city, both, backup, restore, reindex, upgrade
            }

            private let root: TestFolder
            private let county: NodeProcess
            private let city: NodeProcess
            private var random: Dice
            private var ledger: ReceiptLedger
            private var dropped = 0
            private var round = 0
            private(set) var counts: [String: Int] = [:]

            var killCount: Int { counts.values.reduce(0, +) }

            init(_ root: TestFolder, seed: UInt64) throws {
                self.root = root
                random = Dice(seed: seed)
                county = try NodeProcess("麻章区", in: root, inboxRegion: RandomKills.region)
                city = try NodeProcess("湛江市", in: root)
                try NodeProcess.connect([(county, RandomKills.region)], to: city)
                ledger = ReceiptLedger(county)
                try city.start()
                try county.start()
            }

            /// Kills something, and looks at what it left.
            mutating func once() async throws {
                round += 1
                // Nodes are what runs all day.
                let isNode = Int.random(in: 0..<10, using: &random) < 7
                let victims: [Victim] =
                    isNode
                    ? [.county, .county, .city, .both] : [.backup, .restore, .reindex, .upgrade]
                let victim = victims.randomElement(using: &random) ?? .county
                switch victim {
                case .county, .city, .both: try await killNodes(victim)
                case .backup: try killBackup()
                case .restore: try killRestore()
                case .reindex: try await killReindex()
                case .upgrade: try killUpgrade()
                }
            }

            private mutating func killNodes(_ victim: Victim) async throws {
                let files = min(Int.random(in: 0...3, using: &random), Documents.count - dropped)
                for _ in 0..<files {
                    try county.drop(
                        Documents.numbered(dropped).text,
                        as: "报告\(dropped).txt"
                    )
                    dropped += 1
                }
                // Some are killed while they start, most while they work.
                usleep(UInt32.random(in: 0...900_000, using: &random))
                let nodes: [NodeProcess] =
                    switch victim {
                    case .city: [city]
                    case .both: [county, city]
                    default: [county]
                    }
                for node in nodes {
                    if let status = node.process?.poll() {
                        throw TestFailure(
                            "\(node.name) ended with status \(status): \(node.shownLog)"
                        )
                    }
                    node.crash()
                    counts[node === county ? "county" : "city", default: 0] += 1
                }
                if victim != .city { try await ledger.check("round \(round)") }
                for node in nodes { try node.launch() }
            }

            /// Runs a command and kills it at a random moment.
            private mutating func kill(_ victim: Victim, _ arguments: [String]) throws {
                let folder = "\(root.path)/run-\(round)"
                try Disk.makeFolder(folder)
                defer { Disk.remove(folder) }
                let process = try ChildProcess(
                    try Programs.path("reportctl"),
                    arguments,
                    output: .file("\(folder)/out"),
                    errors: "\(folder)/err"
                )
                let limit = Double.random(in: 0...0.15, using: &random)
                let deadline = Clock.now + limit
                while process.poll() == nil, Clock.now < deadline { usleep(500) }
                if process.poll() == nil {
                    process.stop()
                    counts[victim.rawValue, default: 0] += 1
                } else {
                    let errors = try Disk.text("\(folder)/err")
                    // A node that was killed while it made its tables anew goes on with that first.
                    let mustWait = victim == .backup && errors.contains("are being made anew")
                    #expect(process.poll() == 0 || mustWait, "\(arguments): \(errors)")
                }
            }

            /// A backup of the county while it runs: what has its name is whole.
            private mutating func killBackup() throws {
                guard Disk.exists("\(county.store)/data.mdb") else { return }
                let path = "\(root.path)/backup-\(round)"
                try kill(.backup, ["backup", "--store", county.store, path])
                defer { unlink(path) }
                guard Disk.exists(path) else { return }
                try restored(path, "\(root.path)/from-\(round)", ["--new-key"])
            }

            private mutating func killRestore() throws {
                guard Disk.exists("\(county.store)/data.mdb") else { return }
                let path = "\(root.path)/backup-\(round)"
                let store = "\(root.path)/from-\(round)"
                let words = ["backup", "--with-key", "--store", county.store, path]
                try eventually("a backup", within: 60) {
                    try CommandRun.reportctl(words).status == 0 ? () : nil
                }
                defer { unlink(path) }
                try kill(.restore, ["restore", "--store", store, path])
                if Disk.exists("\(store)/data.mdb") {
                    try expectDone(["verify", "--store", store])
                    Disk.remove(store)
                } else {
                    try restored(path, store)
                }
            }

            private func restored(
                _ backup: String,
                _ store: String,
                _ options: [String] = []
            ) throws {
                let words = ["restore", "--standalone", "--store", store, backup]
                try expectDone(words + options)
                try expectDone(["verify", "--store", store])
                Disk.remove(store)
            }

            /// The county is stopped meanwhile; the next opening goes on.
            private mutating func killReindex() async throws {
                county.crash()
                counts["county", default: 0] += 1
                try await ledger.check("round \(round)")
                try kill(.reindex, ["reindex", "--store", county.store])
                try county.launch()
            }

            private mutating func killUpgrade() throws {
                let store = "\(root.path)/old-\(round)"
                try OldStore.unpack(to: store)
                defer { Disk.remove(store) }
                let file = "\(root.path)/upgrade.txt"
                try Disk.write(Documents.numbered(0).text, to: file)
                let words = ["submit", "--store", store, file]
                try kill(.upgrade, words)
                try expectDone(words)
                let run = try CommandRun.reportctl(["verify", "--store", store, "-o", "json"])
                #expect(try run.json()["entries"]?.integerValue == OldStore.entryCount + 1)
            }

            private func expectDone(_ arguments: [String]) throws {
                let run = try CommandRun.reportctl(arguments)
                #expect(run.status == 0, "round \(round), \(arguments): \(run)")
            }

            /// Everything that was dropped is there once, at both, with its receipts.
            mutating func end() throws {
                for node in [county, city] where node.process?.poll() == nil { node.crash() }
                try city.start()
                try county.start()
                let (county, dropped) = (county, dropped)
                try eventually("an outcome for each of \(dropped) files", within: 300) {
                    CrashChecks.outcomes(of: county) >= dropped ? () : nil
                }
                try CrashChecks.run(county, city, count: dropped)
            }
        }
    }
}
