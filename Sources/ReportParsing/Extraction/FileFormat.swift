/// A file format, told by content.
///
/// Source: PKWARE APPNOTE 4.3.7 (zip), ISO 32000 7.5.2 (PDF header), MS-CFB 2.2 (OLE signature),
/// and the signatures that the image and archive formats define for themselves.
public struct FileFormat: Hashable, Sendable {
    /// Short name as it stands in a source's `format`, such as docx.
    public var name: String
    /// What people call it, for messages.
    public var label: String

    /// Makes a format.
    /// - Parameters:
    ///   - name: short name, such as docx.
    ///   - label: what people call it.
    public init(name: String, label: String) {
        self.name = name
        self.label = label
    }

    static let text = FileFormat(name: "txt", label: "纯文本")
    static let html = FileFormat(name: "html", label: "网页（HTML）")
    static let xml = FileFormat(name: "xml", label: "XML")
    static let sheetXML = FileFormat(name: "xml-sheet", label: "XML 表格（Excel 2003）")
    static let wordXML = FileFormat(name: "xml-word", label: "XML 文档（Word 2003）")
    static let mht = FileFormat(name: "mht", label: "单个文件网页（MHTML）")
    static let pdf = FileFormat(name: "pdf", label: "PDF")
    static let zip = FileFormat(name: "zip", label: "ZIP 压缩包")
    static let rtf = FileFormat(name: "rtf", label: "RTF")

    /// Whether the format is a picture, which has no text of its own.
    var isPicture: Bool { ["png", "jpg", "gif", "tiff", "bmp", "webp"].contains(name) }

    private static let signatures: [(bytes: [UInt8], name: String, label: String)] = [
        (Array("Rar!".utf8), "rar", "RAR 压缩包"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z", "7z 压缩包"),
        ([0x1F, 0x8B, 0x08], "gz", "gzip 压缩包"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "png", "PNG 图片"),
        ([0xFF, 0xD8, 0xFF], "jpg", "JPEG 图片"),
        (Array("GIF87a".utf8), "gif", "GIF 图片"),
        (Array("GIF89a".utf8), "gif", "GIF 图片"),
        ([0x49, 0x49, 0x2A, 0x00], "tiff", "TIFF 图片"),
        ([0x4D, 0x4D, 0x00, 0x2A], "tiff", "TIFF 图片"),
        (Array("{\\rtf".utf8), "rtf", "RTF 文档"),
    ]

    /// Tells the format of a file from its first bytes, containers also from their entry names.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - name: its file name, which only breaks ties: wps or doc, et or xls.
    /// - Returns: the format; `txt` when no signature fits, which only decoding can confirm.
    public static func sniff(_ bytes: [UInt8], name: String = "") -> FileFormat {
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
            || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
        {
            return container(bytes)
        }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            return CompoundFormat.tell(bytes, name: name)
        }
        for signature in signatures where bytes.starts(with: signature.bytes) {
            return FileFormat(name: signature.name, label: signature.label)
        }
        if bytes.starts(with: Array("BM".utf8)), bytes.prefix(64).contains(0) {
            return FileFormat(name: "bmp", label: "BMP 图片")
        }
        if bytes.starts(with: Array("RIFF".utf8)), holds("WEBP", in: bytes.prefix(16)) {
            return FileFormat(name: "webp", label: "WebP 图片")
        }
        if holds("%PDF-", in: bytes.prefix(1024)) { return .pdf }
        return markup(bytes)
    }

    /// Tells what a zip container is by the names in its directory, so that a zip that merely holds
    /// an office file stays a zip.
    ///
    /// Without a directory (a cut file) the first local names decide.
    ///
    /// Source: ISO/IEC 29500-2 (parts of a package), GB/T 33190 7.2 (`OFD.xml`), OpenDocument 1.3
    /// part 2 section 3.3 (`mimetype`).
    private static func container(_ bytes: [UInt8]) -> FileFormat {
        let names = ZipArchive.names(bytes) ?? localNames(bytes)
        var found: Set<[UInt8]> = []
        var folders: Set<[UInt8]> = []
        for name in names {
            let folded = ZipEntry.folded(name.utf8)
            found.insert(folded)
            if let slash = folded.firstIndex(of: 0x2F) { folders.insert(Array(folded[..<slash])) }
        }
        func has(_ name: String) -> Bool { found.contains(Array(name.utf8)) }
        func hasFolder(_ name: String) -> Bool { folders.contains(Array(name.utf8)) }
        if has("ofd.xml") { return FileFormat(name: "ofd", label: "OFD 版式文档") }
        let isPackage = has("[content_types].xml")
        if isPackage && hasFolder("word") || has("word/document.xml") {
            return FileFormat(name: "docx", label: "Word 文档（docx）")
        }
        if isPackage && hasFolder("xl") || has("xl/workbook.xml") {
            return FileFormat(name: "xlsx", label: "Excel 工作簿（xlsx）")
        }
        if isPackage && hasFolder("ppt") || has("ppt/presentation.xml") {
            return FileFormat(name: "pptx", label: "演示文稿（pptx）")
        }
        let head = bytes.prefix(256)
        if has("mimetype") || has("meta-inf/manifest.xml") && has("content.xml") {
            if holds("opendocument.spreadsheet", in: head) {
                return FileFormat(name: "ods", label: "ODS 工作簿")
            }
            if holds("opendocument.presentation", in: head) {
                return FileFormat(name: "odp", label: "ODP 演示文稿")
            }
            if has("content.xml") || holds("opendocument.text", in: head) {
                return FileFormat(name: "odt", label: "ODT 文档")
            }
        }
        return .zip
    }

    /// Names in the local headers of a container that lost its directory.
    ///
    /// Source: PKWARE APPNOTE 4.3.7.
    private static func localNames(_ bytes: [UInt8]) -> [String] {
        var names: [String] = []
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index + 30 <= buffer.count, names.count < 1000 {
                guard buffer[index] == 0x50, buffer[index + 1] == 0x4B, buffer[index + 2] == 0x03,
                    buffer[index + 3] == 0x04
                else {
                    index += 1
                    continue
                }
                let length = Int(buffer[index + 26]) | Int(buffer[index + 27]) << 8
                let end = min(index + 30 + length, buffer.count)
                names.append(ZipEntry.plainName(Array(buffer[(index + 30)..<end])))
                index = end
            }
        }
        return names
    }

    /// Tells HTML and XML from plain text; a byte order mark and white space may stand before.
    private static func markup(_ bytes: [UInt8]) -> FileFormat {
        let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF]
        // Every head begins with a mark of markup or with a field of a message.
        guard let first = bytes.prefix(1024).first(where: { $0 != 0 && !blanks.contains($0) }),
            Array("<MmFf".utf8).contains(first)
        else { return .text }
        var head = bytes.prefix(1024).map { byte -> UInt8 in
            byte >= 0x41 && byte <= 0x5A ? byte + 32 : byte
        }
        if head.contains(0) { head.removeAll { $0 == 0 } }
        let start = head.firstIndex { !blanks.contains($0) } ?? head.endIndex
        let text = head[start...]
        func begins(_ tag: String) -> Bool { text.starts(with: Array(tag.utf8)) }
        if begins("<!doctype html") || begins("<html") || begins("<head") || begins("<body")
            || begins("<table") || begins("<meta") || begins("<div") || begins("<p>")
        {
            return .html
        }
        if begins("mime-version:") || begins("from: <saved by") { return .mht }
        if begins("<?xml") || begins("<workbook") {
            if holds("office:spreadsheet", in: head[...]) || holds("excel.sheet", in: head[...]) {
                return .sheetXML
            }
            if holds("office/word/2003/wordml", in: head[...])
                || holds("word.document", in: head[...])
            {
                return .wordXML
            }
            return holds("<html", in: head[...]) ? .html : .xml
        }
        return .text
    }

    private static func holds(_ text: String, in bytes: ArraySlice<UInt8>) -> Bool {
        find(Array(text.utf8), in: bytes)
    }

    private static func find(_ needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return false }
        return bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            let last = buffer.count - needle.count
            while index <= last {
                if buffer[index] == first {
                    var offset = 1
                    while offset < needle.count, buffer[index + offset] == needle[offset] {
                        offset += 1
                    }
                    if offset == needle.count { return true }
                }
                index += 1
            }
            return false
        }
    }
}
