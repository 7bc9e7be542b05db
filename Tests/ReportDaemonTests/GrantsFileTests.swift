import Glibc
import ReportModel
import ReportSync
import Testing

@testable import ReportDaemon

@Suite("The file of grants")
struct GrantsFileTests {
    private let folder = TestFolder()
    private let node = NodeKey().id

    private var file: GrantsFile { GrantsFile(path: folder.full("grants.yaml")) }

    private func table() throws(ReportError) -> NodeConfiguration.GrantTable {
        try NodeConfiguration.GrantTable(file: file.path)
    }

    private func add() throws(ReportError) {
        try file.checkTakes(node)
        try file.add(node, name: "麻章区", regions: ["湛江市/麻章区"], verbs: ["peer"])
    }

    @Test(
        "a grant is added to a list, to an empty file or list, and after a line without an end",
        arguments: [
            "", "# nobody yet\n[]\n", "- {key: loopback, verbs: [import], regions: [\"*\"]}",
        ]
    )
    func added(text: String) throws {
        folder.write(text, to: "grants.yaml")
        #expect(chmod(file.path, 0o600) == 0)
        try add()
        let grant = Grant(regions: ["湛江市/麻章区"], rights: [.peer], name: "麻章区")
        #expect(try table().grants[node] == grant)
        var status = stat()
        #expect(stat(file.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600, "its owner's choice")
        try add()
        #expect(try table().grants[node] == grant)
    }

    @Test(
        "a list to which no lines can be added is refused and stays as it is",
        arguments: [
            "[{key: loopback, verbs: [import], regions: [\"*\"]}]\n",
            "  - {key: loopback, verbs: [import], regions: [\"*\"]}\n",
            "- {key: loopback, verbs: [import], regions: [\"*\"]}\n...\n",
        ]
    )
    func refused(text: String) throws {
        folder.write(text, to: "grants.yaml")
        var found: ReportError?
        do throws(ReportError) {
            try add()
        } catch {
            found = error
        }
        #expect(found?.code == .conflict, "\(String(describing: found))")
        #expect(try table().grants[node] == nil)
    }

    @Test("an empty list of verbs grants nothing, and is told as an error", arguments: ["[]", ""])
    func noVerbs(verbs: String) {
        let text = "- {key: \"\(node)\", regions: [\"*\"], verbs: \(verbs)}\n"
        var found: ReportError?
        do throws(ReportError) {
            _ = try NodeConfiguration.GrantTable(text: text, path: "grants.yaml")
        } catch {
            found = error
        }
        #expect(found?.code == .usage)
        #expect(found?.message.contains("verbs") == true)
    }
}
