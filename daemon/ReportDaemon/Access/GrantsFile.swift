import Glibc
import ReportAuthority
import ReportModel
import ReportSync
import ReportTLS

/// The file of grants, to which those who join are added; people edit it meanwhile.
struct GrantsFile: Sendable {
    /// How often the file may change under the hand before it is given up.
    private static let maximumAttemptCount = 8
    private static let usualMode: UInt32 = 0o640

    /// Where it is.
    let path: String

    /// What tells one state of the file from another.
    private struct Stamp: Equatable {
        var mode = GrantsFile.usualMode
        var size: Int64 = -1
        var inode: UInt64 = 0
        var seconds = 0
        var nanoseconds = 0
    }

    private var stamp: Stamp {
        var status = stat()
        guard stat(path, &status) == 0 else { return Stamp() }
        return Stamp(
            mode: UInt32(status.st_mode) & 0o777,
            size: Int64(status.st_size),
            inode: UInt64(status.st_ino),
            seconds: Int(status.st_mtim.tv_sec),
            nanoseconds: Int(status.st_mtim.tv_nsec)
        )
    }

    /// Refuses a file to which no grant can be added, before a token is used for nothing.
    /// - Parameter node: who is to be added.
    /// - Throws: ``ReportError`` `conflict` that says what is wrong.
    func checkTakes(_ node: NodeID) throws(ReportError) {
        _ = try text(with: node, name: "-", regions: ["*"], verbs: ["read"])
    }

    /// Adds a grant, unless the key has one there.
    /// - Parameters:
    ///   - node: the key.
    ///   - name: of its holder.
    ///   - regions: of the grant.
    ///   - verbs: of the grant.
    /// - Throws: ``ReportError`` `conflict` when it cannot be added.
    func add(
        _ node: NodeID,
        name: String,
        regions: [String],
        verbs: [String]
    ) throws(ReportError) {
        for _ in 0..<Self.maximumAttemptCount {
            let before = stamp
            guard let text = try text(with: node, name: name, regions: regions, verbs: verbs)
            else { return }
            let isWritten = try IdentityFile.write(
                Array(text.utf8),
                to: path,
                mode: before.mode,
                isWanted: { stamp == before }
            )
            if isWritten { return }
        }
        throw ReportError(.conflict, "\(path) is being changed all the time")
    }

    /// The whole text with the grant added, which was read to be sure; nil when the key has one.
    private func text(
        with node: NodeID,
        name: String,
        regions: [String],
        verbs: [String]
    ) throws(ReportError) -> String? {
        var text = try IdentityFile.textIfAny(path) ?? ""
        let table = try NodeConfiguration.GrantTable(text: text, path: path)
        guard table.grants[node] == nil else { return nil }
        if table == NodeConfiguration.GrantTable() {
            // An empty list in brackets: nothing can be appended to it.
            text = text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { $0.filter { !$0.isWhitespace } != "[]" }.joined(separator: "\n")
        }
        if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        func list(_ texts: [String]) -> String {
            "[" + texts.map { JSONValue.string($0).canonicalText }.joined(separator: ", ") + "]"
        }
        text += "- key: \(node)\n"
        text += "  name: \(JSONValue.string(name).canonicalText)\n"
        text += "  regions: \(list(regions))\n  verbs: \(list(verbs))\n"
        var wanted = try? NodeConfiguration.GrantTable(text: text, path: path)
        let added = wanted?.grants[node]
        wanted?.grants[node] = nil
        guard added != nil, wanted == table else {
            throw ReportError(
                .conflict,
                "no grant can be added to \(path), so nobody can join",
                hint: "its list begins each line with `- key:`, with nothing in front of it"
            )
        }
        return text
    }
}
