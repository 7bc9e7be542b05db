public import ReportModel

/// The files of a filing one after the other, as they travel between worker and parent.
///
/// Each is a line `<bytes of the name> <bytes of the file>` LF, the name in UTF-8, the file.
public enum FilingFrames {
    /// Longest line in front of a file.
    private static let longestLine = 40

    /// Puts files in a row.
    /// - Parameter members: the files.
    /// - Returns: the bytes.
    public static func encode(_ members: [FilingMember]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(members.reduce(0) { $0 + $1.bytes.count + 128 })
        for member in members {
            let name = Array(member.name.utf8)
            bytes += Array("\(name.count) \(member.bytes.count)\n".utf8)
            bytes += name
            bytes += member.bytes
        }
        return bytes
    }

    /// Takes files apart.
    /// - Parameter bytes: what ``encode(_:)`` made.
    /// - Returns: the files in their order.
    /// - Throws: ``ReportError`` `internal` when the bytes do not keep to the form.
    public static func decode(_ bytes: [UInt8]) throws(ReportError) -> [FilingMember] {
        var members: [FilingMember] = []
        var index = 0
        while index < bytes.count {
            guard
                let end = bytes[index...].prefix(longestLine).firstIndex(of: UInt8(ascii: "\n"))
            else { throw nonsense }
            let words = String(decoding: bytes[index..<end], as: UTF8.self).split(separator: " ")
            guard words.count == 2, let nameCount = Int(words[0]), let count = Int(words[1]),
                nameCount >= 0, count >= 0, nameCount <= bytes.count - end - 1,
                count <= bytes.count - end - 1 - nameCount
            else { throw nonsense }
            let start = end + 1 + nameCount
            members.append(
                FilingMember(
                    name: String(decoding: bytes[(end + 1)..<start], as: UTF8.self),
                    bytes: Array(bytes[start..<(start + count)])
                )
            )
            index = start + count
        }
        return members
    }

    private static var nonsense: ReportError {
        ReportError(.internal, "the files of a filing are not in the form that was agreed")
    }
}
