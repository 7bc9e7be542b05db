import NIOCore
import ReportModel
import ReportWire
import Testing

@Suite("Garbage")
struct GarbageTests {
    /// Pieces that garbage is mixed from, so that it gets further than random bytes would.
    private static let pieces = [
        "GET ", "PUT ", "PUTREC ", "HELLO 1 peer ", "AUTH ", "BATCH ", "POSITIONS ", "LOG ", "ACK ",
        "WITNESS ", "COMPARE ", "NODES ", "FETCH ", "ENTRIES ", "JOIN 1 ",
        "PING", " ", "\n", "\r\n", "name=", "%", "%4", "%00", "164", "56", "9",
        "18446744073709551616",
        "more=1", "+OK ", "text/plain ", "-ERR ", "2023/麻章区", "\u{0}",
        String(repeating: "f", count: 64),
        String(repeating: "0", count: 128), String(repeating: "x", count: 5000),
    ]

    private func garbage(_ generator: inout SeededGenerator, valid: [ByteBuffer]) -> ByteBuffer {
        var bytes = ByteBuffer()
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                for _ in 0..<Int.random(in: 0..<40, using: &generator) {
                    bytes.writeInteger(UInt8.random(in: 0...255, using: &generator))
                }
            case 1:
                var message = valid[Int.random(in: 0..<valid.count, using: &generator)]
                let index = Int.random(in: 0..<message.writerIndex, using: &generator)
                message.setInteger(UInt8.random(in: 0...255, using: &generator), at: index)
                bytes.writeBuffer(&message)
            default:
                let index = Int.random(in: 0..<Self.pieces.count, using: &generator)
                bytes.writeString(Self.pieces[index])
            }
        }
        return bytes
    }

    private func feed<Decoder: NIOSingleStepByteToMessageDecoder>(
        _ decoder: Decoder,
        _ bytes: ByteBuffer,
        _ generator: inout SeededGenerator
    ) throws {
        let processor = NIOSingleStepByteToMessageProcessor(decoder)
        var bytes = bytes
        while bytes.readableBytes > 0 {
            let count = Int.random(in: 1...max(1, bytes.readableBytes), using: &generator)
            guard let piece = bytes.readSlice(length: count) else { return }
            try processor.process(buffer: piece) { _ in }
            try #require(processor.unprocessedBytes <= WireLimits.maximumLineByteCount + 2)
        }
        try processor.finishProcessing(seenEOF: true) { _ in }
    }

    @Test("no decoder traps, and none holds more than a line", arguments: 0..<10)
    func seeds(block: Int) throws {
        let valid = try WireFixtures.messages.map { try WireFixtures.bytes($0) }
        for seed in (block * 300)..<(block * 300 + 300) {
            var generator = SeededGenerator(seed: UInt64(seed))
            let bytes = garbage(&generator, valid: valid)
            // Servers answer garbage, they never throw.
            #expect(throws: Never.self, "seed \(seed)") {
                try feed(RequestDecoder(budget: PayloadBudget()), bytes, &generator)
            }
            let open = RequestDecoder(gate: PeerGate(isOpen: true), budget: PayloadBudget())
            #expect(throws: Never.self, "seed \(seed)") { try feed(open, bytes, &generator) }
            do {
                try feed(PeerMessageDecoder(gate: PeerGate(isOpen: true)), bytes, &generator)
            } catch is WireError {}
            do {
                try feed(ReplyDecoder(), bytes, &generator)
            } catch is WireError {}
        }
    }
}
