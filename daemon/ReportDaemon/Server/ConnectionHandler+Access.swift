import NIOCore
import NIOSSL
import ReportAuthority
import ReportModel
import ReportSync
import ReportTLS
import ReportWire

/// Who is at the other end: certificate, proof of a key, and what becomes of both when files change.
///
/// Source: docs/protocol.md sections 3.6 and 4.
extension ConnectionHandler {
    // MARK: The certificate

    /// Looks at the certificate once TLS stands; a bad one ends the connection with the reason.
    func judge(_ context: ChannelHandlerContext) {
        guard var entrance else { return }
        do throws(ReportError) {
            let shown = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            if let shown {
                let certificate = try PeerCertificate(shown)
                entrance.shown = certificate
                self.entrance = entrance
                // The list may have been read anew since the handshake began.
                let judge = (services.access.secure ?? entrance.secure).judge
                entrance.verdict = .good(try judge.judge(certificate, as: .client))
            } else {
                entrance.verdict = .missing
            }
            self.entrance = entrance
        } catch {
            self.entrance?.verdict = .missing
            refuse(error, context)
        }
    }

    /// Grants or the list of revoked certificates were read anew, or time has passed.
    func checkAgain(_ context: ChannelHandlerContext) {
        do throws(ReportError) {
            if let shown = entrance?.shown, let secure = services.access.secure {
                try secure.judge.judge(shown, as: .client)
            }
            guard case .key(let node, let isLocal) = authority else { return }
            let grants = services.access.grants
            mayReadAll = authority.mayReadAll(grants)
            guard let grant = grants[node] else {
                throw ReportError(.notAllowed, "the grant of this key was withdrawn")
            }
            guard !isWatching || isLocal || grant.rights.contains(.read) else {
                throw ReportError(.notAllowed, "the grant of this key allows no reading any more")
            }
            // A watch goes on with the regions that it began with.
            guard !isWatching || isLocal || grant == watchedGrant else {
                throw ReportError(
                    .notAllowed,
                    "the grant of this key is another one now: watch again"
                )
            }
        } catch {
            refuse(error, context)
        }
    }

    // MARK: The handshake

    func serve(_ hello: Hello, _ context: ChannelHandlerContext) {
        do throws(ReportError) {
            if let entrance { try check(hello, entrance) }
            guard hello.role == .client else { return begin(hello, context) }
            var acceptor = AcceptorHandshake(
                key: services.key,
                channelBinding: entrance?.channelBinding ?? .zero
            )
            let answer = try acceptor.answer(hello)
            self.acceptor = acceptor
            if entrance == nil { scheduleAuthentication(context) }
            do throws(WireError) {
                try PeerMessage.hello(answer).write(to: &output)
            } catch {
                throw error.reportError
            }
        } catch {
            refuse(error, context, key: hello.node)
        }
    }

    /// A certificate must belong to the key that is to be proved.
    private func check(_ hello: Hello, _ entrance: SecureEntrance) throws(ReportError) {
        guard case .good(let held) = entrance.verdict else {
            throw ReportError(
                .notAllowed,
                "no certificate was shown",
                hint: "reportctl pki join gets one"
            )
        }
        guard held.node == hello.node else {
            throw ReportError(.notAllowed, "the certificate belongs to another key than HELLO says")
        }
        guard hello.role == .client || held.kind == .node else {
            throw ReportError(.notAllowed, "the certificate is none of a node")
        }
    }

    func finishClient(_ signature: [UInt8], _ context: ChannelHandlerContext) {
        do throws(ReportError) {
            guard let node = try acceptor?.verify(signature) else { return }
            acceptor = nil
            guard services.access.grants[node] != nil else {
                services.refusals.note("no grant", address: context.remoteAddress, key: node)
                Reply.error(.notAllowed, message: "this key has no grant").write(to: &output)
                return close(context)
            }
            authority = .key(node, isLocal: entrance == nil)
            mayReadAll = authority.mayReadAll(services.access.grants)
            gate.open()
            isProved(context)
            Reply.text("ok").write(to: &output)
        } catch {
            refuse(error, context)
        }
    }

    private func isProved(_ context: ChannelHandlerContext) {
        authenticationDeadline?.cancel()
        authenticationDeadline = nil
        services.connections.proved(context.channel)
    }

    /// Ends the connection unless a key is proved in time.
    func scheduleAuthentication(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        authenticationDeadline = context.eventLoop.scheduleTask(
            in: ServerLimits.authenticationTimeout
        ) {
            let (handler, context) = bound.value
            guard !handler.gate.isOpen else { return handler.isProved(context) }
            let error = ReportError(.timedOut, "no key was proved within 2 seconds")
            guard handler.entrance?.isPending != true else {
                handler.services.refusals.note(
                    "\(error.message): TLS was not finished",
                    address: context.remoteAddress
                )
                // No TLS: there is nothing that an error could be written to.
                return handler.cut(context)
            }
            handler.refuse(error, context)
        }
    }

    /// Tells why and closes.
    func refuse(_ error: ReportError, _ context: ChannelHandlerContext, key: NodeID? = nil) {
        services.refusals.note(
            error.message,
            address: context.remoteAddress,
            key: key ?? entrance?.shown?.node
        )
        Reply.error(error).write(to: &output)
        close(context)
    }

    // MARK: Newcomers and holders

    /// What a request may be asked for; nil: the refusal was written.
    func scope(of request: Request, lookup: String?) -> RequestScope? {
        do throws(ReportError) {
            let scope = try authority.scope(of: request, services.access)
            try scope.check(lookup: lookup)
            return scope
        } catch {
            Reply.error(error).write(to: &output)
            return nil
        }
    }

    /// The one request that needs neither certificate nor key: a newcomer with a token.
    func serveStranger(_ request: Request, _ context: ChannelHandlerContext) {
        guard case .join(let join) = request else {
            return refuse(
                ReportError(.notAllowed, "the first line under TLS is HELLO, or JOIN with a token"),
                context
            )
        }
        guard let enrolment = services.enrolment, let entrance else {
            return refuse(ReportError(.notAllowed, "nobody can join here"), context)
        }
        guard join.isProven(channelBinding: entrance.channelBinding) else {
            return refuse(
                ReportError(.notAllowed, "the newcomer does not prove its key"),
                context,
                key: join.node
            )
        }
        isProved(context)
        run(context, key: join.node) { () throws(ReportError) in try await enrolment.join(join) }
    }

    func renew(_ context: ChannelHandlerContext) {
        guard let enrolment = services.enrolment, case .good(let held)? = entrance?.verdict else {
            return Reply.error(
                .notAllowed,
                message: "a certificate is renewed under TLS, at the node that has the authority"
            ).write(to: &output)
        }
        run(context, key: nil) { () throws(ReportError) in try await enrolment.renew(held) }
    }

    /// Answers with what a body gives; the connection of a newcomer, who has a key, ends with it.
    private func run(
        _ context: ChannelHandlerContext,
        key: NodeID?,
        _ body: @escaping @Sendable () async throws(ReportError) -> JSONValue
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task {
            let result: Result<JSONValue, ReportError>
            do throws(ReportError) {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            eventLoop.execute {
                let (handler, context) = bound.value
                switch result {
                case .success(let json): Reply.json(json).write(to: &handler.output)
                case .failure(let error) where key == nil:
                    Reply.error(error).write(to: &handler.output)
                case .failure(let error):
                    handler.task = nil
                    return handler.refuse(error, context, key: key)
                }
                // What a newcomer sent behind JOIN is not looked at.
                guard key == nil else {
                    handler.task = nil
                    return handler.close(context)
                }
                handler.finishTask(context)
            }
        }
    }
}
