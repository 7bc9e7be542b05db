public import ReportModel
public import ReportWire

/// What a key may do, and for which regions.
///
/// Source: DESIGN section 4, point 7.
public struct Grant: Hashable, Sendable {
    /// Things that need a grant.
    public enum Right: String, Hashable, Sendable, CaseIterable {
        case read, submit, review, retract, erase, `import`, peer
    }

    /// Region paths such as `湛江市/麻章区` or `湛江市`; `*` is every region.
    public var regions: [String]
    /// What the key may do there.
    public var rights: Set<Right>
    /// Name of the key's holder, for people; what a client writes carries it.
    public var name: String?
    /// Which way entries go in sessions that the key's holder begins, as seen from this node.
    public var direction: Direction

    /// Makes a grant.
    /// - Parameters:
    ///   - regions: region paths, or `*`.
    ///   - rights: what the key may do there.
    ///   - name: name of the key's holder, for people.
    ///   - direction: which way entries go in sessions that the key's holder begins.
    public init(
        regions: [String],
        rights: Set<Right>,
        name: String? = nil,
        direction: Direction = .both
    ) {
        self.regions = regions
        self.rights = rights
        self.name = name
        self.direction = direction
    }

    /// Whether every region is granted.
    public var isEverywhere: Bool { regions.contains("*") }

    /// A peer for every region: what a node grants the upstream it is configured for.
    public static let everywhere = Grant(regions: ["*"], rights: [.peer])

    /// Whether a region lies within the grant.
    ///
    /// Compares whole parts, by their bytes.
    /// - Parameter region: path of a record, `city[/district]`.
    /// - Returns: whether one of ``regions`` is the region or contains it.
    public func covers(_ region: String) -> Bool {
        let wanted = Array(region.utf8)
        return regions.contains { granted in
            if granted == "*" { return true }
            let path = Array(granted.utf8)
            return wanted.starts(with: path)
                && (wanted.count == path.count || wanted[path.count] == UInt8(ascii: "/"))
                && !path.isEmpty
        }
    }
}

/// Grants by key.
public struct Grants: Hashable, Sendable {
    private var table: [NodeID: Grant]

    /// Makes a table.
    /// - Parameter table: grants by key.
    public init(_ table: [NodeID: Grant] = [:]) { self.table = table }

    /// Every key with a right.
    /// - Parameter right: the right.
    /// - Returns: the keys, in no order.
    public func keys(with right: Grant.Right) -> [NodeID] {
        table.filter { $0.value.rights.contains(right) }.map(\.key)
    }

    /// The grant of a key; nil when it has none.
    public subscript(node: NodeID) -> Grant? {
        get { table[node] }
        set { table[node] = newValue }
    }
}
