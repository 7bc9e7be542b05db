import NIOCore
import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Comparing logs with a peer")
struct ReconcilingTests {
    /// County and city that hold the same entries of the county's log.
    private func pair(_ count: Int) -> (county: InMemoryLog, city: InMemoryLog) {
        let county = Nodes.county()
        county.fill(count)
        let city = Nodes.city()
        city.adopt(county.own, from: county)
        return (county, city)
    }

    private func resync(_ conversation: Conversation) -> [ReconciledLog]? {
        conversation.run()
        conversation.city.step(.resync)
        conversation.run()
        for case .resynced(let logs) in conversation.city.reports.reversed() { return logs }
        return nil
    }

    private func bytes(_ messages: [PeerMessage]) -> Int {
        messages.reduce(0) { count, message in
            var buffer = ByteBuffer()
            try? message.write(to: &buffer)
            return count + buffer.readableBytes
        }
    }

    @Test("one damaged entry among 100,000 costs a few hashes for each level of the tree")
    func logarithmic() throws {
        let (county, city) = pair(100_000)
        let log = county.own
        city.damage(log, [77_777])
        let conversation = Conversation(county: county, city: city)
        conversation.run()
        let before = conversation.city.sent.count
        let found = try #require(resync(conversation)?.first { $0.log == log })
        #expect(found.damaged == [77_777])
        #expect(found.mendedEntryCount == 1)
        #expect(found.isSound)
        #expect(found.compared == 100_000)
        // 17 levels, four of them at a time, 16 hashes each.
        #expect(found.hashCount <= 1 + 5 * 16)
        let asked = Array(conversation.city.sent[before...])
        let comparisons = asked.filter { if case .compare = $0 { true } else { false } }
        #expect(comparisons.count <= 6)
        #expect(bytes(asked) < 2000)
        let told = conversation.county.sent.filter { message in
            switch message {
            case .nodes, .entries: true
            default: false
            }
        }
        #expect(bytes(told) < 5000)
        let again = try #require(resync(conversation)?.first { $0.log == log })
        #expect(again.damaged == [] && again.hashCount == 1)
    }

    @Test(
        "whatever is damaged here and whole there is mended, and nothing else is touched",
        arguments: 1...12
    )
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...600, using: &generator)
        let (county, city) = pair(count)
        let log = county.own
        func some() -> [Int] {
            (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                Int.random(in: 1...count, using: &generator)
            }
        }
        let whole = city.held(log)?.entries
        let (entries, bodies, there) = (some(), some(), some())
        city.damage(log, entries, bodies: bodies)
        county.damage(log, there)
        let found = try #require(
            resync(Conversation(county: county, city: city))?.first { $0.log == log }
        )
        func sorted(_ numbers: Set<Int>) -> [UInt64] { numbers.map { UInt64($0) }.sorted() }
        let bare = Set(bodies).subtracting(entries)
        #expect(found.damaged == sorted(Set(entries)))
        #expect(found.bare == sorted(bare))
        #expect(found.remaining.sorted() == sorted(Set(entries).intersection(there)))
        #expect(found.withheld.sorted() == sorted(bare.intersection(there)))
        if Set(entries + bodies).isDisjoint(with: there) {
            #expect(city.held(log)?.entries == whole)
            #expect(city.held(log)?.damaged == [] && city.held(log)?.bare == [])
        }
        #expect(county.held(log)?.damaged == Set(there.map { $0 - 1 }), "only the asker mends")
    }

    @Test("of a fork only what differs is sent")
    func forkCost() throws {
        let original = Nodes.county()
        original.fill(400)
        let copy = InMemoryLog(copying: original)
        let log = original.own
        original.append("original")
        for number in 0..<3 { copy.append("copy \(number)") }
        let city = Nodes.city()
        city.adopt(log, from: original)
        let conversation = Conversation(county: copy, city: city)
        conversation.run()
        #expect(city.held(log)?.isForked == true)
        #expect(city.held(log)?.evidence.count == 3)
        let sent = conversation.county.sent.reduce(0) { count, message in
            if case .batch(let batch, _) = message, batch.log == log {
                return count + batch.entries.count
            }
            return count
        }
        #expect(sent <= 6, "the two machines may both have found out")
    }

    @Test("answers that nobody asked for, and too many questions, end the session")
    func unasked() {
        let (county, city) = pair(3)
        let log = county.own
        let root = TreeNodes(log: log, size: 3, nodes: [TreeNodes.root(of: 3)], hashes: [.zero])
        var question = root
        question.hashes = []
        let unasked: [[PeerMessage]] = [
            [.nodes(root)],
            [.entries(FetchedEntries(log: log, rows: [.init(sequence: 1, entry: nil)]))],
            [PeerMessage](repeating: .compare(question), count: 5),
            [PeerMessage](repeating: .fetch(log, [1]), count: 5),
        ]
        for messages in unasked {
            let conversation = Conversation(county: county, city: city)
            conversation.run()
            for message in messages { conversation.city.step(.received(message)) }
            #expect(conversation.city.closed?.code == .usage)
        }
    }

    @Test("a peer that asks and reads nothing gets one answer made, and no more")
    func unread() {
        let (county, city) = pair(3)
        let conversation = Conversation(county: county, city: city)
        conversation.run()
        let side = conversation.city
        side.takesAnswers = false
        func answerCount() -> Int {
            side.sent.filter { if case .entries = $0 { true } else { false } }.count
        }
        for _ in 0..<4 {
            side.step(.received(.fetch(county.own, [1])))
            while !side.work.isEmpty { side.doWork() }
        }
        #expect(answerCount() == 1)
        side.step(.answered)
        while !side.work.isEmpty { side.doWork() }
        #expect(answerCount() == 2, "the next is made once the first is being written")
        side.step(.received(.fetch(county.own, [1])))
        #expect(side.closed == nil)
        side.step(.received(.fetch(county.own, [1])))
        #expect(side.closed?.code == .usage)
    }

    @Test("the messages come back from their bytes")
    func encoding() throws {
        let (county, _) = pair(5)
        let log = county.own
        let nodes = TreeNodes(
            log: log,
            size: 5,
            nodes: [TreeNodes.root(of: 5), .init(level: 2, index: 1), .init(level: 0, index: 4)]
        )
        var fetched = county.entriesNow(log, [1, 5], byteCount: 1 << 20)
        fetched.rows.append(.init(sequence: 9, entry: nil))
        let messages: [PeerMessage] = [
            .compare(nodes), .nodes(county.hashesNow(nodes, fromEntries: true)),
            .fetch(log, [1, 5, 9]),
            .entries(fetched),
        ]
        for message in messages {
            var buffer = ByteBuffer()
            try message.write(to: &buffer)
            var decoder = PeerMessageDecoder(gate: PeerGate(isOpen: true))
            #expect(try decoder.decode(buffer: &buffer) == message)
            #expect(buffer.readableBytes == 0)
        }
    }
}
