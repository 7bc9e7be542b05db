import Glibc
import NIOCore
import ReportModel
import ReportWire
import Testing

/// Conversations that earlier programs led, recorded in Tests/Fixtures/wire; see docs/compatibility.md.
@Suite("Peers of earlier versions")
struct OlderPeerTests {
    private struct Recording {
        var hello: [String]
        var answer: [String]
        var proof: [UInt8]
    }

    /// The words of each line of a file of version 1.
    private func lines(of name: String) throws -> [[String]] {
        let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let file = try #require(fopen("\(folder)/Fixtures/wire/1/\(name)", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
    }

    private func recording(_ role: SessionRole) throws -> Recording {
        let lines = try lines(of: "handshake-\(role.rawValue).txt")
        try #require(lines.map(\.first) == ["HELLO", "HELLO", "AUTH"])
        return Recording(
            hello: lines[0],
            answer: lines[1],
            proof: try #require(HexText.bytes(lines[2][1][...]))
        )
    }

    private func hello(_ words: [String], _ role: SessionRole) throws -> Hello {
        Hello(
            version: try #require(UInt16(words[1])),
            role: role,
            node: try #require(NodeID(parsing: words[3])),
            nonce: try #require(Hash256(hex: words[4])),
            signature: words.count > 5 ? HexText.bytes(words[5][...]) : nil
        )
    }

    @Test(
        "one of version 1 that connects is answered as it was then",
        arguments: SessionRole.allCases
    )
    func initiator(role: SessionRole) throws {
        let recording = try recording(role)
        var acceptor = AcceptorHandshake(
            key: WireFixtures.acceptorKey,
            nonce: WireFixtures.hash(6)
        )
        let answer = try acceptor.answer(try hello(recording.hello, role))
        #expect(answer == (try hello(recording.answer, role)))
        #expect(try acceptor.verify(recording.proof) == WireFixtures.initiatorKey.id)
    }

    @Test("one of version 1 that is connected to is believed", arguments: SessionRole.allCases)
    func acceptor(role: SessionRole) throws {
        let recording = try recording(role)
        let initiator = InitiatorHandshake(
            role: role,
            key: WireFixtures.initiatorKey,
            pinned: WireFixtures.acceptorKey.id,
            nonce: WireFixtures.hash(5)
        )
        #expect(initiator.hello == (try hello(recording.hello, role)))
        #expect(
            try initiator.authenticate(try hello(recording.answer, role)) == recording.proof
        )
    }

    /// Messages of later programs, which only get who states their word in `FORMS`.
    private static let later: Set<String> = ["KEY"]

    @Test(
        "every message that is written stands in the table of version 1, or is asked for by a word"
    )
    func messages() throws {
        let known = Set(try lines(of: "messages.txt").compactMap(\.first))
        var written: Set<String> = []
        for message in WireFixtures.messages {
            let line = String(buffer: try WireFixtures.bytes(message)).prefix { $0 != "\n" }
            written.insert(String(line.prefix { $0 != " " }))
        }
        // The handshake is held by its own recordings.
        #expect(written.subtracting(["HELLO", "AUTH"]) == known.union(Self.later))
        #expect(known.isDisjoint(with: Self.later))
    }

    @Test("one of a later version is told which version is spoken here")
    func later() {
        var acceptor = AcceptorHandshake(key: WireFixtures.acceptorKey)
        let hello = Hello(
            version: 2,
            role: .peer,
            node: WireFixtures.initiatorKey.id,
            nonce: WireFixtures.hash(5)
        )
        do throws(ReportError) {
            _ = try acceptor.answer(hello)
            Issue.record("answered")
        } catch {
            #expect(error.code == .unsupported)
            #expect(error.message.contains("version 1"))
        }
    }
}
