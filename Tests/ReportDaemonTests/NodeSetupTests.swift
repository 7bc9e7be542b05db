import Glibc
import ReportModel
import Testing

@testable import ReportDaemon

@Suite("Setting up a node")
struct NodeSetupTests {
    private let folder = TestFolder()

    private func setup(name: String = "麻章区", region: String = "440811") -> NodeSetup {
        var setup = NodeSetup(name: name, region: region, account: .current)
        setup.file = folder.full("etc/reportd.yaml")
        setup.store = folder.full("state/store")
        setup.inbox = folder.full("收件 夹")
        setup.unitFolder = nil
        return setup
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? UInt32(status.st_mode) & 0o7777 : 0
    }

    @Test("a county gets a configuration without faults, a key, a store and an inbox")
    func county() throws {
        let setup = setup()
        let outcome = try setup.make()
        let (read, faults) = try NodeConfiguration.check(file: setup.file)
        #expect(faults.isEmpty)
        #expect(read?.name == "麻章区")
        #expect(read?.inboxes.first?.region == "湛江市/麻章区")
        #expect(read?.inboxes.first?.path == setup.inbox)
        #expect(read?.upstreams.isEmpty == true)
        let key = try Daemon(try NodeConfiguration(file: setup.file)).nodeKey()
        #expect(key == outcome.key)
        #expect(mode(setup.file) == 0o640)
        #expect(mode(setup.store) == 0o700)
        #expect(mode(setup.store + "/node.key") == 0o600)
        #expect(mode(folder.full("收件 夹")) == 0o2770)
    }

    @Test("a city gets the lines of its authority and the file of grants")
    func city() throws {
        var setup = setup(name: "湛江市", region: "湛江市")
        setup.listen = "10.20.0.1:7324"
        _ = try setup.make()
        let (read, faults) = try NodeConfiguration.check(file: setup.file)
        // What comes next: the authority, and the certificate of this node.
        #expect(faults.map(\.setting) == ["tls.folder", "tls.authority"])
        #expect(faults.first?.instead?.english.contains("reportctl pki init --authority") == true)
        #expect(read?.listeners.map(\.address.description) == ["127.0.0.1:7323", "10.20.0.1:7324"])
        #expect(read?.tls?.authority == folder.full("state/authority"))
        #expect(read?.grantsFile == folder.full("state/grants.yaml"))
        #expect(read?.inboxes.first?.region == "湛江市")
    }

    @Test("a node above is written as far as it is known; what is missing then is the certificate")
    func upstream() throws {
        let key = NodeKey().id.description
        let cases: [(address: String?, key: String?, listen: String?, joins: Bool, count: Int)] = [
            ("127.0.0.1:7400", key, nil, false, 1), ("10.20.0.1:7324", key, nil, true, 1),
            ("10.20.0.1:7324", nil, nil, true, 0), (nil, nil, nil, false, 0),
            ("10.20.0.1:7324", key, "10.30.0.1:7324", false, 1),
        ]
        for (number, wanted) in cases.enumerated() {
            var setup = setup()
            setup.file = folder.full("etc\(number)/reportd.yaml")
            setup.store = folder.full("state\(number)/store")
            setup.listen = wanted.listen
            setup.upstream =
                try wanted.address.map { address throws(ReportError) in
                    try NodeSetup.upstream(
                        address,
                        key: wanted.key,
                        takesOthers: wanted.listen != nil
                    )
                } ?? .absent
            #expect(setup.joinsByToken == wanted.joins, "\(wanted)")
            _ = try setup.make()
            let (read, faults) = try NodeConfiguration.check(file: setup.file)
            let isSecure = wanted.count == 1 && wanted.address != "127.0.0.1:7400"
            let missing = wanted.listen == nil ? ["tls.folder"] : ["tls.folder", "tls.authority"]
            #expect(faults.map(\.setting) == (isSecure ? missing : []), "\(wanted): \(faults)")
            let known = wanted.count == 0 ? [] : [wanted.address]
            #expect(read?.upstreams.map(\.address.description) == known)
            #expect((read?.tls != nil) == isSecure)
            let text = try #require(folder.text("etc\(number)/reportd.yaml"))
            if let address = wanted.address { #expect(text.contains(address), "\(text)") }
            #expect(text.contains("No node above") == (wanted.address == nil))
        }
        #expect(setup().joinsByToken, "nothing was said: a token may come")
    }

    @Test(
        "a node above that cannot be meant is refused",
        arguments: [
            ("10.20.0.1", nil), ("10.20.0.1:x", nil), ("a b:7324", nil),
            ("10.20.0.1:7324", "short"), ("127.0.0.1:7400", nil), ("", nil), ("10.20.0.1:0", nil),
        ] as [(String, String?)]
    )
    func wrongUpstream(address: String, key: String?) {
        do throws(ReportError) {
            _ = try NodeSetup.upstream(address, key: key, takesOthers: false)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .usage && error.hint != nil)
        }
    }

    @Test("nothing is written over, and a second setup changes nothing")
    func twice() throws {
        let setup = setup()
        _ = try setup.make()
        let before = folder.text("etc/reportd.yaml")
        do throws(ReportError) {
            _ = try setup.make()
            Issue.record("made twice")
        } catch {
            #expect(error.code == .conflict)
        }
        #expect(folder.text("etc/reportd.yaml") == before)
    }

    @Test(
        "what cannot be meant is refused before anything is made",
        arguments: ["没有县", "鼓楼区", ""]
    )
    func region(text: String) {
        let setup = setup(region: text)
        do throws(ReportError) {
            _ = try setup.make()
            Issue.record("accepted")
        } catch {
            #expect(error.code == .usage)
        }
        #expect(!folder.exists("etc"))
        #expect(!folder.exists("state"))
    }

    @Test(
        "names that YAML could misread are read back as they were given",
        arguments: ["null", "a: b # c", "- 甲", "\"引\" '号'", "2024", "true", "办公室（一）"]
    )
    func names(name: String) throws {
        let setup = setup(name: name)
        _ = try setup.make()
        #expect(try NodeConfiguration(file: setup.file).name == name)
    }

    @Test("folders outside those of the unit are named in a drop-in")
    func unitFolders() {
        let paths = ["/var/lib/reportd/store", "/srv/a", "/srvb", "/data/100% \"x\"", "/home/a/in"]
        #expect(UnitFolders.foreign(paths) == ["/srvb", "/data/100% \"x\"", "/home/a/in"])
        let text = UnitFolders.text(["/data/100% \"x\"", "/home/a/in"])
        #expect(text.contains("ReadWritePaths=-\"/data/100%% \\\"x\\\"\"\n"))
        #expect(text.contains("ProtectHome=tmpfs\nBindPaths=-\"/home/a/in\"\n"))
    }

    @Test("the folders that are known are those of the unit")
    func unit() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let unit = try #require(Patient.text(of: "\(root)/ops/package.d/reportd.service"))
        var written = ["/var/lib/reportd", "/run/reportd"]
        for line in unit.split(separator: "\n") where line.hasPrefix("ReadWritePaths=") {
            written += line.dropFirst("ReadWritePaths=".count).split(separator: " ")
                .map { String($0.drop { $0 == "-" }) }
        }
        #expect(written.sorted() == UnitFolders.known.sorted())
        #expect(unit.contains("StateDirectory=reportd\n"))
        #expect(unit.contains("RuntimeDirectory=reportd\n"))
    }
}
