import ReportIntake
import ReportModel

/// Rules on file names, which are bytes.
enum FileName {
    static let temporaryBeginning = Array(".reportd-".utf8)

    private static let ignoredEndings = [
        ".part", ".crdownload", ".tmp", ".temp", ".partial", ".download", ".filepart", ".lnk", "~",
    ].map { Array($0.utf8) }
    private static let ignoredNames = Set(
        ["thumbs.db", "desktop.ini", "ehthumbs.db"].map { Array($0.utf8) }
    )
    private static let ignoredFolders = Set(
        ["$recycle.bin", "system volume information", "@eadir", "#recycle", "lost+found"]
            .map { Array($0.utf8) }
    )

    /// Whether a file is a lock, temporary or system file, or a receipt: it is never looked at.
    static func isIgnored(_ name: [UInt8]) -> Bool {
        if name.first == UInt8(ascii: ".") || name.starts(with: Array("~$".utf8)) { return true }
        let folded = name.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
        if ignoredNames.contains(folded) || isReceipt(name) { return true }
        return ignoredEndings.contains { folded.ends(with: $0) }
    }

    /// Whether a path is never looked at: by its name, or because the page for the clerk stands there.
    static func isIgnored(_ path: InboxPath) -> Bool {
        isIgnored(path.name) || path == YearPageFile.path
    }

    /// Whether a folder belongs to the system and is not looked into.
    static func isIgnoredFolder(_ name: [UInt8]) -> Bool {
        if name.first == UInt8(ascii: ".") { return true }
        return ignoredFolders.contains(name.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 })
    }

    /// Whether the name is that of a receipt.
    static func isReceipt(_ name: [UInt8]) -> Bool { ReceiptName.isReceipt(name) }

    /// The name of the receipt for people.
    static func receiptText(of name: [UInt8]) -> [UInt8] { ReceiptName.text(of: name) }

    /// The name of the receipt for programs.
    static func receiptJSON(of name: [UInt8]) -> [UInt8] { ReceiptName.json(of: name) }

    /// The name with a number before its extension: `a (2).txt`.
    static func numbered(_ name: [UInt8], _ number: Int) -> [UInt8] {
        guard number > 1 else { return name }
        let (stem, ending) = split(name)
        let suffix = Array(" (\(number))".utf8) + ending
        let room = InboxLimits.maximumNameByteCount - suffix.count
        return (stem.count <= room ? stem : ReceiptName.shortened(stem, to: room)) + suffix
    }

    private static func split(_ name: [UInt8]) -> (stem: [UInt8], ending: [UInt8]) {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0, name.count - dot <= 16
        else {
            return (name, [])
        }
        return (Array(name[..<dot]), Array(name[dot...]))
    }

    /// A name for people: one line, no control or direction characters, no invalid bytes.
    static func display(_ name: [UInt8]) -> String { SafeText.name(name) }
}

extension [UInt8] {
    func ends(with ending: [UInt8]) -> Bool {
        count >= ending.count && suffix(ending.count).elementsEqual(ending)
    }
}
