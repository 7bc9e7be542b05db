/// Whose bundles are taken, and what may be in them: the checks of the network.
public struct BundleRules: Sendable {
    /// Regions that a sender was granted, as `city[/district]` or `*`; nil when it was granted none.
    public var regions: @Sendable (NodeID) -> [String]?
    /// Nodes whose logs may judge what other nodes filed.
    public var reviewers: Set<NodeID>

    /// Makes rules.
    /// - Parameters:
    ///   - regions: regions that a sender was granted.
    ///   - reviewers: nodes whose logs may judge what other nodes filed.
    public init(
        regions: @escaping @Sendable (NodeID) -> [String]?,
        reviewers: Set<NodeID> = []
    ) {
        self.regions = regions
        self.reviewers = reviewers
    }

    /// Regions that lie within both lists.
    /// - Parameters:
    ///   - first: region paths, or `*`.
    ///   - second: region paths, or `*`.
    /// - Returns: region paths, or `*`.
    public static func common(_ first: [String], _ second: [String]) -> [String] {
        let inner = first.filter { covers($0, by: second) }
        return inner + second.filter { covers($0, by: first) && !inner.contains($0) }
    }

    /// Whether one of the granted paths is a region or contains it, by whole parts.
    /// - Parameters:
    ///   - region: path of a record.
    ///   - granted: region paths, or `*`.
    /// - Returns: whether it is granted.
    public static func covers(_ region: String, by granted: [String]) -> Bool {
        granted.contains { path in
            path == "*" || region == path
                || !path.isEmpty && Array(region.utf8).starts(with: Array(path.utf8) + [0x2F])
        }
    }
}

/// A bundle to be taken.
public struct BundleCommand: Hashable, Sendable {
    /// Most senders that a command names.
    public static let maximumSenderCount = 100

    /// A node whose bundle is taken, when no node's configuration says so.
    public struct Sender: Hashable, Sendable {
        /// Its key.
        public var node: NodeID
        /// Regions of what it may bring.
        public var regions: [String]

        /// Names a sender.
        public init(_ node: NodeID, regions: [String]) {
            self.node = node
            self.regions = regions
        }
    }

    /// Path of the file, from the root.
    public var path: String
    /// Whose bundles are taken; a running node goes by its configuration alone.
    public var senders: [Sender]

    /// Makes a command.
    public init(path: String, senders: [Sender] = []) {
        self.path = path
        self.senders = senders
    }

    /// The rules that the senders make.
    public var rules: BundleRules {
        let senders = senders
        return BundleRules(
            regions: { node in senders.first { $0.node == node }?.regions },
            reviewers: Set(senders.filter { $0.regions.contains("*") }.map(\.node))
        )
    }

    /// The object `{path, senders: [{key, regions}]}`.
    public var json: JSONValue {
        [
            "path": .string(path),
            "senders": .array(
                senders.map {
                    ["key": .string($0.node.description), "regions": .strings($0.regions)]
                }
            ),
        ]
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        guard let path = json["path"]?.stringValue, path.hasPrefix("/") else {
            throw ReportError(.usage, "a bundle is named by its whole path")
        }
        let list = json["senders"]?.arrayValue ?? []
        guard list.count <= Self.maximumSenderCount else {
            throw ReportError(.usage, "too many senders")
        }
        self.init(
            path: path,
            senders: try list.map { json throws(ReportError) in
                guard let node = (json["key"]?.stringValue).flatMap({ NodeID(parsing: $0) }) else {
                    throw ReportError(.usage, "a sender is named by its public key")
                }
                let regions = json["regions"]?.arrayValue?.compactMap(\.stringValue) ?? []
                return Sender(node, regions: regions)
            }
        )
    }
}
