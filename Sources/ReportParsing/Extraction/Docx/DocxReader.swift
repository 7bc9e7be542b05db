import ReportModel

/// Walks the body of a Word document and makes items of what is shown.
///
/// Tracked changes count as accepted, hidden text and comments are left out, fields give their
/// results. Recursion follows the nesting of the file, which libxml2 holds to 256 levels, and of
/// its tables, which ``deepestTable`` holds.
final class DocxReader {
    let context: DocxContext
    let limits: ParsingLimits
    /// Pictures met so far.
    var imageCount = 0
    /// Notes referred to, in order; the identifiers of footnotes and endnotes.
    var notes: [(isEndnote: Bool, id: String)] = []
    /// Properties of the sections, which name their running heads.
    var sections: [XMLNode] = []
    /// Whether running heads are being read: without page numbers, pictures and watermarks.
    var isInMargin = false

    private var tableDepth = 0
    private var paragraphCount = 0
    /// Fields that are open; they may span paragraphs.
    var fields = DocxFields()
    /// What a deleted paragraph mark joins to the next paragraph.
    private var held = DocxLine()

    private static let deepestTable = 24

    init(_ context: DocxContext, limits: ParsingLimits) {
        self.context = context
        self.limits = limits
    }

    /// The items of a body, a cell, a text box or a wrapper within one of them.
    func items(of node: XMLNode) throws(ReportError) -> [DocxItem] {
        var items: [DocxItem] = []
        try collect(node, into: &items)
        if !held.isEmpty {
            let line = held
            held = DocxLine()
            finish(line, level: nil, into: &items)
        }
        return items
    }

    /// The items of a cell or a box; what a deleted mark holds outside stays outside.
    func innerItems(of node: XMLNode) throws(ReportError) -> [DocxItem] {
        let outer = held
        held = DocxLine()
        defer { held = outer }
        return try items(of: node)
    }

    private func collect(_ node: XMLNode, into items: inout [DocxItem]) throws(ReportError) {
        for child in node.children {
            switch child.name {
            case "p": try addParagraph(child, into: &items)
            case "tbl": items.append(.table(try table(child)))
            case "sdt":
                if let content = DocxForms.content(child) { try collect(content, into: &items) }
            case "ins", "moveTo", "customXml", "smartTag": try collect(child, into: &items)
            case "AlternateContent":
                if let choice = Self.choice(child) { try collect(choice, into: &items) }
            case "sectPr": sections.append(child)
            case "oMathPara", "oMath":
                var line = DocxLine()
                line.append(DocxMath.text(child))
                finish(line, level: nil, into: &items)
            case "altChunk":
                items.append(.unread(what: "嵌入的外部文档（altChunk）", reason: "不读取嵌入的外部文档"))
            case "subDoc":
                items.append(.unread(what: "子文档", reason: "不读取主控文档的子文档"))
            default: break
            }
        }
    }

    /// The branch of a choice that is shown: the first that holds anything.
    static func choice(_ node: XMLNode) -> XMLNode? {
        var fallback: XMLNode?
        for child in node.children {
            if child.isNamed("Choice"), child.hasElements { return child }
            if child.isNamed("Fallback") { fallback = child }
        }
        return fallback
    }

    private func addParagraph(_ node: XMLNode, into items: inout [DocxItem]) throws(ReportError) {
        paragraphCount += 1
        guard paragraphCount <= limits.maximumBlockCount * 2 else {
            throw ReportError(.tooLarge, "文件的段落数超过上限 \(limits.maximumBlockCount)")
        }
        let properties = node.child("pPr")
        let styleID = properties?.child("pStyle")?.attribute("val")
        let style = context.styles.style(styleID)
        let mark = properties?.child("rPr")
        if let section = properties?.child("sectPr") { sections.append(section) }
        var line = held
        held = DocxLine()
        let isJoined = !line.isEmpty
        var inner = DocxLine()
        var runs = DocxRuns(self, isHidden: style.isHidden ?? false)
        try runs.read(node, into: &inner)
        let isDeletedMark = mark?.child("del") != nil || mark?.child("moveFrom") != nil
        let isGone = inner.isEmpty && isDeletedMark
        if !isGone, !isJoined {
            let number = number(properties, style, styleID)
            // An empty paragraph shows its number; only in a cell does it say anything.
            if inner.hasText || tableDepth > 0 { line.append(number) }
        }
        line.append(inner)
        if isDeletedMark {
            held = line
            return
        }
        let level = properties?.child("outlineLvl")?.integer("val") ?? style.outlineLevel
        finish(line, level: level.flatMap { $0 >= 0 && $0 <= 8 ? $0 : nil }, into: &items)
    }

    private func finish(_ line: DocxLine, level: Int?, into items: inout [DocxItem]) {
        // A box stands over the paragraph that it is anchored in.
        if line.hasText {
            let lines = line.lines
            if !lines.isEmpty {
                items.append(.paragraph(DocxParagraph(lines: lines, level: level)))
            }
        }
        items += line.attached
    }

    private func number(_ properties: XMLNode?, _ style: DocxStyles.Style, _ styleID: String?)
        -> String
    {
        let own = properties?.child("numPr")
        let list = own?.child("numId")?.integer("val") ?? style.list
        guard let list, list > 0 else { return "" }
        let level = own?.child("ilvl")?.integer("val") ?? style.listLevel
        return context.numbering.next(list: list, level: level, style: styleID)
    }

    /// A table with its rows; tables within tables are items of their cells.
    private func table(_ node: XMLNode) throws(ReportError) -> DocxTable {
        tableDepth += 1
        defer { tableDepth -= 1 }
        guard tableDepth <= Self.deepestTable else {
            throw ReportError(
                .tooDeep,
                "表格嵌套超过 \(Self.deepestTable) 层",
                hint: "请用 Word 或 WPS 打开后去掉多余的嵌套再提交"
            )
        }
        var rows = DocxRows(self)
        try rows.read(node)
        return rows.table
    }
}

extension XMLNode {
    /// Whether an element stands within this one.
    var hasElements: Bool {
        var children = children
        return children.next() != nil
    }
}
