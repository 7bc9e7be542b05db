import NIOCore
import ReportCompression
import Testing

@testable import ReportModel
@testable import ReportWire

@Suite("body forms") struct BodyFormsTests {
    private static func bytes(_ message: PeerMessage) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        try message.write(to: &buffer)
        return buffer
    }

    private static func read(_ buffer: ByteBuffer) throws -> PeerMessage? {
        var buffer = buffer
        var decoder = PeerMessageDecoder(gate: PeerGate(isOpen: true))
        return try decoder.decode(buffer: &buffer)
    }

    /// A batch whose record is long and repeats itself.
    private static var long: EntryBatch {
        var batch = WireFixtures.batch
        let text = String(repeating: "预算执行率偏低。", count: 500)
        batch.entries[0].bodies[0]?.bytes = Array(text.utf8)
        return batch
    }

    @Test("a compressed batch is shorter and reads as the same bodies") func compressed() throws {
        let plain = Self.long
        var small = plain
        small.compress()
        let buffer = try Self.bytes(.batch(small))
        let plainBuffer = try Self.bytes(.batch(plain))
        #expect(buffer.readableBytes * 4 < plainBuffer.readableBytes)
        #expect(small.encodedByteCount == plain.encodedByteCount)
        guard case .batch(let read, _)? = try Self.read(buffer) else {
            Issue.record("no batch came out")
            return
        }
        #expect(read.entries[0].bodies == plain.entries[0].bodies)
        #expect(read.entries[0].bodies[0]?.frame == small.entries[0].bodies[0]?.frame)
        var again = read
        again.expand()
        #expect(try Self.bytes(.batch(again)) == plainBuffer)
    }

    @Test("a batch says what its entries are summed with, and damage is found by either")
    func checksums() throws {
        for checksum in [EntryChecksum.sha256, .xxh3] {
            var buffer = try Self.bytes(.batch(Self.long, checksum))
            guard case .batch(let read, let told)? = try Self.read(buffer) else {
                Issue.record("no batch came out")
                continue
            }
            #expect(read == Self.long && told == checksum)
            let magic = try #require(
                buffer.readableBytesView.firstRange(of: [0x72, 0x70, 0x62, checksum.rawValue])
            )
            let last = buffer.writerIndex - 1
            let byte: UInt8 = try #require(buffer.getInteger(at: last))
            buffer.setInteger(byte ^ 1, at: last)
            #expect(throws: WireError.self) { try Self.read(buffer) }
            buffer.setInteger(byte, at: last)
            // The other sum, and one that nobody knows.
            for other in [3 - checksum.rawValue, 3] {
                buffer.setInteger(other, at: magic.upperBound - 1)
                #expect(throws: WireError.self) { try Self.read(buffer) }
            }
        }
        // XXH3-64 of nothing with seed 0, as xxHash publishes it.
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(EntryChecksum.xxh3.sum(none) == 0x2D06_8005_38D3_94C2)
    }

    @Test("a body that the receiver holds takes one byte, and is told from an absent one")
    func held() throws {
        var batch = Self.long
        batch.entries[0].held = [1]
        let buffer = try Self.bytes(.batch(batch))
        guard case .batch(let read, _)? = try Self.read(buffer) else {
            Issue.record("no batch came out")
            return
        }
        #expect(read.entries[0].held == [1])
        #expect(read.entries[0].bodies[1] == nil)
        #expect(read.entries[1].held.isEmpty)
    }

    @Test("a frame that states another length than it has is refused")
    func falseLength() throws {
        var batch = Self.long
        batch.compress()
        // The sender's length no longer is the frame's.
        batch.entries[0].bodies[0]?.bytes.removeLast()
        let buffer = try Self.bytes(.batch(batch))
        #expect(throws: WireError.self) { _ = try Self.read(buffer) }
    }

    @Test("frames that expand beyond the limit of a batch together are refused")
    func bombs() throws {
        var batch = WireFixtures.batch
        let zeros = [UInt8](repeating: 48, count: WireLimits.maximumBatchByteCount / 2 + 1)
        let frame = Compression.compressed(zeros)
        var body = Body(kind: .record, salt: WireFixtures.hash(3), bytes: zeros)
        body.frame = frame
        batch.entries[0].bodies = [body, body]
        // Past the encoder's own check of the limit.
        var payload = ByteBuffer()
        try batch.write(to: &payload, .sha256)
        #expect(payload.readableBytes < 100_000)
        #expect(throws: WireError.self) { _ = try EntryBatch.read(&payload) }
    }

    @Test("a frame that is longer than what it stands for is refused")
    func longFrame() throws {
        var batch = Self.long
        batch.compress()
        let bytes = try #require(batch.entries[0].bodies[0]?.bytes)
        let frame = try #require(batch.entries[0].bodies[0]?.frame)
        // A skippable frame of RFC 8878 in front: expands to the same bytes.
        let passedOver: [UInt8] = [0x50, 0x2A, 0x4D, 0x18]
        var length: [UInt8] = []
        withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { length.append(contentsOf: $0) }
        batch.entries[0].bodies[0]?.frame =
            frame + passedOver + length + [UInt8](repeating: 0, count: bytes.count)
        let buffer = try Self.bytes(.batch(batch))
        #expect(throws: WireError.self) { _ = try Self.read(buffer) }
    }

    @Test("forms are words, and words of later versions are passed over") func words() throws {
        let buffer = try Self.bytes(.forms([.zstd, .held]))
        #expect(String(buffer: buffer) == "FORMS zstd held\n")
        #expect(try Self.read(buffer) == .forms([.zstd, .held]))
        #expect(try Self.read(ByteBuffer(string: "FORMS held brotli\n")) == .forms(.held))
        #expect(try Self.read(ByteBuffer(string: "FORMS\n")) == .forms([]))
    }

    @Test("a direction is a word behind the forms, and of several the first counts")
    func directions() throws {
        let buffer = try Self.bytes(.forms([.zstd, .held], .push))
        #expect(String(buffer: buffer) == "FORMS zstd held push\n")
        #expect(try Self.read(buffer) == .forms([.zstd, .held], .push))
        #expect(try Self.read(ByteBuffer(string: "FORMS pull zstd push\n")) == .forms(.zstd, .pull))
        #expect(try Self.read(ByteBuffer(string: "FORMS both\n")) == .forms([], .both))
        #expect(try Self.read(ByteBuffer(string: "FORMS Push sideways\n")) == .forms([]))
    }
}
