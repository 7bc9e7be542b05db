public import ReportModel

/// Which nodes may read what, as the node's configuration grants it: for programs that write bundles beside
/// the node, or while it is stopped.
///
/// Source: docs/operations.md, Offices without a network.
extension Store {
    /// Key of the note in the journal.
    private static let bundleGrantsKey = Array("reportd/grants".utf8)

    /// Notes whose bundles may hold which records; writes nothing when the same is noted already.
    /// - Parameter grants: regions that each node may read, as region paths or `*`.
    /// - Throws: ``ReportError`` when the store cannot be written.
    public func noteBundleGrants(_ grants: [NodeID: [String]]) async throws(ReportError) {
        let members = grants.map { ($0.key.description, JSONValue.strings($0.value)) }
        let note = JSONValue.object(Dictionary(members) { $1 }).canonicalBytes
        guard try journalValue(Self.bundleGrantsKey) != note else { return }
        try await writeJournal([.put(key: Self.bundleGrantsKey, value: note)])
    }

    /// What was noted last by ``noteBundleGrants(_:)``.
    /// - Returns: regions that each node may read; nil when no node has run on this store.
    /// - Throws: ``ReportError`` when the store cannot be read; `integrity` for a note that is none.
    public func bundleGrants() throws(ReportError) -> [NodeID: [String]]? {
        guard let bytes = try journalValue(Self.bundleGrantsKey) else { return nil }
        guard let members = (try? JSONValue(parsing: bytes))?.objectValue else {
            throw ReportError(.integrity, "the noted grants are not understood")
        }
        var grants: [NodeID: [String]] = [:]
        for (key, regions) in members {
            guard let node = NodeID(parsing: key) else { continue }
            grants[node] = regions.arrayValue?.compactMap(\.stringValue)
        }
        return grants
    }

    /// Regions whose records go into a bundle for a node: what it was granted, or a part of that.
    ///
    /// A session would give it no more.
    /// - Parameters:
    ///   - recipient: the node.
    ///   - asked: region paths, or `*`; nil: all that it may read.
    /// - Returns: region paths, or `*`.
    /// - Throws: ``ReportError`` `not-allowed` when the node has no grant, or what is asked is not within it;
    ///   `usage` when nothing is asked and no node has run on this store.
    public func bundleRegions(
        for recipient: NodeID,
        asked: [String]?
    ) throws(ReportError) -> [String] {
        guard let grants = try bundleGrants() else {
            if let asked { return asked }
            throw ReportError(
                .usage,
                "it is not known which records \(recipient) may read: no node has run on this store",
                hint: "start the node with its grants, or name the regions: --regions REGION,…, or "
                    + "--regions '*' for all records"
            )
        }
        guard let granted = grants[recipient] else {
            throw ReportError(
                .notAllowed,
                "the bundle is for \(recipient), which has no grant here",
                hint:
                    "grant the key regions and the verb peer in the node's configuration, or name it "
                    + "under upstreams; then: systemctl restart reportd"
            )
        }
        guard let asked else { return granted }
        for region in asked where !BundleRules.covers(region, by: granted) {
            throw ReportError(
                .notAllowed,
                "the region \(region) is not granted to \(recipient)",
                hint: "it may read \(granted.joined(separator: ","))"
            )
        }
        return asked
    }
}
