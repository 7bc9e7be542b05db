import Glibc
public import ReportModel

/// A user of this machine: the one that a node runs as.
public struct Account: Hashable, Sendable {
    /// The user that the package makes for nodes.
    public static let usualName = "reportd"

    /// Name, or the number when it has none.
    public var name: String
    /// Number of the user.
    public var user: UInt32
    /// Number of its own group.
    public var group: UInt32
    /// Numbers of all its groups.
    public var groups: Set<UInt32>
    /// Whether somebody may log in as it, as far as is known: users that run services have no shell.
    var isPerson = true

    /// Name of its own group, or the number when it has none.
    var groupName: String {
        guard let name = getgrgid(group)?.pointee.gr_name else { return String(group) }
        return String(cString: name)
    }

    /// The user of this process.
    public static var current: Account { Account(number: geteuid()) }

    /// Finds a user by name; nil when there is none.
    /// - Parameter name: such as `reportd`.
    public init?(name: String) {
        guard let entry = getpwnam(name) else { return nil }
        self.init(name, entry.pointee)
    }

    /// Takes a user by number.
    /// - Parameter number: such as that of a folder's owner.
    public init(number: UInt32) {
        guard let entry = getpwuid(number) else {
            self.init(name: String(number), user: number, group: getegid())
            return
        }
        let name = entry.pointee.pw_name.map { String(cString: $0) } ?? String(number)
        self.init(name, entry.pointee)
    }

    private init(_ name: String, _ entry: passwd) {
        // Before anything asks for another entry, which takes the place of this one.
        let shell = entry.pw_shell.map { String(cString: $0) } ?? ""
        self.init(name: name, user: entry.pw_uid, group: entry.pw_gid)
        isPerson = !shell.hasSuffix("/nologin") && !shell.hasSuffix("/false")
    }

    private init(name: String, user: UInt32, group: UInt32) {
        self.name = name
        self.user = user
        self.group = group
        var count: Int32 = 64
        var found = [gid_t](repeating: 0, count: Int(count))
        let result = getgrouplist(name, group, &found, &count)
        groups = Set(result < 0 ? [group] : found.prefix(Int(count)).map { UInt32($0) } + [group])
    }

    /// Whether this user can enter every folder above a path, and use it in the wanted way.
    /// - Parameters:
    ///   - path: an absolute path.
    ///   - wanted: `R_OK`, `W_OK` and `X_OK` together.
    /// - Returns: the first path that keeps it out; nil when none does.
    func obstacle(at path: String, wanted: Int32) -> String? {
        guard user != 0 else { return nil }
        var built = ""
        let steps = path.split(separator: "/")
        for (index, step) in steps.enumerated() {
            built += "/" + step
            let isLast = index == steps.count - 1
            guard allows(built, isLast ? wanted : X_OK) else { return built }
        }
        return nil
    }

    private func allows(_ path: String, _ wanted: Int32) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        let shift: UInt32 =
            status.st_uid == user ? 6 : groups.contains(UInt32(status.st_gid)) ? 3 : 0
        let bits = (UInt32(status.st_mode) >> shift) & 7
        return bits & UInt32(wanted) == UInt32(wanted)
    }

    /// Does something with the rights of this user, so that what is made is its own.
    /// - Parameter body: what is done.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; ``ReportModel/ReportError`` `not-allowed` when this process may not
    ///   become the user.
    public func acting<Result>(
        _ body: () throws(ReportError) -> Result
    ) throws(ReportError) -> Result {
        let isOther = try begin()
        defer { if isOther { Self.end() } }
        return try body()
    }

    /// Does something with the rights of this user; meanwhile the whole process has them.
    /// - Parameter body: what is done.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; ``ReportModel/ReportError`` `not-allowed` when this process may not
    ///   become the user.
    func acting<Result>(
        _ body: () async throws(ReportError) -> Result
    ) async throws(ReportError) -> Result {
        let isOther = try begin()
        defer { if isOther { Self.end() } }
        return try await body()
    }

    private func begin() throws(ReportError) -> Bool {
        guard geteuid() == 0, user != 0 else { return false }
        guard setegid(group) == 0, seteuid(user) == 0 else {
            throw ReportError(.notAllowed, "this process cannot act as \(name)")
        }
        return true
    }

    private static func end() {
        _ = seteuid(0)
        _ = setegid(getgid())
    }
}
