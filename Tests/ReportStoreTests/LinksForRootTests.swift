import Glibc
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("Links in a store, and root")
struct LinksForRootTests {
    @Test(
        "root follows no link that the owner of a store has put into its folder",
        .enabled(if: getuid() == 0)
    )
    func linksForRoot() async throws {
        let folder = TemporaryFolder()
        let (path, prey) = (folder.path("store"), folder.path("prey"))
        let options = Store.Options(mapByteCount: 1 << 28)
        try Store.open(directory: path, options: options).close()
        chown(path, 65534, 65534)
        mkdir(prey, 0o700)
        let words = folder.path("prey/words")
        close(open(words, O_WRONLY | O_CREAT, 0o600))
        func check(_ comment: Comment) {
            var status = stat()
            #expect(stat(words, &status) == 0 && status.st_uid == 0, comment)
            #expect(status.st_size == 0, comment)
        }
        symlink(prey, path + "/search")
        NodeFiles.handOver(path)
        check("a folder")
        await expectFailure(.notAllowed) { _ = try Store.open(directory: path, options: options) }
        await expectFailure(.notAllowed) { _ = try Store.openReadOnly(directory: path) }
        unlink(path + "/search")
        link(words, path + "/hard")
        symlink(words, path + "/soft")
        NodeFiles.handOver(path)
        check("files")
        unlink(path + "/hard")
        #expect(rename(path + "/writer.lock", path + "/old") == 0)
        symlink(words, path + "/writer.lock")
        #expect(throws: ReportError.self) { _ = try Store.open(directory: path, options: options) }
        check("the lock")
        unlink(path + "/writer.lock")
        unlink(path + "/node.key")
        symlink(words, path + "/node.key.new")
        _ = try NodeFiles.loadOrCreateKey(in: path)
        check("the key")
        symlink(prey, path + "/.restore-1")
        try RestoreFolder.clear(path, isStore: true)
        var status = stat()
        #expect(lstat(path + "/.restore-1", &status) != 0, "the link is in nobody's way any more")
        symlink(prey, path + "/restore.1")
        FileProblem.removeFolder(path + "/restore.1")
        check("a restore")
    }
}
