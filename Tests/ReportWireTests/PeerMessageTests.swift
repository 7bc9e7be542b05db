import NIOCore
import ReportModel
import ReportWire
import Testing

@Suite("Peer messages")
struct PeerMessageTests {
    private func decode(_ bytes: ByteBuffer) throws -> [PeerMessage] {
        let processor = NIOSingleStepByteToMessageProcessor(
            PeerMessageDecoder(gate: PeerGate(isOpen: true))
        )
        var messages: [PeerMessage] = []
        try processor.process(buffer: bytes) { messages.append($0) }
        try processor.finishProcessing(seenEOF: true) { messages.append($0) }
        return messages
    }

    @Test("any changed byte of a batch's entries is noticed")
    func damage() throws {
        let bytes = try WireFixtures.bytes(.batch(WireFixtures.batch))
        let lineEnd = try #require(bytes.readableBytesView.firstIndex(of: 0x0A))
        // Entries begin after the line, 228 fixed bytes and one hash of proof.
        for index in (lineEnd + 1 + 228 + 32)..<bytes.writerIndex {
            var damaged = bytes
            let byte = try #require(damaged.getInteger(at: index, as: UInt8.self))
            damaged.setInteger(byte ^ 0x10, at: index)
            #expect(throws: WireError.self) { try decode(damaged) }
        }
    }

    @Test("a batch cut anywhere is not taken")
    func cutBatch() throws {
        var payload = try WireFixtures.bytes(.batch(WireFixtures.batch))
        let lineEnd = try #require(payload.readableBytesView.firstIndex(of: 0x0A))
        payload.moveReaderIndex(to: lineEnd + 1)
        for count in 1..<payload.readableBytes {
            var cut = ByteBuffer(string: "BATCH \(count)\n")
            cut.writeBytes(payload.readableBytesView.prefix(count))
            let error = #expect(throws: WireError.self) { try decode(cut) }
            #expect(error?.code == .badPayload)
        }
    }

    @Test(
        "what must fail",
        arguments: [
            "BATCH 134217729\n", "BATCH 0\n", "BATCH\n", "BATCH 99999999999999999999999\n",
            "POSITIONS 917505\n", "POSITIONS 55\n" + String(repeating: "a", count: 55),
            "POSITIONS 0 more=2\n", "POSITIONS 0 more=1 x\n", "ACK 163\n", "ACK 164 x\n",
            "LOG 389\n", "LOG 4\nabcd", "LOG 2\n\u{0}\u{0}", "PING\n", "PING x\n", "PING 1 2\n",
            "BYE now\n",
            "REFUSE ff integrity a\n", "REFUSE\n", "AUTH zz\n", "\n", "-ERR\n",
            "NOVEL 134217729\n", "NOVEL 99999999999999999999999\n", "NOVEL 5\nabcd", "NOVEL  x\n",
            "7NOVEL x\n", "NO/VEL x\n", "消息 x\n", String(repeating: "N", count: 33) + "\n",
            "HELLO 1 peer\n", "HELLO 9 peer a b\n", "HELLO 1 guest a b\n", "BYE",
        ]
    )
    func mustFail(text: String) {
        #expect(throws: (any Error).self) { try decode(ByteBuffer(string: text)) }
    }

    @Test(
        "what a later version added is passed over with its payload, whole and in pieces",
        arguments: [
            "NOVEL\n", "NOVEL-2 word 7 a=b %E7%BA%A6\r\n", "NOVEL 0 x\n", "novel 7 x=y\nPING 9\n",
            "NOVEL 12\n\u{0}BYE\nPING 8\n", String(repeating: "N", count: 32) + " 1x\n",
        ]
    )
    func laterVersions(text: String) throws {
        let known = "PING 1\n"
        let stream = ByteBuffer(string: text + text + known + text + "BYE\n" + text)
        #expect(try decode(stream) == [.ping(1), .bye])
        let processor = NIOSingleStepByteToMessageProcessor(
            PeerMessageDecoder(gate: PeerGate(isOpen: true))
        )
        var messages: [PeerMessage] = []
        for byte in stream.readableBytesView {
            try processor.process(buffer: ByteBuffer(bytes: [byte])) { messages.append($0) }
        }
        try processor.finishProcessing(seenEOF: true) { messages.append($0) }
        #expect(messages == [.ping(1), .bye])
    }

    @Test("a stranger's unknown message is not passed over")
    func strangers() throws {
        let processor = NIOSingleStepByteToMessageProcessor(PeerMessageDecoder(gate: PeerGate()))
        let error = #expect(throws: WireError.self) {
            try processor.process(buffer: ByteBuffer(string: "NOVEL 3\nabc")) { _ in }
        }
        #expect(error?.code == .unknownVerb)
    }

    @Test("a statement names a log once, and nothing before the first entry")
    func badPositions() throws {
        let log = WireFixtures.descriptor.id
        let twice = PeerMessage.positions(
            [
                LogPosition(log: log, sequence: 1, hash: WireFixtures.hash(1)),
                LogPosition(log: log, sequence: 2, hash: WireFixtures.hash(1)),
            ],
            isLast: true
        )
        let hashed = PeerMessage.positions(
            [LogPosition(log: log, sequence: 0, hash: WireFixtures.hash(1))],
            isLast: true
        )
        for message in [twice, hashed] {
            let bytes = try WireFixtures.bytes(message)
            #expect(throws: WireError.self) { try decode(bytes) }
        }
    }

    @Test("limits hold for the sender too")
    func senderLimits() throws {
        var buffer = ByteBuffer()
        let position = LogPosition(log: WireFixtures.descriptor.id, sequence: 0, hash: .zero)
        let positions = [LogPosition](repeating: position, count: 16_385)
        #expect(throws: WireError.self) {
            try PeerMessage.positions(positions, isLast: true).write(to: &buffer)
        }
        var batch = WireFixtures.batch
        batch.entries = []
        #expect(throws: WireError.self) { try PeerMessage.batch(batch).write(to: &buffer) }
        batch.entries = Array(repeating: WireFixtures.batch.entries[1], count: 1025)
        #expect(throws: WireError.self) { try PeerMessage.batch(batch).write(to: &buffer) }
        #expect(buffer.readableBytes < 32)
    }

    @Test("a very long refusal fits into a line")
    func longRefusal() throws {
        let text = String(repeating: "%", count: 5000)
        let refusal = PeerMessage.refuse(WireFixtures.descriptor.id, .integrity, message: text)
        let failure = PeerMessage.failure(.integrity, message: text)
        for message in [refusal, failure] {
            let bytes = try WireFixtures.bytes(message)
            #expect(bytes.readableBytes <= WireLimits.maximumLineByteCount + 1)
            #expect(try decode(bytes).count == 1)
        }
    }

    @Test("the bytes on the wire stay what they are")
    func golden() throws {
        let texts = try WireFixtures.messages.map { String(buffer: try WireFixtures.bytes($0)) }
        #expect(
            texts[0]
                == "HELLO 1 peer 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c "
                + String(repeating: "05", count: 32) + "\n"
        )
        #expect(texts[2] == "AUTH " + String(repeating: "cd", count: 64) + "\n")
        #expect(texts[3] == "POSITIONS 0\n")
        #expect(texts[4].hasPrefix("POSITIONS 56 more=1\n"))
        #expect(texts[8].hasSuffix(" not-allowed 地区%20不在授权范围%20100%25\n"))
        #expect(texts[10] == "PONG 18446744073709551615\n")
        #expect(texts[12] == "-ERR timed-out nothing was heard\n")
        // Signatures of swift-crypto are randomised, so the head is left out of the hashes.
        var batch = try WireFixtures.bytes(.batch(WireFixtures.batch))
        let line = batch.readString(length: 10)
        #expect(line == "BATCH 707\n")
        let fixed = batch.readBytes(length: 32)
        let start = try #require(fixed)
        #expect(HexText.text(start.prefix(4)) == "72706201")
        #expect(Array(start[4..<20]) == WireFixtures.descriptor.id.bytes)
        #expect(HexText.text(start[20..<32]) == "000000000000000100020001")
        batch.moveReaderIndex(forwardBy: 196)
        let rest = Array(batch.readableBytesView)
        #expect(
            Hash256(hashing: rest).hex
                == "95f13dfe4930d707c6cdfc849f63bb6571ae93dff0e14125516902c9cdeeb2b6"
        )
    }
}
