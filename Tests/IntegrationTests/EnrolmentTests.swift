import Glibc
import ReportAuthority
import ReportModel
import ReportTLS
import ReportWire
import Testing

extension IntegrationTests {
    /// A city enrols a county and a client with the commands of the manual.
    @Suite struct Enrolment {
        private let root: TestFolder
        private let city: SecureCity
        private let county: NodeProcess

        init() throws {
            root = try TestFolder()
            city = try SecureCity(in: root)
            county = try NodeProcess("麻章区", in: root, inboxRegion: "湛江市/麻章区")
            try city.node.start()
        }

        private func token(_ arguments: String...) throws -> String {
            let run = try CommandRun.reportctl(
                ["pki", "token", "--authority", city.authority.folder, "--address", city.address]
                    + arguments
            )
            guard run.status == 0 else { throw TestFailure("pki token: \(run)") }
            return String(run.output.prefix { $0 != "\n" })
        }

        @Test(
            "one token enrols a county: certificate, grant, configuration, and its reports arrive"
        )
        func enrolCounty() throws {
            let token = try token("--name", "麻章区", "--region", "440811")
            let early = try CommandRun.reportctl([
                "pki", "join", token, "--config", county.configuration,
            ])
            #expect(early.status == 3, "the node has no key yet: \(early)")
            _ = try county.showKey()
            let run = try CommandRun.reportctl([
                "pki", "join", token, "--config", county.configuration,
            ])
            #expect(run.status == 0, "\(run)")
            let grants = try Disk.text(city.grants)
            #expect(grants.contains(try county.showKey()))
            #expect(grants.contains("湛江市/麻章区"))
            try county.start()
            try county.drop(Documents.numbered(3).text, as: "三.txt")
            _ = try county.awaitFile("已接收/三.txt.回执.txt") { $0.contains("市级已收到") }
            #expect(try city.node.ctl("get", "2017/麻章区").status == 0)
            let certificate = try county.ctl("status", "-o", "json").json()["certificate"]
            #expect(certificate?["name"] == "麻章区")
            #expect(certificate?["warning"] == JSONValue.null)

            let again = try CommandRun.reportctl([
                "pki", "join", token, "--folder", "\(root.path)/thief", "--client",
            ])
            #expect(again.status == 7)
            #expect(again.errors.contains("used already"))
            #expect(try county.terminate() == 0)
        }

        @Test(
            "a city with an authority of its own joins a province, keeps its counties, and passes their reports on"
        )
        func enrolCity() throws {
            let province = try SecureCity("广东省", in: root)
            try province.node.start()
            let made = try CommandRun.reportctl([
                "pki", "token", "--authority", province.authority.folder, "--address",
                province.address, "--name", "湛江市", "--region", "湛江市",
            ])
            #expect(made.status == 0, "\(made)")
            let join = [
                "pki", "join", String(made.output.prefix { $0 != "\n" }), "--config",
                city.node.configuration,
            ]
            let own = "\(city.node.folder)/identity"
            let before = try Disk.text("\(own)/authority.pem")
            // However the configuration is indented, and however the folder is written.
            let configuration = try Disk.text(city.node.configuration)
            try Disk.write(
                configuration.replacing("\n  folder:", with: "\n    folder:")
                    .replacing("\n  authority:", with: "\n    authority:"),
                to: city.node.configuration
            )
            for folder in [own, own + "/"] {
                let refused = try CommandRun.reportctl(join + ["--folder", folder])
                #expect(refused.status == 7, "\(refused)")
                #expect(refused.errors.contains("leave out --folder"), "\(refused)")
            }
            let joined = try CommandRun.reportctl(join)
            #expect(joined.status == 0, "\(joined)")
            #expect(try Disk.text("\(own)/authority.pem") == before)
            #expect(try Disk.text(city.node.configuration).contains("    identity: \(own)-"))
            let sound = try CommandRun.reportd(["check-config", city.node.configuration])
            #expect(sound.status == 0, "\(sound)")

            _ = try county.showKey()
            let enrolled = try CommandRun.reportctl([
                "pki", "join", try token("--name", "麻章区", "--region", "440811"), "--config",
                county.configuration,
            ])
            #expect(enrolled.status == 0, "\(enrolled)")
            #expect(try city.node.terminate() == 0)
            try city.node.start()
            try county.start()
            try county.drop(Documents.numbered(3).text, as: "三.txt")
            try eventually("the report at the province; \(city.node.shownLog)") {
                () throws -> Void? in
                try province.node.ctl("get", "2017/麻章区").status == 0 ? () : nil
            }
            // SIGHUP reads both identities anew, and ends neither session.
            try city.reload()
            #expect(try city.peerCount() == 2)
            for node in [county, city.node, province.node] { #expect(try node.terminate() == 0) }
        }

        @Test("an enrolled county is restored by the lines of the manual, and files on as before")
        func restoreCounty() throws {
            _ = try county.showKey()
            let token = try token("--name", "麻章区", "--region", "440811")
            let joined = try CommandRun.reportctl([
                "pki", "join", token, "--config", county.configuration,
            ])
            #expect(joined.status == 0, "\(joined)")
            let key = try county.showKey()
            try county.start()
            try county.drop(Documents.numbered(3).text, as: "三.txt")
            _ = try county.awaitFile("已接收/三.txt.回执.txt") { $0.contains("市级已收到") }
            let backup = "\(root.path)/backup"
            let made = try CommandRun.reportctl(["backup", backup, "--store", county.store])
            #expect(made.status == 0, "\(made)")
            // What came after the backup is at the city alone.
            try county.drop(Documents.numbered(14).text, as: "四.txt")
            _ = try county.awaitFile("已接收/四.txt.回执.txt") { $0.contains("市级已收到") }
            #expect(try county.terminate() == 0)

            let old = county.store + ".old"
            #expect(rename(county.store, old) == 0)
            let bare = try CommandRun.reportctl(["restore", backup, "--store", county.store])
            #expect(bare.status == 3, "another node is not made unasked: \(bare)")
            let restored = try CommandRun.reportctl([
                "restore", backup, "--store", county.store, "--key", "\(old)/node.key",
            ])
            #expect(restored.status == 0, "\(restored)")
            #expect(!restored.output.contains("another node"), "\(restored)")
            #expect(try county.showKey() == key)
            try county.start()
            _ = try eventually("the rest of the old log; \(county.shownLog)") {
                try county.ctl("list", "-o", "json").json()["rows"]?.arrayValue?.count == 2
                    ? true : nil
            }
            try county.drop(Documents.numbered(25).text, as: "五.txt")
            _ = try county.awaitFile("已接收/五.txt.回执.txt") { $0.contains("市级已收到") }
            for node in [county, city.node] {
                let logs = try node.ctl("status", "-o", "json").json()["logs"]?.arrayValue ?? []
                #expect(logs.allSatisfy { $0["forked"] == false }, "\(node.name)")
                #expect(try node.ctl("verify").status == 0)
            }
            let doctor = try CommandRun.reportctl(
                ["doctor", "--config", county.configuration, "-o", "json"]
            )
            let checks = try doctor.json()["checks"]?.arrayValue ?? []
            for word in ["certificate", "upstream", "store"] {
                let found = checks.filter { $0["check"]?.stringValue == word }
                #expect(!found.isEmpty && found.allSatisfy { $0["level"] == "ok" }, "\(doctor)")
            }
            #expect(try county.terminate() == 0)
            #expect(try city.node.terminate() == 0)

            // A disk that is not mounted: no other node is made in its place.
            #expect(rename(county.store, old + ".disk") == 0)
            for arguments in [
                ["--config", county.configuration, "--show-key"],
                ["--config", county.configuration], ["check-config", county.configuration],
            ] {
                let run = try CommandRun.reportd(arguments)
                #expect(run.status != 0, "\(run)")
                #expect(
                    (run.errors + run.output).contains("holds no store"),
                    "\(arguments): \(run)"
                )
            }
            #expect(!Disk.exists("\(county.store)/node.key"))
        }

        @Test(
            "a file of grants is never made unreadable: an empty list is replaced, a list in brackets kept"
        )
        func grantsInBrackets() throws {
            try Disk.write("# Nobody yet.\n[]\n", to: city.grants)
            func join(_ name: String) throws -> CommandRun {
                let token = try CommandRun.reportctl([
                    "pki", "token", "--authority", city.authority.folder, "--address", city.address,
                    "--client", "--name", name, "--region", "*",
                ])
                return try CommandRun.reportctl([
                    "pki", "join", String(token.output.prefix { $0 != "\n" }), "--client",
                    "--folder", "\(root.path)/\(name)",
                ])
            }
            let first = try join("甲")
            #expect(first.status == 0, "\(first)")
            let text = try Disk.text(city.grants)
            #expect(text.hasPrefix("# Nobody yet.\n- key: "))
            let list = "[{key: \"\(NodeKey().id)\", regions: [\"*\"], verbs: [read]}]\n"
            try Disk.write(list, to: city.grants)
            let second = try join("乙")
            #expect(second.status == 4, "\(second)")
            #expect(second.errors.contains("no grant can be added"))
            #expect(try Disk.text(city.grants) == list)
        }

        @Test("a region that no table has is told when the token is made")
        func unknownRegion() throws {
            for (region, isUnknown) in [("湛江市/不存在区", true), ("湛江市/麻章区", false)] {
                let run = try CommandRun.reportctl([
                    "pki", "token", "--authority", city.authority.folder, "--address",
                    city.address, "--name", "甲", "--region", region,
                ])
                #expect(run.status == 0, "\(run)")
                #expect(run.errors.contains("in no table of divisions") == isUnknown, "\(run)")
            }
        }

        @Test("tokens of another authority, changed ones and old ones give nothing")
        func badTokens() throws {
            let token = try token("--name", "路人", "--region", "*", "--client")
            let parts = token.split(separator: "/").map(String.init)
            let zeros = String(repeating: "0", count: 64)
            for (text, status) in [
                (token.replacing(parts[3], with: zeros), 7),
                (token.replacing(parts[5], with: zeros), 7),
                (String(token.dropLast()), 2), ("", 2),
            ] as [(String, Int32)] {
                let run = try CommandRun.reportctl([
                    "pki", "join", text, "--client", "--folder", "\(root.path)/x",
                ])
                #expect(run.status == status, "\(run)")
            }
            #expect(!Disk.exists("\(root.path)/x/certificate.pem"))
            let run = try CommandRun.reportctl([
                "pki", "join", token, "--client", "--folder", "\(root.path)/x",
            ])
            #expect(run.status == 0, "\(run)")
        }

        @Test("a used token brings back neither a withdrawn grant nor a revoked certificate")
        func usedToken() throws {
            let token = try token("--name", "路人", "--region", "*", "--client")
            let folder = "\(root.path)/路人"
            func join() throws -> CommandRun {
                try CommandRun.reportctl([
                    "pki", "join", token, "--client", "--folder", folder,
                ])
            }
            #expect(try join().status == 0)
            #expect(try Disk.text(city.grants).contains("路人"))
            try Disk.write("", to: city.grants)
            let again = try join()
            #expect(again.status == 0, "an answer may be lost: \(again)")
            #expect(try Disk.text(city.grants).isEmpty)
            let revoked = try CommandRun.reportctl([
                "pki", "revoke", "路人", "--authority", city.authority.folder,
            ])
            #expect(revoked.status == 0, "\(revoked)")
            let last = try join()
            #expect(last.status == 7, "\(last)")
            let list = try Disk.text("\(city.authority.folder)/revoked")
            try Disk.write(list, to: "\(folder)/revoked")
            let own = try CommandRun.reportctl([
                "list", "--node", city.address, "--identity", folder,
            ])
            #expect(own.status == 7, "\(own)")
            #expect(own.errors.contains("was revoked at") && own.errors.contains("pki join"))
            #expect(try city.authority.issued().count == 2)
            #expect(try Disk.text(city.grants).isEmpty)
        }

        @Test("nobody joins while the file of grants takes no more lines, and the token is kept")
        func flowList() throws {
            let token = try token("--name", "路人", "--region", "*", "--client")
            let arguments = ["pki", "join", token, "--client", "--folder", "\(root.path)/路人"]
            let list = "[{key: \"\(NodeKey().id)\", regions: [\"*\"], verbs: [read]}]\n"
            try Disk.write(list, to: city.grants)
            let refused = try CommandRun.reportctl(arguments)
            #expect(refused.errors.contains("no grant can be added"), "\(refused)")
            try Disk.write("", to: city.grants)
            #expect(try CommandRun.reportctl(arguments).status == 0)
        }

        @Test("a client asks and reviews with its key, and the log says who it was")
        func enrolClient() throws {
            let path = "\(root.path)/report.txt"
            try Disk.write(Documents.report(unit: "湛江市麻章区红星小学", year: 2023), to: path)
            #expect(try city.node.ctl("submit", path).status == 0)
            let token = try token(
                "--name",
                "审核员张",
                "--region",
                "*",
                "--client",
                "--verbs",
                "read,review"
            )
            let folder = "\(root.path)/张"
            let joined = try CommandRun.reportctl([
                "pki", "join", token, "--client", "--folder", folder,
            ])
            #expect(joined.status == 0, "\(joined)")
            func ask(_ arguments: String...) throws -> CommandRun {
                try CommandRun.reportctl(
                    arguments + ["--node", city.address],
                    environment: ["REPORTCTL_IDENTITY": folder]
                )
            }
            #expect(try ask("get", "2023/麻章区", "--field", "score").output == "97\n")
            let review = try ask("review", "2023/麻章区", "--approve", "--by", "别人")
            #expect(review.status == 0, "\(review)")
            let history = try ask("history", "2023/麻章区", "-o", "json")
            #expect(history.output.contains("审核员张 (ed25519:"))
            #expect(!history.output.contains("别人"))
            let submit = try ask("submit", path)
            #expect(submit.status == 7, "\(submit)")
            #expect(submit.errors.contains("verb submit"))

            let renewed = try CommandRun.reportctl([
                "pki", "renew", "--folder", folder, "--node", city.address,
            ])
            #expect(renewed.status == 0, "\(renewed)")
            #expect(chmod("\(folder)/key.pem", 0o644) == 0)
            let open = try ask("list")
            #expect(open.status == 7)
            #expect(open.errors.contains("chmod 600"))
        }

        @Test(
            "the Python client comes in under TLS with the folder of an identity, and is refused without"
        )
        func pythonClient() throws {
            let path = "\(root.path)/report.txt"
            try Disk.write(Documents.report(unit: "湛江市麻章区红星小学", year: 2023), to: path)
            #expect(try city.node.ctl("submit", path).status == 0)
            let token = try token("--name", "分析员", "--region", "*", "--client")
            let folder = "\(root.path)/python"
            let joined = try CommandRun.reportctl([
                "pki", "join", token, "--client", "--folder", folder,
            ])
            #expect(joined.status == 0, "\(joined)")
            let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let run = try CommandRun.run(
                "env",
                [
                    "python3", "/\(tests)/clients/python/tests/live_tls.py", "127.0.0.1",
                    "\(city.port)", folder, "2023/湛江市/麻章区/红星小学/整体支出",
                ],
                at: "/usr/bin/env"
            )
            #expect(run.status == 0, "\(run)")

            let bundle = "\(root.path)/市.bundle"
            let export = try CommandRun.reportctl([
                "bundle", "export", bundle, "--store", city.node.store,
            ])
            #expect(export.status == 0, "\(export)")
            func verify() throws -> CommandRun {
                try CommandRun.run(
                    "env",
                    [
                        "python3", "-m", "reportd", "bundle", "verify", bundle, "--key",
                        city.key.description,
                    ],
                    environment: ["PYTHONPATH": "/\(tests)/clients/python"],
                    at: "/usr/bin/env"
                )
            }
            let verified = try verify()
            #expect(verified.status == 0, "\(verified)")
            #expect(try verified.json()["entries"] == 1)
            #expect(try verified.json()["logs"]?.arrayValue?.first?["proof"] == "tree")
            var bytes = try Disk.read(bundle)
            bytes[bytes.count / 2] ^= 1
            try Disk.write(bytes, to: bundle)
            #expect(try verify().status == 8)
        }

        @Test("an address that others can reach is not served without TLS")
        func refusesToStart() throws {
            let node = try NodeProcess("甲", in: root)
            for (listen, word) in [
                ("0.0.0.0:0", "tls.folder is not configured"),
                ("{address: \"0.0.0.0:0\", tls: false}", "not served without TLS"),
                ("{address: \"127.0.0.1:0\", tls: true}", "tls.folder is not configured"),
            ] {
                try Disk.write(
                    "node: {name: 甲}\nstore: \(node.store)\nlisten: [\(listen)]\n",
                    to: node.configuration
                )
                let run = try CommandRun.reportd(["--config", node.configuration])
                #expect(run.status == 7, "\(run)")
                #expect(run.errors.contains(word), "\(run)")
                #expect(run.errors.contains("Hint: "))
            }
        }

        @Test("an upstream that is not the pinned one is told apart by its certificate")
        func wrongUpstream() throws {
            let token = try token("--name", "麻章区", "--region", "湛江市/麻章区")
            _ = try county.showKey()
            let run = try CommandRun.reportctl([
                "pki", "join", token, "--config", county.configuration,
            ])
            #expect(run.status == 0, "\(run)")
            let text = try Disk.text(county.configuration)
            let other = NodeKey().id.description
            try Disk.write(
                text.replacing(city.key.description, with: other),
                to: county.configuration
            )
            try county.start()
            try eventually("the reason in the county's status") { () throws -> Void? in
                let peers = try county.ctl("status", "-o", "json").json()["peers"]?.arrayValue
                let error = peers?.first?["lastError"]?.stringValue ?? ""
                return error.contains("not the configured one") ? () : nil
            }
            #expect(try county.terminate() == 0)
        }

        @Test("a certificate near its end is told in status and renewed over the connection")
        func renewal() throws {
            let key = try #require(NodeID(parsing: try county.showKey()))
            let held = try city.authority.issue(to: key, name: "麻章区", kind: .node, days: 5)
            let folder = "\(county.folder)/identity"
            try IssuedIdentity(held, city.authority).writeUnchecked(to: folder)
            // Issued 2 days ago, so that it is not given once more.
            let old = try city.authority.issue(
                to: key,
                name: "麻章区",
                kind: .node,
                days: 5,
                at: Timestamp(milliseconds: Timestamp.now.milliseconds - 2 * 86_400_000)
            )
            unlink("\(city.authority.folder)/issued/\(held.serial).pem")
            try IssuedIdentity(old, city.authority).writeUnchecked(to: folder)
            try Disk.write(
                "- {key: \"\(key)\", regions: [湛江市/麻章区], verbs: [peer]}\n",
                to: city.grants
            )
            try county.configure("tls: {folder: \(folder)}\n")
            try county.start()
            let before = try county.ctl("status")
            #expect(before.output.contains("certificate"), "\(before)")
            #expect(
                before.output.contains("2 days") || before.output.contains("3 days"),
                "\(before)"
            )
            _ = try county.terminate()
            try city.reload()
            try county.configure(
                "upstreams: [{address: \"\(city.address)\", key: \"\(city.key)\", tls: true}]\n"
            )
            try county.start()
            try eventually("a new certificate; the log: \(county.shownLog)") { () throws -> Void? in
                let status = try county.ctl("status", "-o", "json").json()["certificate"]
                let serial = status?["serial"]?.stringValue
                return serial != nil && serial != old.serial ? () : nil
            }
            #expect(try county.terminate() == 0)
        }
    }
}
