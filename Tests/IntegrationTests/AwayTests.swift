import Glibc
import ReportAuthority
import ReportModel
import ReportTestKit
import Testing

extension IntegrationTests {
    /// Peers that are not there: who sees it, and what is said.
    @Suite struct Away {
        private let root: TestFolder

        init() throws { root = try TestFolder() }

        /// The rows of a node's peers.
        private func peers(_ node: NodeProcess) throws -> [JSONValue] {
            try node.ctl("status", "-o", "json").json()["peers"]?.arrayValue ?? []
        }

        @Test("a county that went silent, and one that never came, are seen at the city")
        func silentCounty() throws {
            let port = try FreePort.next()
            let city = try NodeProcess("湛江市", in: root, more: "http: 127.0.0.1:\(port)\n")
            let county = try NodeProcess("麻章区", in: root, inboxRegion: "湛江市/麻章区")
            let idle = try NodeProcess("赤坎区", in: root)
            let idleKey = try idle.showKey()
            try NodeProcess.connect([(county, "湛江市/麻章区"), (idle, "湛江市/赤坎区")], to: city)
            try city.start()
            try county.start()
            try county.drop(Documents.numbered(3).text, as: "三.txt")
            _ = try county.awaitFile("已接收/三.txt.回执.txt") { $0.contains("市级已收到") }
            #expect(try county.terminate() == 0)
            let labels = [
                "peer": try county.showKey(), "name": "麻章区", "direction": "downstream",
            ]
            // Before and after the city itself was started anew.
            for round in 1...2 {
                let rows = try eventually("both are away, round \(round)") { () -> [JSONValue]? in
                    let rows = try peers(city)
                    return rows.map { $0["state"] } == ["away", "away"] ? rows : nil
                }
                let silent = rows.first { $0["name"] == "麻章区" }
                #expect(silent?["lastHeard"]?.stringValue != nil, "\(rows)")
                #expect(silent?["established"] == false && silent?["upstream"] == false)
                let never = rows.first { $0["key"]?.stringValue == idleKey }
                #expect(never?["lastHeard"]?.isNull == true, "\(rows)")
                #expect(never?["missingEntries"] == 1 && never?["missingSince"]?.isNull == false)
                #expect((never?["missingBytes"]?.integerValue ?? 0) > 100, "\(rows)")
                let text = try city.ctl("status").output
                #expect(text.contains("away") && text.contains("never"), "\(text)")
                let chinese = try CommandRun.reportctl(
                    ["status", "--node", city.address],
                    environment: ["LC_ALL": "zh_CN.UTF-8"]
                ).output
                for word in ["最近联系 +08:00", "字节", "最早", "未连接", "从未", "分钟"] {
                    #expect(chinese.contains(word), "\(word): \(chinese)")
                }
                let listed = try CommandRun.reportctl(["peer", "list", "--store", city.store])
                    .output
                #expect(listed.contains("麻章区") && listed.contains("away"), "\(listed)")
                let figures = try MetricsText(RawClient.get("/metrics", port: port).body)
                #expect(figures.value("reportd_peer_connected", labels) == 0)
                let heard = figures.value("reportd_peer_last_heard_timestamp_seconds", labels)
                #expect((heard ?? 0) > 1_700_000_000, "\(figures)")
                _ = try eventually("a city is ready though a county is away") {
                    try RawClient.get("/readyz", port: port).status == 200 ? true : nil
                }
                #expect(try city.terminate() == 0)
                if round == 1 { try city.start() }
            }
            try city.start()
            try county.start()
            _ = try eventually("the county is there again") {
                try peers(city).contains { $0["name"] == "麻章区" && $0["state"] == "caught-up" }
                    ? true : nil
            }
            let figures = try MetricsText(RawClient.get("/metrics", port: port).body)
            #expect(figures.value("reportd_peer_connected", labels) == 1)
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
        }

        @Test("an office that only sends bundles is not away, until it had a session and went")
        func bundles() throws {
            let port = try FreePort.next()
            let city = try NodeProcess("湛江市", in: root, more: "http: 127.0.0.1:\(port)\n")
            let county = try NodeProcess("麻章区", in: root, inboxRegion: "湛江市/麻章区")
            let key = try county.showKey()
            try NodeProcess.connect([(county, "湛江市/麻章区")], to: city)
            try city.start()
            // The county has no line to the city: its node is not running while the stick travels.
            let file = "\(root.path)/报告.txt"
            try Disk.write(Documents.numbered(3).text, to: file)
            let filed = try CommandRun.reportctl(["submit", file, "--store", county.store])
            #expect(filed.status == 0, "\(filed)")
            func row() throws -> JSONValue? { try peers(city).first { $0["key"] == .string(key) } }
            #expect(try row()?["state"] == "away" && row()?["lastBundle"]?.isNull == true)
            let bundle = "\(root.path)/麻章区.bundle"
            let made = try CommandRun.reportctl([
                "bundle", "export", "--for", try city.showKey(), bundle, "--store", county.store,
                "--regions", "*",
            ])
            #expect(made.status == 0, "\(made)")
            let taken = try CommandRun.reportctl([
                "bundle", "import", bundle, "--store", city.store,
            ])
            #expect(taken.status == 0, "\(taken)")
            let labels = ["peer": key, "name": "麻章区", "direction": "downstream"]
            // Before and after the city itself was started anew.
            for round in 1...2 {
                let told = try #require(try row())
                #expect(told["state"] == "bundles", "\(told)")
                #expect(told["lastBundle"]?.stringValue != nil && told["established"] == false)
                #expect(told["lastHeard"] == told["lastBundle"], "\(told)")
                #expect(try city.ctl("status").output.contains("bundles"))
                let figures = try MetricsText(RawClient.get("/metrics", port: port).body)
                #expect(figures.value("reportd_peer_connected", labels) == nil, "no alert begins")
                let last = figures.value("reportd_peer_last_bundle_timestamp_seconds", labels)
                #expect((last ?? 0) > 1_700_000_000)
                guard round == 1 else { continue }
                #expect(try city.terminate() == 0)
                try city.start()
            }
            try county.start()
            _ = try eventually("the county has a line; \(county.shownLog)") {
                try row()?["state"] == "caught-up" ? true : nil
            }
            #expect(try county.terminate() == 0)
            _ = try eventually("the county is away like any other") {
                let told = try row()
                return told?["state"] == "away" && told?["lastBundle"]?.isNull == true ? true : nil
            }
            let figures = try MetricsText(RawClient.get("/metrics", port: port).body)
            #expect(figures.value("reportd_peer_connected", labels) == 0)
            #expect(try city.terminate() == 0)
        }

        @Test("headers of a neighbour's records are no records, nothing to send, and no damage")
        func headersAlone() throws {
            let city = try NodeProcess("湛江市", in: root)
            let county = try NodeProcess("麻章区", in: root, inboxRegion: "湛江市/麻章区")
            let other = try NodeProcess("赤坎区", in: root)
            let otherKey = try other.showKey()
            try NodeProcess.connect([(county, "湛江市/麻章区"), (other, "湛江市/赤坎区")], to: city)
            for node in [city, county, other] { try node.start() }
            try county.drop(Documents.numbered(3).text, as: "三.txt")
            _ = try county.awaitFile("已接收/三.txt.回执.txt") { $0.contains("市级已收到") }
            let year = Documents.numbered(3).year
            // The neighbour has signed for the header.
            let row = try eventually("the neighbour's signature at the city") { () -> JSONValue? in
                let ladder = try city.ctl("status", "\(year)/麻章区", "-o", "json").json()
                return ladder["witnesses"]?.arrayValue?.first {
                    $0["node"]?.stringValue == otherKey
                }
            }
            #expect(row["record"] == false, "\(row)")
            #expect(try city.ctl("status", "\(year)/麻章区").output.contains("not the record"))
            let cityKey = try city.showKey()
            let seen = try county.ctl("status", "\(year)/麻章区", "-o", "json").json()
            for witness in seen["witnesses"]?.arrayValue ?? [] {
                let isCity = witness["node"]?.stringValue == cityKey
                #expect(witness["record"] == (isCity ? true : .null), "\(witness)")
            }
            #expect(try other.ctl("get", "\(year)/麻章区").status == 3)
            let resync = ["peer", "resync", "--store", other.store]
            let run = try CommandRun.reportctl(resync)
            #expect(run.status == 0 && run.output.contains("0 damaged here"), "\(run)")
            #expect(run.output.contains("held by headers alone: 1"), "\(run)")

            // The line is down, and the neighbour is started anew.
            #expect(try other.terminate() == 0)
            #expect(try city.terminate() == 0)
            try other.start()
            let waiting = try #require(try peers(other).first)
            #expect(waiting["missingEntries"] == 0 && waiting["missingBytes"] == 0, "\(waiting)")

            // A wider grant: the record comes by a resync, and what follows from it with it.
            let grants = try Disk.text(city.configuration)
            try Disk.write(grants.replacing("湛江市/赤坎区", with: "湛江市"), to: city.configuration)
            try city.start()
            try awaitSession(other)
            #expect(try other.ctl("get", "\(year)/麻章区").status == 3)
            let fetched = try CommandRun.reportctl(resync)
            #expect(fetched.status == 0 && fetched.output.contains("1 got"), "\(fetched)")
            #expect(try other.ctl("get", "\(year)/麻章区").status == 0)
            let verified = try other.ctl("verify")
            #expect(verified.status == 0, "\(verified)")
            for node in [city, county, other] { #expect(try node.terminate() == 0) }
        }

        // MARK: A city that refuses

        /// Has a county join, as the manual says.
        /// - Returns: what it was told.
        @discardableResult
        private func join(_ county: NodeProcess, _ city: SecureCity) throws -> String {
            let token = try CommandRun.reportctl([
                "pki", "token", "--authority", city.authority.folder, "--address", city.address,
                "--name", "麻章区", "--region", "湛江市/麻章区",
            ])
            #expect(token.errors.contains(" +08:00"), "\(token)")
            let line = String(token.output.prefix { $0 != "\n" })
            let run = try CommandRun.reportctl([
                "pki", "join", line, "--config", county.configuration,
            ])
            #expect(run.status == 0, "\(run)")
            return run.output
        }

        /// Waits until the county has a session with its city.
        private func awaitSession(_ county: NodeProcess) throws {
            _ = try eventually("a session with the city; \(county.shownLog)") {
                try peers(county).first?["state"] == "caught-up" ? true : nil
            }
        }

        /// What the doctor says of the upstream, once the county was told a reason.
        private func upstreamFault(
            _ county: NodeProcess,
            _ reason: String,
            code: String = "not-allowed"
        ) throws -> JSONValue {
            _ = try eventually("'\(reason)' in the county's status; \(county.shownLog)") {
                let row = try peers(county).first
                return row?["lastErrorCode"]?.stringValue == code
                    && row?["lastError"]?.stringValue?.contains(reason) == true ? true : nil
            }
            let run = try CommandRun.reportctl(
                ["doctor", "--config", county.configuration, "-o", "json"]
            )
            #expect(run.status != 0, "\(run)")
            let checks = try run.json()["checks"]?.arrayValue ?? []
            return try #require(checks.first { $0["check"] == "upstream" }, "\(run)")
        }

        @Test("a revoked certificate and a withdrawn grant are told by the county's doctor")
        func refused() throws {
            let city = try SecureCity(in: root)
            let county = try NodeProcess("麻章区", in: root, inboxRegion: "湛江市/麻章区")
            try city.node.start()
            _ = try county.showKey()
            try join(county, city)
            try county.start()
            try county.drop(Documents.numbered(3).text, as: "三.txt")
            _ = try county.awaitFile("已接收/三.txt.回执.txt") { $0.contains("市级已收到") }
            // The city has filed nothing, so no log of it tells its name.
            let ladder = try county.ctl("status", "2017/麻章区")
            #expect(ladder.output.contains("湛江市"), "\(ladder)")
            #expect(!ladder.output.contains("ed25519:"), "\(ladder)")
            #expect(ladder.output.contains("since +08:00"), "\(ladder)")

            try city.authority.revoke(try city.authority.issued(matching: "麻章区"))
            try city.reload()
            let revoked = try upstreamFault(county, "revoked")
            #expect(revoked["level"] == "fault" && revoked["code"] == "not-allowed", "\(revoked)")
            let command = revoked["command"]?.stringValue ?? ""
            #expect(command.hasPrefix("reportctl pki join TOKEN"), "\(revoked)")
            // What it says mends it.
            #expect(try county.terminate() == 0)
            let before = try Disk.text(county.configuration)
            let told = try join(county, city)
            #expect(told.contains("has these lines already"), "\(told)")
            #expect(try Disk.text(county.configuration) == before)
            try county.start()
            try awaitSession(county)

            let grants = try Disk.text(city.grants)
            try Disk.write("", to: city.grants)
            try city.reload()
            let withdrawn = try upstreamFault(county, "grant")
            #expect(withdrawn["level"] == "fault", "\(withdrawn)")
            let row = try peers(city.node).first
            #expect(row?["state"] == "away", "\(row as Any)")
            #expect(row?["lastErrorCode"] == "not-allowed", "\(row as Any)")
            // People see it as well: who is away, and why.
            let shown = try city.node.ctl("status").output.split(separator: "\n")
            let line = shown.first { $0.contains("麻章区") && $0.contains("away") }
            #expect(line?.contains("its grant was withdrawn") == true, "\(shown)")
            let listed = try CommandRun.reportctl(["peer", "list", "--store", city.node.store])
                .output
            #expect(listed.contains("its grant was withdrawn"), "\(listed)")
            try Disk.write(grants, to: city.grants)
            try city.reload()
            #expect(try county.terminate() == 0)
            try county.start()
            try awaitSession(county)
            #expect(try county.terminate() == 0)
            #expect(try city.node.terminate() == 0)
        }

        @Test("TLS where there is none, and none where there is, are told by the county's doctor")
        func wrongPort() throws {
            let city = try SecureCity(in: root)
            let county = try NodeProcess("麻章区", in: root, inboxRegion: "湛江市/麻章区")
            try city.node.start()
            _ = try county.showKey()
            try join(county, city)
            let joined = try Disk.text(county.configuration)
            let plain = joined.replacing(city.address, with: city.node.address)
            try Disk.write(plain, to: county.configuration)
            try county.start()
            let noTLS = try upstreamFault(county, "speaks no TLS", code: "unreachable")
            #expect(noTLS["level"] == "fault" && noTLS["code"] == "unreachable", "\(noTLS)")
            #expect(noTLS.canonicalText.contains("mostly 7324"), "\(noTLS)")
            #expect(noTLS["command"]?.stringValue?.hasPrefix("editor ") == true, "\(noTLS)")
            #expect(try county.terminate() == 0)

            let without = joined.replacing("    tls: true", with: "    tls: false")
            #expect(without != joined)
            try Disk.write(without, to: county.configuration)
            try county.start()
            let reverse = try upstreamFault(county, "under TLS")
            #expect(reverse["level"] == "fault", "\(reverse)")
            #expect(reverse.canonicalText.contains("write tls: true"), "\(reverse)")
            #expect(try county.terminate() == 0)
            // Whoever joins anew is not told that nothing is missing.
            #expect(try join(county, city).contains("    tls: true"))

            // What it says mends it.
            try Disk.write(joined, to: county.configuration)
            try county.start()
            try awaitSession(county)
            #expect(try county.terminate() == 0)
            #expect(try city.node.terminate() == 0)
        }
    }
}
