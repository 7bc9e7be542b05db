import ReportWire

/// Where the messages of a peer go once it said `HELLO`.
protocol PeerInbound: Sendable {
    /// Takes a message.
    /// - Returns: whether more may be decoded; false: more waits than may, and the session is over.
    func received(_ message: PeerMessage) -> Bool
    /// Bytes have arrived, of messages that may not be whole yet.
    func arrived(byteCount: Int)
    /// What arrived is no message; told after the messages before it.
    func failed(_ error: any Error)
    /// The other side closed its sending side.
    func inputClosed()
    /// The connection is gone.
    func closed()
}
