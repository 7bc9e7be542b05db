import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Offices that have no network between them: what goes on a stick.
    @Suite struct Offline {
        private let root: TestFolder
        private let city: NodeProcess
        private let county: NodeProcess
        private let own = "湛江市/吴川市"

        init() throws {
            root = try TestFolder()
            city = try NodeProcess("湛江市", in: root)
            county = try NodeProcess("吴川市", in: root, inboxRegion: own)
        }

        /// Runs `reportctl … --store` beside a node, whether it is running or not.
        private func at(_ node: NodeProcess, _ arguments: String...) throws -> CommandRun {
            try CommandRun.reportctl(arguments + ["--store", node.store])
        }

        private func grant(_ key: String, _ region: String) -> String {
            "  - {key: \(key), regions: [\"\(region)\"], verbs: [peer]}\n"
        }

        @Test(
            "a bundle for a node holds what it was granted; running or stopped, nobody has to remember it"
        )
        func granted() throws {
            let (cityKey, countyKey) = (try city.showKey(), try county.showKey())
            let stranger = String(repeating: "ab", count: 32)
            let grants = "\(root.path)/grants.yaml"
            try Disk.write(grant(countyKey, own), to: grants)
            try city.configure("grants: \(grants)\n")
            // A store of which no node has said anything.
            for (unit, name) in [("吴川市第一小学", "1"), ("霞山区第30小学", "2")] {
                let file = "\(root.path)/\(name).txt"
                let text = Documents.report(unit: "湛江市\(unit)", year: 2023)
                try Disk.write(text, to: file)
                #expect(try at(city, "submit", file).status == 0)
            }
            let early = try at(city, "bundle", "export", "--for", countyKey, "\(root.path)/early")
            #expect(early.status == 2 && early.errors.contains("--regions"), "\(early)")
            try city.start()
            for round in 1...2 {
                let path = "\(root.path)/\(round).bundle"
                let made = try at(city, "bundle", "export", "--for", countyKey, path)
                #expect(made.status == 0 && made.output.contains(own), "\(made)")
                let taken = try at(county, "bundle", "import", path, "--from", "\(cityKey)=*")
                #expect(taken.status == 0, "\(taken)")
                #expect(try at(county, "get", "2023/吴川市/第一小学").status == 0)
                let leaked = try at(county, "get", "2023/霞山区/第30小学")
                #expect(leaked.status == 3, "\(leaked)")
                let wide = try at(
                    city,
                    "bundle",
                    "export",
                    "--for",
                    countyKey,
                    "--regions",
                    "*",
                    path + "x"
                )
                #expect(wide.status == 7 && wide.errors.contains(own), "\(wide)")
                let foreign = try at(
                    city,
                    "bundle",
                    "export",
                    "--for",
                    stranger,
                    "--regions",
                    own,
                    path + "y"
                )
                #expect(foreign.status == 7 && foreign.errors.contains("grant"), "\(foreign)")
                #expect(!Disk.exists(path + "x") && !Disk.exists(path + "y"))
                // What was granted counts while the node is stopped as well.
                if round == 1 { #expect(try city.terminate() == 0) }
            }
            try city.start()
            // A grant that was changed counts from the reload on, as in a session.
            try Disk.write(grant(countyKey, "*"), to: grants)
            city.process?.send(SIGHUP)
            var tries = 0
            let made = try eventually("the wider grant counts") { () -> JSONValue? in
                tries += 1
                let told = try at(
                    city,
                    "bundle",
                    "export",
                    "--for",
                    countyKey,
                    "\(root.path)/w\(tries)",
                    "-o",
                    "json"
                ).json()
                return told["regions"] == ["*"] ? told : nil
            }
            #expect(made["entries"] == 2, "\(made)")
            #expect(try city.terminate() == 0)
        }
    }
}
