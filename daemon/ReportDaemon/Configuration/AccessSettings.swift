import ReportModel
import ReportSync
import Yams

/// The settings that say who may come in, and where: `listen`, `tls`, `upstreams`, `grants`.
extension NodeConfiguration {
    /// Where a node listens, and whether TLS is wanted there.
    struct Listener: Hashable, Sendable {
        var address: ListenAddress
        /// nil: TLS everywhere but at the loopback address.
        var usesTLS: Bool?
    }

    /// Folders of the node's identity.
    struct TLSFolders: Hashable, Sendable {
        /// Holds the certificate of the node and that of its authority.
        var identity: String
        /// Holds the authority itself, at the node that enrols others.
        var authority: String?
    }

    /// What is granted to whom.
    struct GrantTable: Hashable, Sendable {
        var grants = Grants()
        /// What anybody at the loopback address may do besides reading and handing in files.
        var loopback: Grant?
    }

    /// The address that the lock of the store names: one without TLS, when there is one.
    var holder: String {
        let plain = listeners.first { $0.usesTLS != true && $0.address.isLoopbackName }
        return (plain ?? listeners.first)?.address.description ?? ""
    }

    mutating func readAccess(_ reader: SettingReader) throws(ReportError) {
        if reader.isList("listen") {
            listeners = []
            for item in try reader.items("listen") { listeners.append(try Self.listener(item)) }
            guard !listeners.isEmpty else { throw reader.fail("listen", "an address is expected") }
        } else if let text = try reader.text("listen") {
            listeners = [Listener(address: try reader.address(text, setting: "listen"))]
        }
        if let item = try reader.optionalMapping("tls") {
            try item.allow(["folder", "authority"])
            tls = TLSFolders(
                identity: try item.folder("folder", isRequired: true) ?? "",
                authority: try item.folder("authority")
            )
        }
        for item in try reader.mappings("upstreams") { upstreams.append(try Self.upstream(item)) }
        if reader.isList("grants") {
            try grantTable.read(reader.mappings("grants"))
        } else if let path = try reader.folder("grants") {
            grantsFile = path
            grantTable = try GrantTable(file: path)
        }
        guard tls?.authority == nil || grantsFile != nil else {
            throw reader.fail(
                "grants",
                "with tls.authority the path of a file of its own is expected, where those who join are written"
            )
        }
    }

    private static func listener(_ item: ListItem) throws(ReportError) -> Listener {
        switch item {
        case .text(let text, let reader):
            return Listener(address: try reader.address(text, setting: "listen"))
        case .mapping(let reader):
            try reader.allow(["address", "tls"])
            return Listener(
                address: try reader.address(reader.required("address"), setting: "address"),
                usesTLS: try reader.flag("tls")
            )
        }
    }

    private static func upstream(_ item: SettingReader) throws(ReportError) -> Upstream {
        try item.allow(["address", "key", "tls"])
        return Upstream(
            address: try item.address(try item.required("address"), setting: "address"),
            key: try item.node(try item.required("key"), setting: "key"),
            usesTLS: try item.flag("tls")
        )
    }
}

extension NodeConfiguration.GrantTable {
    /// In place of a key: everybody on this machine.
    private static let loopbackKey = "loopback"

    /// Reads a file of grants: a list, as under `grants` of the configuration; nothing when it is empty or
    /// not there yet.
    /// - Parameter path: a YAML file.
    /// - Throws: ``ReportError`` `usage` that names the setting.
    init(file path: String) throws(ReportError) {
        let text: String
        do throws(ReportError) {
            text = try NodeConfiguration.read(path)
        } catch {
            guard error.code == .notFound else { throw error }
            self.init()
            return
        }
        try self.init(text: text, path: path)
    }

    /// Reads the text of a file of grants.
    /// - Parameters:
    ///   - text: YAML.
    ///   - path: where it stands, for errors.
    /// - Throws: ``ReportError`` `usage` that names the setting.
    init(text: String, path: String) throws(ReportError) {
        self.init()
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ReportError(.usage, "\(path) is not YAML: \(error)")
        }
        guard let root, root.null == nil else { return }
        let whole = Node([(Node("grants"), root)])
        try read(SettingReader(whole, path: path, name: "").mappings("grants"))
    }

    mutating func read(_ items: [SettingReader]) throws(ReportError) {
        for item in items {
            if try item.text("key") == Self.loopbackKey {
                guard loopback == nil else { throw item.fail("key", "a key stands twice") }
                let grant = try Self.rights(item)
                guard grant.rights == [.import] else {
                    throw item.fail("verbs", "for loopback only [import] is expected")
                }
                loopback = grant
                continue
            }
            let node = try item.node(try item.required("key"), setting: "key")
            guard grants[node] == nil else { throw item.fail("key", "a key stands twice") }
            grants[node] = try Self.rights(item)
        }
    }

    private static func rights(_ item: SettingReader) throws(ReportError) -> Grant {
        try item.allow(["key", "name", "regions", "verbs"])
        var rights: Set<Grant.Right> = []
        for verb in try item.texts("verbs") {
            guard let right = Grant.Right(rawValue: verb) else {
                let words = Grant.Right.allCases.map(\.rawValue).joined(separator: ", ")
                throw item.fail("verbs", "'\(verb)' is none of \(words)")
            }
            rights.insert(right)
        }
        guard !rights.isEmpty || !item.isPresent("verbs") else {
            throw item.fail(
                "verbs",
                "an empty list grants nothing: take the key out, or name verbs"
            )
        }
        let regions = try item.texts("regions")
        guard !regions.isEmpty else {
            throw item.fail("regions", "region paths are expected, or [\"*\"]")
        }
        return Grant(
            regions: regions,
            rights: rights.isEmpty ? [.read, .peer] : rights,
            name: try item.text("name")
        )
    }
}

extension ListenAddress {
    /// Whether the host is written as the loopback address.
    var isLoopbackName: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
