import NIOCore
import NIOPosix
import ReportAuthority
import ReportModel
import ReportTLS
import ReportWire

/// Connections that this node begins.
extension PeerHub {
    /// Connects to an upstream, under TLS unless it is at the loopback address.
    /// - Returns: the connection, and the certificate that the other side showed.
    /// - Throws: ``ReportError`` with the reason.
    func connect(
        to upstream: NodeConfiguration.Upstream
    ) async throws(ReportError) -> (ChannelTransport, PeerCertificate?) {
        let gate = PeerGate()
        let address: SocketAddress
        do {
            // Without a line a resolver takes ten seconds and more, which no thread of the pool has.
            address = try await disk.run { () throws(any Error) -> SocketAddress in
                try SocketAddress.makeAddressResolvingHost(
                    upstream.address.host,
                    port: upstream.address.port
                )
            }
        } catch {
            throw ReportError(.unreachable, "its name is not known")
        }
        let client = try client(for: upstream, at: address)
        let transport: ChannelTransport
        let shown: EventLoopFuture<PeerCertificate>?
        do {
            (transport, shown) = try await ClientBootstrap(group: group)
                .connectTimeout(.seconds(10))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(to: address) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let shown = try client?.addHandlers(to: channel)
                        let transport = ChannelTransport(channel: channel, gate: gate)
                        try channel.pipeline.syncOperations.addHandler(
                            UpstreamHandler(transport: transport, gate: gate)
                        )
                        return (transport, shown)
                    }
                }
        } catch {
            throw ReportError(.unreachable, "not reachable")
        }
        guard let shown else { return (transport, nil) }
        do {
            return (transport, try await shown.get())
        } catch {
            await transport.close()
            throw error as? ReportError ?? ReportError(.unreachable, "no TLS: \(error)")
        }
    }

    /// How TLS looks at the other side: the certificate must be good, of a node, and for the pinned key.
    private func client(
        for upstream: NodeConfiguration.Upstream,
        at address: SocketAddress
    ) throws(ReportError) -> TLSClient? {
        guard upstream.usesTLS ?? !address.isLoopback else {
            guard address.isLoopback else {
                throw ReportError(
                    .notAllowed,
                    "it is not at the loopback address: leave out tls: false"
                )
            }
            return nil
        }
        guard let secure = access.secure(for: upstream) else {
            throw ReportError(
                .notAllowed,
                "it is not at the loopback address, and tls.folder is not configured",
                hint: "reportctl pki join gets a certificate"
            )
        }
        return TLSClient(context: secure.client) { chain throws(ReportError) in
            guard let first = chain.first else {
                throw ReportError(.notAllowed, "it showed no certificate")
            }
            let held = try secure.judge.judge(first, as: .node)
            guard held.node == upstream.key else {
                throw ReportError(
                    .notAllowed,
                    "its certificate is for the key \(held.node?.description ?? "-"), not the configured one"
                )
            }
        }
    }
}
