package import ReportModel

/// Bounds and patience of a pipe.
package struct PipeLimits: Sendable {
    /// Bytes of a part, unless the stream takes fewer.
    package var partByteCount = 512 << 10
    /// Most entries in one bundle, about: the last log is not divided.
    package var entryCount = 500
    /// Bytes from which a bundle is made smaller, unless it has one entry.
    package var bundleByteCount = 64 << 20
    /// Free bytes of the disk below which no part is taken.
    package var freeByteCount = 256 << 20
    /// How often a bundle is tried again that the node does not take for an inner fault.
    package var attemptCount = 20
    /// How long the receiver may take to sign for a bundle before another takes its place; doubles each time.
    package var patience: Duration = .seconds(60)
    /// Longest that patience grows to.
    package var maximumPatience: Duration = .seconds(3600)
    /// How long a bundle waits after the node did not take it for a reason that passes, a peer after a fault, and
    /// news of signatures that nobody waits for.
    package var pause: Duration = .seconds(5)
    /// How long a round waits for a message, in milliseconds.
    package var waitMilliseconds = 500

    /// What is used where nothing else is said.
    package static let standard = PipeLimits()

    /// Makes the usual bounds.
    package init() {}
}

/// A node at the other end.
package struct PipePeer: Hashable, Sendable {
    /// Its key.
    package var node: NodeID
    /// Regions whose records go to it, or `*`; of other regions it gets the headers.
    package var regions: [String]

    /// Makes the value.
    package init(_ node: NodeID, regions: [String]) {
        self.node = node
        self.regions = regions
    }
}

/// What a pipe did.
package enum PipeEvent: Sendable {
    /// A bundle with entries went into the stream.
    case sent(NodeID, entries: Int, bytes: Int, isAgain: Bool)
    /// The node took a bundle: the object that it answered.
    case taken(NodeID, JSONValue)
    /// The node did not take a bundle; whether it is kept and tried again.
    case refused(NodeID, ReportError, isKept: Bool)
    /// Nothing can be said to a peer at present, for a fault of this machine.
    case failed(NodeID, ReportError)
    /// A message is none of ours: its subject, when that is one, else nil.
    case passedOver(PipeSubject?)
}
