import Glibc
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
        let places = found.map { "\($0.line ?? 0) \($0.setting)" }
        #expect(
            places.sorted() == [
                "3 listen[1]", "5 inboxes[0].region", "6 inboxes[1].path", "7 inboxes[2].path",
                "9 upstreams[0]",
            ]
        )
    }

    @Test(
        "two listeners with one port are a fault, also the one for health, and TLS without a certificate",
        arguments: [
            ("listen: [127.0.0.1:7323, 127.0.0.1:7323]\n", "3 listen[1]"),
            ("listen:\n  - 127.0.0.1:7323\n  - {address: 'localhost:7323'}\n", "5 listen[1]"),
            ("listen: 127.0.0.1:7323\nhttp: 127.0.0.1:7323\n", "4 http"),
            ("http: 127.0.0.1:7323\n", "3 http"),
            ("listen: [{address: '127.0.0.1:7324', tls: true}]\n", "3 listen[0]"),
            ("listen: ['127.0.0.1:7323', '[::1]:7323']\n", nil),
            ("listen: [127.0.0.1:7323, 127.0.0.2:7323]\n", nil),
            ("listen: [127.0.0.1:0, 127.0.0.1:0]\n", nil),
        ] as [(String, String?)]
    )
    func ports(lines: String, place: String?) throws {
        let found = try faults("node: {name: 甲}\nstore: /s\n" + lines)
        #expect(found.map { "\($0.line ?? 0) \($0.setting)" } == (place.map { [$0] } ?? []))
        #expect(found.allSatisfy { $0.endsStart && $0.instead != nil })
    }

    @Test("a wildcard takes the port of every host of its kind")
    func wildcard() {
        func excludes(_ one: String, _ other: String) -> Bool {
            ListenAddress(host: one, port: 1).excludes(ListenAddress(host: other, port: 1))
        }
        #expect(excludes("0.0.0.0", "10.0.0.1") && excludes("10.0.0.1", "::"))
        #expect(excludes("::", "::1") && !excludes("0.0.0.0", "::1"))
        #expect(
            !ListenAddress(host: "::", port: 1).excludes(ListenAddress(host: "::1", port: 2))
        )
    }

    @Test(
        "inboxes in one another, or in or around a folder of the node, are a fault however they are written",
        arguments: [
            ("[{path: /in/a}, {path: /in/a/b}]", "[1]", "inside inboxes[0].path"),
            ("[{path: /in/a/b}, {path: //in/./a/}]", "[1]", "is inside this inbox"),
            ("[{path: /in}, {path: /in/}]", "[1]", "is inboxes[0].path as well"),
            ("[{path: /s/in}]", "[0]", "inside store"),
            ("[{path: /}]", "[0]", "is inside this inbox"),
            ("[{path: /backup}]", "[0]", "backup.folder, /backup/r, is inside this inbox"),
        ]
    )
    func nested(inboxes: String, place: String, words: String) throws {
        let found = try faults(
            "node: {name: 甲}\nstore: /s\ninboxes: \(inboxes)\nbackup: {folder: /backup/r}\n"
        )
        let told = found.first { $0.message.english.contains(words) }
        #expect(told?.setting == "inboxes\(place).path", "\(found)")
        #expect(told?.line == 3)
        #expect(told?.endsStart == true)
        let beside = "[{path: /in/a}, {path: /in/ab}, {path: /st}]"
        #expect(try faults("node: {name: 甲}\nstore: /s\ninboxes: \(beside)\n").isEmpty)
    }

    @Test("a roster that is missing or no table is told with its line, and ends no start")
    func roster() throws {
        let text = "node: {name: 甲}\nstore: /s\n"
        let path = folder.full("roster.csv")
        let missing = try faults(text + "roster: \(path)\naliases: \(folder.full("none"))\n")
        #expect(missing.map { "\($0.line ?? 0) \($0.setting)" } == ["3 roster", "4 aliases"])
        #expect(missing.allSatisfy { $0.message.english.contains("is not there") })
        #expect(missing.allSatisfy { !$0.endsStart && $0.instead != nil })
        _ = try NodeConfiguration(starting: folder.full("reportd.yaml"))
        folder.write("甲,乙\n1,2\n", to: "roster.csv")
        let odd = try faults(text + "roster: \(path)\n")
        #expect(odd.map(\.setting) == ["roster"])
        #expect(odd.first?.message.english.contains(path) == true)
    }

    @Test("a certificate or an authority that is missing is told with the command that makes it")
    func identity() throws {
        let (identity, authority) = (folder.full("identity"), folder.full("authority"))
        let text = "node: {name: 甲}\nstore: \(folder.full("store"))\n"
        let county = try faults(text + "tls: {folder: \(identity)}\n")
        #expect(county.map { "\($0.line ?? 0) \($0.setting)" } == ["3 tls.folder"])
        #expect(county.first?.instead?.english.contains("reportctl pki join") == true)
        #expect(throws: ReportError.self) {
            try NodeConfiguration(starting: folder.full("reportd.yaml"))
        }
        // Its key can be shown before it has a certificate.
        _ = try NodeConfiguration(file: folder.full("reportd.yaml"))
        let lines = "tls:\n  folder: \(identity)\n  authority: \(authority)\ngrants: /g.yaml\n"
        let city = try faults(text + lines)
        #expect(
            city.map { "\($0.line ?? 0) \($0.setting)" } == ["4 tls.folder", "5 tls.authority"]
        )
        #expect(city.first?.instead?.english.contains("pki init") == true)
        #expect(city.first?.instead?.english.contains("pki issue") == true)
        folder.makeFolder("authority")
        folder.makeFolder("identity")
        folder.makeFolder("store")
        folder.write("x", to: "store/node.key")
        folder.write("x", to: "identity/certificate.pem")
        let half = try faults(text + lines)
        #expect(half.map(\.setting) == ["tls.folder"])
        #expect(half.first?.message.english.contains("authority.pem") == true)
        #expect(half.first?.instead?.english.contains("pki init") == false)
        folder.write("x", to: "identity/authority.pem")
        #expect(try faults(text + lines).isEmpty)
        // A disk that is not mounted: a store made in its place would be another node.
        #expect(unlink(folder.full("store/node.key")) == 0)
        let absent = try faults(text + lines)
        #expect(absent.map(\.setting) == ["store"] && absent.first?.endsStart == true)
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
