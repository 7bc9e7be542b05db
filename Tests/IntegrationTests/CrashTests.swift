import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// kill -9 at random moments.
    @Suite struct Crash {
        private static func setting(_ name: String, _ standard: Int) -> Int {
            getenv(name).flatMap { Int(String(cString: $0)) } ?? standard
        }

        @Test("no file is lost or doubled when a county, and now and then its city, are killed")
        func killedCounty() throws {
            let count = min(Self.setting("REPORTD_CRASH_FILES", 500), Documents.count)
            let seed = Self.setting("REPORTD_CRASH_SEED", Int.random(in: 1...Int.max))
            print("REPORTD_CRASH_SEED=\(seed) REPORTD_CRASH_FILES=\(count)")
            var random = Dice(seed: UInt64(seed))
            let root = try TestFolder()
            let region = "湛江市/麻章区"
            let county = try NodeProcess("麻章区", in: root, inboxRegion: region)
            let city = try NodeProcess("湛江市", in: root)
            try NodeProcess.connect([(county, region)], to: city)
            try city.start()
            try county.start()

            var dropped = 0
            var crashes = 0
            var nextCrash = Clock.now + Double.random(in: 0.5...2, using: &random)
            let allowance = max(200, 0.4 * Double(count))
            let deadline = Clock.now + allowance
            while dropped < count || Self.outcomes(of: county) < count {
                guard Clock.now < deadline else {
                    throw TestFailure(
                        "\(Self.outcomes(of: county)) of \(count) files after \(allowance) seconds, "
                            + "\(crashes) crashes: \(county.shownLog)"
                    )
                }
                if dropped < count {
                    let batch = Int.random(in: 1...8, using: &random)
                    for index in dropped..<min(count, dropped + batch) {
                        try county.drop(Documents.numbered(index).text, as: "报告\(index).txt")
                    }
                    dropped = min(count, dropped + batch)
                }
                usleep(UInt32.random(in: 1_000...60_000, using: &random))
                if Clock.now >= nextCrash {
                    county.crash()
                    crashes += 1
                    if Int.random(in: 0..<4, using: &random) == 0 {
                        city.crash()
                        try city.start()
                    }
                    try county.start()
                    nextCrash = Clock.now + Double.random(in: 0.5...2, using: &random)
                }
            }
            print("crashes: \(crashes)")
            #expect(crashes > 0 || count < 100)
            try compare(county, city, count: count)
            try look(at: county, count: count)
            try end([county, city], count: count)
        }

        /// Files that have an outcome with both receipts.
        private static func outcomes(of county: NodeProcess) -> Int {
            Disk.files(under: county.inbox).count { $0.contains("/") && $0.hasSuffix(".回执.json") }
        }

        /// Each file lies in one outcome folder, with its completed receipts and nothing else.
        private func look(at county: NodeProcess, count: Int) throws {
            let files = try eventually("every receipt is completed", within: 60) {
                () -> [String]? in
                // The page for the clerk lies beside the folders.
                let files = Disk.files(under: county.inbox).filter { $0 != "本年情况.html" }
                let isComplete = files.filter { $0.hasSuffix(".回执.txt") }.allSatisfy { name in
                    (try? Disk.text("\(county.inbox)/\(name)"))?.contains("市级已收到") == true
                }
                return isComplete && files.count <= 3 * count ? files : nil
            }
            let wanted = (0..<count).flatMap { index in
                ["", ".回执.json", ".回执.txt"].map { "已接收/报告\(index).txt\($0)" }
            }
            let missing = Set(wanted).subtracting(files)
            let extra = Set(files).subtracting(wanted)
            #expect(missing.isEmpty, "missing: \(missing.sorted().prefix(10))")
            #expect(extra.isEmpty, "extra: \(extra.sorted().prefix(10))")
        }

        private func compare(_ county: NodeProcess, _ city: NodeProcess, count: Int) throws {
            let wanted = (0..<count).map { index in
                let (unit, year, _) = Documents.numbered(index)
                return "\(year)/湛江市/麻章区/\(unit)/整体支出"
            }.sorted()
            let rows = try eventually("all reports at the city", within: 60) { () -> [JSONValue]? in
                let rows = try Self.rows(of: city)
                return rows.count == count ? rows : nil
            }
            #expect(rows.compactMap { $0["key"]?.stringValue }.sorted() == wanted)
            #expect(rows.allSatisfy { $0["version"] == 1 }, "each report is one version")
            #expect(try Self.rows(of: county) == rows)
            let status = try city.ctl("status", "-o", "json").json()
            #expect(status["versions"]?.integerValue == count)
        }

        private func end(_ nodes: [NodeProcess], count: Int) throws {
            for node in nodes {
                let online = try node.ctl("verify")
                #expect(online.status == 0, "\(node.name): \(online)")
                #expect(try node.terminate() == 0)
                let offline = try CommandRun.reportctl([
                    "verify", "--store", node.store, "-o", "json",
                ])
                #expect(offline.status == 0, "\(node.name): \(offline)")
                #expect(try offline.json()["entries"]?.integerValue == count)
            }
        }

        /// Every row of a node, page by page.
        private static func rows(of node: NodeProcess) throws -> [JSONValue] {
            var rows: [JSONValue] = []
            var after: String?
            repeat {
                let more = after.map { ["--after", $0] } ?? []
                let run = try CommandRun.reportctl(
                    ["list", "-o", "json", "--limit", "97", "--node", node.address] + more
                )
                let page = try run.json()
                rows += page["rows"]?.arrayValue ?? []
                after = page["next"]?.stringValue
            } while after != nil && rows.count < 10_000
            return rows
        }
    }
}

/// Random numbers that a seed repeats.
///
/// Source: SplitMix64, Steele, Lea and Flood 2014.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
