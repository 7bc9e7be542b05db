import ReportModel

/// Reads what stands outside the body: running heads and feet, footnotes, endnotes.
///
/// Source: ISO/IEC 29500-1 sections 17.10 and 17.11.
struct DocxMargins {
    private static let maximumPartCount = 200
    private let reader: DocxReader

    init(_ reader: DocxReader) { self.reader = reader }

    /// The items in the order footnotes, endnotes, heads and feet; each head once.
    ///
    /// To be called when the body has been read, which tells the notes and sections.
    func items() throws(ReportError) -> [DocxItem] {
        reader.isInMargin = true
        defer { reader.isInMargin = false }
        let pictures = reader.imageCount
        defer { reader.imageCount = pictures }
        var items = try notes(isEndnote: false, kind: "footnotes", "footnote")
        items += try notes(isEndnote: true, kind: "endnotes", "endnote")
        var seen: Set<String> = []
        for section in reader.sections {
            for child in section.children {
                guard child.isNamed("headerReference") || child.isNamed("footerReference"),
                    let id = child.attribute("id"), seen.count < Self.maximumPartCount,
                    seen.insert(id).inserted,
                    let root = reader.context.root(
                        ofRelation: id,
                        kind: child.isNamed("headerReference") ? "header" : "footer"
                    )
                else { continue }
                items += try reader.innerItems(of: root)
            }
        }
        return items
    }

    private func notes(isEndnote: Bool, kind: String, _ name: StaticString) throws(ReportError)
        -> [DocxItem]
    {
        let wanted = reader.notes.filter { $0.isEndnote == isEndnote }.map(\.id)
        guard !wanted.isEmpty, let root = reader.context.root(ofKind: kind) else { return [] }
        var nodes: [String: XMLNode] = [:]
        for node in root.children where node.isNamed(name) {
            if let id = node.attribute("id") { nodes[id] = node }
        }
        var items: [DocxItem] = []
        for id in wanted {
            guard let node = nodes.removeValue(forKey: id) else { continue }
            items += try reader.innerItems(of: node)
        }
        return items
    }
}
