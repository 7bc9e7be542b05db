/// Makes zips of stored entries.
///
/// Source: PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16.
struct StoredZip {
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(_ name: String, _ bytes: [UInt8]) {
        let name = Array(name.utf8)
        var common = Self.word(20) + Self.word(0x800) + Self.word(0) + Self.word(0)
        common += Self.word(0x21) + Self.long(Int(Self.checksum(bytes)))
        common += Self.long(bytes.count) + Self.long(bytes.count) + Self.word(name.count)
        common += Self.word(0)
        directory += [0x50, 0x4B, 1, 2] + Self.word(20) + common + Self.word(0) + Self.word(0)
        directory += Self.word(0) + Self.long(0) + Self.long(body.count) + name
        body += [0x50, 0x4B, 3, 4] + common + name + bytes
        count += 1
    }

    func finish() -> [UInt8] {
        body + directory + [0x50, 0x4B, 5, 6] + Self.word(0) + Self.word(0) + Self.word(count)
            + Self.word(count) + Self.long(directory.count) + Self.long(body.count) + Self.word(0)
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var state: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state & 1 == 1 ? 0xEDB8_8320 ^ state >> 1 : state >> 1 }
        }
        return ~state
    }

    private static func word(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }

    private static func long(_ value: Int) -> [UInt8] { word(value) + word(value >> 16) }
}
