import Glibc
import ReportAuthority
import ReportModel
import ReportTLS
import Testing

/// What root writes for a node belongs to the node.
@Suite("The owner of written files", .enabled(if: getuid() == 0, "only root can give files away"))
struct OwnerTests {
    private static let nobody: UInt32 = 65534
    private let place: TestAuthority

    init() throws { place = try TestAuthority() }

    private var folder: String { place.authority.folder }

    private func status(_ path: String) throws -> stat {
        var status = stat()
        try #require(lstat(path, &status) == 0)
        return status
    }

    @Test("a new file belongs to the owner of its folder, and so does a new folder")
    func new() throws {
        chown(folder, Self.nobody, Self.nobody)
        try IdentityFile.write([1], to: "\(folder)/a", mode: 0o600)
        #expect(try status("\(folder)/a").st_uid == Self.nobody)
        try IdentityFile.makeFolder("\(folder)/inner")
        #expect(try status("\(folder)/inner").st_uid == Self.nobody)
        rmdir("\(folder)/inner")
    }

    @Test("a file that replaces another has its owner and, unless told, its mode")
    func replaced() throws {
        try IdentityFile.write([1], to: "\(folder)/b", mode: 0o640)
        chown("\(folder)/b", 0, Self.nobody)
        try IdentityFile.write([2], to: "\(folder)/b")
        let after = try status("\(folder)/b")
        #expect(after.st_uid == 0)
        #expect(after.st_gid == Self.nobody)
        #expect(after.st_mode & 0o777 == 0o640)
    }

    @Test("a link that waits in the way is not followed")
    func link() throws {
        let victim = "\(folder)/victim"
        try IdentityFile.write([7], to: victim)
        symlink(victim, "\(folder)/c.new")
        #expect(throws: ReportError.self) { try IdentityFile.write([1], to: "\(folder)/c") }
        #expect(try IdentityFile.read(victim) == [7])
    }
}
