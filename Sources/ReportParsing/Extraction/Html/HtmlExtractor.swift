public import ReportModel

/// Reads web pages, also those that Word and Excel make and that call themselves doc or xls.
///
/// The declared character set is checked against the bytes. Navigation, scripts and hidden
/// elements are left out; tables that only lay the page out are read as running text.
public struct HtmlExtractor: Extractor {
    /// Makes the extractor.
    public init() {}

    /// Whether the content is HTML.
    public func reads(_ format: FileFormat) -> Bool { format == .html }

    /// Makes the document of a page.
    /// - Parameters:
    ///   - bytes: the file in UTF-8, UTF-16, GB18030 or Big5.
    ///   - format: not looked at.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document, as `html`.
    /// - Throws: ``ReportError`` `.empty`, `.unreadable`, `.needsTool`, `.tooLarge`, `.tooDeep`,
    ///   or `.noText` for a page that shows nothing.
    public func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction {
        let decoded = try TextDecoder.decode(bytes, declared: HtmlCharset.declared(in: bytes))
        let source = HtmlConditions.removed(from: decoded.bytes)
        try HtmlNesting.check(source)
        let page = try XMLDocument(html: source, encoding: "UTF-8", limits: limits.container)
        let root = page.root
        var collector = BlockCollector(limits: limits)
        for piece in HtmlFlow.pieces(root.child("body") ?? root, limits: limits) {
            switch piece {
            case .line(let text, let level):
                try collector.add(text, level: level)
            case .table(let table):
                try Self.add(table, to: &collector, limits)
            }
        }
        let frames = root.descendants("frame").count
        if frames > 0 {
            collector.note("框架", "网页由 \(frames) 个框架组成，内容在另外的文件里，没有读取")
        }
        guard !collector.document.blocks.isEmpty else {
            throw ReportError(
                .noText,
                frames > 0 ? "网页只有框架，内容在另外的文件里" : "网页里没有可以读取的文字",
                hint: "请用 Word 或 Excel 打开后另存为 docx 或 xlsx 提交"
            )
        }
        return Extraction(
            document: collector.document,
            format: "html",
            encoding: decoded.encoding
        )
    }

    /// A title row becomes a line and rows without text divide tables, as on a sheet.
    private static func add(
        _ table: XMLNode,
        to collector: inout BlockCollector,
        _ limits: ParsingLimits
    ) throws(ReportError) {
        let rows = try HtmlTable.rows(table, limits: limits)
        guard !rows.isEmpty else { return }
        for item in SheetRegion(rows: rows, sheet: Sheet(name: "")).items() {
            switch item {
            case .line(let text, _): try collector.add(text)
            case .table(let cells):
                try collector.add(
                    cells.map { cell in
                        var cell = cell
                        cell.address = nil
                        return cell
                    }
                )
            }
        }
    }
}

/// The character set that a page declares.
enum HtmlCharset {
    /// Bytes in which a declaration must stand.
    private static let headByteCount = 4096

    /// Finds `charset=` of a `meta` element or `encoding=` of an XML declaration.
    ///
    /// Source: WHATWG HTML, 13.2.3.2 (determining the character encoding).
    /// - Returns: the name in lower case; nil when the page declares none.
    static func declared(in bytes: [UInt8]) -> String? {
        let head = String(decoding: ZipEntry.folded(bytes.prefix(headByteCount)), as: UTF8.self)
        for mark in ["charset", "encoding"] {
            guard let start = position(of: mark, in: head) else { continue }
            var rest = head[start...].drop { $0 == " " }
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\"" || $0 == "'" }
            let name = rest.prefix {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0))
            }
            if !name.isEmpty { return String(name) }
        }
        return nil
    }

    /// Index behind the first occurrence of a word.
    private static func position(of word: String, in text: String) -> String.Index? {
        var rest = text[...]
        while let start = rest.firstIndex(of: word.first ?? " ") {
            if rest[start...].hasPrefix(word) {
                return text.index(start, offsetBy: word.count, limitedBy: text.endIndex)
            }
            rest = rest[rest.index(after: start)...]
        }
        return nil
    }
}

/// Refuses pages whose elements are never closed, before a tree is made of them.
enum HtmlNesting {
    /// Elements that may be open at once; far more than the depth of a tree, for pages full of
    /// `p` and `td` without end tags.
    private static let maximumOpenCount = 20_000

    /// Counts tags that open against tags that close.
    ///
    /// Looking for the beginning of each stray end tag costs libxml2 as much as elements are open.
    /// - Throws: ``ReportError`` `.tooDeep`.
    static func check(_ bytes: [UInt8]) throws(ReportError) {
        var open = 0
        var deepest = 0
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index + 3 < buffer.count {
                defer { index += 1 }
                guard buffer[index] == 0x3C else { continue }
                if buffer[index + 1] == 0x2F {
                    open = max(0, open - 1)
                } else if isNesting(buffer, index + 1) {
                    open += 1
                    deepest = max(deepest, open)
                }
            }
        }
        guard deepest <= maximumOpenCount else {
            throw ReportError(.tooDeep, "网页的嵌套太深", hint: "请用 Word 或 WPS 打开后另存为 docx 提交")
        }
    }

    /// Whether a tag opens an element that another of its kind does not close.
    private static func isNesting(_ buffer: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let first = buffer[index] | 0x20
        guard first >= 0x61, first <= 0x7A else { return false }
        let second = buffer[index + 1] | 0x20
        let third = buffer[index + 2] | 0x20
        // br, hr, img, input, col, link, meta, p, li, td, tr, th, option close themselves.
        switch (first, second) {
        case (0x62, 0x72), (0x68, 0x72), (0x69, 0x6D), (0x69, 0x6E), (0x6C, 0x69), (0x74, 0x64),
            (0x74, 0x72), (0x74, 0x68), (0x6F, 0x70):
            return false
        case (0x63, 0x6F): return third != 0x6C
        case (0x6D, 0x65): return third != 0x74
        case (0x70, _): return second >= 0x61 && second <= 0x7A
        default: return true
        }
    }
}
