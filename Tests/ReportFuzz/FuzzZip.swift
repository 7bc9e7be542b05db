import CZip

/// A zip container taken apart, to be written again with other members.
struct FuzzZip {
    /// Name and content of a member.
    struct Member {
        var name: [UInt8]
        var bytes: [UInt8]
    }

    var members: [Member] = []

    /// Bytes that a seed may have inflated; greater ones are left alone.
    private static let maximumByteCount = 8 << 20

    init(_ files: KeyValuePairs<String, String>) {
        members = files.map { Member(name: Array($0.0.utf8), bytes: Array($0.1.utf8)) }
    }

    /// Reads a container; nil when it is none.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x50, 0x4B]) else { return nil }
        let members = bytes.withUnsafeBytes { Self.read($0) }
        guard let members, !members.isEmpty else { return nil }
        self.members = members
    }

    /// Source: libzip `zip_source_buffer_create`, `zip_open_from_source`, `zip_fread`.
    private static func read(_ buffer: UnsafeRawBufferPointer) -> [Member]? {
        guard
            let source = zip_source_buffer_create(buffer.baseAddress, UInt64(buffer.count), 0, nil)
        else { return nil }
        guard let archive = zip_open_from_source(source, ZIP_RDONLY, nil) else {
            zip_source_free(source)
            return nil
        }
        defer { zip_discard(archive) }
        var members: [Member] = []
        var total = 0
        for index in 0..<max(0, zip_get_num_entries(archive, 0)) {
            guard let file = zip_fopen_index(archive, UInt64(index), 0) else { return nil }
            defer { zip_fclose(file) }
            var content: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = zip_fread(file, &chunk, UInt64(chunk.count))
                if count <= 0 { break }
                content += chunk[..<Int(count)]
                total += Int(count)
                guard total <= maximumByteCount else { return nil }
            }
            let name = zip_get_name(archive, UInt64(index), UInt32(ZIP_FL_ENC_RAW))
            let text = name.map { String(cString: $0) } ?? ""
            members.append(Member(name: Array(text.utf8), bytes: content))
        }
        return members
    }

    /// The container with stored members.
    ///
    /// Source: PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16.
    var bytes: [UInt8] {
        var body: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let offset = body.count
            var common = Self.word(20) + Self.word(0x800) + Self.word(0) + Self.word(0)
            common += Self.word(0x21) + Self.long(Int(Self.checksum(member.bytes)))
            common += Self.long(member.bytes.count) + Self.long(member.bytes.count)
            common += Self.word(member.name.count) + Self.word(0)
            body += [0x50, 0x4B, 3, 4] + common + member.name
            body += member.bytes
            directory += [0x50, 0x4B, 1, 2] + Self.word(20) + common
            directory += [UInt8](repeating: 0, count: 10) + Self.long(offset) + member.name
        }
        let end = Self.word(members.count) + Self.word(members.count)
        let sizes = Self.long(directory.count) + Self.long(body.count)
        return body + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + end + sizes + [0, 0]
    }

    private static func word(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }

    private static func long(_ value: Int) -> [UInt8] { word(value) + word(value >> 16) }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in
            sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1
        }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var state: UInt32 = 0xFFFF_FFFF
        for byte in bytes { state = table[Int((state ^ UInt32(byte)) & 0xFF)] ^ state >> 8 }
        return ~state
    }
}
