import ReportModel

/// Reads what a drawing holds: text boxes, charts, diagrams; counts its pictures.
struct DocxDrawing {
    private let reader: DocxReader
    /// Contents of boxes, charts, and notes of what could not be read.
    private(set) var items: [DocxItem] = []
    /// Text that belongs into the line, such as decorated writing.
    private(set) var inlineText = ""

    init(_ reader: DocxReader) { self.reader = reader }

    /// Reads a drawing, an older picture, an object or a choice between them.
    mutating func read(_ node: XMLNode) throws(ReportError) {
        switch node.name {
        case "AlternateContent":
            if let choice = DocxReader.choice(node) { try readChildren(choice) }
        case "txbxContent": try readBox(node)
        case "chart": readChart(node)
        case "relIds": readDiagram(node)
        case "pic", "imagedata": reader.imageCount += 1
        case "textpath":
            // In a running head it is a watermark.
            if !reader.isInMargin { inlineText += node.attribute("string") ?? "" }
        case "object":
            // Its picture shows what the object holds and is no picture of the document.
            let count = reader.imageCount
            try readChildren(node)
            reader.imageCount = count
        case "OLEObject":
            let program = node.attribute("ProgID") ?? "OLE"
            items.append(
                .unread(what: "嵌入对象（\(program.prefix(60))）", reason: "不读取嵌入的对象，请把内容直接写入文档")
            )
        case "Fallback": break
        default: try readChildren(node)
        }
    }

    private mutating func readChildren(_ node: XMLNode) throws(ReportError) {
        for child in node.children { try read(child) }
    }

    private mutating func readBox(_ node: XMLNode) throws(ReportError) {
        // Fields of the text around do not reach into a box.
        let fields = reader.fields
        reader.fields = DocxFields()
        defer { reader.fields = fields }
        items += try reader.innerItems(of: node)
    }

    private mutating func readChart(_ node: XMLNode) {
        guard !reader.isInMargin, let id = node.attribute("id") else { return }
        guard let root = reader.context.root(ofRelation: id, kind: "chart") else {
            items.append(.unread(what: "图表", reason: "图表的数据缺失或损坏"))
            return
        }
        for line in ChartCache(root).lines {
            items.append(.paragraph(DocxParagraph(lines: [line], level: nil)))
        }
    }

    /// The words of a diagram, such as an organisation chart, one paragraph for each shape.
    private mutating func readDiagram(_ node: XMLNode) {
        guard let root = reader.context.root(ofRelation: node.attribute("dm"), kind: "diagramData")
        else {
            return
        }
        for point in root.descendants("pt") {
            var line = DocxLine()
            for text in point.descendants("t") { line.append(text.text) }
            let lines = line.lines
            if !lines.isEmpty { items.append(.paragraph(DocxParagraph(lines: lines, level: nil))) }
        }
    }
}
