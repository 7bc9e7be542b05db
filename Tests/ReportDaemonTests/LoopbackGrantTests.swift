import ReportModel
import ReportSync
import Testing

@testable import ReportDaemon

@Suite("The grant of the loopback address")
struct LoopbackGrantTests {
    private func configuration(_ grants: String) throws(ReportError) -> NodeConfiguration {
        let folder = TestFolder()
        folder.write("node: {name: 甲}\nstore: /s\ngrants:\n\(grants)", to: "reportd.yaml")
        return try NodeConfiguration(file: folder.full("reportd.yaml"))
    }

    @Test("import may be granted to the loopback address, beside keys")
    func read() throws {
        let text = "- {key: loopback, verbs: [import], regions: [湛江市/麻章区]}\n"
        let grant = try configuration(text).grantTable.loopback
        #expect(grant == Grant(regions: ["湛江市/麻章区"], rights: [.import]))
        #expect(try configuration("").grantTable.loopback == nil)
    }

    @Test(
        "what loopback cannot be granted is an error",
        arguments: [
            "- {key: loopback, verbs: [peer], regions: [\"*\"]}\n",
            "- {key: loopback, verbs: [import, erase], regions: [\"*\"]}\n",
            "- {key: loopback, regions: [\"*\"]}\n",
            "- {key: loopback, verbs: [import]}\n",
            "- {key: loopback, verbs: [import], regions: [a]}\n"
                + "- {key: loopback, verbs: [import], regions: [b]}\n",
        ]
    )
    func refused(text: String) {
        do throws(ReportError) {
            _ = try configuration(text)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .usage && error.message.contains("grants"), "\(error)")
        }
    }
}
