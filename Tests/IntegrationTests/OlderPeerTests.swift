import Glibc
import ReportModel
import ReportTestKit
import ReportWire
import Testing

extension IntegrationTests {
    /// A peer of version 1 that is written by hand from docs/protocol.md, and knows nothing else, against today's
    /// program.
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

        private func file(_ node: NodeProcess) throws {
            try Disk.write(Documents.numbered(1).text, to: "\(root.path)/报告.txt")
            let run = try node.ctl("submit", "\(root.path)/报告.txt")
            #expect(run.status == 0, "\(run)")
        }

        /// A city with a grant for the peer of these tests.
        private func startedCity() throws -> NodeProcess {
            let city = try NodeProcess(
                "市",
                in: root,
                more: "grants:\n  - {key: '\(key.id)', regions: ['*'], verbs: [peer]}\n"
            )
            try city.start()
            return city
        }

        /// Connects to a city and proves the key.
        private func connected(to city: NodeProcess) throws -> StrictPeer {
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
            return try StrictPeer(client)
        }

        @Test("a county of version 1 connects, gets what the city holds, and feeds it")
        func county() throws {
            let city = try startedCity()
            try file(city)
            let peer = try connected(to: city)
            try peer.statement()
            peer.client.send("POSITIONS 0\n")
            _ = try peer.awaited("LOG")
            let batch = try peer.awaited("BATCH").payload
            #expect(try StrictPeer.bodyMarks(of: batch).allSatisfy { $0 < 64 })
            // Questions about the city's log, which has one entry: its root, and the entry itself.
            let log = Array(batch[4..<20])
            let one = [UInt8](repeating: 0, count: 7) + [1]
            peer.client.send("COMPARE 33\n")
            peer.client.send(log + one + [UInt8](repeating: 0, count: 9))
            let nodes = try peer.awaited("NODES").payload
            #expect(nodes.count == 65 && nodes[33...].contains { $0 != 0 })
            peer.client.send("FETCH 24\n")
            peer.client.send(log + one)
            #expect(try peer.awaited("ENTRIES").payload.count > 28)
            var own = try ForgedLog("旧", key: key)
            try own.file("2023/湛江市/麻章区/东街小学/整体支出")
            for message in [
                PeerMessage.log(own.descriptor, own.head(1)), .batch(own.batch(1)),
            ] {
                peer.client.send(try ScriptedPeer.bytes(message))
            }
            #expect(try peer.awaited("ACK").payload.count == 164)
            peer.client.send("BYE\n")
            #expect(try city.terminate() == 0)
        }

        @Test(
            "what a city has to send depends on the forms that a peer stated, and on nothing else"
        )
        func forms() throws {
            let city = try startedCity()
            // The second file joins the first: its version takes that one over.
            try file(city)
            let report = Documents.numbered(1)
            try Disk.write(
                """
                \(report.year)年度部门整体支出绩效自评表

                单位名称：湛江市麻章区\(report.unit)
                评价年度：\(report.year)年度

                | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
                |---|---|---|---|---|---|---|
                | 产出指标 | 数量指标 | 开设班级 | ≥12个 | 12个 | 100 | 81 |
                | 总分 | | | | | 100 | 81 |
                """,
                to: "\(root.path)/自评表.txt"
            )
            let run = try city.ctl("submit", "\(root.path)/自评表.txt", "-o", "json")
            #expect(try run.json()["supplement"] == true, "\(run)")
            for (stated, leavesOut) in [
                ("", false), ("FORMS\n", false), ("FORMS later held-2\n", false),
                ("FORMS later held x=y\n", true),
            ] {
                let peer = try connected(to: city)
                try peer.statement()
                peer.client.send(stated + "POSITIONS 0\n")
                var marks: [UInt8] = []
                var count = 0
                while count < 2 {
                    let batch = try peer.awaited("BATCH").payload
                    marks += try StrictPeer.bodyMarks(of: batch)
                    count += Int(batch[28]) << 8 | Int(batch[29])
                }
                #expect(marks.contains(64) == leavesOut, "\(stated): \(marks)")
                #expect(marks.allSatisfy { $0 <= 64 }, "\(stated): \(marks)")
                peer.client.send("BYE\n")
            }
            #expect(try city.terminate() == 0)
        }

        @Test("what a later version says is passed over, and the session goes on")
        func unknownMessages() throws {
            let city = try startedCity()
            try file(city)
            let novel = "NOVEL\nNOVEL-2 word 7 a=b\nNOVEL 11 x\nPING 1\nBYE\nNOVEL 0\n"
            let peer = try connected(to: city)
            // Before the acceptor has spoken nobody knows whether the key was accepted.
            try peer.statement()
            peer.client.send(novel)
            peer.client.send(novel + "FORMS later\n" + novel + "PING 3\nPOSITIONS 0\n" + novel)
            _ = try peer.awaited("BATCH")
            peer.client.send("NOVEL 200000\n" + String(repeating: "n\n", count: 100_000))
            peer.client.send("PING 4\n")
            #expect(try peer.awaited("PONG").arguments == ["4"])
            peer.client.send("NOVEL 134217729\n")
            var line = peer.client.line()
            while line?.hasPrefix("PING ") == true { line = peer.client.line() }
            #expect(line?.hasPrefix("-ERR too-large") == true, "\(line ?? "closed")")
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
            let peer = try StrictPeer(client)
            client.send("POSITIONS 0\n")
            try peer.statement()
            try file(county)
            _ = try peer.awaited("LOG")
            let batch = try peer.awaited("BATCH").payload
            #expect(try StrictPeer.bodyMarks(of: batch).allSatisfy { $0 < 64 })
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
