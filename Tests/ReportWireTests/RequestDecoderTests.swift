import NIOCore
import ReportModel
import ReportWire
import Testing

@Suite("What a server reads from a connection")
struct RequestDecoderTests {
    private func frames(
        _ text: String,
        gate: PeerGate = PeerGate(),
        budget: PayloadBudget? = nil,
        ends: Bool = true
    ) throws -> [RequestFrame] {
        try frames(ByteBuffer(string: text), RequestDecoder(gate: gate, budget: budget), ends: ends)
    }

    private func frames(
        _ bytes: ByteBuffer,
        _ decoder: RequestDecoder,
        ends: Bool
    ) throws -> [RequestFrame] {
        let processor = NIOSingleStepByteToMessageProcessor(decoder)
        var frames: [RequestFrame] = []
        try processor.process(buffer: bytes) { frames.append($0) }
        if ends { try processor.finishProcessing(seenEOF: true) { frames.append($0) } }
        return frames
    }

    private func code(_ frame: RequestFrame?) -> (WireError.Code, Bool)? {
        guard case .failure(let error)? = frame else { return nil }
        return (error.code, error.isFinal)
    }

    @Test("after a small fault the next request is served")
    func smallFaults() throws {
        let frames = try frames("FETCH it\nGET 2023  a\nGET 2023/a\n")
        try #require(frames.count == 3)
        #expect(code(frames[0])?.1 == false)
        #expect(code(frames[1])?.1 == false)
        #expect(frames[2] == .request(.get(GetRequest(lookup: "2023/a")), payload: nil))
    }

    @Test(
        "when the next line cannot be found nothing is served any more",
        arguments: [
            ("PUT 99999999999 name=a\nPING\n", WireError.Code.payloadTooLarge),
            ("PUT 67108865 name=a\nPING\n", .payloadTooLarge),
            ("PUTREC 16777217\nPING\n", .payloadTooLarge),
            ("PUT all name=a\nPING\n", .missingArgument), ("PUT\nPING\n", .missingArgument),
            ("PUT 4  name=a\nPING\n", .malformedLine), (" PUT 4 name=a\nPING\n", .malformedLine),
            ("STORE 4 name=a\nPING\n", .unknownVerb), ("AUTH ff\nPING\n", .outOfPlace),
            ("HELLO 1 peer\nPING\n", .missingArgument),
            ("HELLO 2 peer a b\nPING\n", .unsupportedVersion),
            ("PING", .truncated), ("PUT 9 name=a\nabc", .truncated),
            ("PUT 9 colour=a\nabc", .truncated),
        ]
    )
    func finalFaults(text: String, expected: WireError.Code) throws {
        let frames = try frames(text)
        try #require(frames.count == 1)
        let found = try #require(code(frames[0]))
        #expect(found == (expected, true))
    }

    @Test("a line of 4096 bytes is taken, one byte more is not")
    func lineCeiling() throws {
        let key = "2023/" + String(repeating: "a", count: 4096 - 9)
        for end in ["\n", "\r\n"] {
            #expect(
                try frames("GET \(key)\(end)") == [
                    .request(.get(GetRequest(lookup: key)), payload: nil)
                ]
            )
            let long = try frames("GET \(key)a\(end)PING\n")
            #expect(long.count == 1)
            #expect(code(long.first)?.0 == .lineTooLong)
        }
        let endless = try frames(String(repeating: "x", count: 4098), ends: false)
        #expect(code(endless.first)?.0 == .lineTooLong)
    }

    @Test("HELLO is the first line or none")
    func lateHello() throws {
        let hello = String(buffer: try WireFixtures.bytes(WireFixtures.messages[0]))
        let frames = try frames("PING\n" + hello + "PING\n")
        #expect(frames.count == 2)
        #expect(code(frames.last)?.0 == .outOfPlace)
    }

    @Test("before the key is proven no payload is taken")
    func strangers() throws {
        let gate = PeerGate()
        let lines = try WireFixtures.messages[0...2].filter { $0 != WireFixtures.messages[1] }
            .map { String(buffer: try WireFixtures.bytes($0)) }.joined()
        let early = try frames(lines + "BATCH 100\n", gate: gate)
        #expect(early.count == 3)
        #expect(code(early.last)?.0 == .outOfPlace)
        let skipped = try frames(
            String(buffer: try WireFixtures.bytes(WireFixtures.messages[0])) + "PING 1\n"
        )
        #expect(skipped.count == 2)
        #expect(code(skipped.last)?.0 == .outOfPlace)
        gate.open()
        let open = try frames(lines + "PING 1\n", gate: gate)
        #expect(open.last == .peer(.ping(1)))
    }

    @Test("a client with a key goes on with requests after AUTH")
    func clientRole() throws {
        let hello = Hello(role: .client, node: WireFixtures.initiatorKey.id, nonce: .zero)
        var bytes = try WireFixtures.bytes(.hello(hello))
        bytes.writeImmutableBuffer(try WireFixtures.bytes(WireFixtures.messages[2]))
        bytes.writeString("PING\n")
        let frames = try frames(bytes, RequestDecoder(), ends: true)
        #expect(frames.last == .request(.ping, payload: nil))
    }

    @Test("where strangers may not submit their file is passed over, and the next line served")
    func strangersFile() throws {
        let gate = PeerGate()
        func frames() throws -> [RequestFrame] {
            try self.frames(
                ByteBuffer(string: "PUT 5 name=a\nPING\nPING\n"),
                RequestDecoder(gate: gate, takesPayloadsOfStrangers: false),
                ends: true
            )
        }
        let closed = try frames()
        try #require(closed.count == 2)
        #expect(try #require(code(closed[0])) == (.outOfPlace, false))
        #expect(closed[1] == .request(.ping, payload: nil))
        gate.open()
        let open = try frames()
        guard case .request(.put, let payload?)? = open.first else {
            Issue.record("no PUT")
            return
        }
        #expect(payload.bytes == ByteBuffer(string: "PING\n"))
    }

    @Test("payloads of all connections share one budget, given back with the payload")
    func budget() throws {
        let budget = PayloadBudget(limit: 10)
        do {
            let first = try frames("PUT 6 name=a\nabcdef", budget: budget)
            #expect(first.count == 1)
            #expect(budget.heldByteCount == 6)
            let second = try frames("PUT 6 name=a\nabcdef", budget: budget)
            #expect(code(second.last)?.0 == .busy)
            withExtendedLifetime(first) {}
        }
        #expect(budget.heldByteCount == 0)
        #expect(code(try frames("PUT 6 name=a\nabcdef", budget: budget).last) == nil)
    }

    @Test("a declared length allocates nothing")
    func declaredLength() throws {
        let budget = PayloadBudget()
        let processor = NIOSingleStepByteToMessageProcessor(
            RequestDecoder(budget: budget)
        )
        try processor.process(buffer: ByteBuffer(string: "PUT 67108864 name=a\nxyz")) { _ in
            Issue.record("nothing is complete yet")
        }
        #expect(budget.heldByteCount == 3)
        #expect(processor.unprocessedBytes == 0)
    }

    @Test("a large payload in many pieces comes out whole")
    func largePayload() throws {
        let processor = NIOSingleStepByteToMessageProcessor(
            RequestDecoder(budget: PayloadBudget()),
            maximumBufferSize: 70_000
        )
        var found: [RequestFrame] = []
        let piece = ByteBuffer(repeating: 0x61, count: 65_536)
        try processor.process(buffer: ByteBuffer(string: "PUT 4194304 name=a\n")) {
            found.append($0)
        }
        for _ in 0..<64 { try processor.process(buffer: piece) { found.append($0) } }
        guard case .request(.put, let payload?)? = found.first else {
            Issue.record("no PUT")
            return
        }
        #expect(payload.bytes.readableBytes == 4_194_304)
        #expect(found.count == 1)
    }
}
