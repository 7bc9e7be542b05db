import ReportModel
import ReportTestKit
import Testing

extension IntegrationTests {
    /// Two nodes of a province that share a database, and a county.
    @Suite(.enabled(if: PostgresServer.absence == nil && PostgresServer.given == nil))
    struct SharedDatabase {
        static let region = "湛江市/麻章区"
        let root: TestFolder
        let server: PostgresServer
        let url: String
        let county: NodeProcess
        let left: NodeProcess
        let right: NodeProcess

        init() throws {
            root = try TestFolder()
            server = try PostgresServer()
            try server.run(sql: "CREATE DATABASE reportd")
            url = server.address("reportd")
            county = try NodeProcess("麻章区", in: root, inboxRegion: Self.region)
            left = try NodeProcess("省甲", in: root)
            right = try NodeProcess("省乙", in: root)
            for node in [left, right] { try node.useDatabase(url) }
            var upstreams = "upstreams:\n"
            for node in [left, right] {
                upstreams += "  - {address: \(node.address), key: '\(try node.showKey())'}\n"
            }
            try county.configure(upstreams)
            let key = try county.showKey()
            for node in [left, right] {
                try node.configure(
                    "grants:\n  - {key: '\(key)', regions: [\(Self.region)], verbs: [peer]}\n"
                )
            }
        }

        private func awaitVersion(_ number: Int, at node: NodeProcess) throws {
            _ = try eventually("version \(number) at \(node.name): \(node.shownLog)") {
                let run = try node.ctl("get", "2023/麻章区", "--field", "version.number")
                return run.output == "\(number)\n" ? true : nil
            }
        }

        @Test("without tables a node says what to do, and does not start")
        func noTables() throws {
            let run = try CommandRun.reportd(["--config", left.configuration])
            #expect(run.status != 0)
            #expect(run.errors.contains("store init"))
        }

        @Test(
            "both answer alike, one goes on when the other or the database dies, and nothing is lost"
        )
        func sharing() throws {
            let made = try CommandRun.reportctl(["store", "init", url])
            #expect(made.status == 0, "\(made)")
            for node in [left, right, county] { try node.start() }
            let unit = "湛江市麻章区红星小学"
            try county.drop(Documents.report(unit: unit, year: 2023, score: "97"), as: "一.txt")
            for node in [left, right] { try awaitVersion(1, at: node) }
            _ = try county.awaitFile("已接收/一.txt.回执.txt") { $0.contains("市级已收到") }

            left.crash()
            try county.drop(Documents.report(unit: unit, year: 2023, score: "95"), as: "二.txt")
            try awaitVersion(2, at: right)
            let reviewed = try CommandRun.reportctl([
                "review", "2023/麻章区", "--approve", "--store", "\(right.folder)/store",
            ])
            #expect(reviewed.status == 0, "\(reviewed)")
            try left.start()
            try awaitVersion(2, at: left)
            _ = try eventually("the review at the other node") {
                try left.ctl("get", "2023/麻章区", "--field", "status").output == "approved\n"
                    ? true : nil
            }

            server.stop()
            try county.drop(Documents.report(unit: unit, year: 2023, score: "93"), as: "三.txt")
            _ = try county.awaitFile("已接收/三.txt.回执.json")
            #expect(try left.ctl("get", "2023/麻章区", "--field", "version.number").output == "2\n")
            try server.start()
            for node in [left, right] { try awaitVersion(3, at: node) }

            for question in [
                ["get", "2023/麻章区", "-o", "json"], ["history", "2023/麻章区", "-o", "json"],
                ["get", "2023/麻章区", "-o", "source"], ["stats", "-o", "json"],
                ["list", "-o", "json"],
            ] {
                let answers = try [left, right].map { node in
                    try CommandRun.reportctl(question + ["--node", node.address])
                }
                #expect(answers[0].status == 0, "\(answers[0])")
                #expect(answers[0].bytes == answers[1].bytes, "\(question)")
            }
            // It looks at the database now and then, not at each answer.
            _ = try eventually("the node follows the database again") {
                let status = try left.ctl("status", "-o", "json").json()
                return status["database"] == "current" ? status : nil
            }
            for node in [county, left, right] { #expect(try node.terminate() == 0) }

            let checked = try CommandRun.reportctl(["store", "check", url])
            #expect(checked.status == 0, "\(checked)")
            let copy = "\(root.path)/copy"
            let copied = try CommandRun.reportctl(["store", "copy", url, copy, "-o", "json"])
            #expect(try copied.json()["copied"] == 4, "\(copied)")
            let got = try CommandRun.reportctl(["get", "2023/麻章区", "--store", copy])
            #expect(got.output.contains("93"), "\(got)")
        }

        @Test("other programs ask in SQL for the reports as they stand")
        func reportsInSQL() throws {
            let store = "\(root.path)/store"
            let folder = "\(root.path)/reports"
            let unit = "湛江市麻章区红星小学"
            for (name, year, score) in [("一.txt", 2022, "91.5"), ("二.txt", 2023, "97")] {
                let document = Documents.report(unit: unit, year: year, score: score)
                try Disk.write(document, to: "\(folder)-\(name)")
                let run = try CommandRun.reportctl([
                    "submit", "--store", store, "\(folder)-\(name)",
                ])
                #expect(run.status == 0 || run.status == 10, "\(run)")
            }
            let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let script = "/\(tests)/ops/scale-out/reports-in-sql"
            let environment = ["REPORTCTL": try Programs.path("reportctl")]
            for _ in 0..<2 {
                let run = try CommandRun.run(
                    "reports-in-sql",
                    [url, "--store", store],
                    environment: environment,
                    at: script
                )
                #expect(run.status == 0, "\(run)")
            }
            // What cannot be read takes nothing away.
            let failed = try CommandRun.run(
                "reports-in-sql",
                [url, "--store", "\(root.path)/nowhere"],
                environment: environment,
                at: script
            )
            #expect(failed.status != 0)
            let rows = try CommandRun.run(
                "psql",
                ["-X", "-At", "-d", url, "-c", Self.question],
                at: "/usr/bin/psql"
            )
            #expect(
                rows.output == "2022|麻章区|91.5|1|t\n2023|麻章区|97|1|t\n",
                "\(rows)"
            )
        }

        private static let question = """
            SELECT year, district, score, version,
                (SELECT count(*) FROM reports.amounts WHERE amounts.key = readings.key)
                = (SELECT jsonb_array_length(record -> 'amounts') FROM reports.records
                    WHERE record ->> 'key' = readings.key)
            FROM reports.readings ORDER BY year
            """
    }
}

extension NodeProcess {
    /// Keeps the logs of the node in a database.
    func useDatabase(_ url: String) throws {
        try replace("store: \(store)\n", with: "store: '\(url)'\nfolder: \(store)\n")
    }
}
