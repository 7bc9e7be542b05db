import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import ReportModel
import ReportTLS
import ReportWire
import Synchronization

/// A client under TLS that knows nothing of the protocol but its handshake.
final class SecureClient {
    private let channel: any Channel
    private let collector: Collector
    /// What the node showed.
    let certificate: PeerCertificate
    /// Every line that this client sent.
    private(set) var sent: [String] = []

    /// Connects and finishes TLS.
    /// - Parameters:
    ///   - port: where a node listens under TLS.
    ///   - identity: what is shown; nil: no certificate.
    /// - Throws: what keeps TLS from standing.
    init(port: Int, identity: TLSIdentity?) throws {
        let context = try identity?.clientContext() ?? TLSIdentity.strangerContext()
        let collector = Collector()
        let client = TLSClient(context: context) { _ throws(ReportError) in }
        let shown = Mutex<EventLoopFuture<PeerCertificate>?>(nil)
        channel = try ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let future = try client.addHandlers(to: channel)
                    shown.withLock { $0 = future }
                    try channel.pipeline.syncOperations.addHandler(CollectingHandler(collector))
                }
            }
            .connect(host: "127.0.0.1", port: port).wait()
        self.collector = collector
        guard let certificate = try shown.withLock({ $0 })?.wait() else {
            throw TestFailure("no certificate was shown")
        }
        self.certificate = certificate
    }

    deinit { channel.close(promise: nil) }

    /// Whether the node has closed.
    var isClosed: Bool { collector.state.withLock { $0.isClosed } }

    /// Sends text.
    func send(_ text: String) {
        sent.append(text)
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Closes the sending side only.
    func finish() { channel.close(mode: .output, promise: nil) }

    /// One line without its end; nil when none comes in time or the connection ended.
    func line(within seconds: Double = 120) -> String? {
        let deadline = Clock.now + seconds
        while true {
            let (line, isOver) = collector.state.withLock { state -> (String?, Bool) in
                guard let end = state.bytes.firstIndex(of: 10) else { return (nil, state.isClosed) }
                defer { state.bytes.removeFirst(end + 1) }
                return (String(decoding: state.bytes[..<end], as: UTF8.self), false)
            }
            if line != nil || isOver || Clock.now > deadline { return line }
            usleep(2000)
        }
    }

    /// The next error line; what comes before it, such as heartbeats, is passed over.
    func errorLine() -> String? {
        while let line = line() {
            if line.hasPrefix("-ERR ") { return line }
        }
        return nil
    }

    /// What has come; nil when the other side closed, or nothing comes in time.
    func chunk(within seconds: Double) -> [UInt8]? {
        let deadline = Clock.now + seconds
        while true {
            let (bytes, isOver) = collector.state.withLock { state -> ([UInt8], Bool) in
                defer { state.bytes = [] }
                return (state.bytes, state.isClosed)
            }
            if !bytes.isEmpty { return bytes }
            if isOver || Clock.now > deadline { return nil }
            usleep(2000)
        }
    }

    /// The payload of the next reply, or its error line.
    func reply(within seconds: Double = 120) -> String? {
        guard let head = line(within: seconds), head.hasPrefix("+OK "),
            let count = head.split(separator: " ").last.flatMap({ Int($0) })
        else { return nil }
        let deadline = Clock.now + seconds
        while Clock.now < deadline {
            let payload = collector.state.withLock { state -> String? in
                guard state.bytes.count > count else { return nil }
                defer { state.bytes.removeFirst(count + 1) }
                return String(decoding: state.bytes[..<count], as: UTF8.self)
            }
            if let payload { return payload }
            usleep(2000)
        }
        return nil
    }

    /// Waits until the node closes.
    func isClosed(within seconds: Double) -> Bool {
        let deadline = Clock.now + seconds
        while Clock.now < deadline {
            if isClosed { return true }
            usleep(5000)
        }
        return false
    }

    /// Proves a key.
    /// - Parameters:
    ///   - key: what is proved.
    ///   - node: whom it is proved to.
    ///   - role: what is wanted afterwards.
    ///   - binding: nil: that of this connection.
    /// - Returns: the answer to `AUTH`, or the error line of `HELLO`.
    /// - Throws: ``ReportError`` when the node does not prove its key.
    func greet(
        _ key: NodeKey,
        node: NodeID,
        role: SessionRole = .client,
        binding: Hash256? = nil
    ) throws -> String? {
        let handshake = InitiatorHandshake(
            role: role,
            key: key,
            pinned: node,
            channelBinding: binding ?? certificate.fingerprint
        )
        send("HELLO 1 \(role.rawValue) \(key.id.key.hex) \(handshake.hello.nonce.hex)\n")
        guard let answer = line() else { return nil }
        let words = answer.split(separator: " ").map(String.init)
        guard words.count == 6, words[0] == "HELLO", let nonce = Hash256(hex: words[4]),
            let other = NodeID(parsing: words[3])
        else { return answer }
        var hello = Hello(role: role, node: other, nonce: nonce)
        hello.signature = HexText.bytes(words[5])
        let signature: [UInt8]
        if binding == nil {
            signature = try handshake.authenticate(hello)
        } else {
            // Somebody between two connections passes on what the node cannot have signed for him.
            signature = key.sign(Array(answer.utf8))
        }
        send("AUTH \(HexText.text(signature))\n")
        guard role == .client else { return nil }
        guard let head = line() else { return nil }
        if head.hasPrefix("+OK ") { _ = line() }
        return head
    }
}

private final class Collector: Sendable {
    struct State {
        var bytes: [UInt8] = []
        var isClosed = false
    }

    let state = Mutex(State())
}

private final class CollectingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let collector: Collector

    init(_ collector: Collector) { self.collector = collector }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        collector.state.withLock { $0.bytes += bytes }
    }

    func channelInactive(context: ChannelHandlerContext) {
        collector.state.withLock { $0.isClosed = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
