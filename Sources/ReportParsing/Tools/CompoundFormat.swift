/// Tells the formats apart that share the OLE container.
///
/// A file written by WPS as doc has the same streams as one written as wps. What decides, in this
/// order: the streams (text or workbook), the program that the document says wrote it, and only
/// between two formats that this program writes both, the file's extension.
enum CompoundFormat {
    private static let maximumPropertyByteCount = 64 << 10

    /// Names a compound file's format.
    /// - Parameters:
    ///   - bytes: the file, which begins as a compound file.
    ///   - name: its file name, for ties.
    /// - Returns: the format; `ole` when neither text nor workbook is in it.
    static func tell(_ bytes: [UInt8], name: String) -> FileFormat {
        guard let file = CompoundFile(bytes), !file.entries.isEmpty else {
            return FileFormat(name: "ole", label: "旧版 Office 复合文档")
        }
        let names = Set(file.entries.filter(\.isStream).map { $0.name.lowercased() })
        if names.contains("encryptedpackage") {
            return FileFormat(name: "encrypted", label: "加密的 Office 文档")
        }
        let extensionWord = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        if names.contains("worddocument") {
            return isKingsoft(file, extensionWord, own: ["wps", "wpt"], other: ["doc", "dot"])
                ? FileFormat(name: "wps", label: "WPS 文字（wps）")
                : FileFormat(name: "doc", label: "旧版 Word 文档（doc）")
        }
        if names.contains("workbook") || names.contains("book") {
            return isKingsoft(file, extensionWord, own: ["et", "ett"], other: ["xls", "xlt"])
                ? FileFormat(name: "et", label: "WPS 表格（et）")
                : FileFormat(name: "xls", label: "旧版 Excel 工作簿（xls）")
        }
        return FileFormat(name: "ole", label: "旧版 Office 复合文档")
    }

    private static func isKingsoft(
        _ file: CompoundFile,
        _ extensionWord: String,
        own: Set<String>,
        other: Set<String>
    ) -> Bool {
        switch writer(of: file) {
        case .microsoft: false
        case .kingsoft: !other.contains(extensionWord)
        case .unknown: own.contains(extensionWord)
        }
    }

    private enum Writer {
        case microsoft, kingsoft, unknown
    }

    /// The program that the document's properties name.
    private static func writer(of file: CompoundFile) -> Writer {
        let custom =
            file.stream(
                "\u{5}DocumentSummaryInformation",
                maximumByteCount: maximumPropertyByteCount
            ) ?? []
        if holds("KSOProductBuildVer", in: custom) { return .kingsoft }
        let summary =
            file.stream("\u{5}SummaryInformation", maximumByteCount: maximumPropertyByteCount) ?? []
        let application = applicationName(summary).lowercased()
        if application.contains("wps") || application.contains("kingsoft")
            || application.contains("kso")
        {
            return .kingsoft
        }
        return application.contains("microsoft") ? .microsoft : .unknown
    }

    /// The property `PIDSI_APPNAME` of a summary; empty when there is none.
    ///
    /// Source: MS-OLEPS 2.20 and 2.21 (property sets), 3.1.1 (summary information).
    private static func applicationName(_ summary: [UInt8]) -> String {
        func word(_ offset: Int) -> Int? {
            guard offset >= 0, offset + 4 <= summary.count else { return nil }
            return (0..<4).reduce(0) { $0 | Int(summary[offset + $1]) << (8 * $1) }
        }
        guard let section = word(44), let count = word(section + 4), count <= 256 else { return "" }
        for index in 0..<count {
            let entry = section + 8 + index * 8
            guard word(entry) == 18, let relative = word(entry + 4) else { continue }
            let value = section + relative
            guard let kind = word(value), let length = word(value + 4), value + 8 < summary.count
            else { return "" }
            let text = summary[(value + 8)...].prefix(min(length, 1 << 10) * (kind == 31 ? 2 : 1))
            return String(decoding: text.filter { $0 != 0 && $0 < 0x80 }, as: UTF8.self)
        }
        return ""
    }

    /// Whether bytes hold an ASCII word, in one or two bytes a character.
    private static func holds(_ word: String, in bytes: [UInt8]) -> Bool {
        let narrow = bytes.filter { $0 != 0 }
        let needle = Array(word.utf8)
        guard narrow.count >= needle.count else { return false }
        return (0...narrow.count - needle.count).contains { start in
            narrow[start] == needle[0] && narrow[start..<start + needle.count].elementsEqual(needle)
        }
    }
}
