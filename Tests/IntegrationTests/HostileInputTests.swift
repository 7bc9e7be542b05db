import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Strangers on the port: each gets an error or is disconnected, and others are answered.
    @Suite struct HostileInput {
        private let root: TestFolder
        private let node: NodeProcess
        private let key = "2023/湛江市/麻章区/红星小学/整体支出"
        private static let memoryLimit = 300 << 20

        init() throws {
            root = try TestFolder()
            node = try NodeProcess("节点", in: root)
            try node.start()
            let path = "\(root.path)/report.txt"
            try Disk.write(Documents.report(unit: "湛江市麻章区红星小学", year: 2023), to: path)
            let run = try node.ctl("submit", path)
            guard run.status == 0 else { throw TestFailure("submit: \(run)") }
        }

        /// The node answers others and holds no more memory than it should.
        private func expectHealth(_ place: SourceLocation = #_sourceLocation) throws {
            let client = try RawClient(port: node.port)
            client.send("GET \(key)\n")
            let line = client.reply()?.line
            #expect(line?.hasPrefix("+OK application/json ") == true, sourceLocation: place)
            let memory = node.process?.residentByteCount ?? 0
            #expect(
                memory > 0 && memory < Self.memoryLimit,
                "\(memory) bytes",
                sourceLocation: place
            )
        }

        @Test("every kind of nonsense gets one error, and the connection goes on where it can")
        func nonsense() throws {
            let client = try RawClient(port: node.port)
            for (line, code) in [
                ("FROBNICATE", "usage"), ("GET", "usage"), ("GET a b c", "usage"),
                ("GET 2023/麻章区 as-of=yesterday", "usage"), ("GET 2023/没有的区", "not-found"),
                ("LIST limit=0", "usage"), ("LIST limit=99999999999999999999", "usage"),
                ("WATCH from=x", "usage"), ("", "usage"),
            ] {
                client.send(line + "\n")
                let reply = client.line()
                #expect(reply?.hasPrefix("-ERR \(code) ") == true, "\(line): \(reply ?? "closed")")
                if reply == nil { return }
            }
            client.send("PUTREC 2\n{}PING\n")
            #expect(client.line()?.hasPrefix("-ERR not-allowed ") == true)
            #expect(client.reply()?.line == "+OK text/plain 4")
            for bytes in [
                [0x47, 0x45, 0x54, 0x20, 0xFF, 0xFE, 0x0A], [0x00, 0x01, 0x02, 0x0A],
                Array("GET %ZZ\n".utf8), Array("GET  2023\n".utf8),
            ] as [[UInt8]] {
                let client = try RawClient(port: node.port)
                client.send(bytes)
                client.finish()
                let rest = String(decoding: client.rest() ?? [], as: UTF8.self)
                #expect(rest.hasPrefix("-ERR "), "\(bytes): \(rest)")
            }
            try expectHealth()
        }

        @Test("lines over the limit, garbage and web browsers are shown the door")
        func garbage() throws {
            let long = try RawClient(port: node.port)
            long.send([UInt8](repeating: 0x41, count: 1 << 20))
            #expect(long.rest() != nil, "the connection is closed")
            var random = Dice(seed: 42)
            for _ in 0..<50 {
                let client = try RawClient(port: node.port)
                client.send((0..<4000).map { _ in UInt8.random(in: 0...255, using: &random) })
                client.finish()
                #expect(client.rest() != nil)
            }
            let browser = try RawClient(port: node.port)
            browser.send("GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: x\r\n\r\n")
            browser.finish()
            let answer = String(decoding: try #require(browser.rest()), as: UTF8.self)
            #expect(answer.hasPrefix("-ERR usage"))
            try expectHealth()
        }

        @Test("requests and files that stop halfway hold nothing up")
        func half() throws {
            var waiting: [RawClient] = []
            for text in [
                "GET 2023", "PUT 1000 name=a.txt\nhalf", "PUT 67108864 name=b.txt\n",
                "PARSE 67108864 name=c.txt\n",
            ] {
                for _ in 0..<20 {
                    let client = try RawClient(port: node.port)
                    client.send(text)
                    waiting.append(client)
                }
            }
            try expectHealth()
            for client in waiting { client.finish() }
            for client in waiting {
                let rest = String(decoding: client.rest() ?? [], as: UTF8.self)
                #expect(rest.isEmpty || rest.hasPrefix("-ERR "), "\(rest)")
                #expect(client.isClosed)
            }
            try expectHealth()
            #expect(try node.ctl("status", "-o", "json").json()["versions"] == 1)
        }

        @Test("a file over the limit is refused before its bytes are taken")
        func tooLarge() throws {
            for line in [
                "PUT 67108865 name=a.txt\n", "PUT 18446744073709551616 name=a.txt\n",
                "PUT -1 name=a\n",
            ] {
                let client = try RawClient(port: node.port)
                client.send(line)
                let reply = client.line()
                #expect(reply?.hasPrefix("-ERR ") == true, "\(line): \(reply ?? "closed")")
                #expect(client.rest() != nil)
            }
            try expectHealth()
        }

        @Test("five hundred knocks and three hundred idle guests leave room for others")
        func crowd() throws {
            for _ in 0..<500 { _ = try RawClient(port: node.port) }
            try expectHealth()
            let idle = try (0..<300).map { _ in try RawClient(port: node.port) }
            try expectHealth()
            #expect(idle.allSatisfy { !$0.isClosed })
        }

        @Test("a request byte by byte is answered, and half-close prints a record")
        func slow() throws {
            let client = try RawClient(port: node.port)
            for byte in Array("GET 2023/麻章区\n".utf8) {
                client.send([byte])
                usleep(2000)
            }
            let record = try #require(client.reply()?.payload)
            let other = try RawClient(port: node.port)
            other.send("GET 2023/麻章区\n")
            other.finish()
            let rest = try #require(other.rest())
            let head = Array("+OK application/json \(record.count)\n".utf8)
            #expect(rest == head + record + [10])
            let noEnd = try RawClient(port: node.port)
            noEnd.send("GET 2023/麻章区")
            noEnd.finish()
            let error = String(decoding: try #require(noEnd.rest()), as: UTF8.self)
            #expect(error.hasPrefix("-ERR "))
        }

        @Test("a thousand requests at once are answered in order")
        func pipeline() throws {
            let client = try RawClient(port: node.port)
            client.send((0..<1000).map { $0 % 2 == 0 ? "GET \(key)\n" : "PING\n" }.joined())
            client.finish()
            for index in 0..<1000 {
                let reply = try #require(client.reply())
                let media = index % 2 == 0 ? "application/json" : "text/plain"
                #expect(reply.line.hasPrefix("+OK \(media) "))
            }
            #expect(client.rest() == [])
        }

        @Test("a long reply arrives whole although the client closed its sending side")
        func longReply() throws {
            let line = "2022年度其他说明：本单位按时完成全部工作任务。\n"
            let text =
                Documents.report(unit: "湛江市麻章区文化站", year: 2022)
                + String(repeating: line, count: 20_000)
            let path = "\(root.path)/long.txt"
            try Disk.write(text, to: path)
            let run = try node.ctl("submit", path)
            #expect(run.status == 0, "\(run)")
            let client = try RawClient(port: node.port)
            client.send("GET 2022/麻章区 body=source\nPING\n")
            client.finish()
            usleep(300_000)
            let reply = try #require(client.reply())
            #expect(reply.line.hasPrefix("+OK application/octet-stream "))
            #expect(reply.payload == Array(text.utf8))
            #expect(client.reply()?.line == "+OK text/plain 4")
            #expect(client.rest() == [])
        }

        @Test("who sends a file over the limit anyhow still reads why it is not taken")
        func sentAnyhow() throws {
            let client = try RawClient(port: node.port)
            client.send(
                Array("PUT 99999999 name=a.txt\n".utf8) + [UInt8](repeating: 65, count: 4 << 20)
            )
            #expect(client.line()?.hasPrefix("-ERR too-large ") == true)
            #expect(client.rest() != nil)
            try expectHealth()
        }

        @Test("a client that never reads its replies costs little")
        func deafClient() throws {
            let clients = try (0..<4).map { _ in try RawClient(port: node.port) }
            let requests = Array(String(repeating: "GET \(key)\n", count: 2000).utf8)
            for client in clients {
                for _ in 0..<20 { guard sendSome(requests, to: client) else { break } }
            }
            try expectHealth()
        }

        /// Sends what the socket takes at once.
        private func sendSome(_ bytes: [UInt8], to client: RawClient) -> Bool {
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let sent = Glibc.send(client.descriptor, bytes, bytes.count, flags)
            usleep(20_000)
            return sent > 0
        }

        @Test("keys that are not proven, not granted or replayed get nothing")
        func handshake() throws {
            let zeros = String(repeating: "0", count: 64)
            let nonce = String(repeating: "ab", count: 32)
            let silent = try RawClient(port: node.port)
            silent.send("HELLO 1 peer \(zeros.dropLast())1 \(nonce)\n")
            #expect(silent.rest() != nil, "no AUTH within two seconds")

            for auth in [String(repeating: "00", count: 64), "nonsense", ""] {
                let client = try RawClient(port: node.port)
                client.send(
                    "HELLO 1 peer \(String(repeating: "5a", count: 32)) \(nonce)\nAUTH \(auth)\n"
                )
                let rest = String(decoding: try #require(client.rest()), as: UTF8.self)
                #expect(!rest.contains("POSITIONS"), "\(rest)")
            }
            let words = try replayed()
            let bytes = String(decoding: try #require(words), as: UTF8.self)
            #expect(!bytes.contains("POSITIONS") && !bytes.contains("+OK"))
            let unknown = try RawClient(port: node.port)
            unknown.send("HELLO 7 peer \(zeros) \(nonce)\n")
            let answer = String(decoding: try #require(unknown.rest()), as: UTF8.self)
            #expect(answer.hasPrefix("-ERR unsupported"))
            try expectHealth()
        }

        /// A county speaks through a listener that records it; its words are then said again.
        private func replayed() throws -> [UInt8]? {
            let county = try NodeProcess("县", in: root)
            let tape = try Tape(to: node.port)
            let nodeKey =
                try CommandRun.reportctl(["status", "-o", "json", "--node", node.address])
                .json()["node"]?.stringValue ?? ""
            try county.configure(
                "upstreams:\n  - address: 127.0.0.1:\(tape.port)\n    key: \(nodeKey)\n"
            )
            try county.start()
            let words = try tape.record(lines: 2)
            _ = try county.terminate()
            #expect(String(decoding: words, as: UTF8.self).contains("AUTH "))
            let client = try RawClient(port: node.port)
            client.send(words)
            return client.rest()
        }
    }
}
