import ReportCompression
import ReportTestKit
import Testing

@Suite("Compression")
struct CompressionTests {
    /// Bytes that can be compressed, and others each time.
    private static func bytes(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0..<8, using: &generator) }
    }

    @Test("gives the same bytes for a value whatever was worked on before, also by many at once")
    func contexts() async throws {
        var generator = SeededGenerator(seed: 7)
        var values: [[UInt8]] = []
        for count in [100, 2000, 12_000, 40_000, 300_000, 3_000_000, 65, 12_000] {
            values.append(Self.bytes(count, &generator))
        }
        let frames = try values.map { value in try #require(Compression.compressed(value)) }
        let shared = values
        await withTaskGroup(of: Bool.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<40).allSatisfy { round in
                        let place = (worker * 3 + round) % shared.count
                        let (value, frame) = (shared[place], frames[place])
                        // What is broken leaves nothing behind.
                        let broken = Array(frame.dropLast(3))
                        return Compression.decompressed(broken, byteCount: value.count) == nil
                            && Compression.compressed(value, level: Compression.roadLevel) != nil
                            && Compression.compressed(value) == frame
                            && Compression.decompressed(frame, byteCount: value.count) == value
                            && Compression.decompressed(frame, byteCount: value.count - 1) == nil
                    }
                }
            }
            for await isSame in group { #expect(isSame) }
        }
    }

    @Test("leaves alone what does not get smaller")
    func incompressible() {
        var generator = SeededGenerator(seed: 8)
        let noise = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(Compression.compressed(noise) == nil)
        #expect(Compression.compressed([UInt8](repeating: 1, count: 64)) == nil)
        #expect(Compression.decompressed(noise, byteCount: 5000) == nil)
    }
}
