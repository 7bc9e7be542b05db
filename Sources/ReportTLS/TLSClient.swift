public import NIOCore
public import NIOSSL
import NIOTLS
public import ReportModel
import Synchronization

/// The side of TLS that connects: which certificate it shows, and how it looks at the other side's.
public struct TLSClient: Sendable {
    /// Looks at what the other side showed, the certificate first, then its chain.
    public typealias Check = @Sendable ([PeerCertificate]) throws(ReportError) -> Void

    /// Time from the connection to the end of the handshake.
    public static let handshakeTimeout = TimeAmount.seconds(10)

    /// What answers there does not speak TLS.
    public static let noTLS = ReportError(
        .unreachable,
        "that port speaks no TLS; other offices connect at the one that does, mostly 7324",
        hint: "`listen` in the configuration of that node names its ports"
    )

    private let context: NIOSSLContext
    private let check: Check?

    /// Makes a client.
    /// - Parameters:
    ///   - context: ``TLSIdentity/clientContext()`` or ``TLSIdentity/strangerContext()``.
    ///   - check: decides alone whether the other side's certificate is good; nil: the chain is verified
    ///     against the authority of the context, and the time.
    public init(context: NIOSSLContext, check: Check? = nil) {
        self.context = context
        self.check = check
    }

    /// Adds TLS to a new connection; further handlers go behind.
    /// - Parameter channel: a channel that is being initialized, on its event loop.
    /// - Returns: the other side's certificate once the handshake is over; fails with
    ///   ``ReportModel/ReportError`` `not-allowed` when the certificate is not good, else `unreachable`.
    /// - Throws: what the pipeline throws.
    public func addHandlers(to channel: any Channel) throws -> EventLoopFuture<PeerCertificate> {
        let reason = RefusalBox()
        let promise = channel.eventLoop.makePromise(of: PeerCertificate.self)
        let handler: NIOSSLClientHandler
        if let check {
            handler = try NIOSSLClientHandler(
                context: context,
                serverHostname: nil,
                customVerificationCallback: { certificates, result in
                    do throws(ReportError) {
                        var shown: [PeerCertificate] = []
                        for certificate in certificates.prefix(Self.maximumChainCount) {
                            shown.append(try PeerCertificate(certificate))
                        }
                        try check(shown)
                        result.succeed(.certificateVerified)
                    } catch {
                        reason.set(error)
                        result.succeed(.failed)
                    }
                }
            )
        } else {
            handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
        let end = HandshakeHandler(promise, reason: reason)
        try channel.pipeline.syncOperations.addHandlers([handler, end])
        return promise.futureResult
    }

    /// Certificates of a chain that are looked at.
    private static let maximumChainCount = 4
}

/// Why a certificate was refused, told later than it was decided.
private final class RefusalBox: Sendable {
    private let error = Mutex<ReportError?>(nil)

    func set(_ new: ReportError) { error.withLock { $0 = new } }

    var value: ReportError? { error.withLock { $0 } }
}

/// Tells when the handshake is over.
private final class HandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<PeerCertificate>
    private let reason: RefusalBox
    private var deadline: Scheduled<Void>?
    private var isOver = false

    init(_ promise: EventLoopPromise<PeerCertificate>, reason: RefusalBox) {
        self.promise = promise
        self.reason = reason
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: TLSClient.handshakeTimeout) {
            let (handler, context) = bound.value
            handler.fail(ReportError(.unreachable, "TLS is not answered there"))
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent, !isOver {
            do {
                let certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate()
                guard let certificate else { throw NIOSSLError.noCertificateToValidate }
                let shown = try PeerCertificate(certificate)
                finish()
                promise.succeed(shown)
            } catch {
                fail(ReportError(.notAllowed, "the other side showed no certificate"))
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver else { return context.fireErrorCaught(error) }
        fail(reason.value ?? Self.refusal(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(reason.value ?? Self.lost)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(Self.lost)
    }

    private static var lost: ReportError {
        ReportError(.unreachable, "the connection was lost before TLS stood")
    }

    /// What an error tells of the other side; one of the connection tells nothing of it.
    private static func refusal(_ error: any Error) -> ReportError {
        if error is IOError || error is ChannelError { return lost }
        switch error as? NIOSSLError {
        case .uncleanShutdown: return lost
        case .handshakeFailed(.sslError(let reasons)) where reasons == [.eofDuringHandshake]:
            return lost
        default: break
        }
        let text = "\(error)"
        // The first bytes are no record of TLS.
        if text.contains("WRONG_VERSION_NUMBER") { return TLSClient.noTLS }
        return text.contains("CERTIFICATE_VERIFY_FAILED")
            ? ReportError(
                .notAllowed,
                "the other side's certificate is not from the authority of this identity, or has expired"
            )
            : ReportError(.unreachable, "TLS 1.3 is not possible there: \(text)")
    }

    private func finish() {
        isOver = true
        deadline?.cancel()
        deadline = nil
    }

    private func fail(_ error: ReportError) {
        guard !isOver else { return }
        finish()
        promise.fail(error)
    }
}
