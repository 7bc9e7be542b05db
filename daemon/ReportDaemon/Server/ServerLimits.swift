import NIOCore
import NIOPosix

/// Ceilings of the server, in one place.
enum ServerLimits {
    /// Peers without a session that `status` and the metrics tell of.
    static let maximumAwayPeerCount = 1000
    /// Most connections of this machine at the same time; more are closed at once.
    static let maximumConnectionCount = 4096
    /// Most connections at the node's own socket, besides those.
    static let maximumSocketConnectionCount = 1024
    /// Most connections under TLS.
    static let maximumSecureConnectionCount = 4096
    /// Most connections under TLS that have not proved a key yet: each holds about 50 KB.
    static let maximumUnprovenConnectionCount = 512
    /// Most connections under TLS from one address.
    static let maximumConnectionCountPerAddress = 256
    /// Time from the connection to the proof of a key, the TLS handshake included.
    static let authenticationTimeout = TimeAmount.seconds(2)
    /// A client that says nothing for so long is disconnected; watches and peers are not.
    static let idleTimeout = TimeAmount.minutes(10)
    /// Time for a client to read the last reply while what it still sends is passed over.
    static let lingerTime = TimeAmount.seconds(1)
    /// Replies that may wait for a client that does not read; then its requests wait.
    static let outputHighWatermark = 1 << 20
    /// Waiting replies below which requests are answered again.
    static let outputLowWatermark = 1 << 18
    /// How often it is looked at whether a client reads what waits for it; the second look may cut it off.
    static let readingInterval = TimeAmount.seconds(60)
    /// What a client reads at least within ``readingInterval``: 140 kbit a second.
    static let leastReadByteCount = 1 << 20
    /// A watch must take each of its replies within this time.
    static let watchReadingTimeout = TimeAmount.seconds(120)
    /// Bytes of replies of 64 KiB and more that wait to be read, of all connections.
    static let maximumHeldReplyByteCount = 512 << 20
    /// How often the progress of a payload is looked at.
    static let payloadInterval = TimeAmount.seconds(30)
    /// What of a payload arrives at least within ``payloadInterval``.
    static let leastPayloadByteCount = 64 << 10
    /// Longest time for requests under way when the node stops: a file under its time limit.
    static let drainLimit: Duration = .seconds(15)
    /// Replies gathered before they are handed to the system, so that the client can begin to read.
    static let outputBurstByteCount = 1 << 16
    /// Room of a new buffer of replies: one record of the usual size.
    static let outputByteCount = 1 << 14
    /// Room of buffers kept for the next replies, all together.
    static let maximumIdleOutputByteCount = 4 << 20
    /// Longest path of a Unix socket: `sun_path` of Linux without its end.
    static let maximumSocketPathByteCount = 107
    /// Threads that serve connections: one for each processor, so that a page that must first come
    /// from the disk holds up some clients only; more than four gain nothing for an office.
    static let eventLoopCount = min(4, max(2, System.coreCount))
    /// Waiting connections at the socket.
    static let backlog: Int32 = 1024
}
