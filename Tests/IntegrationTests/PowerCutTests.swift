import Glibc
import Testing

extension IntegrationTests {
    /// Power cuts of whole nodes: what no flush brought to the disk is gone, in the store, in the inbox and
    /// in everything else that a node keeps.
    @Suite struct PowerCuts {
        private static let region = "湛江市/麻章区"
        private let root: TestFolder

        init() throws { root = try TestFolder() }

        @Test(
            "no report is lost or doubled, and no receipt is wrong, whatever of a node's writes a power cut leaves",
            .enabled(
                if: getenv("REPORTD_POWER_CUTS") != nil,
                "REPORTD_POWER_CUTS says how many; ops/long crash"
            )
        )
        func cut() async throws {
            let cuts = CrashChecks.setting("REPORTD_POWER_CUTS", 8)
            let seed = CrashChecks.setting("REPORTD_CRASH_SEED", Int.random(in: 1...Int.max))
            print("REPORTD_CRASH_SEED=\(seed) REPORTD_POWER_CUTS=\(cuts)")
            guard var run = try PowerRun(root, seed: UInt64(seed)) else { return }
            while run.cutCount < cuts { try await run.once() }
            print(
                "power cuts: \(run.cutCount), \(run.taken) of \(run.unflushed) unflushed writes taken back"
            )
            #expect(run.taken > 0, "nothing was ever unflushed")
            try run.end()
        }

        /// A county with its city, each on a disk of its own.
        private struct PowerRun {
            private let county: NodeProcess
            private let city: NodeProcess
            private let powers: [PowerCut]
            private var random: Dice
            private var ledger: ReceiptLedger
            private var dropped = 0
            private(set) var cutCount = 0
            private(set) var taken = 0
            private(set) var unflushed = 0

            private var nodes: [NodeProcess] { [county, city] }

            /// Nil, with a message, where there is no compiler.
            init?(_ root: TestFolder, seed: UInt64) throws {
                random = Dice(seed: seed)
                county = try NodeProcess("麻章区", in: root, inboxRegion: PowerCuts.region)
                city = try NodeProcess("湛江市", in: root)
                try NodeProcess.connect([(county, PowerCuts.region)], to: city)
                ledger = ReceiptLedger(county)
                guard let first = try PowerCut(of: county.folder, in: root, name: "county"),
                    let second = try PowerCut(of: city.folder, in: root, name: "city")
                else { return nil }
                powers = [first, second]
                try city.start(environment: second.environment)
                try county.start(environment: first.environment)
            }

            /// Cuts the power of one node or of both, and looks at what the county promised.
            mutating func once() async throws {
                let files = min(Int.random(in: 1...6, using: &random), Documents.count - dropped)
                for _ in 0..<files {
                    try county.drop(Documents.numbered(dropped).text, as: "报告\(dropped).txt")
                    dropped += 1
                }
                // Some fall into the start, most into the work.
                usleep(UInt32.random(in: 0...1_500_000, using: &random))
                let victims = [[0], [0], [1], [0, 1]].randomElement(using: &random) ?? [0]
                for victim in victims {
                    let node = nodes[victim]
                    if let status = node.process?.poll() {
                        throw TestFailure(
                            "\(node.name) ended with status \(status): \(node.shownLog)"
                        )
                    }
                    node.crash()
                }
                for victim in victims {
                    let lost = try powers[victim].cut(using: &random)
                    taken += lost.taken
                    unflushed += lost.of
                    cutCount += 1
                }
                if victims.contains(0) { try await ledger.check("cut \(cutCount)") }
                for victim in victims {
                    try nodes[victim].launch(environment: powers[victim].environment)
                }
            }

            /// Everything that was dropped is there once, at both, with its receipts.
            mutating func end() throws {
                let (county, dropped) = (county, dropped)
                try eventually("an outcome for each of \(dropped) files", within: 300) {
                    CrashChecks.outcomes(of: county) >= dropped ? () : nil
                }
                try CrashChecks.run(county, city, count: dropped)
            }
        }
    }
}
