import Glibc
import ReportModel
import ReportTLS
import ReportWire
import Testing

extension IntegrationTests {
    /// What a key may do, by verbs and regions, and what changes when the file does.
    @Suite struct GrantsOfKeys {
        private let root: TestFolder
        private let city: SecureCity
        private let own = "2023/湛江市/麻章区/红星小学/整体支出"
        private let foreign = "2023/湛江市/赤坎区/红星小学/整体支出"

        init() throws {
            root = try TestFolder()
            city = try SecureCity(in: root)
            try city.node.start()
            for district in ["麻章区", "赤坎区"] {
                let path = "\(root.path)/\(district).txt"
                try Disk.write(Documents.report(unit: "湛江市\(district)红星小学", year: 2023), to: path)
                let run = try city.node.ctl("submit", path)
                guard run.status == 0 else { throw TestFailure("submit: \(run)") }
            }
        }

        private func limited(_ verbs: String) throws -> SecureClient {
            let identity = try city.identity("区里的人")
            try city.grant(identity, "[湛江市/麻章区]", verbs)
            try city.reload()
            return try city.client(identity)
        }

        @Test("a key with one region reads what lies in it, and nothing else")
        func reading() throws {
            let client = try limited("[read]")
            for line in [
                "GET \(own)", "GET 2023/湛江市/麻章区", "LIST 2023/湛江市/麻章区", "HISTORY \(own)",
                "RESOLVE 2023/湛江市/麻章区/红星小学", "PROVE \(own)", "NOTES \(own)",
                "SEARCH 小学 2023/湛江市/麻章区", "QUEUE 2023/湛江市/麻章区", "PING", "VERSION",
            ] {
                client.send(line + "\n")
                let reply = client.reply()
                #expect(reply != nil, "\(line)")
                #expect(reply?.contains("赤坎区") != true, "\(line)")
            }
            for line in [
                "GET \(foreign)", "GET 2023/红星小学", "GET 2023/湛江市", "LIST", "LIST 2023/湛江市",
                "HISTORY \(foreign)", "SEARCH 小学", "SEARCH 小学 2023/赤坎区", "STATS", "AUDIT", "DU",
                "STATUS", "VERIFY", "WATCH", "WATCH 2023/赤坎区", "DIFF \(foreign)",
                "RESOLVE 2023/赤坎区", "TREND 红星小学", "MISSING",
            ] {
                client.send(line + "\n")
                let reply = client.line() ?? "closed"
                #expect(reply.hasPrefix("-ERR not-allowed "), "\(line): \(reply)")
            }
        }

        @Test("a key files within its regions only, by PUT and by PUTREC")
        func filing() throws {
            let client = try limited("[submit, import]")
            for (district, outcome) in [("麻章区", "stored"), ("赤坎区", "rejected")] {
                let text = Documents.report(unit: "湛江市\(district)文化站", year: 2022)
                client.send("PUT \(text.utf8.count) name=a.txt\n\(text)")
                let reply = try JSONValue(parsing: Array((client.reply() ?? "").utf8))
                #expect(reply["outcome"]?.stringValue == outcome)
                guard outcome == "rejected" else { continue }
                #expect(reply["error"]?["code"] == "not-allowed")
            }
            client.send("GET \(own)\n")
            #expect(client.line()?.contains("needs the verb read") == true)
            #expect(try city.node.ctl("get", "2022/赤坎区").status == 3)
        }

        @Test("a key judges within its regions only, and cannot say that it is somebody else")
        func judging() throws {
            let client = try limited("[review]")
            for (key, word) in [(own, "approved"), (foreign, "-ERR not-allowed")] {
                let json =
                    "{\"lookups\":[\"\(key)\"],\"verdict\":\"approve\",\"comment\":null,\"by\":\"别人\"}"
                client.send("REVIEW \(json.utf8.count)\n\(json)")
                let line = client.line() ?? ""
                if word.hasPrefix("-") {
                    #expect(line.hasPrefix(word), "\(line)")
                } else {
                    #expect(line.hasPrefix("+OK "), "\(line)")
                    #expect(client.line()?.contains(word) == true)
                }
            }
            let history = try city.node.ctl("history", own, "-o", "json").output
            #expect(history.contains("测试 (ed25519:"))
            #expect(!history.contains("别人"))
        }

        @Test("a key writes within its regions only, whatever else stands in the object")
        func writing() throws {
            let client = try limited("[retract, erase, submit]")
            let more =
                "\"reason\":\"错报\",\"authority\":\"文号\",\"parts\":[\"sources\"],\"lookups\":[\"\(own)\"]"
            for verb in ["RETRACT", "ERASE", "REKEY"] {
                let json = "{\"lookup\":\"\(foreign)\",\"to\":\"\(own)\",\(more)}"
                client.send("\(verb) \(json.utf8.count)\n\(json)")
                let line = client.line() ?? "closed"
                #expect(line.hasPrefix("-ERR not-allowed "), "\(verb): \(line)")
            }
            #expect(try city.node.ctl("get", foreign).status == 0)
            let json = "{\"lookup\":\"\(own)\",\(more)}"
            client.send("RETRACT \(json.utf8.count)\n\(json)")
            #expect(client.reply() != nil)
        }

        @Test("what a key may not send is passed over, and the connection goes on")
        func payloads() throws {
            let client = try limited("[read]")
            client.send("PUT 5 name=a.txt\nhelloPING\n")
            #expect(client.line()?.hasPrefix("-ERR not-allowed PUT needs the verb submit") == true)
            #expect(client.reply() == "pong")
        }

        @Test("a watch ends when the regions of its grant change")
        func watched() throws {
            let identity = try city.identity("区里的人")
            let before = try Disk.text(city.grants)
            try city.grant(identity, "[\"*\"]", "[read]")
            try city.reload()
            let watching = try city.client(identity)
            watching.send("WATCH\n")
            #expect(watching.reply()?.contains("position") == true)
            try Disk.write(before, to: city.grants)
            try city.grant(identity, "[湛江市/麻章区]", "[read]")
            try city.reload()
            #expect(watching.errorLine()?.contains("another one now: watch again") == true)
            #expect(watching.isClosed(within: 120))
        }

        @Test("a withdrawn grant ends its connections, and only those")
        func withdrawn() throws {
            let lost = try city.identity("离任")
            let other = try city.identity("留任")
            try city.grant(other, "[\"*\"]", "[read]")
            let before = try Disk.text(city.grants)
            try city.grant(lost, "[\"*\"]", "[read]")
            try city.reload()
            let watching = try city.client(lost)
            watching.send("WATCH\n")
            #expect(watching.reply()?.contains("position") == true)
            let standing = try city.client(other)
            try Disk.write(before, to: city.grants)
            try city.reload()
            #expect(
                watching.errorLine()?.hasPrefix(
                    "-ERR not-allowed the grant of this key was withdrawn"
                )
                    == true
            )
            #expect(watching.isClosed(within: 120))
            standing.send("LIST\n")
            #expect(standing.reply() != nil)
        }

        @Test("grants that are read anew under load lose no connection and no reply")
        func underLoad() throws {
            let identity = try city.identity("留任")
            try city.grant(identity, "[湛江市/麻章区]", "[read]")
            try city.reload()
            let clients = try (0..<4).map { _ in try city.client(identity) }
            let count = 300
            let requests = String(repeating: "GET \(own)\nLIST 2023/湛江市/麻章区\n", count: count)
            for client in clients { client.send(requests) }
            for number in 0..<5 {
                try city.grant(try city.identity("新人\(number)"), "[湛江市/赤坎区]", "[read]")
                try city.reload()
            }
            for client in clients {
                for number in 0..<2 * count {
                    let reply = client.reply() ?? "closed"
                    #expect(reply.contains("红星小学"), "\(number): \(reply.prefix(100))")
                    guard reply.contains("红星小学") else { return }
                }
            }
        }

        @Test("a file of grants that is wrong changes nothing")
        func wrongFile() throws {
            let identity = try city.identity("留任")
            try city.grant(identity, "[\"*\"]", "[read]")
            try city.reload()
            let standing = try city.client(identity)
            try Disk.write("- {key: nonsense}\n", to: city.grants)
            city.node.process?.send(SIGHUP)
            try eventually("the fault in the log") { () throws -> Void? in
                try city.lines("stay as they were") > 0 ? () : nil
            }
            standing.send("LIST\n")
            #expect(standing.reply() != nil)
        }
    }
}
