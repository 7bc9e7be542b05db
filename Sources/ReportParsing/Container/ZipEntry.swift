/// One entry of a zip container, as its directory states it.
struct ZipEntry: Hashable, Sendable {
    /// Index in the directory, for ``ZipArchive/read(_:)``.
    let index: UInt64
    /// Name as stored, in an encoding that only ``isUTF8`` may tell.
    let rawName: [UInt8]
    /// Whether the entry says that its name is UTF-8; plain ASCII counts as such.
    let isUTF8: Bool
    /// Size once inflated, as stated and never to be trusted; nil when not stated.
    let statedByteCount: UInt64?
    /// Size within the container, as stated.
    let compressedByteCount: UInt64
    /// Whether the entry is encrypted.
    let isEncrypted: Bool
    /// The name with forward slashes and without leading `./` or `/`, bad bytes replaced; for
    /// comparing with the names that a format defines, never a path of the file system.
    let name: String

    /// Whether the entry stands for a directory.
    var isDirectory: Bool { name.isEmpty || name.utf8.last == UInt8(ascii: "/") }

    /// Names compared as office programs do, with ASCII letters of either case alike.
    func isNamed(_ other: String) -> Bool {
        ZipEntry.folded(name.utf8) == ZipEntry.folded(other.utf8)
    }

    /// A name as ``name`` has it.
    static func plainName(_ raw: [UInt8]) -> String {
        var bytes = raw.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }[...]
        while true {
            if bytes.first == UInt8(ascii: "/") {
                bytes = bytes.dropFirst()
            } else if bytes.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) {
                bytes = bytes.dropFirst(2)
            } else {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// ASCII letters in lower case.
    static func folded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    }
}
