import Glibc
import ReportAuthority
import ReportModel
import ReportTLS
import ReportTestKit
import ReportWire
import Testing

extension IntegrationTests {
    /// The table of attacks by peers that have a certificate, a key and a grant, under TLS and on this machine:
    /// each is refused with a clear error and one line of the log, and another peer goes on through it.
    @Suite struct PeerAttacks {
        private static let own = "湛江市/麻章区"
        private static let foreign = "湛江市/赤坎区"
        private let root: TestFolder
        private let city: SecureCity
        private let attackers: [ScriptedPeer.Road: TLSIdentity]
        private let neighbour: HonestPeer

        init() throws {
            root = try TestFolder()
            city = try SecureCity(in: root)
            let honest = try city.identity("赤坎区", kind: .node)
            try city.grant(honest, "[\(Self.foreign)]", "[peer]")
            var attackers: [ScriptedPeer.Road: TLSIdentity] = [:]
            for road in ScriptedPeer.Road.allCases {
                let identity = try city.identity("麻章区 \(road)", kind: .node)
                try city.grant(identity, "[\(Self.own)]", "[peer]")
                attackers[road] = identity
            }
            self.attackers = attackers
            try city.node.start()
            neighbour = try HonestPeer(
                try ScriptedPeer(honest, .secure, to: city),
                region: Self.foreign
            )
            try neighbour.file()
        }

        /// Has an attack made on both roads; the neighbour files after each.
        private func attack(
            _ body: (ScriptedPeer, ScriptedPeer.Road) throws -> Void
        ) throws {
            for road in ScriptedPeer.Road.allCases {
                guard let identity = attackers[road] else { continue }
                try body(try ScriptedPeer(identity, road, to: city), road)
                try neighbour.file()
                #expect(try city.node.ctl("list").status == 0)
            }
        }

        private func forged(
            _ peer: ScriptedPeer,
            _ count: Int = 2,
            _ name: String = "攻"
        ) throws -> ForgedLog {
            var log = try ForgedLog(name, key: peer.key)
            for number in 1...count {
                try log.file("2023/\(Self.own)/甲\(number)/整体支出")
            }
            return log
        }

        /// The log of the node has exactly one line of a refusal with these words, besides earlier ones.
        private func expectLine(
            _ words: String...,
            besides earlier: Int = 0,
            place: SourceLocation = #_sourceLocation
        ) throws {
            let lines = try eventually("a line with \(words); the log: \(city.node.shownLog)") {
                () throws -> [Substring]? in
                let found = try refusals(words)
                return found.count > earlier ? found : nil
            }
            #expect(lines.count == earlier + 1, "\(lines)", sourceLocation: place)
        }

        private func refusals(_ words: [String]) throws -> [Substring] {
            try Disk.text(city.node.log).split(separator: "\n").filter { line in
                line.contains("refused") && words.allSatisfy { line.contains($0) }
            }
        }

        private func expectRefusal(
            _ peer: ScriptedPeer,
            _ log: LogID,
            _ code: ReportError.Code,
            _ word: String,
            place: SourceLocation = #_sourceLocation
        ) throws {
            let refusal = try peer.refusal(of: log)
            #expect(refusal.code == code, sourceLocation: place)
            #expect(refusal.message.contains(word), "\(refusal.message)", sourceLocation: place)
            try expectLine(log.description, word, place: place)
        }

        private func expectEnd(
            _ peer: ScriptedPeer,
            _ code: ReportError.Code,
            _ word: String,
            place: SourceLocation = #_sourceLocation
        ) throws {
            let error = try peer.failure()
            #expect(error.code == code, sourceLocation: place)
            #expect(error.message.contains(word), "\(error.message)", sourceLocation: place)
            let key = peer.key.id.description
            try eventually("the end of the session in the log: \(city.node.shownLog)") {
                () throws -> Void? in
                try Disk.text(city.node.log).split(separator: "\n").contains { line in
                    line.contains(key) && line.contains(word) && line.contains("warn")
                } ? () : nil
            }
        }

        @Test("a changed byte of an entry: on the way, in a body, in a header")
        func changedByte() throws {
            try attack { peer, _ in
                let log = try forged(peer)
                try peer.begin()
                try peer.say(.log(log.descriptor, log.head(2)))
                var bytes = try ScriptedPeer.bytes(.batch(log.batch()))
                bytes[bytes.count - 1] ^= 1
                peer.say(bytes)
                try expectEnd(peer, .integrity, "entry 2 of a log was damaged")
            }
            let changes: [(inout EntryBatch) -> Void] = [
                { $0.entries[1].bodies[0]?.bytes[20] ^= 1 },
                { batch in
                    guard var entry = Entry(batch.entries[0].header) else { return }
                    entry.recordedAt = Timestamp(milliseconds: entry.recordedAt.milliseconds - 1)
                    batch.entries[0].header = entry.bytes
                },
            ]
            for (number, change) in changes.enumerated() {
                try attack { peer, _ in
                    let log = try forged(peer, 2, "改 \(number)")
                    try peer.begin()
                    try peer.say(.log(log.descriptor, log.head(2)))
                    var batch = log.batch()
                    change(&batch)
                    try peer.say(.batch(batch))
                    let refusal = try peer.refusal(of: log.descriptor.id)
                    #expect(refusal.code == .integrity, "\(refusal.message)")
                    try expectLine(log.descriptor.id.description, "integrity")
                }
            }
            let listed = try city.node.ctl("list", "2023/麻章区", "-o", "jsonl")
            #expect(listed.output.isEmpty, "nothing was taken")
        }

        @Test("a changed order of entries, and a gap")
        func changedOrder() throws {
            try attack { peer, _ in
                let log = try forged(peer, 3)
                try peer.begin()
                try peer.say(.log(log.descriptor, log.head(3)))
                var batch = log.batch()
                batch.entries.swapAt(0, 1)
                try peer.say(.batch(batch))
                let refusal = try peer.refusal(of: log.descriptor.id)
                #expect(refusal.code == .integrity, "\(refusal.message)")
                try expectLine(log.descriptor.id.description)
            }
            try attack { peer, _ in
                let log = try forged(peer, 3)
                try peer.begin()
                try peer.send(log, from: 2)
                let refusal = try peer.refusal(of: log.descriptor.id)
                #expect(refusal.code == .conflict, "\(refusal.message)")
                #expect(refusal.message.contains("entry 1 is missing"))
            }
        }

        @Test("a forked log: both branches are kept, the evidence is shown, its node is held off")
        func forked() throws {
            try attack { peer, road in
                let log = try forged(peer)
                try peer.begin()
                try peer.send(log)
                try peer.awaitAcknowledgement(of: log.descriptor.id, 2)
                var other = ForgedLog(of: log.descriptor, key: peer.key)
                for number in 1...3 {
                    try other.file("2023/\(Self.own)/乙\(number)/整体支出")
                }
                try peer.say(.batch(other.batch()))
                try expectRefusal(peer, log.descriptor.id, .forked, "two different entries")
                let evidence = try CommandRun.reportctl([
                    "peer", "evidence", log.descriptor.id.description, "--store", city.node.store,
                ])
                #expect(evidence.status == 0, "\(evidence)")
                #expect(evidence.output.contains(log.descriptor.id.description))
                #expect(try city.node.ctl("get", "2023/麻章区/甲1").status == 0)
                #expect(try city.node.ctl("get", "2023/麻章区/乙3").status == 3)

                let next = try forged(peer, 1, "新 \(road)")
                try peer.send(next)
                let refusal = try peer.refusal(of: next.descriptor.id)
                #expect(refusal.code == .forked, "a further log of the same node")
            }
        }

        @Test("a right certificate, but another's log; a batch of a log that was not shown")
        func anothersLog() throws {
            try attack { peer, _ in
                var log = ForgedLog(of: neighbour.log.descriptor, key: peer.key)
                try log.file("2023/\(Self.own)/冒名/整体支出")
                try peer.begin()
                try peer.send(log)
                let refusal = try peer.refusal(of: log.descriptor.id)
                #expect(refusal.code == .integrity)
                #expect(refusal.message.contains("not signed by the log's owner"))
                try peer.say(.batch(try forged(peer).batch()))
                try expectEnd(peer, .usage, "not announced")
            }
            #expect(try city.node.ctl("get", "2023/麻章区/冒名").status == 3)
        }

        @Test("a region outside its grant is neither taken from it nor sent to it")
        func foreignRegion() throws {
            let path = "\(root.path)/report.txt"
            try Disk.write(Documents.report(unit: "湛江市赤坎区红星小学", year: 2022), to: path)
            #expect(try city.node.ctl("submit", path).status == 0)
            try Disk.write(Documents.report(unit: "湛江市麻章区红星小学", year: 2022), to: path)
            #expect(try city.node.ctl("submit", path).status == 0)
            try attack { peer, road in
                try peer.begin()
                let entries = try peer.awaited("the city's log") { message -> [ReplicatedEntry]? in
                    guard case .batch(let batch, _) = message,
                        batch.log != neighbour.log.descriptor.id
                    else { return nil }
                    return batch.entries
                }
                #expect(entries.count == 2)
                #expect(entries.map { $0.bodies.contains { $0 != nil } } == [false, true])
                for key in [peer.key, NodeKey()] {
                    var log = try ForgedLog("界外", key: key)
                    try log.file("2023/\(Self.foreign)/越界 \(road)/整体支出")
                    try peer.send(log)
                    try expectRefusal(
                        peer,
                        log.descriptor.id,
                        .notAllowed,
                        "the region \(Self.foreign) is not granted"
                    )
                }
            }
            #expect(try city.node.ctl("get", "2023/赤坎区/越界").status == 3)
        }

        @Test("a replayed session")
        func replay() throws {
            try attack { peer, road in
                let log = try forged(peer)
                try peer.begin()
                try peer.send(log)
                try peer.awaitAcknowledgement(of: log.descriptor.id, 2)
                guard let identity = attackers[road] else { return }
                let again = try ScriptedPeer(identity, road, to: city)
                again.say(peer.said)
                let error = try again.failure()
                #expect(error.message.contains("does not prove its key"), "\(error)")
                try expectLine("does not prove its key", peer.key.id.description)
            }
        }

        @Test("oversized declarations hold nothing, before a key is proved and after")
        func oversized() throws {
            let before = city.node.process?.residentByteCount ?? 0
            let lines = [
                "BATCH 99999999999", "LOG 4294967296", "POSITIONS 9999999", "ENTRIES 99999999999",
            ]
            for line in lines {
                try attack { peer, road in
                    try peer.begin()
                    peer.say(Array("\(line)\n".utf8) + [UInt8](repeating: 0x41, count: 1 << 16))
                    try expectEnd(peer, .tooLarge, "with a wrong number of bytes")
                    guard let identity = attackers[road] else { return }
                    let stranger = try ScriptedPeer(identity, road, to: city)
                    stranger.say(Array("\(line)\n".utf8))
                    let error = try stranger.failure()
                    #expect([.notAllowed, .usage].contains(error.code), "\(line): \(error)")
                }
            }
            let after = city.node.process?.residentByteCount ?? 0
            #expect(after - before < 100 << 20, "\(after - before) bytes more")
        }

        @Test("peers that do not prove their key in time")
        func slow() throws {
            var peers: [(ScriptedPeer, ScriptedPeer.Road, earlier: Int)] = []
            for road in ScriptedPeer.Road.allCases {
                guard let identity = attackers[road] else { continue }
                let peer = try ScriptedPeer(identity, road, to: city)
                // On a slow machine another test of this key was too late, too.
                let earlier = try refusals([peer.key.id.description]).count
                let hello = InitiatorHandshake(role: .peer, key: peer.key, pinned: city.key).hello
                try peer.say(.hello(hello))
                peers.append((peer, road, earlier))
            }
            for (peer, road, earlier) in peers {
                let error = try peer.failure()
                #expect(error.code == .timedOut, "\(road): \(error)")
                try expectLine(peer.key.id.description, besides: earlier)
            }
            try neighbour.file()
        }

        /// It takes the thirty seconds of a session's silence: ops/long runs it.
        @Test(
            "a peer that stops in the middle of a batch",
            .enabled(if: getenv("REPORTD_SLOW") != nil)
        )
        func stalled() throws {
            let peers = try ScriptedPeer.Road.allCases.compactMap { road in
                try attackers[road].map { try ScriptedPeer($0, road, to: city) }
            }
            for peer in peers {
                let log = try forged(peer)
                try peer.begin()
                try peer.say(.log(log.descriptor, log.head(2)))
                let bytes = try ScriptedPeer.bytes(.batch(log.batch()))
                peer.say(Array(bytes.prefix(bytes.count / 2)))
            }
            for peer in peers {
                let error = try peer.failure(within: 180)
                #expect(error.code == .timedOut && error.message.contains("nothing was heard"))
            }
            #expect(try city.node.ctl("list").status == 0)
        }

        @Test("a peer whose other side closed is gone at once, and its socket with it")
        func halfClosed() throws {
            let before = try city.peerCount()
            for road in ScriptedPeer.Road.allCases {
                guard let identity = attackers[road] else { continue }
                let halved = try ScriptedPeer(identity, road, to: city)
                try halved.begin()
                halved.finish()
                while try halved.next() != nil {}
                #expect(halved.isClosed, "\(road): the node closes its side, too")
                var dropped: ScriptedPeer? = try ScriptedPeer(identity, road, to: city)
                try dropped?.begin()
                dropped = nil
                try eventually("no session and no socket is left over by \(road)") {
                    () throws -> Void? in
                    try city.peerCount() == before && city.halfClosedCount() == 0 ? () : nil
                }
                try neighbour.file()
            }
        }
    }
}
