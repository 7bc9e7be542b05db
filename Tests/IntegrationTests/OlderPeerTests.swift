import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// A peer of version 1 that is written by hand from docs/protocol.md, against today's program.
    @Suite struct OlderPeer {
        private let root: TestFolder
        private let key = NodeKey()

        init() throws { root = try TestFolder() }

        /// What both sides of version 1 sign.
        private func transcript(
            _ prefix: String,
            _ initiator: (key: Hash256, nonce: Hash256),
            _ acceptor: (key: Hash256, nonce: Hash256)
        ) -> [UInt8] {
            Array(prefix.utf8) + [0, 1, 1] + initiator.key.bytes + acceptor.key.bytes
                + initiator.nonce.bytes + acceptor.nonce.bytes
                + [UInt8](repeating: 0, count: 32)
        }

        /// The payload of a message of a session; nil when another message comes.
        private func payload(_ verb: String, _ client: RawClient) throws -> [UInt8] {
            while let line = client.line() {
                let words = line.split(separator: " ")
                guard words.count >= 2, let count = Int(words[1]) else { continue }
                guard words[0] != "PING" else {
                    client.send("PONG \(words[1])\n")
                    continue
                }
                let bytes = try #require(client.bytes(count))
                if words[0] == verb { return bytes }
            }
            throw TestFailure("no \(verb) came")
        }

        private func file(_ node: NodeProcess) throws {
            try Disk.write(Documents.numbered(1).text, to: "\(root.path)/报告.txt")
            let run = try node.ctl("submit", "\(root.path)/报告.txt")
            #expect(run.status == 0, "\(run)")
        }

        @Test("a county of version 1 connects and gets what the city holds")
        func county() throws {
            let city = try NodeProcess(
                "市",
                in: root,
                more: "grants:\n  - {key: '\(key.id)', regions: ['*'], verbs: [peer]}\n"
            )
            try city.start()
            try file(city)
            let client = try RawClient(port: city.port)
            let nonce = Hash256.random()
            client.send("HELLO 1 peer \(key.id.key.hex) \(nonce.hex)\n")
            let words = try #require(client.line()).split(separator: " ").map(String.init)
            try #require(words.count == 6 && words[..<3] == ["HELLO", "1", "peer"])
            let cityKey = try #require(NodeID(parsing: words[3]))
            let theirs = (cityKey.key, try #require(Hash256(hex: words[4])))
            let mine = (key.id.key, nonce)
            #expect(
                cityKey.verifies(
                    signature: try #require(HexText.bytes(words[5][...])),
                    over: transcript("reportd acceptor 1\n", mine, theirs)
                )
            )
            let proof = key.sign(transcript("reportd initiator 1\n", mine, theirs))
            client.send("AUTH \(HexText.text(proof))\n")
            #expect(try payload("POSITIONS", client).count % 56 == 0)
            client.send("POSITIONS 0\n")
            _ = try payload("LOG", client)
            #expect(try payload("BATCH", client).prefix(4) == [0x72, 0x70, 0x62, 1])
            client.send("BYE\n")
            #expect(try city.terminate() == 0)
        }

        /// The next connection of a county, once the county has proved its key.
        /// - Returns: nil when the county gave the connection up before it was served.
        private func accepted(_ listener: Listener) throws -> RawClient? {
            let client = try listener.accept()
            guard let hello = client.line() else { return nil }
            let words = hello.split(separator: " ").map(String.init)
            try #require(words.count == 5 && words[..<3] == ["HELLO", "1", "peer"])
            let countyKey = try #require(NodeID(parsing: words[3]))
            let theirs = (countyKey.key, try #require(Hash256(hex: words[4])))
            let mine = (key.id.key, Hash256.random())
            let proof = key.sign(transcript("reportd acceptor 1\n", theirs, mine))
            client.send(
                "HELLO 1 peer \(key.id.key.hex) \(mine.1.hex) \(HexText.text(proof))\n"
            )
            guard let line = client.line() else { return nil }
            let answer = line.split(separator: " ").map(String.init)
            try #require(answer.count == 2 && answer[0] == "AUTH", "\(line)")
            #expect(
                countyKey.verifies(
                    signature: try #require(HexText.bytes(answer[1][...])),
                    over: transcript("reportd initiator 1\n", theirs, mine)
                )
            )
            return client
        }

        @Test("a city of version 1 is connected to and gets what the county holds")
        func city() throws {
            let listener = try Listener()
            let county = try NodeProcess(
                "县",
                in: root,
                more:
                    "upstreams:\n  - {address: '127.0.0.1:\(listener.port)', key: '\(key.id)'}\n"
            )
            try county.start()
            // A county does not wait for long for the answer to its HELLO.
            let client = try eventually("a county that proves its key") { try accepted(listener) }
            client.send("POSITIONS 0\n")
            #expect(try payload("POSITIONS", client).count % 56 == 0)
            try file(county)
            _ = try payload("LOG", client)
            #expect(try payload("BATCH", client).prefix(4) == [0x72, 0x70, 0x62, 1])
            client.send("BYE\n")
            #expect(try county.terminate() == 0)
        }

        @Test("a peer of a later version is told which one is spoken")
        func later() throws {
            let city = try NodeProcess("市", in: root)
            try city.start()
            let client = try RawClient(port: city.port)
            client.send("HELLO 2 peer \(key.id.key.hex) \(Hash256.random().hex)\n")
            let line = try #require(client.line())
            #expect(line.hasPrefix("-ERR unsupported") && line.contains("1"), "\(line)")
            #expect(try city.terminate() == 0)
        }
    }
}
