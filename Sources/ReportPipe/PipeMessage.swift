package import ReportModel

/// Where a message goes: `reportd.<recipient>.<sender>.<kind>`, the nodes by the digits of their keys.
///
/// Source: docs/protocol.md section 8.
package struct PipeSubject: Hashable, Sendable {
    /// What a message carries a part of.
    package enum Kind: String, CaseIterable, Sendable {
        /// A bundle with entries.
        case entries
        /// A bundle without entries: who has signed for what.
        case acknowledgements
        /// JSON: how far the sender holds the logs of a bundle that began after that.
        case positions
    }

    /// First word of every subject.
    package static let root = "reportd"

    /// The node that it is for.
    package var recipient: NodeID
    /// The node that says it is from; the signature of a bundle shows whether it is.
    package var sender: NodeID
    /// What it carries.
    package var kind: Kind

    /// Makes a subject.
    package init(recipient: NodeID, sender: NodeID, kind: Kind) {
        self.recipient = recipient
        self.sender = sender
        self.kind = kind
    }

    /// Reads a subject; nil when it is none of ours.
    package init?(_ text: String) {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == Self.root,
            let recipient = NodeID(parsing: String(words[1])),
            let sender = NodeID(parsing: String(words[2])),
            let kind = Kind(rawValue: String(words[3]))
        else { return nil }
        self.init(recipient: recipient, sender: sender, kind: kind)
    }

    /// The text of the subject.
    package var text: String {
        "\(Self.root).\(Self.digits(recipient)).\(Self.digits(sender)).\(kind.rawValue)"
    }

    /// Every subject of a recipient.
    package static func filter(for recipient: NodeID) -> String {
        "\(root).\(digits(recipient)).*.*"
    }

    /// The 64 hexadecimal digits of a key.
    private static func digits(_ node: NodeID) -> String { node.key.hex }
}

/// Which part of which transfer a message is: the value of its header.
package struct PartHeader: Hashable, Sendable {
    /// Name of the header.
    package static let name = "Reportd-Part"
    /// Most parts of a transfer: 2 GiB of half a MiB each.
    package static let maximumCount = 4096
    private static let transferDigitCount = 32

    /// 32 hexadecimal digits that no other transfer has.
    package var transfer: String
    /// From 0.
    package var index: Int
    /// Parts of the transfer, at least 1.
    package var count: Int

    /// Makes the header of the first of some parts, under a name of its own.
    package init(count: Int) {
        let digits = (0..<2).map { _ -> String in
            let text = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        transfer = digits.joined()
        index = 0
        self.count = count
    }

    /// Reads `TRANSFER INDEX COUNT`; nil when it is not that.
    package init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[0].utf8.count == Self.transferDigitCount,
            words[0].allSatisfy({ $0.isHexDigit && $0.isASCII && !$0.isUppercase }),
            let index = Int(words[1]), let count = Int(words[2]),
            (1...Self.maximumCount).contains(count), (0..<count).contains(index)
        else { return nil }
        transfer = String(words[0])
        self.index = index
        self.count = count
    }

    /// `TRANSFER INDEX COUNT`.
    package var text: String { "\(transfer) \(index) \(count)" }
}
