public import ReportModel

/// Which nodes send bundles: when the last one came, unless they had a session since.
extension Store {
    private static let bundlePrefix = Array("reportd/bundle/".utf8)

    private static func bundleKey(_ sender: NodeID) -> [UInt8] { bundlePrefix + sender.key.bytes }

    /// When the last bundle of a node was taken; nil when it sent none, or had a session since.
    /// - Parameter sender: the node.
    /// - Returns: the time at this node.
    /// - Throws: ``ReportError`` when the store cannot be read.
    public func lastBundle(from sender: NodeID) throws(ReportError) -> Timestamp? {
        guard let bytes = try journalValue(Self.bundleKey(sender)), bytes.count == 8 else {
            return nil
        }
        return Timestamp(milliseconds: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Notes that a bundle of a node was taken now.
    func noteBundle(from sender: NodeID) async throws(ReportError) {
        let time = Timestamp.now.milliseconds
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * UInt64($0))) }
        try await writeJournal([.put(key: Self.bundleKey(sender), value: bytes)])
    }

    /// Forgets the last bundle of a node that has a session now; writes nothing when there is none.
    /// - Parameter sender: the node.
    /// - Throws: ``ReportError`` when the store cannot be written.
    public func forgetBundles(from sender: NodeID) async throws(ReportError) {
        guard try lastBundle(from: sender) != nil else { return }
        try await writeJournal([.delete(key: Self.bundleKey(sender))])
    }
}
