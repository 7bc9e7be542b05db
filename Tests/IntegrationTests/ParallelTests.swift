import ReportModel
import Testing

extension IntegrationTests {
    /// Many clients at once.
    @Suite struct Parallel {
        private let root: TestFolder
        private let node: NodeProcess

        init() throws {
            root = try TestFolder()
            node = try NodeProcess("节点", in: root)
            try node.start()
        }

        private func put(_ text: String, _ options: String = "") -> String {
            "PUT \(text.utf8.count) name=a.txt\(options)\n" + text
        }

        private func outcome(of client: RawClient) throws -> JSONValue {
            let reply = try #require(client.reply())
            return try JSONValue(parsing: reply.payload)
        }

        @Test("forty clients hand in different reports at once, each stored once")
        func different() throws {
            let clients = try (0..<40).map { _ in try RawClient(port: node.port) }
            for (index, client) in clients.enumerated() {
                client.send(put(Documents.numbered(index).text))
            }
            for client in clients { #expect(try outcome(of: client)["outcome"] == "stored") }
            let list = try node.ctl("list", "-o", "json").json()
            #expect(list["rows"]?.arrayValue?.count == 40)
            #expect(try node.ctl("verify").status == 0)
        }

        @Test("one file from twenty clients at once is one version")
        func same() throws {
            let clients = try (0..<20).map { _ in try RawClient(port: node.port) }
            for client in clients { client.send(put(Documents.numbered(1).text)) }
            let outcomes = try clients.map { try outcome(of: $0)["outcome"]?.stringValue ?? "" }
            #expect(outcomes.count { $0 == "stored" } == 1)
            #expect(outcomes.count { $0 == "duplicate" } == 19)
            #expect(try node.ctl("history", "2015/麻章区", "-o", "json").json().arrayValue?.count == 1)
        }

        @Test("of many that expect the same version one wins, the others hear of a conflict")
        func race() throws {
            let clients = try (0..<12).map { _ in try RawClient(port: node.port) }
            for (index, client) in clients.enumerated() {
                let text = Documents.report(unit: "湛江市麻章区红星小学", year: 2023, score: "\(70 + index)")
                client.send(put(text, " if-version=0"))
            }
            let outcomes = try clients.map { try outcome(of: $0) }
            #expect(outcomes.count { $0["outcome"] == "stored" } == 1)
            #expect(outcomes.count { $0["error"]?["code"] == "conflict" } == 11)
            let heads = try node.ctl("get", "2023/麻章区", "-o", "json").json()
            #expect(heads["version"]?["number"] == 1)
        }

        @Test("requests sent behind a file are answered after it, in order")
        func order() throws {
            let client = try RawClient(port: node.port)
            let text = Documents.report(unit: "湛江市麻章区红星小学", year: 2023)
            client.send("PING\n" + put(text) + "GET 2023/麻章区\n" + put(text) + "QUIT\nPING\n")
            #expect(client.reply()?.payload == Array("pong".utf8))
            #expect(try outcome(of: client)["outcome"] == "stored")
            #expect(try outcome(of: client)["key"] == "2023/湛江市/麻章区/红星小学/整体支出")
            #expect(try outcome(of: client)["outcome"] == "duplicate")
            #expect(client.reply()?.payload == Array("bye".utf8))
            #expect(client.rest() == [])
        }
    }
}
