import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Proofs, backups and verification with whole programs.
    @Suite struct Care {
        private static let region = "湛江市/麻章区"
        private let root: TestFolder

        init() throws { root = try TestFolder() }

        private func reportctl(_ arguments: String...) throws -> CommandRun {
            try CommandRun.reportctl(arguments)
        }

        /// A store with two records.
        private func store() throws -> String {
            let store = "\(root.path)/store"
            for (number, unit) in ["红星小学", "文化馆"].enumerated() {
                let path = "\(root.path)/\(number).txt"
                try Disk.write(
                    Documents.report(unit: "湛江市麻章区\(unit)", year: 2023, score: "97"),
                    to: path
                )
                let run = try reportctl("submit", "--store", store, path)
                #expect(run.status == 0, "\(run)")
            }
            return store
        }

        @Test("the county's receipt proves the filing and carries the city's signature")
        func receipt() throws {
            let county = try NodeProcess("麻章区", in: root, inboxRegion: Self.region)
            let city = try NodeProcess("湛江市", in: root)
            try NodeProcess.connect([(county, Self.region)], to: city)
            try city.start()
            try county.start()
            let bytes = Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "97")
            try county.drop(bytes, as: "自评.txt")
            let text = try county.awaitFile("已接收/自评.txt.回执.json") {
                !$0.contains("\"cityReceivedAt\":null")
            }
            let receipt = try JSONValue(parsing: Array(text.utf8))
            let proof = try Proof(json: receipt)
            let cityKey = try #require(NodeID(parsing: try city.showKey()))
            let countyKey = try #require(NodeID(parsing: try county.showKey()))
            let check = ProofCheck(proof, keys: [cityKey, countyKey])
            #expect(check.isSound)
            let path = "\(county.inbox)/已接收/自评.txt.回执.json"
            let run = try reportctl(
                "verify",
                path,
                "\(county.inbox)/已接收/自评.txt",
                "--node-key",
                cityKey.description
            )
            #expect(run.status == 0, "\(run)")
            let other = try reportctl(
                "verify",
                path,
                "--node-key",
                String(repeating: "0", count: 64)
            )
            #expect(other.status == 8)
            // The same over TCP, at either node.
            for node in [county, city] {
                let file = "\(root.path)/\(node.name).json"
                let made = try node.ctl("prove", "2023/麻章区@1", "-o", file)
                #expect(made.status == 0, "\(made)")
                #expect(try reportctl("verify", file).status == 0)
                #expect(try reportctl("verify", file, "/etc/hostname").status == 8)
                #expect(
                    try node.ctl("du", "-o", "json").json()["tables"]?.arrayValue?.isEmpty == false
                )
                #expect(try node.ctl("verify", "-o", "json").json()["sound"] == true)
            }
            let status = try county.ctl("status", "-o", "json").json()
            #expect(status["disk"]?["level"] != nil)
            #expect(status["verification"]?["running"] == false)
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
        }

        @Test("a page that cannot be read is a finding with exit code 8, at the CLI and at a node")
        func damagedPage() throws {
            let node = try NodeProcess("县", in: root, inboxRegion: Self.region)
            try node.start()
            try node.drop(
                Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "97"),
                as: "a.txt"
            )
            _ = try node.awaitFile("已接收/a.txt.回执.json")
            try node.awaitIndex()
            #expect(try node.ctl("verify").status == 0)
            // Half of the file goes from under the running node.
            #expect(truncate("\(node.store)/data.mdb", 16 * 4096) == 0)
            for arguments in [["--store", node.store], ["--node", node.address]] {
                let run = try CommandRun.reportctl(["verify", "-o", "json"] + arguments)
                #expect(run.status == 8, "\(run)")
                let problems = try run.json()["problems"]?.arrayValue ?? []
                let isNamed = problems.contains {
                    $0.stringValue?.contains("cannot be read: the file ends before") == true
                }
                #expect(isNamed, "\(problems)")
            }
            #expect(node.process?.poll() == nil, "the node lives on")
            node.crash()
        }

        @Test("a page that the disk does not give is an error for who reads it, and ends no writes")
        func pageFault() throws {
            let node = try NodeProcess("县", in: root, inboxRegion: Self.region)
            try node.start()
            for number in 0..<40 {
                try node.drop(Documents.numbered(number).text, as: "\(number).txt")
            }
            for number in 0..<40 { _ = try node.awaitFile("已接收/\(number).txt.回执.json", within: 90) }
            try node.awaitIndex()
            // All but the first pages go from under the running node: who touches one gets SIGBUS.
            #expect(truncate("\(node.store)/data.mdb", 8 * 4096) == 0)
            var failures = 0
            for number in 0..<40 {
                let report = Documents.numbered(number)
                let run = try node.ctl("get", "\(report.year)/\(report.unit)", "-o", "json")
                if run.status != 0 { failures += 1 }
                #expect(run.status == 0 || run.status == 8, "\(run)")
            }
            #expect(failures > 0)
            try eventually("the node takes nothing any more") {
                let reason = try node.ctl("status", "-o", "json").json()["readOnly"]?["reason"]
                return reason == "page-fault" ? () : nil
            }
            #expect(node.process?.poll() == nil, "the node lives on")
            let path = "\(root.path)/41.txt"
            try Disk.write(Documents.numbered(41).text, to: path)
            // Refused as damage where the pages are read first, as read-only where it comes to writing.
            let refused = try node.ctl("submit", path)
            #expect(refused.status == 8 || refused.status == 9, "\(refused)")
            #expect(try Disk.text(node.log).contains("READ ONLY"))
            node.crash()
        }

        @Test("backup while a node runs, increment, restore elsewhere, and the rest from the city")
        func backup() throws {
            let county = try NodeProcess("麻章区", in: root, inboxRegion: Self.region)
            let city = try NodeProcess("湛江市", in: root)
            try NodeProcess.connect([(county, Self.region)], to: city)
            try city.start()
            try county.start()
            func file(_ unit: String) throws {
                let bytes = Documents.report(unit: "湛江市麻章区\(unit)", year: 2023, score: "97")
                try county.drop(bytes, as: "\(unit).txt")
                _ = try county.awaitFile("已接收/\(unit).txt.回执.txt") { $0.contains("市级已收到") }
            }
            func path(_ name: String) -> String { "\(root.path)/\(name)" }
            try file("红星小学")
            let full = try reportctl("backup", path("full"), "--store", county.store, "--with-key")
            #expect(full.status == 0, "\(full)")
            try file("文化馆")
            let more = try reportctl(
                "backup",
                path("more"),
                "--store",
                county.store,
                "--since",
                path("full")
            )
            #expect(more.status == 0, "\(more)")
            try file("图书馆")
            let expected = try county.ctl("list", "-o", "json").output
            county.crash()
            // The disk is lost; what came after the increment is at the city only.
            Disk.remove(county.store)
            let restored = try reportctl(
                "restore",
                path("full"),
                path("more"),
                "--store",
                county.store,
                "-o",
                "json"
            )
            #expect(restored.status == 0, "\(restored)")
            #expect(try restored.json()["added"] == 1)
            let again = try reportctl("restore", path("full"), "--store", county.store)
            #expect(again.status == 4)
            try county.start()
            _ = try eventually("the third record comes back from the city") {
                try county.ctl("list", "-o", "json").output == expected ? true : nil
            }
            try file("敬老院")
            for node in [county, city] {
                #expect(try node.ctl("verify").status == 0)
                let logs = try node.ctl("status", "-o", "json").json()["logs"]?.arrayValue ?? []
                #expect(!logs.contains { $0["forked"] == true })
            }
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
        }

        @Test("an older proof's head ties a newer one to it; a forged proof fails")
        func consistency() throws {
            let store = try store()
            func path(_ name: String) -> String { "\(root.path)/\(name)" }
            #expect(
                try reportctl("prove", "2023/红星小学", "-o", path("a"), "--store", store).status == 0
            )
            let b = try reportctl(
                "prove",
                "2023/文化馆",
                "-o",
                path("b"),
                "--since-head",
                path("a"),
                "--store",
                store
            )
            #expect(b.status == 0, "\(b)")
            let run = try reportctl("verify", path("b"), "-o", "json")
            #expect(run.status == 0)
            let steps = try run.json()["steps"]?.arrayValue ?? []
            #expect(steps.contains { $0["check"] == "consistency" && $0["ok"] == true })
            var text = try Disk.text(path("b"))
            text = String(text.map { $0 == "红" ? "蓝" : $0 == "文" ? "武" : $0 })
            try Disk.write(text, to: path("c"))
            #expect(try reportctl("verify", path("c")).status == 8)
            #expect(
                try reportctl("prove", "2023/文化馆", "-o", path("b"), "--store", store).status == 4
            )
        }
    }
}
