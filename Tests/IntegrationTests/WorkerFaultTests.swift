import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Nodes whose worker is slow or dies.
    @Suite struct WorkerFaults {
        private let root: TestFolder
        private let node: NodeProcess
        private let report = Documents.report(unit: "湛江市麻章区红星小学", year: 2023)

        init() throws {
            root = try TestFolder()
            node = try NodeProcess("节点", in: root, inboxRegion: "湛江市/麻章区")
        }

        /// Starts the node with a shell script for a worker; `$worker` in it is the real one.
        private func start(worker script: String) throws {
            let path = "\(root.path)/worker"
            let real = try Programs.path("reportd-worker")
            try Disk.write("#!/bin/sh\nworker='\(real)'\n\(script)\n", to: path)
            chmod(path, 0o700)
            try node.start(environment: ["REPORTD_WORKER": path])
        }

        @Test("a file under way when SIGTERM comes is stored and answered")
        func drain() throws {
            try node.configure("workers: 2\n")
            let gate = "\(root.path)/go"
            try start(
                worker: """
                    printf '+WAIT 300\\n'
                    : > '\(root.path)/began.'$$
                    until [ -e '\(gate)' ]; do sleep 0.1; done
                    exec "$worker" "$@"
                    """
            )
            let client = try RawClient(port: node.port)
            let idle = try RawClient(port: node.port)
            let bytes = Array(report.utf8)
            client.send(Array("PUT \(bytes.count) name=a.txt\n".utf8) + bytes)
            try node.drop(Documents.numbered(7).text, as: "七.txt")
            _ = try eventually("both files are with a worker") { () -> Bool? in
                let began = Disk.files(under: root.path).count { $0.hasPrefix("began.") }
                guard began == 2 else { return nil }
                let status = try node.ctl("status", "-o", "json").json()["inboxes"]?.arrayValue
                return status?.first?["working"]?.integerValue == 1 ? true : nil
            }
            node.process?.send(SIGTERM)
            try Disk.write("", to: gate)
            let reply = try #require(client.reply())
            let outcome = try JSONValue(parsing: reply.payload)
            #expect(outcome["outcome"] == "stored")
            #expect(idle.rest() == [])
            #expect(try node.terminate() == 0)
            #expect(Disk.exists("\(node.inbox)/已接收/七.txt.回执.json"))
            let list = try CommandRun.reportctl(["list", "--store", node.store, "-o", "json"])
            #expect(try list.json()["rows"]?.arrayValue?.count == 2)
        }

        @Test("a file that kills its worker is refused; others go on")
        func deadlyFile() throws {
            let calm = "\(root.path)/calm"
            try start(
                worker: "[ -e '\(calm)' ] && exec \"$worker\" \"$@\"\nread -r line\nkill -SEGV $$"
            )
            try node.drop("deadly", as: "毒.txt")
            let receipt = try node.awaitFile("未接收/毒.txt.回执.json")
            #expect(receipt.contains("unreadable"))
            try Disk.write("", to: calm)
            try node.drop(report, as: "好.txt")
            _ = try node.awaitFile("已接收/好.txt.回执.json")
            #expect(try node.terminate() == 0)
        }

        @Test("a node without its worker does not start, and says so")
        func noWorker() throws {
            let node = try NodeProcess("无", in: root)
            let process = try ChildProcess(
                try Programs.path("reportd"),
                ["--config", node.configuration],
                environment: ["REPORTD_WORKER": "/nonexistent"],
                output: .file(node.log),
                errors: node.log
            )
            #expect(try process.wait(seconds: 120) == 1)
            #expect(node.shownLog.contains("REPORTD_WORKER"))
        }
    }
}
