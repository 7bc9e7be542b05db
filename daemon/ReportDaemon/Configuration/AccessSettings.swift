import ReportModel
import ReportSync
import ReportWire
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

    /// The loopback addresses without TLS.
    var plainAddresses: [String] {
        listeners.filter { $0.usesTLS != true && $0.address.isLoopbackName }
            .map(\.address.description)
    }

    mutating func readAccess(_ reader: SettingReader) {
        let list = reader.list
        if reader.isList("listen") {
            listeners = []
            for item in list.attempt(try reader.items("listen")) ?? [] {
                if let listener = list.attempt(try Self.listener(item)) {
                    listeners.append(listener)
                }
            }
        } else if let text = list.attempt(try reader.text("listen")) ?? nil,
            let address = list.attempt(try reader.address(text, setting: "listen"))
        {
            listeners = [Listener(address: address)]
        }
        if reader.isList("listen"), listeners.isEmpty {
            list.add(
                reader.fail(
                    "listen",
                    Words("an address is expected", "至少应有一个地址"),
                    example: "listen: 127.0.0.1:7323"
                )
            )
        }
        if let item = list.attempt(try reader.optionalMapping("tls")) ?? nil {
            tls = list.attempt(try Self.folders(item))
        }
        for item in list.attempt(try reader.mappings("upstreams")) ?? [] {
            guard item.isPresent("address") else {
                let upstream = list.attempt(try Self.carriedUpstream(item))
                if let upstream { carriedUpstreams.append(upstream) }
                continue
            }
            if let upstream = list.attempt(try Self.upstream(item)) { upstreams.append(upstream) }
        }
        if reader.isList("grants") {
            grantTable.read(list.attempt(try reader.mappings("grants")) ?? [])
        } else if let path = list.attempt(try reader.folder("grants")) ?? nil {
            grantsFile = path
            let inner = FaultList(path: path)
            grantTable = GrantTable(file: path, inner)
            for fault in inner.faults { list.add(fault) }
        }
        if tls?.authority != nil, grantsFile == nil {
            list.add(
                reader.fail(
                    "grants",
                    Words(
                        "with tls.authority the path of a file of its own is expected, where those who join "
                            + "are written",
                        "设置了 tls.authority 时，应为单独文件的路径，加入的单位将写入其中"
                    ),
                    example: "grants: /var/lib/reportd/grants.yaml"
                )
            )
        }
    }

    private static func folders(_ item: SettingReader) throws(ReportError) -> TLSFolders {
        try item.allow(["folder", "authority"])
        return TLSFolders(
            identity: try item.requiredFolder("folder", example: "/var/lib/reportd/identity"),
            authority: try item.folder("authority")
        )
    }

    private static func listener(_ item: ListItem) throws(ReportError) -> Listener {
        switch item {
        case .text(let text, let reader):
            return Listener(address: try reader.address(text, setting: "listen"))
        case .mapping(let reader):
            try reader.allow(["address", "tls"])
            let text = try reader.required("address", example: "127.0.0.1:7323")
            return Listener(
                address: try reader.address(text, setting: "address"),
                usesTLS: try reader.flag("tls")
            )
        }
    }

    /// An upstream without an address has a key, and nothing that is about connections.
    private static func carriedUpstream(
        _ item: SettingReader
    ) throws(ReportError) -> CarriedUpstream {
        try item.allow(["address", "key", "tls", "identity", "name", "direction"])
        for setting in ["tls", "identity", "direction"] where item.isPresent(setting) {
            throw item.fail(
                "address",
                Words("is missing: \(setting) is about connections", "缺少此项：\(setting) 只用于联网"),
                example: "address: 10.20.0.1:7324"
            )
        }
        let key = try item.required("key", example: "ed25519:…")
        return CarriedUpstream(
            key: try item.node(key, setting: "key"),
            name: try item.text("name")
        )
    }

    private static func upstream(_ item: SettingReader) throws(ReportError) -> Upstream {
        try item.allow(["address", "key", "tls", "identity", "name", "direction"])
        let address = try item.required("address", example: "10.20.0.1:7324")
        let key = try item.required("key", example: "ed25519:…")
        return Upstream(
            address: try item.address(address, setting: "address"),
            key: try item.node(key, setting: "key"),
            usesTLS: try item.flag("tls"),
            identity: try item.folder("identity"),
            name: try item.text("name"),
            direction: try item.direction()
        )
    }
}

extension NodeConfiguration.GrantTable {
    /// In place of a key: everybody on this machine.
    private static let loopbackKey = "loopback"

    /// Reads a file of grants: a list, as under `grants` of the configuration; nothing when it is empty or
    /// not there yet.
    /// - Parameter path: a YAML file.
    /// - Throws: ``ReportError`` `usage` that names line and setting.
    init(file path: String) throws(ReportError) {
        let list = FaultList(path: path)
        self.init(file: path, list)
        try list.throwIfAny()
    }

    /// Reads the text of a file of grants.
    /// - Parameters:
    ///   - text: YAML.
    ///   - path: where it stands, for errors.
    /// - Throws: ``ReportError`` `usage` that names line and setting.
    init(text: String, path: String) throws(ReportError) {
        let list = FaultList(path: path)
        self.init(text: text, list)
        try list.throwIfAny()
    }

    /// Reads a file of grants; faults go on a list of that file.
    init(file path: String, _ list: FaultList) {
        var text = ""
        do throws(ReportError) {
            text = try NodeConfiguration.read(path)
        } catch {
            if error.code != .notFound { list.add(error) }
        }
        self.init(text: text, list)
    }

    private init(text: String, _ list: FaultList) {
        self.init()
        guard let root = list.attempt(try NodeConfiguration.root(of: text, path: list.path)) ?? nil,
            root.null == nil
        else { return }
        let whole = Node([(Node("grants"), root)])
        let reader = SettingReader(whole, name: "", list: list)
        read(list.attempt(try reader.mappings("grants")) ?? [])
    }

    /// Takes the grants that can be read.
    mutating func read(_ items: [SettingReader]) {
        for item in items { _ = item.list.attempt(try take(item)) }
    }

    private mutating func take(_ item: SettingReader) throws(ReportError) {
        let twice = Words("a key stands twice", "公钥重复出现")
        if try item.text("key") == Self.loopbackKey {
            guard loopback == nil else { throw item.fail("key", twice) }
            let grant = try Self.rights(item)
            guard grant.rights == [.import] else {
                throw item.fail(
                    "verbs",
                    Words("for loopback only [import] is expected", "loopback 只能授予 [import]"),
                    example: "verbs: [import]"
                )
            }
            loopback = grant
            return
        }
        let node = try item.node(try item.required("key", example: "ed25519:…"), setting: "key")
        guard grants[node] == nil else { throw item.fail("key", twice) }
        grants[node] = try Self.rights(item)
    }

    private static func rights(_ item: SettingReader) throws(ReportError) -> Grant {
        try item.allow(["key", "name", "regions", "verbs", "direction"])
        var rights: Set<Grant.Right> = []
        for verb in try item.texts("verbs") {
            guard let right = Grant.Right(rawValue: verb) else {
                let words = Grant.Right.allCases.map(\.rawValue)
                throw item.fail(
                    "verbs",
                    Words(
                        "'\(verb)' is none of " + words.joined(separator: ", "),
                        "“\(verb)”不在可用权限之列：" + words.joined(separator: "、")
                    ),
                    instead: Spelling.nearest(to: verb, in: words).map {
                        Words("did you mean '\($0)'?", "是否应为“\($0)”？")
                    }
                )
            }
            rights.insert(right)
        }
        guard !rights.isEmpty || !item.isPresent("verbs") else {
            throw item.fail(
                "verbs",
                Words(
                    "an empty list grants nothing: take the key out, or name verbs",
                    "空列表不授予任何权限：请删去该公钥，或写明权限"
                )
            )
        }
        let regions = try item.texts("regions")
        guard !regions.isEmpty else {
            throw item.fail(
                "regions",
                Words("region paths are expected, or [\"*\"]", "应写明地区路径，或 [\"*\"]"),
                example: "regions: [湛江市/麻章区]"
            )
        }
        let granted = rights.isEmpty ? [.read, .peer] : rights
        guard granted.contains(.peer) || !item.isPresent("direction") else {
            throw item.misplacedDirection
        }
        return Grant(
            regions: regions,
            rights: granted,
            name: try item.text("name"),
            direction: try item.direction()
        )
    }
}

extension SettingReader {
    /// The setting `direction` of a peer: both ways when nothing is said.
    fileprivate func direction() throws(ReportError) -> Direction {
        guard let text = try text("direction") else { return .both }
        if let direction = Direction(rawValue: text) { return direction }
        let words = Direction.allCases.map(\.rawValue)
        throw fail(
            "direction",
            Words(
                "'\(text)' is none of " + words.joined(separator: ", "),
                "“\(text)”不在可用取值之列：" + words.joined(separator: "、")
            ),
            instead: Spelling.nearest(to: text, in: words).map {
                Words("did you mean '\($0)'?", "是否应为“\($0)”？")
            }
                ?? Words(
                    "push: send only; pull: take only; both",
                    "push：只发送；pull：只接收；both：双向"
                )
        )
    }

    /// A direction where nothing is replicated.
    fileprivate var misplacedDirection: ReportError {
        fail(
            "direction",
            Words("goes with the verb peer only", "仅与 peer 权限一同使用"),
            instead: Words("take it out", "请删去此项")
        )
    }
}

extension ListenAddress {
    /// Whether the host is written as the loopback address.
    var isLoopbackName: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
