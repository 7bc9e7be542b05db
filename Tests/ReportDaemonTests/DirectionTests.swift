import NIOCore
import NIOPosix
import ReportModel
import ReportSync
import ReportWire
import Testing

@testable import ReportDaemon

@Suite("Directions in the configuration, and what the doctor makes of them")
struct DirectionTests {
    private let folder = TestFolder()
    private let key = NodeKey().id

    private func configuration(
        _ more: String
    ) throws(ReportError) -> (NodeConfiguration?, [ConfigurationFault]) {
        folder.write("node: {name: 甲}\nstore: /s\n" + more, to: "reportd.yaml")
        return try NodeConfiguration.check(file: folder.full("reportd.yaml"))
    }

    @Test("an upstream and a grant have a direction each, both ways when nothing is said")
    func read() throws {
        let (found, faults) = try configuration(
            """
            upstreams:
              - {address: '127.0.0.1:1', key: \(key)}
              - {address: '127.0.0.1:2', key: \(NodeKey().id), direction: push}
              - {address: '127.0.0.1:3', key: \(NodeKey().id), direction: pull}
            grants:
              - {key: \(key), regions: ['*'], verbs: [peer], direction: pull}
            """
        )
        #expect(faults.isEmpty)
        let configuration = try #require(found)
        #expect(configuration.upstreams.map(\.direction) == [.both, .push, .pull])
        #expect(configuration.receivingUpstreams.map(\.address.port) == [1, 2])
        #expect(configuration.grantTable.grants[key]?.direction == .pull)
        #expect(configuration.summary.hasSuffix("→ 127.0.0.1:1  → 127.0.0.1:2  ← 127.0.0.1:3"))
    }

    @Test("an upstream without an address is heard of by bundles, and nothing connects to it")
    func carried() throws {
        let (found, faults) = try configuration(
            """
            upstreams:
              - {key: \(key), name: 湛江市}
            """
        )
        let configuration = try #require(found)
        #expect(faults.isEmpty && configuration.upstreams.isEmpty)
        #expect(configuration.signers == [key] && configuration.upstreamNames == [key: "湛江市"])
        // Its bundles are taken, and everything goes to it.
        #expect(configuration.bundleRules { _ in nil }.regions(key) == ["*"])
        #expect(configuration.bundleGrants(Grants()) == [key: ["*"]])
        for setting in ["tls: true", "direction: push"] {
            let (_, faults) = try self.configuration("upstreams: [{key: \(key), \(setting)}]\n")
            #expect(faults.map(\.setting) == ["upstreams[0].address"], "\(faults)")
        }
    }

    @Test("a direction that is none, or where nothing is replicated, is told with its line")
    func faults() throws {
        let (_, faults) = try configuration(
            """
            upstreams:
              - address: 127.0.0.1:1
                key: \(key)
                direction: pul
            grants:
              - key: \(key)
                regions: ["*"]
                verbs: [read]
                direction: pull
              - key: loopback
                regions: ["*"]
                verbs: [import]
                direction: push
            """
        )
        let places = faults.map { "\($0.line ?? 0) \($0.setting)" }
        #expect(
            places == [
                "6 upstreams[0].direction", "11 grants[0].direction", "15 grants[1].direction",
            ]
        )
        #expect(faults.first?.instead?.english.contains("'pull'") == true)
    }

    /// What the doctor finds about an upstream that answers.
    private func examine(
        _ direction: String,
        _ row: [String: JSONValue],
        more: String = ""
    ) async throws -> [Diagnosis] {
        let other = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(other.localAddress?.port)
        let (found, _) = try configuration(
            more + "inboxes: [{path: /in}]\n"
                + "upstreams: [{address: '127.0.0.1:\(port)', key: \(key), direction: \(direction)}]\n"
        )
        var patient = Patient(try #require(found), file: folder.full("reportd.yaml"))
        var row = row
        row["key"] = .string(key.description)
        patient.status = ["peers": [.object(row)], "logs": []]
        let diagnoses = await UpstreamCheck.examine(patient)
        try await other.close()
        return diagnoses
    }

    @Test("one-way upstreams are no faults, but it is said what does not come or go")
    func notices() async throws {
        let both = try await examine("both", ["established": true, "direction": "both"])
        #expect(both.map(\.level) == [.ok])
        let push = try await examine("push", ["established": true, "direction": "push"])
        #expect(push.map(\.level) == [.ok, .notice])
        #expect(push.last?.finding.english.contains("reviews") == true)
        let pull = try await examine("pull", ["established": true, "direction": "pull"])
        #expect(pull.map(\.level) == [.ok, .notice])
        #expect(pull.first?.finding.english.contains("nothing is sent there") == true)
    }

    @Test(
        "two nodes whose directions contradict each other are told, and what to change",
        arguments: [
            ("both", "pull", "takes nothing"), ("push", "none", "takes nothing"),
            ("both", "push", "sends nothing"), ("pull", "none", "sends nothing"),
        ]
    )
    func contradiction(here: String, effective: String, words: String) async throws {
        let log: JSONValue = ["log": "l2", "name": "甲", "error": "not-allowed", "missingThere": 2]
        let found = try await examine(
            here,
            ["established": true, "direction": .string(effective), "logs": [log]]
        )
        #expect(found.first?.level == .fault && found.first?.code == .notAllowed)
        #expect(found.first?.finding.english.contains(words) == true)
        let isBlamedOnRegions = found.contains { $0.finding.english.contains("region") }
        #expect(!isBlamedOnRegions)
    }

    @Test("what this node itself has against an upstream is not mended by joining anew")
    func distrust() async throws {
        let row: [String: JSONValue] = [
            "established": false, "lastErrorCode": "not-allowed", "lastErrorBy": "here",
            "lastError": "the node has another key than the configured one",
        ]
        let here = try await examine("both", row)
        #expect(here.map(\.code) == [.notAllowed])
        let joins = here.contains { $0.command?.contains("pki join") == true }
        #expect(!joins)
        #expect(here.first?.finding.english.contains("--show-key") == true)
        #expect(here.first?.finding.english.contains(key.description) == true)
        var told = row
        told["lastErrorBy"] = "peer"
        let there = try await examine("both", told)
        #expect(there.first?.command?.hasPrefix("reportctl pki join TOKEN --config") == true)
    }
}
