import ReportModel

/// Reads the runs of a paragraph, however they are cut and wrapped.
struct DocxRuns {
    private let reader: DocxReader
    private let isHidden: Bool

    init(_ reader: DocxReader, isHidden: Bool) {
        self.reader = reader
        self.isHidden = isHidden
    }

    /// Adds the shown text of a paragraph or of a wrapper within one.
    mutating func read(_ node: XMLNode, into line: inout DocxLine) throws(ReportError) {
        for child in node.children {
            switch child.name {
            case "r": try readRun(child, into: &line)
            case "ins", "moveTo", "hyperlink", "smartTag", "customXml", "bdo", "dir":
                try read(child, into: &line)
            case "fldSimple":
                if reader.isInMargin,
                    DocxFields.isPageNumber(child.attribute("instr") ?? "")
                {
                    continue
                }
                try read(child, into: &line)
            case "sdt":
                if let box = DocxForms.box(child) {
                    if isShown { line.append(box) }
                } else if let content = DocxForms.content(child) {
                    try read(content, into: &line)
                }
            case "AlternateContent":
                if let choice = DocxReader.choice(child) { try read(choice, into: &line) }
            case "oMath", "oMathPara":
                if isShown { line.append(DocxMath.text(child)) }
            default: break
            }
        }
    }

    private var isShown: Bool { !isHidden && isInResult }

    /// Whether no open field hides what stands here.
    private var isInResult: Bool {
        reader.fields.isEmpty || !reader.fields.hides(pageNumbers: reader.isInMargin)
    }

    private mutating func readRun(_ run: XMLNode, into line: inout DocxLine) throws(ReportError) {
        var properties: XMLNode?
        var isHidden = isHidden
        for child in run.children {
            let name = child.name
            if name == "rPr" {
                properties = child
                isHidden = hides(child) ?? isHidden
                continue
            }
            if name == "fldChar" {
                readField(child, isHidden: isHidden, into: &line)
                continue
            }
            if name == "instrText" {
                reader.fields.addInstruction(child.text)
                continue
            }
            guard !isHidden, isInResult else { continue }
            switch name {
            case "t": line.append(child) { Self.font(properties) }
            case "tab", "ptab": line.append("\t")
            case "cr": line.append("\n")
            case "br":
                let type = child.attribute("type") ?? "textWrapping"
                if type == "textWrapping" { line.append("\n") }
            case "noBreakHyphen": line.append("-")
            case "sym": readSymbol(child, into: &line)
            case "drawing", "pict", "object", "AlternateContent":
                var drawing = DocxDrawing(reader)
                try drawing.read(child)
                line.attached += drawing.items
                line.append(drawing.inlineText)
            case "footnoteReference", "endnoteReference":
                if let id = child.attribute("id") {
                    reader.notes.append((name == "endnoteReference", id))
                }
            case "ruby":
                if let base = child.child("rubyBase") { try read(base, into: &line) }
            default: break
            }
        }
    }

    /// Whether run properties hide the run; nil when they do not say.
    private func hides(_ properties: XMLNode) -> Bool? {
        if let own = properties.isOn("vanish") { return own }
        guard let style = properties.child("rStyle")?.attribute("val") else { return nil }
        return reader.context.styles.style(style).isHidden
    }

    private func readField(_ node: XMLNode, isHidden: Bool, into line: inout DocxLine) {
        switch node.attribute("fldCharType") {
        case "begin":
            if !isHidden, isInResult, let data = node.child("ffData"),
                let shown = DocxForms.field(data)
            {
                line.append(shown)
            }
            reader.fields.begin()
        case "separate": reader.fields.separate()
        case "end":
            let shown = reader.fields.end()
            if !isHidden, isInResult { line.append(shown) }
        default: break
        }
    }

    private func readSymbol(_ node: XMLNode, into line: inout DocxLine) {
        guard let text = node.attribute("char"), text.utf8.count <= 8,
            let code = UInt32(text, radix: 16),
            let sign = DocxSymbols.character(code, font: node.attribute("font"))
        else { return }
        line.append(String(sign))
    }

    private static func font(_ properties: XMLNode?) -> String? {
        guard let fonts = properties?.child("rFonts") else { return nil }
        return fonts.attribute("ascii") ?? fonts.attribute("hAnsi")
    }
}
