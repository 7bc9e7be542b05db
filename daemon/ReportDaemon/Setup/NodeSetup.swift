import Glibc
import ReportClient
public import ReportModel
import ReportTLS

/// What `reportd init` makes: the configuration, the store with the node's key, the inbox.
public struct NodeSetup: Sendable {
    /// Where the package keeps a node's state.
    public static let usualStore = ReportServices.usualStore
    /// The inbox when nothing else is said.
    public static let usualInbox = "/var/spool/reportd/收件"

    /// Name of the node.
    public var name: String
    /// Region of the inbox: a path or a code.
    public var region: String
    /// The configuration.
    public var file = NodeConfiguration.usualPath
    /// Folder of the store.
    public var store = usualStore
    /// Folder that is watched; nil: none.
    public var inbox: String? = usualInbox
    /// Address at which other offices connect; nil: this node takes none.
    public var listen: String?
    /// The node that everything is sent to.
    public var upstream = Upstream.unsaid
    /// Who the node runs as.
    public var account: Account
    /// Where the unit of the package may be given further folders; nil: not looked at.
    public var unitFolder: String? = "/etc/systemd/system/reportd.service.d"
    /// The unit of the package.
    var unit = "/lib/systemd/system/reportd.service"

    /// What was made.
    public struct Outcome: Sendable {
        /// The node's public key.
        public var key: NodeID
        /// Whether systemd has to read its units anew.
        public var changedUnit: Bool
    }

    /// Takes what must be known.
    /// - Parameters:
    ///   - name: name of the node.
    ///   - region: region of the inbox.
    ///   - account: who the node runs as.
    public init(name: String, region: String, account: Account) {
        self.name = name
        self.region = region
        self.account = account
    }

    /// The region as records have it.
    /// - Parameter text: a path, a name or a code.
    /// - Returns: such as `湛江市/麻章区`.
    /// - Throws: ``ReportModel/ReportError`` `usage` when it is none, or several.
    public static func region(_ text: String) throws(ReportError) -> String {
        guard let found = Divisions.standard.resolve(text) else {
            throw ReportError(
                .usage,
                "no region is called '\(text)'",
                hint: "a path such as 湛江市/麻章区, or a code such as 440811"
            )
        }
        guard found.candidates.isEmpty, let city = found.city else {
            let names = found.candidates.prefix(8).map { region in
                [region.city, region.district].compactMap { $0 }.joined(separator: "/")
            }
            throw ReportError(
                .usage,
                "several regions are called '\(text)'",
                hint: "one of " + names.joined(separator: ", ")
            )
        }
        return [city, found.district].compactMap { $0 }.joined(separator: "/")
    }

    /// Makes everything; what is there already stays as it is.
    /// - Returns: the key of the node.
    /// - Throws: ``ReportModel/ReportError`` `conflict` when there is a configuration, `usage` when
    ///   something given cannot be meant; then nothing was made.
    public func make() throws(ReportError) -> Outcome {
        guard access(file, F_OK) != 0 else {
            throw ReportError(
                .conflict,
                "\(file) is there already; nothing was changed",
                hint: "reportd check-config \(file) looks it over"
            )
        }
        let text = try ConfigurationTemplate(self).text
        let configuration = try NodeConfiguration(text: text, path: file)
        try makeFolder(above(file), mode: 0o750, owner: (0, account.group))
        try makeFolder(above(store), mode: 0o750, owner: (account.user, account.group))
        try makeFolder(store, mode: 0o700, owner: (account.user, account.group))
        let key = try account.acting { () throws(ReportError) in
            try Daemon(configuration).nodeKey()
        }
        if let inbox {
            // Whoever is in the group may put files in; what is made inside has the same group.
            try makeFolder(inbox, mode: 0o2770, owner: (account.user, account.group))
        }
        let changedUnit = try widenUnit()
        try IdentityFile.write(Array(text.utf8), to: file, mode: 0o640, replaces: false)
        if geteuid() == 0 { chown(file, 0, account.group) }
        return Outcome(key: key, changedUnit: changedUnit)
    }

    /// Makes a folder and those above it; one that is there stays as it is.
    private func makeFolder(
        _ path: String,
        mode: UInt32,
        owner: (UInt32, UInt32)
    ) throws(ReportError) {
        var built = path.hasPrefix("/") ? "" : "."
        let steps = path.split(separator: "/")
        for (index, step) in steps.enumerated() {
            built += "/" + step
            let isLast = index == steps.count - 1
            guard mkdir(built, 0o755) == 0 else {
                guard errno == EEXIST else { throw IdentityFile.fault("make", built) }
                continue
            }
            guard isLast else {
                // Whatever the mask of who sets up: the node must get through.
                guard chmod(built, 0o755) == 0 else {
                    throw IdentityFile.fault("set mode of", built)
                }
                continue
            }
            if geteuid() == 0, chown(built, owner.0, owner.1) != 0 {
                throw IdentityFile.fault("hand over", built)
            }
            guard chmod(built, mode) == 0 else { throw IdentityFile.fault("set mode of", built) }
        }
    }

    private func above(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// Lets the unit of the package write to folders that it does not know.
    private func widenUnit() throws(ReportError) -> Bool {
        guard let unitFolder, access(unit, F_OK) == 0, geteuid() == 0 else { return false }
        // Identity, authority and grants lie beside the store.
        let state = above(store) == "/" ? store : above(store)
        let foreign = UnitFolders.foreign([state, inbox].compactMap { $0 })
        let path = unitFolder + "/folders.conf"
        guard !foreign.isEmpty, access(path, F_OK) != 0 else { return false }
        try makeFolder(unitFolder, mode: 0o755, owner: (0, 0))
        try IdentityFile.write(Array(UnitFolders.text(foreign).utf8), to: path, replaces: false)
        return true
    }
}

/// Folders that the unit of the package lets a node write to.
enum UnitFolders {
    /// Those that stand in the unit.
    static let known = [
        "/var/lib/reportd", "/var/spool/reportd", "/run/reportd", "/srv", "/mnt", "/media",
        "/backup",
        "/var/backups",
    ]

    /// The paths that lie in none of them.
    static func foreign(_ paths: [String]) -> [String] {
        paths.filter { path in !known.contains { (path + "/").hasPrefix($0 + "/") } }
    }

    /// Lines that let the unit write to further folders.
    static func text(_ paths: [String]) -> String {
        var lines = [
            "# Written by reportd: folders of the configuration outside those of the unit.",
            "[Service]",
        ]
        for path in paths {
            let quoted =
                "\"" + path.replacing("%", with: "%%").replacing("\"", with: "\\\"") + "\""
            if path.hasPrefix("/home/") || path.hasPrefix("/root/") {
                lines += ["ProtectHome=tmpfs", "BindPaths=-\(quoted)"]
            } else {
                lines.append("ReadWritePaths=-\(quoted)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
