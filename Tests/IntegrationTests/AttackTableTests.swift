import Glibc
import ReportAuthority
import ReportModel
import ReportTLS
import ReportWire
import Testing

extension IntegrationTests {
    /// The table of attacks: each is refused with a clear error and a line of the log, and others go on.
    ///
    /// Those of peers that have a key and a grant are in ``PeerAttacks``.
    @Suite struct AttackTable {
        private let root: TestFolder
        private let city: SecureCity
        private let reviewer: TLSIdentity

        init() throws {
            root = try TestFolder()
            city = try SecureCity(in: root)
            reviewer = try city.identity("审核员")
            try city.grant(reviewer, "[\"*\"]", "[read]")
            try city.node.start()
        }

        /// Others are served as if nothing had happened.
        private func expectHealth(_ place: SourceLocation = #_sourceLocation) throws {
            let client = try city.client(reviewer)
            client.send("PING\n")
            #expect(client.reply() == "pong", sourceLocation: place)
            #expect(try city.node.ctl("list").status == 0, sourceLocation: place)
        }

        private func expectRefusal(
            _ identity: TLSIdentity?,
            _ word: String,
            _ place: SourceLocation = #_sourceLocation
        ) throws {
            let client = try SecureClient(port: city.port, identity: identity)
            client.send("HELLO 1 client \((identity?.key ?? NodeKey()).id.key.hex) ")
            client.send(Hash256.random().hex + "\n")
            let answer = client.line() ?? "closed"
            #expect(answer.hasPrefix("-ERR not-allowed "), "\(answer)", sourceLocation: place)
            #expect(answer.contains(word), "\(answer)", sourceLocation: place)
            #expect(client.isClosed(within: 120), sourceLocation: place)
            try city.awaitRefusal(word)
            try expectHealth(place)
        }

        @Test("no certificate")
        func noCertificate() throws {
            try expectRefusal(nil, "no certificate was shown")
            for line in ["GET 2023/麻章区\n", "STATUS\n", "PUT 5 name=a.txt\nhello", "QUIT\n"] {
                let client = try SecureClient(port: city.port, identity: nil)
                client.send(line)
                #expect(client.line()?.hasPrefix("-ERR ") == true)
                #expect(client.isClosed(within: 120))
            }
            try expectHealth()
        }

        @Test("a certificate of another authority, though its name is the same")
        func wrongAuthority() throws {
            let other = try Authority.create(in: "\(root.path)/other", name: "湛江市财政局")
            let twin = try SecureCity.identity("审核员", .client, NodeKey(), 30, .now, other)
            try expectRefusal(twin, "not from this authority")
        }

        @Test("an expired certificate, and one that is not valid yet")
        func expired() throws {
            let now = Timestamp.now.milliseconds
            let past = Timestamp(milliseconds: now - 40 * 86_400_000)
            try expectRefusal(try city.identity("过期", at: past), "has expired at")
            let future = Timestamp(milliseconds: now + 5 * 86_400_000)
            try expectRefusal(try city.identity("未来", at: future), "valid from")
        }

        @Test("a revoked certificate, also on a connection that stands")
        func revoked() throws {
            let lost = try city.identity("丢失")
            try city.grant(lost, "[\"*\"]", "[read]")
            try city.reload()
            let standing = try city.client(lost)
            let other = try city.client(reviewer)
            try city.authority.revoke(try city.authority.issued(matching: "丢失"))
            try city.reload()
            #expect(standing.line()?.contains("was revoked at") == true)
            #expect(standing.isClosed(within: 120))
            try expectRefusal(lost, "was revoked at")
            other.send("PING\n")
            #expect(other.reply() == "pong", "another's connection stands through both")
        }

        @Test("a right certificate with another's key in HELLO, and a client's as a peer")
        func anothersKey() throws {
            let thief = try SecureClient(port: city.port, identity: reviewer)
            let answer = try thief.greet(NodeKey(), node: city.key, role: .peer)
            #expect(answer?.contains("belongs to another key") == true)
            #expect(thief.isClosed(within: 120))
            let client = try SecureClient(port: city.port, identity: reviewer)
            let refusal = try client.greet(reviewer.key, node: city.key, role: .peer)
            #expect(refusal?.contains("none of a node") == true)
            try city.awaitRefusal("belongs to another key")
            try expectHealth()
        }

        @Test("a key without a grant learns only that it has none")
        func noGrant() throws {
            let stranger = try city.identity("路人")
            let client = try SecureClient(port: city.port, identity: stranger)
            let answer = try client.greet(stranger.key, node: city.key)
            #expect(answer == "-ERR not-allowed this key has no grant")
            #expect(client.isClosed(within: 120))
            try city.awaitRefusal("no grant")
            try expectHealth()
        }

        @Test("a replayed session, and a signature for another connection")
        func replay() throws {
            let first = try city.client(reviewer)
            let second = try SecureClient(port: city.port, identity: reviewer)
            for line in first.sent { second.send(line) }
            #expect(second.line()?.hasPrefix("HELLO 1 client ") == true)
            #expect(second.line()?.contains("does not prove its key") == true)
            #expect(second.isClosed(within: 120))
            let between = try SecureClient(port: city.port, identity: reviewer)
            let answer = try between.greet(reviewer.key, node: city.key, binding: .random())
            #expect(answer?.contains("does not prove its key") == true)
            try city.awaitRefusal("does not prove its key")
            try expectHealth()
        }

        @Test("oversized declarations of strangers hold nothing")
        func oversized() throws {
            let before = city.node.process?.residentByteCount ?? 0
            var waiting: [SecureClient] = []
            for _ in 0..<100 {
                let client = try SecureClient(port: city.port, identity: nil)
                client.send("PUT 67108864 name=a.txt\n")
                client.send([UInt8](repeating: 0x41, count: 1 << 16))
                waiting.append(client)
            }
            for client in waiting {
                #expect(client.line()?.hasPrefix("-ERR ") == true)
                #expect(client.isClosed(within: 120))
            }
            let long = try SecureClient(port: city.port, identity: nil)
            long.send([UInt8](repeating: 0x41, count: 1 << 16))
            #expect(long.line()?.hasPrefix("-ERR usage") == true)
            let after = city.node.process?.residentByteCount ?? 0
            #expect(after - before < 100 << 20, "\(after - before) bytes more")
            try expectHealth()
        }

        @Test("slow senders are cut off, before TLS stands and after")
        func slow() throws {
            let silent = try RawClient(port: city.port)
            let dripping = try RawClient(port: city.port)
            let secure = try SecureClient(port: city.port, identity: reviewer)
            for byte in [22, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] as [UInt8] {
                dripping.send([byte])
                usleep(100_000)
            }
            secure.send("HEL")
            #expect(secure.line()?.hasPrefix("-ERR timed-out no key was proved") == true)
            #expect(silent.rest() != nil)
            #expect(dripping.rest() != nil)
            try city.awaitRefusal("no key was proved within 2 seconds")
            try expectHealth()
        }

        @Test("somebody who speaks without TLS is told so")
        func plainText() throws {
            let client = try RawClient(port: city.port)
            client.send("GET 2023/麻章区\n")
            #expect(client.line()?.hasPrefix("-ERR not-allowed this address is under TLS") == true)
            #expect(client.rest() != nil)
            let run = try CommandRun.reportctl(["list", "--node", city.address])
            #expect(run.status == 7)
            #expect(run.errors.contains("--identity"))
            try expectHealth()
        }

        @Test("somebody who speaks TLS where there is none is told so, and the client says it")
        func noTLS() throws {
            let client = try RawClient(port: city.node.port)
            // The head of a record with a ClientHello, RFC 8446 section 5.1.
            client.send([0x16, 0x03, 0x01, 0x00, 0x40, 0x01, 0x00, 0x00, 0x3C, 0x03, 0x03])
            #expect(client.line()?.hasPrefix("-ERR usage this port speaks no TLS") == true)
            #expect(client.rest() != nil)
            let folder = "\(root.path)/wrong port"
            let token = try CommandRun.reportctl([
                "pki", "token", "--authority", city.authority.folder, "--address",
                city.node.address, "--name", "审核员", "--region", "*", "--client", "--verbs", "read",
            ])
            let line = String(token.output.prefix { $0 != "\n" })
            let run = try CommandRun.reportctl([
                "pki", "join", line, "--client", "--folder", folder,
            ])
            #expect(run.status == 6 && run.errors.contains("that port speaks no TLS"), "\(run)")
            #expect(run.errors.contains("listen"), "\(run)")
            try expectHealth()
        }

        /// Two thousand; ops/long says ten thousand.
        private static let crowdCount =
            getenv("REPORTD_CROWD").flatMap { Int(String(cString: $0)) } ?? 2000

        @Test("thousands of connections leave room for others")
        func many() throws {
            OpenFileLimit.raise(to: rlim_t(Self.crowdCount + 2000))
            let start = Clock.now
            let standing = try city.client(reviewer)
            var crowd: [RawClient] = []
            for _ in 0..<Self.crowdCount {
                guard let client = try? RawClient(port: city.port) else { break }
                crowd.append(client)
            }
            #expect(crowd.count == Self.crowdCount)
            #expect(try city.node.ctl("list").status == 0, "this machine is served meanwhile")
            standing.send("PING\n")
            #expect(standing.reply() == "pong", "a connection that stands goes on")
            let ended = crowd.count { $0.rest() != nil }
            #expect(ended == Self.crowdCount)
            let memory = city.node.process?.residentByteCount ?? 0
            #expect(memory > 0 && memory < 400 << 20, "\(memory) bytes")
            try expectHealth()
            let refused = try city.node.ctl("status", "-o", "json").json()["refused"]?.integerValue
            // How many are there at the same time depends on how fast the machine takes them.
            if refused ?? 0 > 0 { try city.awaitRefusal("too many connections") }
            if getenv("REPORTD_CROWD") != nil {
                let seconds = Int(Clock.now - start)
                let line =
                    "\(crowd.count) connections: \(seconds) s, \(refused ?? 0) refused, "
                    + "\(memory >> 20) MiB at the node\n"
                _ = write(STDERR_FILENO, line, line.utf8.count)
                #expect(refused ?? 0 >= Self.crowdCount - 600)
                #expect(try city.lines("a connection was refused") < 200, "the log is not filled")
            }
        }
    }
}

/// Files that this process may have open.
enum OpenFileLimit {
    static func raise(to wanted: rlim_t) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        getrlimit(resource, &limit)
        limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, wanted))
        setrlimit(resource, &limit)
    }
}
