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

    /// Writes a word without waiting, where the connection can take it at once; never an answer with a payload.
    ///
    /// Called only when no message waits in ``send(_:)``. A session that is idle does nothing but answer pings;
    /// each wait in between would wake another thread.
    /// - Parameter message: what to write.
    /// - Returns: false when nothing was done; then the message goes through ``send(_:)``.
    func post(_ message: PeerMessage) -> Bool

    /// Lets the decoder take payloads: the peer has proved its key.
    func openGate()

    /// Bytes that have arrived since the connection began; a large message shows here that it is under way.
    var arrivedByteCount: UInt64 { get }

    /// Closes; ``receive()`` and ``send(_:)`` that wait must return or throw.
    func close() async
}

extension PeerTransport {
    /// Takes nothing: everything goes through ``send(_:)``.
    public func post(_ message: PeerMessage) -> Bool { false }

    /// Counts nothing: for transports whose messages arrive whole.
    public var arrivedByteCount: UInt64 { 0 }
}
