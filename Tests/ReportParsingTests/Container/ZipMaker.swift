/// Makes zip containers with stored entries by hand, also wrong ones.
///
/// Source: PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16.
struct ZipMaker {
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// The container of some files of text.
    static func zip(_ files: KeyValuePairs<String, String>) -> [UInt8] {
        var maker = ZipMaker()
        for (name, text) in files { maker.add(Array(name.utf8), Array(text.utf8)) }
        return maker.finish()
    }

    /// Adds an entry.
    /// - Parameters:
    ///   - name: name as stored.
    ///   - bytes: content, stored or already deflated.
    ///   - flags: general purpose bits; 0x800 for a name in UTF-8, 1 for encrypted.
    ///   - deflatedFrom: size and checksum of the inflated content; nil for a stored entry.
    mutating func add(
        _ name: [UInt8],
        _ bytes: [UInt8],
        flags: Int = 0x800,
        deflatedFrom: (count: Int, checksum: UInt32)? = nil
    ) {
        let checksum = deflatedFrom?.checksum ?? Self.checksum(bytes)
        var common: [UInt8] = []
        common += Self.word(20) + Self.word(flags) + Self.word(deflatedFrom == nil ? 0 : 8)
        common += Self.word(0) + Self.word(0x21)
        common += Self.long(Int(checksum)) + Self.long(bytes.count)
        common += Self.long(deflatedFrom?.count ?? bytes.count)
        common += Self.word(name.count) + Self.word(0)
        let offset = body.count
        body += [0x50, 0x4B, 3, 4] + common + name + bytes
        directory += [0x50, 0x4B, 1, 2] + Self.word(20) + common
        directory += Self.word(0) + Self.word(0) + Self.word(0) + Self.long(0) + Self.long(offset)
        directory += name
        count += 1
    }

    /// The container.
    func finish() -> [UInt8] {
        body + directory + [0x50, 0x4B, 5, 6] + Self.word(0) + Self.word(0) + Self.word(count)
            + Self.word(count) + Self.long(directory.count) + Self.long(body.count) + Self.word(0)
    }

    /// A deflate stream of one byte many times over: about a thousandth of its content.
    static func bomb(_ count: Int) -> (bytes: [UInt8], count: Int, checksum: UInt32) {
        // One fixed-code block: the literal 0, then matches of length 258 at distance 1.
        var bits = BitWriter()
        bits.add(0b1, 1)
        bits.add(0b01, 2)
        bits.addCode(0x30, 8)
        let matches = count / 258
        for _ in 0..<matches {
            bits.addCode(0b1100_0101, 8)
            bits.addCode(0, 5)
        }
        bits.addCode(0, 7)
        let total = 1 + matches * 258
        var crc = CheckSum()
        for _ in 0..<total { crc.add(0) }
        return (bits.finish(), total, crc.value)
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = CheckSum()
        for byte in bytes { sum.add(byte) }
        return sum.value
    }

    private static func word(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }

    private static func long(_ value: Int) -> [UInt8] { word(value) + word(value >> 16) }
}

/// The checksum of zip entries.
private struct CheckSum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in
            sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1
        }
    }
    private var state: UInt32 = 0xFFFF_FFFF

    var value: UInt32 { ~state }

    mutating func add(_ byte: UInt8) {
        state = Self.table[Int((state ^ UInt32(byte)) & 0xFF)] ^ state >> 8
    }
}

/// Bits in the order of deflate.
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var held: UInt8 = 0
    private var width = 0

    mutating func add(_ value: Int, _ count: Int) {
        for place in 0..<count {
            held |= UInt8(value >> place & 1) << UInt8(width)
            width += 1
            if width == 8 {
                bytes.append(held)
                held = 0
                width = 0
            }
        }
    }

    /// Codes of Huffman go highest bit first.
    mutating func addCode(_ code: Int, _ count: Int) {
        for place in (0..<count).reversed() { add(code >> place & 1, 1) }
    }

    func finish() -> [UInt8] { width == 0 ? bytes : bytes + [held] }
}
