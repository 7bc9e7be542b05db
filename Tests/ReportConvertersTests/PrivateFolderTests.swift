import Glibc
import ReportModel
import Testing

@testable import ReportConverters

@Suite("The private folder of a worker")
struct PrivateFolderTests {
    @Test("it is this user's alone and goes with its owner, whatever lies in it")
    func removed() throws {
        let base = try TestFolder()
        let scratch = ScratchSpace(base: base.path)
        let path = try scratch.folder().path
        var information = stat()
        #expect(stat(path, &information) == 0 && information.st_mode & 0o777 == 0o700)
        let inner = try scratch.folder().emptyFolder("a")
        try PrivateFolder.write([1, 2], to: "\(inner)/file")
        try PrivateFolder.write([3], to: "\(base.path)/kept")
        symlink(base.path, "\(inner)/link")
        mkdir("\(inner)/deep", 0o700)
        scratch.remove()
        #expect(access(path, F_OK) != 0)
        #expect(access("\(base.path)/kept", F_OK) == 0, "a link is not followed")
    }

    @Test("folders without an owner are removed, those in use and those of others are not")
    func leftovers() throws {
        let base = try TestFolder()
        let used = try PrivateFolder(base: base.path)
        let left = "\(base.path)/reportd-worker-left00"
        let fresh = "\(base.path)/reportd-worker-fresh0"
        let other = "\(base.path)/somebody-else"
        for path in [left, fresh, other] { mkdir(path, 0o700) }
        for path in [left, other] { try PrivateFolder.write([], to: "\(path)/lock") }
        symlink(other, "\(base.path)/reportd-worker-link00")
        ScratchSpace(base: base.path).removeLeftovers()
        #expect(access(left, F_OK) != 0)
        for path in [used.path, fresh, "\(other)/lock"] {
            #expect(access(path, F_OK) == 0, "\(path)")
        }
    }

    @Test("a result that is a link or too large is not read")
    func results() throws {
        let folder = try TestFolder()
        let file = "\(folder.path)/file"
        try PrivateFolder.write([UInt8](repeating: 7, count: 100), to: file)
        symlink(file, "\(folder.path)/link")
        mkfifo("\(folder.path)/pipe", 0o600)
        #expect(try PrivateFolder.read(file, maximumByteCount: 100)?.count == 100)
        #expect(try PrivateFolder.read("\(folder.path)/link", maximumByteCount: 100) == nil)
        #expect(try PrivateFolder.read("\(folder.path)/pipe", maximumByteCount: 100) == nil)
        let tooLarge = code { () throws(ReportError) in
            _ = try PrivateFolder.read(file, maximumByteCount: 99)
        }
        #expect(tooLarge == .tooLarge)
    }

    @Test("a base that cannot be written is a fault of the machine")
    func noBase() {
        let found = code { () throws(ReportError) in
            _ = try PrivateFolder(base: "/nonexistent/folder")
        }
        #expect(found == .internal)
    }
}
