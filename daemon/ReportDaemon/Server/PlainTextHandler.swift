import NIOCore
import ReportModel
import ReportWire

/// In front of TLS: tells those who speak without it what is missing, where TLS itself would only hang up.
///
/// Source: RFC 8446 section 5.1: the first record of a client has content type 22.
final class PlainTextHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What those are told who speak no TLS where it must be.
    static let refusal = ReportError(
        .notAllowed,
        "this address is under TLS: give reportctl --identity DIR; a node that comes through a tunnel "
            + "sets tls: true under its upstream"
    )
    /// What those are told who speak TLS where it is not.
    static let reverse = ReportError(
        .usage,
        "this port speaks no TLS; other offices connect at the one that does (listen)"
    )

    private static let handshakeRecord: UInt8 = 22

    /// Whether the first bytes of a connection begin a handshake of TLS.
    static func isHandshake(_ bytes: ByteBuffer) -> Bool {
        bytes.readableBytesView.first == handshakeRecord
    }

    private let refusals: RefusalLog
    private var isRefused = false

    init(_ refusals: RefusalLog) { self.refusals = refusals }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        let buffer = unwrapInboundIn(data)
        guard buffer.readableBytes > 0, !Self.isHandshake(buffer) else {
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            return
        }
        isRefused = true
        context.fireUserInboundEventTriggered(PlainTextWasRefused())
        refusals.note("no TLS", address: context.remoteAddress)
        var reply = context.channel.allocator.buffer(capacity: 128)
        Reply.error(Self.refusal).write(to: &reply)
        context.writeAndFlush(wrapOutboundOut(reply), promise: nil)
        context.close(promise: nil)
    }
}

/// Told to the connection: the refusal was written and noted.
struct PlainTextWasRefused: Sendable {}

/// What went wrong before TLS stood, without the places in BoringSSL's sources.
enum TLSFault {
    /// One sentence about an error of the TLS handler.
    static func text(_ error: any Error) -> String {
        let text = "\(error)"
        let mark = "OPENSSL_internal:"
        var words: [Substring] = []
        var rest = text[...]
        while let range = rest.firstRange(of: mark) {
            rest = rest[range.upperBound...]
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            if !words.contains(word) { words.append(word) }
        }
        if words.isEmpty, text.contains("uncleanShutdown") || text.contains("EOF during handshake")
        {
            return "no TLS: the connection ended before it stood"
        }
        return words.isEmpty
            ? "no TLS: \(text.prefix(100))" : "no TLS: " + words.joined(separator: ", ")
    }
}
