import NIOCore
import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Who may begin a session")
struct HandshakeSessionTests {
    @Test("a city with another key than the configured one is left alone")
    func wrongKey() {
        let conversation = Conversation(
            county: Nodes.county(entries: 2),
            city: Nodes.city(),
            pinned: Nodes.key(9).id
        )
        conversation.run()
        #expect(conversation.county.closed?.code == .notAllowed)
        #expect(conversation.city.closed?.code == .notAllowed)
        #expect(conversation.city.log.contents.isEmpty)
        #expect(!conversation.county.gate.isOpen)
    }

    @Test(
        "a key without a grant to replicate is refused after it was proven",
        arguments: [
            nil, Grant(regions: ["*"], rights: [.read, .submit]),
        ]
    )
    func noGrant(grant: Grant?) {
        let conversation = Conversation(
            county: Nodes.county(entries: 2),
            city: Nodes.city(entries: 1),
            grant: grant
        )
        conversation.run()
        #expect(conversation.city.closed?.code == .notAllowed)
        #expect(conversation.county.closed?.code == .notAllowed)
        #expect(!conversation.city.gate.isOpen)
        #expect(conversation.city.work.isEmpty, "the store was not touched")
        #expect(conversation.county.log.contents.count == 1)
    }

    @Test("a recorded session cannot be played again")
    func replay() {
        let county = Nodes.county(entries: 2)
        let recorded = Conversation(county: county, city: Nodes.city(entries: 1))
        recorded.run()
        let city = Nodes.city()
        let victim = Conversation(county: county, city: city).city
        for message in recorded.county.sent {
            var buffer = ByteBuffer()
            #expect(throws: Never.self) { try message.write(to: &buffer) }
            victim.deliver(buffer)
            while !victim.work.isEmpty { victim.doWork() }
        }
        #expect(victim.isEnded)
        #expect(city.contents.isEmpty)
    }

    @Test("an acceptor does not wait for AUTH longer than two seconds")
    func slowStranger() {
        let conversation = Conversation(county: Nodes.county(), city: Nodes.city())
        conversation.perform(.toCity)
        conversation.advance(to: .milliseconds(1999))
        #expect(conversation.city.closed == nil)
        conversation.advance(to: .seconds(2))
        #expect(conversation.city.closed?.code == .timedOut)
    }

    @Test(
        "messages out of turn end the session",
        arguments: [
            PeerMessage.ping(1), .positions([], isLast: true), .auth(signature: []), .pong(1),
        ]
    )
    func outOfTurn(message: PeerMessage) {
        let city = Conversation(county: Nodes.county(), city: Nodes.city()).city
        city.step(.received(message))
        #expect(city.closed?.code == .usage)
        let before = city.sent.count
        city.step(.received(.ping(1)))
        #expect(city.sent.count == before, "nothing follows the end")
    }

    @Test("a client's handshake is no peer's")
    func clientRole() {
        let city = Conversation(county: Nodes.county(), city: Nodes.city()).city
        city.step(.received(.hello(Hello(role: .client, node: Nodes.key(1).id, nonce: .zero))))
        #expect(city.closed?.code == .usage)
    }
}
