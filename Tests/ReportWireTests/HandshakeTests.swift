import ReportModel
import ReportWire
import Testing

@Suite("The handshake")
struct HandshakeTests {
    private let key = WireFixtures.initiatorKey
    private let upstream = WireFixtures.acceptorKey

    @Test("both sides prove their keys")
    func success() throws {
        let initiator = InitiatorHandshake(role: .peer, key: key, pinned: upstream.id)
        var acceptor = AcceptorHandshake(key: upstream)
        let signature = try initiator.authenticate(try acceptor.answer(initiator.hello))
        #expect(try acceptor.verify(signature) == key.id)
    }

    @Test("the signed bytes are those of the protocol's page")
    func transcript() throws {
        let initiator = InitiatorHandshake(
            role: .client,
            key: key,
            pinned: upstream.id,
            nonce: WireFixtures.hash(5),
            channelBinding: WireFixtures.hash(9)
        )
        var acceptor = AcceptorHandshake(
            key: upstream,
            nonce: WireFixtures.hash(6),
            channelBinding: WireFixtures.hash(9)
        )
        let answer = try acceptor.answer(initiator.hello)
        let body =
            [0, 1, 2] + key.id.key.bytes + upstream.id.key.bytes
            + [UInt8](repeating: 5, count: 32) + [UInt8](repeating: 6, count: 32)
            + [UInt8](repeating: 9, count: 32)
        #expect(
            upstream.id.verifies(
                signature: answer.signature ?? [],
                over: Array("reportd acceptor 1\n".utf8) + body
            )
        )
        #expect(
            key.id.verifies(
                signature: try initiator.authenticate(answer),
                over: Array("reportd initiator 1\n".utf8) + body
            )
        )
    }

    @Test("another key than the configured one is refused")
    func wrongKey() throws {
        let initiator = InitiatorHandshake(role: .peer, key: key, pinned: upstream.id)
        var impostor = AcceptorHandshake(key: WireFixtures.key(3))
        let answer = try impostor.answer(initiator.hello)
        let error = #expect(throws: ReportError.self) { try initiator.authenticate(answer) }
        #expect(error?.code == .notAllowed)
        var claimed = answer
        claimed.node = upstream.id
        #expect(throws: ReportError.self) { try initiator.authenticate(claimed) }
    }

    @Test("a recorded conversation proves nothing in the next one")
    func replay() throws {
        let first = InitiatorHandshake(role: .peer, key: key, pinned: upstream.id)
        var acceptor = AcceptorHandshake(key: upstream)
        let answer = try acceptor.answer(first.hello)
        let signature = try first.authenticate(answer)
        var next = AcceptorHandshake(key: upstream)
        _ = try next.answer(first.hello)
        #expect(throws: ReportError.self) { try next.verify(signature) }
        let second = InitiatorHandshake(role: .peer, key: key, pinned: upstream.id)
        #expect(throws: ReportError.self) { try second.authenticate(answer) }
    }

    @Test("an acceptor's signature is no initiator's, and roles and channels are bound")
    func separation() throws {
        let initiator = InitiatorHandshake(role: .peer, key: key, pinned: upstream.id)
        var acceptor = AcceptorHandshake(key: upstream)
        let answer = try acceptor.answer(initiator.hello)
        #expect(throws: ReportError.self) { try acceptor.verify(answer.signature ?? []) }
        var other = answer
        other.role = .client
        #expect(throws: ReportError.self) { try initiator.authenticate(other) }
        var bound = AcceptorHandshake(key: upstream, channelBinding: WireFixtures.hash(1))
        let boundAnswer = try bound.answer(initiator.hello)
        #expect(throws: ReportError.self) { try initiator.authenticate(boundAnswer) }
    }

    @Test("turns are kept, and nobody talks to himself")
    func turns() throws {
        let initiator = InitiatorHandshake(role: .peer, key: key, pinned: upstream.id)
        var acceptor = AcceptorHandshake(key: upstream)
        #expect(throws: ReportError.self) { try acceptor.verify([]) }
        _ = try acceptor.answer(initiator.hello)
        #expect(throws: ReportError.self) { try acceptor.answer(initiator.hello) }
        var own = AcceptorHandshake(key: key)
        #expect(throws: ReportError.self) { try own.answer(initiator.hello) }
        var later = AcceptorHandshake(key: upstream)
        var hello = initiator.hello
        hello.version = 2
        let error = #expect(throws: ReportError.self) { try later.answer(hello) }
        #expect(error?.code == .unsupported)
    }
}
