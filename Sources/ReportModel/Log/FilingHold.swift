/// Why a node appends nothing for the time being: others may hold more of what it wrote than it does.
///
/// While a hold lasts the store takes entries from peers and refuses own ones with `read-only`, so that
/// files wait and nothing is lost.
///
/// Source: DESIGN section 3 "Log"; docs/decisions/0016-reconciliation.md.
public struct FilingHold: Hashable, Sendable {
    /// What happened to the store.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// It was made out of a backup.
        case restored
        /// Its folder was copied from another machine.
        case copied
        /// A peer holds more of the log that the node was writing: the store is an older copy.
        case behind
        /// A peer holds another entry than the node at one sequence of the log it was writing.
        case forked

        /// The byte that stands for it on disk.
        public var code: UInt8 {
            switch self {
            case .restored: 1
            case .copied: 2
            case .behind: 3
            case .forked: 4
            }
        }
    }

    /// What happened to the store.
    public var reason: Reason
    /// Since when.
    public var since: Timestamp

    /// Makes a hold.
    /// - Parameters:
    ///   - reason: what happened to the store.
    ///   - since: since when.
    public init(_ reason: Reason, since: Timestamp) {
        self.reason = reason
        self.since = since
    }

    /// The bytes on disk: reason 1, time 8.
    public var bytes: [UInt8] {
        var bytes = [reason.code]
        bytes.appendBigEndian(since.milliseconds)
        return bytes
    }

    /// Reads ``bytes``; nil when they are none.
    public init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes[...])
        guard let code = reader.integer(UInt8.self),
            let reason = Reason.allCases.first(where: { $0.code == code }),
            let since = reader.integer(UInt64.self), reader.remaining == 0
        else { return nil }
        self.init(reason, since: Timestamp(milliseconds: since))
    }

    /// The object in `STATUS`.
    public var json: JSONValue {
        ["reason": .string(reason.rawValue), "since": .string(since.description)]
    }

    /// What an append is refused with.
    public var error: ReportError {
        ReportError(
            .readOnly,
            "nothing is filed until the upstreams were asked for the rest of this node's log",
            hint:
                "start the node and let it reach an upstream; to go on without: reportctl peer proceed",
            details: ["hold": .string(reason.rawValue)]
        )
    }
}
