public import ReportWire

/// A connection to a peer, as a driver sees it: messages in order, no sockets.
public protocol PeerTransport: Sendable {
    /// The next message; nil when the peer has closed.
    ///
    /// Not called again before it has returned, so that a slow store slows the peer down.
    func receive() async throws -> PeerMessage?

    /// Writes a message; returns when the connection can take another.
    /// - Parameter message: what to write.
    /// - Throws: when the connection is gone.
    func send(_ message: PeerMessage) async throws

    /// Lets the decoder take payloads: the peer has proved its key.
    func openGate()

    /// Bytes that have arrived since the connection began; a large message shows here that it is under way.
    var arrivedByteCount: UInt64 { get }

    /// Closes; ``receive()`` and ``send(_:)`` that wait must return or throw.
    func close() async
}

extension PeerTransport {
    /// Counts nothing: for transports whose messages arrive whole.
    public var arrivedByteCount: UInt64 { 0 }
}
