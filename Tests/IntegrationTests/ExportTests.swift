import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Exports over TCP and from the store, imports, and the program that embeds the store.
    @Suite struct Exports {
        private let root: TestFolder
        private let node: NodeProcess
        private let count = 6

        init() throws {
            root = try TestFolder()
            node = try NodeProcess("节点", in: root)
            try node.start()
            var paths: [String] = []
            for index in 0..<count {
                let path = "\(root.path)/\(index).txt"
                let text = Documents.numbered(index).text + "联系人：王小明 13812345678\n"
                try Disk.write(text, to: path)
                paths.append(path)
            }
            let run = try CommandRun.reportctl(
                ["submit", "-o", "jsonl", "--node", node.address] + paths
            )
            guard run.status == 0 else { throw TestFailure("submit: \(run)") }
        }

        private func file(_ name: String) -> String { "\(root.path)/\(name)" }

        private func export(_ arguments: String..., place: [String]) throws -> CommandRun {
            try CommandRun.reportctl(["export"] + arguments + place)
        }

        @Test("over TCP and from the store the same bytes come out, in every format")
        func sameBytes() throws {
            for format in ["jsonl", "csv"] {
                let remote = try export(
                    "--format",
                    format,
                    "-o",
                    "-",
                    place: ["--node", node.address]
                )
                let local = try export(
                    "--format",
                    format,
                    "-o",
                    "-",
                    place: ["--store", node.store]
                )
                #expect(remote.status == 0, "\(remote)")
                #expect(remote.bytes == local.bytes)
                let lines = remote.output.split(whereSeparator: \.isNewline)
                #expect(lines.count == (format == "csv" ? count + 1 : count))
                #expect(!remote.output.contains("13812345678"))
            }
            let workbook = file("全部.xlsx")
            let run = try export("-o", workbook, place: ["--node", node.address])
            #expect(run.status == 0, "\(run)")
            #expect(try Disk.read(workbook).starts(with: Array("PK".utf8)))
            let people = try export(
                "--format",
                "jsonl",
                "--people",
                "-o",
                "-",
                place: ["--node", node.address]
            )
            let lines = try people.jsonLines()
            #expect(lines.allSatisfy { $0["people"]?.arrayValue != nil })
        }

        @Test(
            "entries taken into an empty store give the same answers; a second run changes nothing"
        )
        func entries() throws {
            let path = file("all.jsonl")
            let made = try export(
                "--format",
                "entries",
                "-o",
                path,
                place: ["--store", node.store]
            )
            #expect(made.status == 0, "\(made)")
            let copy = file("copy")
            let run = try CommandRun.reportctl(["import", path, "--store", copy, "-o", "json"])
            #expect(run.status == 0, "\(run)")
            #expect(try run.json()["stored"] == .integer(count))
            let list = try CommandRun.reportctl(["list", "-o", "json", "--store", copy])
            #expect(list.bytes == (try node.ctl("list", "-o", "json")).bytes)
            let again = try CommandRun.reportctl(["import", path, "--store", copy, "-o", "json"])
            #expect(try again.json()["held"] == .integer(count))
            #expect(try CommandRun.reportctl(["verify", "--store", copy]).status == 0)
            let refused = try export(
                "--format",
                "entries",
                "-o",
                "-",
                place: ["--node", node.address]
            )
            #expect(refused.status == 2)
            #expect(refused.errors.contains("--store"))
            #expect(try CommandRun.reportctl(["import", path, "--store", node.store]).status == 4)
        }

        @Test("record lines become new versions; duplicates are told, and faulty lines are 11")
        func records() throws {
            let made = try export("--format", "jsonl", "-o", "-", place: ["--node", node.address])
            let path = file("records.jsonl")
            try Disk.write(made.output + "{\"schema\":\"reportd.record/1\"}\nnonsense\n", to: path)
            let copy = file("copy")
            let run = try CommandRun.reportctl(["import", path, "--store", copy, "-o", "json"])
            #expect(run.status == 11, "\(run)")
            let json = try run.json()
            #expect(json["stored"] == .integer(count))
            let lines = json["errors"]?.arrayValue?.compactMap { $0["line"]?.integerValue }
            #expect(lines == [count + 1, count + 2])
            let again = try CommandRun.reportctl(["import", path, "--store", copy, "-o", "json"])
            #expect(try again.json()["held"] == .integer(count))
            let number = Documents.numbered(0)
            let lookup = "\(number.year)/麻章区/\(number.unit)"
            let source = try CommandRun.reportctl(["get", lookup, "-o", "source", "--store", copy])
            #expect(source.status == 3, "\(source)")
            #expect(try CommandRun.reportctl(["verify", "--store", copy]).status == 0)
        }

        @Test("a file that is there is not replaced, and a failed export leaves nothing behind")
        func files() throws {
            let folder = file("out")
            try Disk.makeFolder(folder)
            let path = "\(folder)/a.csv"
            try Disk.write("old", to: path)
            let refused = try export("-o", path, place: ["--node", node.address])
            #expect(refused.status == 4)
            #expect(try Disk.text(path) == "old")
            let forced = try export("-o", path, "--force", place: ["--node", node.address])
            #expect(forced.status == 0, "\(forced)")
            #expect(try Disk.read(path).starts(with: [0xEF, 0xBB, 0xBF]))
            let failed = try export(
                "1999/麻章区",
                "-o",
                "\(folder)/b.xlsx",
                place: ["--node", "127.0.0.1:1"]
            )
            #expect(failed.status == 6)
            #expect(Disk.files(under: folder) == ["a.csv"])
            let evidence = "\(folder)/证据.zip"
            let number = Documents.numbered(1)
            let lookup = "\(number.year)/麻章区/\(number.unit)"
            let made = try export(
                "--evidence",
                lookup,
                "-o",
                evidence,
                place: ["--store", node.store]
            )
            #expect(made.status == 0, "\(made)")
            #expect(Disk.files(under: folder) == ["a.csv", "证据.zip"])
            for arguments in [
                ["-o", "x.txt"], ["--format", "xlsx", "-o", "-"],
                ["--table", "people", "-o", "p.csv"],
                ["2023", "--format", "entries", "-o", "-"],
                ["--format", "jsonl", "--table", "amounts"],
            ] {
                let run = try CommandRun.reportctl(["export", "--store", node.store] + arguments)
                #expect([2, 7].contains(run.status), "\(arguments): \(run)")
            }
        }

        @Test("help is that of reportctl; where the program that exports is missing, it says so")
        func programs() throws {
            let help = try CommandRun.reportctl(["export", "--help"])
            #expect(help.status == 0)
            #expect(help.output.contains("USAGE: reportctl export"))
            let beside = try CommandRun.run("reportctl-export", ["export", "--help"])
            #expect(beside.bytes == help.bytes)
            let alone = try CommandRun.run("reportctl-export", [])
            #expect(alone.status == 2, "\(alone)")
            let missing = try CommandRun.reportctl(
                ["export", "--store", node.store, "-o", file("x.csv")],
                environment: ["REPORTCTL_EXPORT": "/nonexistent"]
            )
            #expect(missing.status == 1, "\(missing)")
            #expect(missing.errors.contains("REPORTCTL_EXPORT"), "\(missing)")
            #expect(!Disk.exists(file("x.csv")))
        }

        @Test("the example of embedding opens, appends and reads; a second run is a duplicate")
        func embedding() throws {
            let folder = file("embedded")
            for _ in 0..<2 {
                let run = try CommandRun.run("embedding-example", [folder])
                #expect(run.status == 0, "\(run)")
                #expect(run.output == "2023/湛江市/麻章区/总工会/整体支出 1\n96.50\n57 bytes\n")
            }
            let beside = try CommandRun.reportctl(["get", "2023/麻章区", "--store", folder])
            #expect(beside.status == 0, "\(beside)")
        }
    }
}
