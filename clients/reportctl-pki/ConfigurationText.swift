import ReportModel
import ReportTLS

/// A configuration as text: a few settings are read, and what is missing is added at its end.
///
/// Comments and everything else stay as they are; what the file says already is never changed.
struct ConfigurationText {
    /// Lines that a node needs after it has joined.
    struct Lines {
        var tls: [String]
        var upstreams: [String]
    }

    let path: String
    private let text: String

    init(_ path: String) throws(ReportError) {
        self.path = path
        guard let text = try IdentityFile.textIfAny(path) else {
            throw ReportError(.notFound, "there is no file \(path)")
        }
        self.text = text
    }

    /// The setting `store`.
    var store: String? { value("store:", indent: "") }

    /// The setting `tls.folder`.
    var tlsFolder: String? { tls("folder:") }

    /// Whether the file speaks of TLS in a way that is not understood here.
    var hasOtherTLS: Bool { hasSetting("tls") && tlsFolder == nil }

    /// Whether the node enrols others: the setting `tls.authority`.
    var hasAuthority: Bool { tls("authority:") != nil }

    /// A setting below `tls`, on a line of its own or in braces.
    private func tls(_ name: String) -> String? {
        guard hasSetting("tls") else { return nil }
        guard let braces = value("tls:", indent: ""), braces.hasPrefix("{") else {
            let lines = text.split(whereSeparator: \.isNewline).drop { !$0.hasPrefix("tls:") }
            for line in lines.dropFirst() {
                guard let first = line.first, first.isWhitespace || first == "#" else { return nil }
                let setting = line.drop { $0.isWhitespace }
                if setting.hasPrefix(name) { return Self.scalar(setting.dropFirst(name.count)) }
            }
            return nil
        }
        for item in braces.dropFirst().prefix(while: { $0 != "}" }).split(separator: ",") {
            let item = item.drop { $0.isWhitespace }
            guard item.hasPrefix(name) else { continue }
            return Self.scalar(item.dropFirst(name.count))
        }
        return nil
    }

    private func value(_ name: String, indent: String) -> String? {
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(indent + name) {
            return Self.scalar(line.dropFirst(indent.count + name.count))
        }
        return nil
    }

    /// What stands behind a name, without quotation marks and a comment; nil for nothing.
    private static func scalar(_ text: Substring) -> String? {
        let rest = text.drop { $0.isWhitespace }
        if let quote = rest.first, quote == "\"" || quote == "'" {
            let quoted = rest.dropFirst().prefix { $0 != quote }
            return quoted.isEmpty ? nil : String(quoted)
        }
        var bare = rest.prefix { $0 != "#" }
        while bare.last?.isWhitespace == true { bare.removeLast() }
        return bare.isEmpty ? nil : String(bare)
    }

    /// Whether the file has a setting with something in it.
    private func hasSetting(_ name: String) -> Bool {
        let lines = text.split(whereSeparator: \.isNewline).filter { line in
            !line.allSatisfy(\.isWhitespace) && line.first { !$0.isWhitespace } != "#"
        }
        guard let index = lines.firstIndex(where: { $0.hasPrefix(name + ":") }) else {
            return false
        }
        let isOpen = lines[index].dropFirst(name.count + 1).prefix { $0 != "#" }
            .allSatisfy(\.isWhitespace)
        guard isOpen else { return true }
        guard index + 1 < lines.count else { return false }
        return lines[index + 1].hasPrefix(" ") || lines[index + 1].hasPrefix("-")
    }

    /// The lines for an identity and its upstream.
    /// - Parameters:
    ///   - folder: of the node's identity.
    ///   - upstreamFolder: of the identity for this upstream alone, under another authority; nil: the node's.
    ///   - address: of the upstream.
    ///   - node: its key.
    ///   - name: its name.
    /// - Returns: the lines under `tls` and `upstreams`.
    static func lines(
        folder: String,
        upstreamFolder: String?,
        address: String,
        node: NodeID,
        name: String
    ) -> Lines {
        let host = address.prefix { $0 != ":" }
        let isLoopback = host == "localhost" || host.hasPrefix("127.") || address.hasPrefix("[::1]")
        return Lines(
            tls: ["tls:", "  folder: \(folder)"],
            upstreams: [
                "upstreams:", "  - address: \"\(address)\"", "    key: \(node)",
                "    name: \(JSONValue.string(name).canonicalText)",
            ] + (upstreamFolder.map { ["    identity: \($0)"] } ?? [])
                + (isLoopback ? ["    tls: true"] : [])
        )
    }

    /// Whether lines can be added: there are no other upstreams, and the identity is the same.
    func canTake(_ lines: Lines) -> Bool {
        !hasSetting("upstreams")
            && (!hasSetting("tls") || tlsFolder.map { "  folder: \($0)" } == lines.tls.last)
    }

    /// Whether the file names the same identity, and an upstream with the same address, key and TLS.
    func holds(_ lines: Lines) -> Bool {
        let settings = text.split(whereSeparator: \.isNewline).map { line in
            line.drop { $0.isWhitespace || $0 == "-" }
        }
        // All but the name, which people may change.
        let wanted = lines.upstreams.dropFirst().filter { !$0.hasPrefix("    name:") }.map { line in
            line.drop { $0.isWhitespace || $0 == "-" }
        }
        return tlsFolder.map { "  folder: \($0)" } == lines.tls.last
            && wanted.allSatisfy(settings.contains)
    }

    /// Adds lines at the end, and takes away the empty settings in whose place they are.
    func append(_ lines: Lines) throws(ReportError) {
        var kept = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        kept.removeAll { line in
            line.hasPrefix("upstreams:") || line.hasPrefix("tls:") && !hasSetting("tls")
        }
        while kept.last?.isEmpty == true { kept.removeLast() }
        kept.append("")
        if !hasSetting("tls") { kept += lines.tls }
        kept += lines.upstreams + [""]
        try IdentityFile.write(Array(kept.joined(separator: "\n").utf8), to: path)
    }
}

/// The private key of a node, in the folder of its store.
enum StoreKey {
    static func read(_ store: String) throws(ReportError) -> NodeKey {
        let path = "\(store)/node.key"
        let bytes: [UInt8]
        do throws(ReportError) {
            bytes = try IdentityFile.read(path, isSecret: true)
        } catch {
            guard error.code == .notFound else { throw error }
            throw ReportError(
                .notFound,
                "the node has no key yet at \(path)",
                hint: "reportd --config FILE --show-key makes store and key"
            )
        }
        let digits = String(decoding: bytes, as: UTF8.self).prefix { $0.isHexDigit }
        guard let secret = HexText.bytes(digits), let key = NodeKey(secret: secret) else {
            throw ReportError(.integrity, "\(path) is not a node's key")
        }
        return key
    }
}
