import ReportAuthority
import ReportModel
import Testing

extension IntegrationTests {
    /// clients/python, which is written from docs/protocol.md and docs/format.md alone, against today's program.
    @Suite struct PythonClient {
        private let root: TestFolder
        private let city: SecureCity
        private let auditor = NodeKey()

        init() throws {
            root = try TestFolder()
            let roster = "\(root.path)/应报单位.csv"
            try Disk.write(
                "年度,地区,单位,类型,截止日期\n2023,湛江市/麻章区,红星小学,整体支出,05-31\n",
                to: roster
            )
            city = try SecureCity(in: root, more: "roster: \(roster)\n")
        }

        /// A bundle of another node with one report, and the grant that lets the city take it.
        private func bundle() throws -> String {
            let county = try NodeProcess("赤坎区", in: root)
            try county.start()
            try Disk.write(
                Documents.report(unit: "湛江市赤坎区红星小学", year: 2023),
                to: "\(root.path)/报告.txt"
            )
            let run = try county.ctl("submit", "\(root.path)/报告.txt")
            guard run.status == 0 else { throw TestFailure("submit: \(run)") }
            #expect(try county.terminate() == 0)
            let path = "\(root.path)/赤坎区.bundle"
            let export = try CommandRun.reportctl([
                "bundle", "export", path, "--store", county.store,
            ])
            guard export.status == 0 else { throw TestFailure("bundle export: \(export)") }
            try grant(try county.showKey(), "湛江市/赤坎区", "peer")
            return path
        }

        private func grant(_ key: String, _ region: String, _ verbs: String) throws {
            let line = "- {key: '\(key)', name: 甲, regions: ['\(region)'], verbs: [\(verbs)]}\n"
            try Disk.write(try Disk.text(city.grants) + line, to: city.grants)
        }

        @Test("every verb is answered as the page says, and a peer takes every log over")
        func everyVerb() throws {
            let bundle = try bundle()
            try grant("\(auditor.id)", "*", "peer, read, import")
            let secret = "\(root.path)/secret"
            try Disk.write(HexText.text(auditor.secret), to: secret)
            try city.node.start()
            let token = try CommandRun.reportctl([
                "pki", "token", "--authority", city.authority.folder, "--address", city.address,
                "--client", "--name", "分析员", "--region", "*",
            ])
            try #require(token.status == 0, "\(token)")
            let folder = "\(root.path)/python"
            try Disk.makeFolder(folder)
            let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let run = try CommandRun.run(
                "env",
                [
                    "python3", "/\(tests)/clients/python/tests/live.py", "127.0.0.1",
                    "\(city.node.port)", "\(city.node.store)/node.sock", folder,
                    "--secret", secret, "--client-role", "--bundle", bundle,
                    "--join", String(token.output.prefix { $0 != "\n" }),
                ],
                at: "/usr/bin/env"
            )
            let checks = try run.jsonLines()
            let failed = checks.filter { $0["ok"] != true }
            #expect(failed.isEmpty, "\(failed)\n\(run.errors)")
            #expect(run.status == 0, "\(run)")
            func detail(_ check: String) -> JSONValue? {
                checks.first { $0["check"] == .string(check) }?["detail"]
            }
            // Checks that a node may be passed over for.
            #expect(detail("missing follows the roster")?["expected"] == 1)
            #expect(detail("a bundle is taken")?.arrayValue?.count == 1)
            #expect(detail("every log is taken over and verified") != nil)
            #expect(detail("a client with a key may import") != nil)
            #expect(detail("the newcomer asks and renews") != nil)
            #expect(try city.node.terminate() == 0)
        }
    }
}
