package import ReportModel

/// Bounds and patience of a pipe.
package struct PipeLimits: Sendable {
    /// Bytes of a part, unless the stream takes fewer.
    package var partByteCount = 512 << 10
    /// Most entries of each log in one bundle.
    package var entryCount = 500
    /// How long the receiver may take to sign for a bundle before another takes its place; doubles each time.
    package var patience: Duration = .seconds(60)
    /// Longest that patience grows to.
    package var maximumPatience: Duration = .seconds(3600)
    /// How long a bundle waits after the node did not take it for a reason that passes.
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
    /// A message is none of ours, or of nobody who was named.
    case passedOver(String)
}
