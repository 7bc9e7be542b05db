import NIOCore
import NIOTestUtils
import ReportModel
import ReportWire
import Testing

@Suite("Frames arrive whole, in pieces and many at once")
struct DecoderVerifierTests {
    private func verify<Decoder: NIOSingleStepByteToMessageDecoder>(
        _ pairs: [(ByteBuffer, Decoder.InboundOut)],
        _ decoder: @escaping () -> Decoder
    ) throws where Decoder.InboundOut: Equatable {
        try ByteToMessageDecoderVerifier.verifyDecoder(
            inputOutputPairs: pairs.map { ($0.0, [$0.1]) },
            decoderFactory: { Adapter(decoder()) }
        )
    }

    @Test("requests, with and without payload, good and bad")
    func requests() throws {
        let file = FileRequest(
            byteCount: 5,
            name: "自评 报告%.docx",
            given: GivenFacts(year: 2023, region: "湛江市/麻章区", force: true),
            ifVersion: 0
        )
        var pairs: [(ByteBuffer, RequestFrame)] = []
        for request in [
            Request.ping, .get(GetRequest(lookup: "2023/麻章区")), .verify,
            .get(
                GetRequest(
                    lookup: "2023/a b",
                    body: .source(3),
                    moment: .asOf(.init(milliseconds: 1_700_000_000_001))
                )
            ),
            .query(.list(ListQuery(ListFilter(lookup: try Lookup(parsing: "2022"), limit: 7)))),
            .join(
                JoinRequest(
                    token: "0123456789abcdef",
                    secret: WireFixtures.hash(4),
                    key: WireFixtures.initiatorKey,
                    channelBinding: .zero
                )
            ),
            .renew, .watch(lookup: "2023", from: 9), .quit,
        ] {
            pairs.append((try request.encoded(), .request(request, payload: nil)))
        }
        var put = try Request.put(file).encoded()
        put.writeString("a\nb\0c")
        pairs.append(
            (put, .request(.put(file), payload: Payload(bytes: ByteBuffer(string: "a\nb\0c"))))
        )
        pairs.append(
            (
                ByteBuffer(string: "PUT 3 name=a nonsense=1\nQUI"),
                .failure(WireError(.unexpectedArgument, "unknown option nonsense"))
            )
        )
        pairs.append(
            (ByteBuffer(string: "\r\n"), .failure(WireError(.malformedLine, "the line is empty")))
        )
        pairs.append((ByteBuffer(string: "status\r\n"), .request(.status, payload: nil)))
        pairs.append(
            (
                ByteBuffer(string: "PUTREC 0\n"),
                .request(
                    .putRecord(byteCount: 0, ifVersion: nil),
                    payload: Payload(bytes: ByteBuffer())
                )
            )
        )
        var note = try Request.command(.note, byteCount: 2).encoded()
        note.writeString("{}")
        pairs.append(
            (
                note,
                .request(
                    .command(.note, byteCount: 2),
                    payload: Payload(bytes: ByteBuffer(string: "{}"))
                )
            )
        )
        try verify(pairs) { RequestDecoder(budget: PayloadBudget()) }
    }

    @Test("files of strangers are passed over, whatever is in them")
    func strangers() throws {
        var put = try Request.put(FileRequest(byteCount: 5, name: "a")).encoded()
        put.writeString("PING\n")
        let pairs: [(ByteBuffer, RequestFrame)] = [
            (put, .failure(WireError(.outOfPlace, "PUT needs a key with a grant"))),
            (try Request.ping.encoded(), .request(.ping, payload: nil)),
        ]
        try verify(pairs) { RequestDecoder(takesPayloadsOfStrangers: false) }
    }

    @Test("replies")
    func replies() throws {
        let replies: [Reply] = [
            .text("pong"), .json(["next": nil, "rows": []]), .ok(.octets, ByteBuffer()),
            .ok(.octets, ByteBuffer(string: "+OK text/plain 3\n\n")),
            .error(.notFound, message: "没有 100% 符合的记录\n"),
        ]
        let pairs = replies.map { reply in
            var buffer = ByteBuffer()
            reply.write(to: &buffer)
            return (buffer, reply)
        }
        try verify(pairs) { ReplyDecoder() }
    }

    @Test("peer messages of every kind")
    func peerMessages() throws {
        let pairs = try WireFixtures.messages.map { (try WireFixtures.bytes($0), $0) }
        try verify(pairs) { PeerMessageDecoder(gate: PeerGate(isOpen: true)) }
    }

    @Test("a server reads the handshake, then peer messages")
    func serverSide() throws {
        var messages = WireFixtures.messages
        messages.remove(at: 1)
        var bytes = ByteBuffer()
        for message in messages { try message.write(to: &bytes) }
        try ByteToMessageDecoderVerifier.verifyDecoder(
            inputOutputPairs: [(bytes, messages.map { RequestFrame.peer($0) })],
            decoderFactory: { Adapter(RequestDecoder(gate: PeerGate(isOpen: true))) }
        )
    }
}

/// The verifier wants the older protocol; the messages are the same.
private final class Adapter<Wrapped: NIOSingleStepByteToMessageDecoder>: ByteToMessageDecoder {
    typealias InboundOut = Wrapped.InboundOut
    private var wrapped: Wrapped

    init(_ wrapped: Wrapped) { self.wrapped = wrapped }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let message = try wrapped.decode(buffer: &buffer) else { return .needMoreData }
        context.fireChannelRead(Self.wrapInboundOut(message))
        return .continue
    }

    func decodeLast(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer,
        seenEOF: Bool
    ) throws -> DecodingState {
        guard let message = try wrapped.decodeLast(buffer: &buffer, seenEOF: seenEOF) else {
            return .needMoreData
        }
        context.fireChannelRead(Self.wrapInboundOut(message))
        return .continue
    }
}
