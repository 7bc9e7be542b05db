import Glibc
import ReportModel
import Testing

/// What must be true of a county and its city after any number of kills.
enum CrashChecks {
    /// A number from the environment.
    static func setting(_ name: String, _ standard: Int) -> Int {
        getenv(name).flatMap { Int(String(cString: $0)) } ?? standard
    }

    /// Both run and hold reports 0 up to `count`, each once; ends both.
    static func run(_ county: NodeProcess, _ city: NodeProcess, count: Int) throws {
        try compare(county, city, count: count)
        try look(at: county, count: count)
        try end([county, city], count: count)
    }

    /// Files that have an outcome with both receipts.
    static func outcomes(of county: NodeProcess) -> Int {
        Disk.files(under: county.inbox).count { $0.contains("/") && $0.hasSuffix(".回执.json") }
    }

    /// Each file lies in one outcome folder, with its completed receipts and nothing else.
    private static func look(at county: NodeProcess, count: Int) throws {
        let files = try eventually("every receipt is completed", within: 600) {
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

    private static func compare(_ county: NodeProcess, _ city: NodeProcess, count: Int) throws {
        let wanted = (0..<count).map { index in
            let (unit, year, _) = Documents.numbered(index)
            return "\(year)/湛江市/麻章区/\(unit)/整体支出"
        }.sorted()
        let rows = try eventually("all reports at the city", within: 600) { () -> [JSONValue]? in
            let rows = try? Self.rows(of: city)
            return rows?.count == count ? rows : nil
        }
        #expect(rows.compactMap { $0["key"]?.stringValue }.sorted() == wanted)
        #expect(rows.allSatisfy { $0["version"] == 1 }, "each report is one version")
        let own = try eventually("the county answers") { try? Self.rows(of: county) }
        let others = zip(own, rows).filter { $0 != $1 }.map { "\($0) at the county, \($1)" }
        #expect(own == rows, "\(own.count) at the county: \(others.first ?? "-")")
        let status = try city.ctl("status", "-o", "json").json()
        #expect(status["versions"]?.integerValue == count)
    }

    private static func end(_ nodes: [NodeProcess], count: Int) throws {
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
    static func rows(of node: NodeProcess) throws -> [JSONValue] {
        var rows: [JSONValue] = []
        var after: String?
        repeat {
            let more = after.map { ["--after", $0] } ?? []
            let run = try CommandRun.reportctl(
                ["list", "-o", "json", "--limit", "97", "--node", node.address] + more
            )
            // What a node says that is only starting is no empty list.
            guard run.status == 0 else { throw TestFailure("list of \(node.name): \(run)") }
            let page = try run.json()
            rows += page["rows"]?.arrayValue ?? []
            after = page["next"]?.stringValue
        } while after != nil && rows.count < 10_000
        return rows
    }
}
