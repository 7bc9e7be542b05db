import Glibc
import ReportModel
import ReportTestKit
import Testing

extension IntegrationTests {
    /// Health, readiness and metrics of a running node, and what a dashboard asks of them.
    @Suite struct Watch {
        private let root: TestFolder
        private let node: NodeProcess
        private let port: Int

        init() throws {
            root = try TestFolder()
            port = try FreePort.next()
            node = try NodeProcess(
                "麻章区",
                in: root,
                inboxRegion: "湛江市/麻章区",
                more: "http: 127.0.0.1:\(port)\nlog: json\n"
            )
        }

        /// Status and body of one answer.
        private func get(_ path: String) throws -> (status: Int, body: String) {
            try RawClient.get(path, port: port)
        }

        private func metrics() throws -> MetricsText {
            let (status, body) = try get("/metrics")
            #expect(status == 200)
            return try MetricsText(body)
        }

        private func awaitReady(_ isReady: Bool) throws -> JSONValue {
            try eventually("ready: \(isReady); \(node.shownLog)") { () -> [JSONValue]? in
                let (status, body) = try get("/readyz")
                // On a busy machine the answer may be that it took too long.
                guard let json = try? JSONValue(parsing: Array(body.utf8)) else { return nil }
                #expect(json["ready"]?.boolValue == (status == 200))
                if json["starting"] == true {
                    #expect(body.contains("just started"), "\(body)")
                }
                // A bare nil would be the JSON null, and end the waiting.
                return status == (isReady ? 200 : 503) ? [json] : nil
            }[0]
        }

        @Test("a node tells that it lives, that it is ready, why it is not, and its figures")
        func watch() throws {
            let city = try NodeProcess("湛江市", in: root)
            try NodeProcess.connect([(node, "湛江市/麻章区")], to: city)
            try node.start()
            let alive = try eventually("an answer over HTTP that the node lives") {
                () -> (status: Int, body: String)? in
                let answer = try? get("/healthz")
                return answer?.status == 200 ? answer : nil
            }
            #expect(alive.body.contains("\"alive\":true"))
            _ = try awaitReady(true)
            try node.drop(Documents.numbered(3).text, as: "三.txt")
            _ = try node.awaitFile("已接收/三.txt.回执.json")
            try node.drop([UInt8]("GIF89a\u{1}\u{0}\u{1}\u{0}".utf8), as: "图\".gif")
            _ = try node.awaitFile("未接收/图\".gif.回执.json")
            #expect(try node.ctl("get", "2017/麻章区").status == 0)
            // A file is counted after its receipt is there.
            let files = "reportd_ingest_files_total"
            let figures = try eventually("both files are counted") { () -> MetricsText? in
                let figures = try metrics()
                let counts = ["accepted", "rejected"].map { outcome in
                    figures.value(files, ["source": "inbox", "outcome": outcome]) ?? 0
                }
                return counts.allSatisfy { $0 >= 1 } ? figures : nil
            }
            func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
                figures.value(name, labels)
            }
            #expect(value(files, ["source": "inbox", "outcome": "accepted"]) == 1)
            #expect(value(files, ["source": "inbox", "outcome": "rejected"]) == 1)
            let refusals = figures.families["reportd_ingest_refusals_total"]?.samples ?? []
            let refused = refusals.map(\.value).reduce(0, +)
            #expect(refused == 1)
            #expect((value("reportd_requests_total", ["verb": "GET"]) ?? 0) >= 1)
            #expect((value("reportd_commit_duration_seconds_count") ?? 0) >= 1)
            let parsed = "reportd_worker_job_duration_seconds_count"
            #expect((value(parsed, ["operation": "parse"]) ?? 0) >= 1)
            #expect(value("reportd_store_records") == 1)
            #expect(value("reportd_ready") == 1)
            let lag = figures.families["reportd_upstream_lag_entries"]?.samples.first
            #expect(lag?.value == 1, "the city is away")
            #expect(
                (figures.families["reportd_upstream_lag_bytes"]?.samples.first?.value ?? 0) > 100
            )
            #expect((figures.families["process_open_fds"]?.samples.first?.value ?? 0) > 5)
            try askedForExists(figures)
            try promtool()

            try city.start()
            _ = try eventually("the city has signed") {
                let lag = try metrics().families["reportd_upstream_lag_entries"]?.samples.first
                return lag?.value == 0 ? true : nil
            }
            _ = try node.awaitFile("已接收/三.txt.回执.txt") { $0.contains("市级已收到") }
            // Without its folder an inbox does not work; with it again it does.
            let moved = node.inbox + "-fort"
            #expect(rename(node.inbox, moved) == 0)
            let down = try awaitReady(false)
            let reasons = (down["reasons"]?.arrayValue ?? []).compactMap(\.stringValue)
            let namesInbox = reasons.contains { $0.contains("收件") }
            #expect(namesInbox, "\(reasons)")
            #expect(try metrics().value("reportd_ready") == 0)
            #expect(rename(moved, node.inbox) == 0)
            _ = try awaitReady(true)
            #expect(try node.terminate() == 0)
            #expect(try city.terminate() == 0)
            try logIsJSON()
        }

        /// Every line of the log is one object with the names that operations.md tells.
        private func logIsJSON() throws {
            var events: Set<String> = []
            var readiness: [String] = []
            for line in try Disk.text(node.log).split(separator: "\n") {
                let json = try JSONValue(parsing: Array(line.utf8))
                #expect(json["time"]?.stringValue != nil && json["level"]?.stringValue != nil)
                if let event = json["event"]?.stringValue {
                    events.insert(event)
                    if event.hasSuffix("ready") { readiness.append(event) }
                }
                guard json["event"] == "file.finished", json["outcome"] == "accepted" else {
                    continue
                }
                #expect(json["file"] == "三.txt")
                #expect(json["key"]?.stringValue?.hasPrefix("2017/湛江市/麻章区/") == true)
            }
            #expect(readiness.first == "ready", "a start is no fault: \(readiness)")
            #expect(events.isSuperset(of: ["started", "ready", "not-ready", "inbox.started"]))
            #expect(events.isSuperset(of: ["file.finished", "receipt.completed", "ended"]))
        }

        /// Dashboard and alerts ask for nothing that does not exist.
        private func askedForExists(_ figures: MetricsText) throws {
            let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let folder = "/\(root)/ops/monitoring"
            var asked: Set<String> = []
            for name in ["grafana-dashboard.json", "reportd.rules.yml"] {
                let text = try Disk.text("\(folder)/\(name)")
                let words = text.split {
                    !($0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_")
                }
                for word in words where word.hasPrefix("reportd_") || word.hasPrefix("process_") {
                    asked.insert(String(word))
                }
            }
            #expect(asked.count > 30)
            let unknown = asked.subtracting(figures.names).sorted()
            #expect(unknown.isEmpty, "not told by /metrics: \(unknown)")
            let path = "\(folder)/grafana-dashboard.json"
            let check = try CommandRun.run(
                "python3",
                ["-m", "json.tool", path],
                at: "/usr/bin/python3"
            )
            #expect(check.status == 0, "\(check)")
            let alerts = try Disk.text("\(folder)/reportd.rules.yml")
            let alertCount = alerts.split(separator: "\n").count { $0.contains("- alert: ") }
            #expect(alertCount >= 12)
        }

        /// The judgement of Prometheus' own tool, where it is installed.
        private func promtool() throws {
            let path = "/usr/bin/promtool"
            guard access(path, X_OK) == 0 else { return }
            let file = "\(root.path)/metrics"
            try Disk.write(try get("/metrics").body, to: file)
            let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            for command in [
                "promtool check metrics < '\(file)'",
                "cd '/\(root)/ops/monitoring' && promtool test rules reportd.rules.test.yml",
            ] {
                let run = try CommandRun.run("sh", ["-c", command], at: "/bin/sh")
                #expect(run.status == 0, "\(run)")
            }
        }

        @Test("an address that others can reach is refused, also for HTTP")
        func foreignAddress() throws {
            try node.configure("# again\n")
            let text = try Disk.text(node.configuration)
            let path = "\(root.path)/other.yaml"
            let lines = text.split(separator: "\n").map { line in
                line.hasPrefix("http:") ? "http: 0.0.0.0:\(port)" : String(line)
            }
            try Disk.write(lines.joined(separator: "\n") + "\n", to: path)
            let run = try CommandRun.reportd(["--config", path])
            #expect(run.status == 7, "\(run)")
            #expect(run.errors.contains("http: 127.0.0.1"), "the hint says what to write")
        }
    }
}
