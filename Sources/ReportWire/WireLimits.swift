import ReportModel

/// Every ceiling of the line protocol, with its reason.
///
/// Source: docs/protocol.md section 6.
public enum WireLimits {
    /// Version of the protocol that this module speaks.
    public static let protocolVersion: UInt16 = 1
    /// Port of a node when nothing else is configured.
    public static let defaultPort = 7323

    /// Longest control line without its end: room for a key of 400 bytes with every byte escaped,
    /// and a few options.
    public static let maximumLineByteCount = 4096
    /// Most arguments of a line; LIST has 22.
    public static let maximumArgumentCount = 32

    /// Largest source file.
    public static let maximumFileByteCount = 64 << 20
    /// Largest JSON of `PUTREC`.
    public static let maximumRecordByteCount = 16 << 20
    /// Largest command in JSON.
    public static let maximumCommandByteCount = 1 << 20
    /// Largest payload of a reply that a client takes: a file, or a long list, and room.
    public static let maximumReplyByteCount = 128 << 20
    /// Payload bytes that all connections of a server may hold together, unless configured.
    public static let maximumHeldPayloadByteCount = 256 << 20

    /// Most rows of one statement of positions: a log for every county, many times over.
    public static let maximumPositionCount = 16_384
    /// Bytes of one position.
    public static let positionByteCount = 56
    /// Largest payload of `POSITIONS`.
    public static let maximumPositionsByteCount = maximumPositionCount * positionByteCount
    /// Largest payload of `LOG`: a length, a descriptor and a head.
    public static let maximumLogByteCount = 2 + 190 + 196
    /// Largest payload of `BATCH`: one file of the largest size with its record fits.
    public static let maximumBatchByteCount = 2 * maximumFileByteCount
    /// Most entries of a batch.
    public static let maximumBatchEntryCount = 1024

    /// Largest payload of `COMPARE`.
    public static let maximumComparisonByteCount = 24 + 9 * TreeNodes.maximumCount
    /// Largest payload of `NODES`.
    public static let maximumNodesByteCount = 24 + 41 * TreeNodes.maximumCount
    /// Largest payload of `FETCH`.
    public static let maximumFetchByteCount = 16 + 8 * FetchedEntries.maximumCount

    /// Most batches without acknowledgement in one direction.
    public static let maximumUnacknowledgedBatchCount = 8
    /// Most bytes without acknowledgement in one direction, unless one batch alone is larger.
    public static let maximumUnacknowledgedByteCount = 8 << 20

    /// Time from `HELLO` to `AUTH` at the acceptor.
    public static let authenticationTimeout: Duration = .seconds(2)
    /// Time between two replies of an idle `WATCH`.
    public static let watchKeepAliveInterval: Duration = .seconds(15)
}
