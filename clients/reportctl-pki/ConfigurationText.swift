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
    var tlsFolder: String? {
        hasSetting("tls") ? value("folder:", indent: "  ") : nil
    }

    private func value(_ name: String, indent: String) -> String? {
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(indent + name) {
            let rest = line.dropFirst(indent.count + name.count).drop { $0.isWhitespace }
            if let quote = rest.first, quote == "\"" || quote == "'" {
                let quoted = rest.dropFirst().prefix { $0 != quote }
                return quoted.isEmpty ? nil : String(quoted)
            }
            var bare = rest.prefix { $0 != "#" }
            while bare.last?.isWhitespace == true { bare.removeLast() }
            return bare.isEmpty ? nil : String(bare)
        }
        return nil
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
    static func lines(folder: String, address: String, node: NodeID, name: String) -> Lines {
        let host = address.prefix { $0 != ":" }
        let isLoopback = host == "localhost" || host.hasPrefix("127.") || address.hasPrefix("[::1]")
        return Lines(
            tls: ["tls:", "  folder: \(folder)"],
            upstreams: [
                "upstreams:", "  - address: \"\(address)\"", "    key: \(node)",
                "    name: \(JSONValue.string(name).canonicalText)",
            ] + (isLoopback ? ["    tls: true"] : [])
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
