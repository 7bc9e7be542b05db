import ReportModel

/// Names of receipts, which stand beside the files they speak of; names are bytes.
package enum ReceiptName {
    /// What the receipt for people ends in.
    package static let textEnding = Array(".回执.txt".utf8)
    /// What the receipt for programs ends in.
    package static let jsonEnding = Array(".回执.json".utf8)
    /// Longest file name of Linux file systems.
    package static let maximumByteCount = 255

    /// Whether the name is that of a receipt.
    package static func isReceipt(_ name: [UInt8]) -> Bool {
        name.hasEnding(textEnding) || name.hasEnding(jsonEnding)
    }

    /// The name of the receipt for people.
    package static func text(of name: [UInt8]) -> [UInt8] { receipt(of: name, ending: textEnding) }

    /// The name of the receipt for programs.
    package static func json(of name: [UInt8]) -> [UInt8] { receipt(of: name, ending: jsonEnding) }

    private static func receipt(of name: [UInt8], ending: [UInt8]) -> [UInt8] {
        // Both receipts are shortened alike, so that they stand together.
        let room = maximumByteCount - jsonEnding.count
        return (name.count <= room ? name : shortened(name, to: room)) + ending
    }

    /// Cuts a name at a scalar and ends it in `~` and 8 digits of its hash.
    package static func shortened(_ name: [UInt8], to room: Int) -> [UInt8] {
        var end = max(0, room - 9)
        while end > 0, end < name.count, name[end] & 0xC0 == 0x80 { end -= 1 }
        return name[..<end] + Array("~\(Hash256(hashing: name).shortHex)".utf8)
    }
}

extension [UInt8] {
    fileprivate func hasEnding(_ ending: [UInt8]) -> Bool {
        count >= ending.count && suffix(ending.count).elementsEqual(ending)
    }
}
