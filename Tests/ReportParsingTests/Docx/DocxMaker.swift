import ReportModel

@testable import ReportParsing

/// Makes Word files from fragments of XML, with the prefixes and parts that a test needs.
struct DocxMaker {
    var body: String
    var styles = ""
    var numbering = ""
    /// Further parts by name with the kind of their relation; the identifier is the name.
    var parts: [(name: String, kind: String, xml: String)] = []
    var isStrict = false

    init(_ body: String) { self.body = body }

    private var office: String {
        isStrict
            ? "http://purl.oclc.org/ooxml/officeDocument/relationships/"
            : "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    }

    private var names: String {
        let word =
            isStrict
            ? "http://purl.oclc.org/ooxml/wordprocessingml/main"
            : "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        let others = [
            ("r", "r"), ("wp", "wp"), ("a", "a"), ("wps", "wps"), ("mc", "mc"), ("c", "c"),
            ("v", "v"), ("o", "o"), ("w14", "w14"), ("m", "m"), ("pic", "pic"),
        ]
        return "xmlns:w=\"\(word)\" "
            + others.map { "xmlns:\($0.0)=\"urn:\($0.1)\"" }.joined(separator: " ")
    }

    var bytes: [UInt8] {
        var maker = ZipMaker()
        func add(_ name: String, _ xml: String) {
            maker.add(Array(name.utf8), Array(("<?xml version=\"1.0\"?>" + xml).utf8))
        }
        add("[Content_Types].xml", "<Types/>")
        add("_rels/.rels", relations([("main", "officeDocument", "word/document.xml")]))
        add(
            "word/document.xml",
            "<w:document \(names)><w:body>\(body)</w:body></w:document>"
        )
        var relations: [(String, String, String)] = []
        func addPart(_ name: String, _ kind: String, _ xml: String) {
            relations.append((name, kind, name))
            add("word/" + name, xml)
        }
        if !styles.isEmpty {
            addPart("styles.xml", "styles", "<w:styles \(names)>\(styles)</w:styles>")
        }
        if !numbering.isEmpty {
            addPart(
                "numbering.xml",
                "numbering",
                "<w:numbering \(names)>\(numbering)</w:numbering>"
            )
        }
        for part in parts {
            addPart(part.name, part.kind, part.xml.replacing("NAMES", with: names))
        }
        add("word/_rels/document.xml.rels", self.relations(relations))
        return maker.finish()
    }

    private func relations(_ list: [(id: String, kind: String, target: String)]) -> String {
        let all = list.map {
            "<Relationship Id=\"\($0.id)\" Type=\"\(office)\($0.kind)\" Target=\"\($0.target)\"/>"
        }
        return "<Relationships>\(all.joined())</Relationships>"
    }

    func document() throws(ReportError) -> Document {
        try Extractors.extract(bytes).document
    }

    /// The text of the blocks.
    func texts() throws(ReportError) -> [String] { try document().blocks.map(\.text) }

    /// A paragraph of one run.
    static func p(_ text: String, _ properties: String = "") -> String {
        "<w:p><w:pPr>\(properties)</w:pPr><w:r><w:t>\(text)</w:t></w:r></w:p>"
    }

    /// A table of rows of cells, each with its properties and content.
    static func table(_ rows: [[(String, String)]]) -> String {
        let all = rows.map { row in
            let cells = row.map { "<w:tc><w:tcPr>\($0.0)</w:tcPr>\($0.1)</w:tc>" }
            return "<w:tr>\(cells.joined())</w:tr>"
        }
        return "<w:tbl><w:tblPr/><w:tblGrid/>\(all.joined())</w:tbl>"
    }
}
