import ReportModel
import Testing

@testable import ReportDaemon

@Suite("Faults of a configuration")
struct ConfigurationFaultTests {
    private let folder = TestFolder()

    private func faults(_ text: String) throws(ReportError) -> [ConfigurationFault] {
        folder.write(text, to: "reportd.yaml")
        return try NodeConfiguration.check(file: folder.full("reportd.yaml")).faults
    }

    @Test("every fault is told at once, with its line")
    func all() throws {
        let found = try faults(
            """
            node:
              name: 甲
              nmae: 乙
            store: /s
            listen: here
            inboxes:
              - path: relative
              - path: /in
                regoin: 麻章区
            upstreams:
              - address: 127.0.0.1:1
                key: short
            workers: many
            log: xml
            verify: {every: 7 days}
            disk:
              full: 12
            grants:
              - key: loopback
                regions: ["*"]
                verbs: [read]
            """
        )
        let places = found.map { "\($0.line ?? 0) \($0.setting)" }
        #expect(
            places == [
                "3 node.nmae", "5 listen", "7 inboxes[0].path", "9 inboxes[1].regoin",
                "12 upstreams[0].key", "13 workers", "14 log", "15 verify.every", "17 disk.full",
                "21 grants[0].verbs",
            ]
        )
        #expect(found.allSatisfy { !$0.message.english.isEmpty && !$0.message.chinese.isEmpty })
        #expect(found[0].instead?.english.contains("'name'") == true)
        #expect(found[3].instead?.english.contains("'region'") == true)
    }

    @Test("what is missing is told with the line of what lacks it")
    func missing() throws {
        let found = try faults("node:\n  name:\ninboxes:\n  - region: 湛江市/麻章区\n")
        #expect(found.map(\.setting).sorted() == ["inboxes[0].path", "node.name", "store"])
        #expect(found.first { $0.setting == "node.name" }?.line == 2)
        #expect(found.first { $0.setting == "inboxes[0].path" }?.line == 4)
    }

    @Test(
        "what is no YAML is told with the line",
        arguments: [("a: [\n", 2), ("a: 1\n\tb: 2\n", 2)]
    )
    func syntax(text: String, line: Int) throws {
        let found = try faults(text)
        #expect(found.count == 1)
        #expect(found.first?.line == line)
    }

    @Test("what a start would stumble over later is told too")
    func later() throws {
        let found = try faults(
            """
            node: {name: 甲}
            store: /s
            listen: [127.0.0.1:7323, 192.0.2.1:7324]
            inboxes:
              - {path: /in, region: 鼓楼区}
              - {path: /in}
              - {path: /s/in}
            upstreams:
              - {address: 192.0.2.2:7324, key: \(NodeKey().id)}
            """
        )
        #expect(
            found.map(\.setting).sorted() == [
                "inboxes", "inboxes", "inboxes", "listen", "upstreams",
            ]
        )
    }

    @Test("a store in a database wants a folder, and full backups alone")
    func database() throws {
        let url = "postgresql://reportd:secret@db1,db2/reportd"
        let text = "node: {name: 甲}\nstore: \(url)\n"
        #expect(try faults(text).map(\.setting) == ["folder"])
        #expect(try faults(text + "folder: /s\n").isEmpty)
        let backup = "backup: {folder: /b, full: 7d}\n"
        let found = try faults(text + "folder: /s\n" + backup)
        #expect(found.map(\.setting) == ["backup.full"])
        #expect(try faults("node: {name: 甲}\nstore: /s\n" + backup).isEmpty)
        let without = try faults("node: {name: 甲}\nstore: /s\nfolder: /t\n")
        #expect(without.map(\.setting) == ["folder"])
        folder.write(text + "folder: /s\n", to: "reportd.yaml")
        let read = try NodeConfiguration(file: folder.full("reportd.yaml"))
        #expect(read.store == "/s")
        #expect(read.database != nil)
    }

    @Test("the start of a node names the first fault by line and says how many more there are")
    func start() throws {
        folder.write("node: {name: 甲}\nstore: /s\nworkers: 0\nlog: xml\n", to: "reportd.yaml")
        do throws(ReportError) {
            _ = try NodeConfiguration(file: folder.full("reportd.yaml"))
            Issue.record("accepted")
        } catch {
            #expect(error.message.contains("reportd.yaml:3: workers"))
            #expect(error.message.contains("1 more"))
            #expect(error.hint?.contains("check-config") == true)
        }
    }

    @Test("faults of the file of grants are told with its own lines")
    func grantsFile() throws {
        folder.write("- key: loopback\n  regions: ['*']\n  verbs: [reed]\n", to: "grants.yaml")
        let found = try faults(
            "node: {name: 甲}\nstore: /s\ngrants: \(folder.full("grants.yaml"))\n"
        )
        #expect(found.map(\.path) == [folder.full("grants.yaml")])
        #expect(found.first?.line == 3)
        #expect(found.first?.instead?.english.contains("'read'") == true)
    }

    @Test("the example of the repository has no fault")
    func sample() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        #expect(try NodeConfiguration.check(file: "\(root)/ops/reportd.yaml").faults.isEmpty)
    }

    @Test(
        "a word that is near a known one is suggested, one that is far is not",
        arguments: [("regoin", "region"), ("pth", "path"), ("unitt", "unit"), ("colour", nil)]
            as [(String, String?)]
    )
    func spelling(word: String, meant: String?) {
        #expect(Spelling.nearest(to: word, in: ["path", "year", "region", "unit"]) == meant)
    }
}
