/// The table of contents, whose lines repeat the headings and are none themselves.
enum ContentsPage {
    private static let longest = 160

    /// Finds the blocks of the table of contents.
    /// - Parameter document: the document.
    /// - Returns: the blocks from 目录 to the last entry; empty when there is none.
    static func find(in document: Document) -> Range<Int> {
        let blocks = document.blocks
        let head = min(blocks.count, 200)
        for index in 0..<head
        where blocks[index].text.utf8.count <= 30 && blocks[index].text.holds("目") {
            let text = blocks[index].text.squeezed
            guard text == "目录" || text == "目次" else { continue }
            return entries(blocks, after: index)
        }
        return 0..<0
    }

    private static func entries(_ blocks: [Block], after start: Int) -> Range<Int> {
        guard start + 1 < blocks.count else { return start..<(start + 1) }
        let first = entry(blocks[start + 1].text)
        let end = min(blocks.count, start + longest)
        var numbered = start + 1
        for index in (start + 1)..<end {
            let text = blocks[index].text
            if index > start + 1, entry(text) == first { return start..<index }
            if endsInPageNumber(text) { numbered = index + 1 }
            if text.utf8.count > 240 { break }
        }
        return start..<numbered
    }

    private static func endsInPageNumber(_ text: String) -> Bool {
        guard let last = text.unicodeScalars.last, LineShape.digit(last) != nil else {
            return false
        }
        return text.holds("…") || text.holds("...") || text.holds("\t") || text.holds("··")
    }

    /// An entry without leaders and page number.
    private static func entry(_ text: String) -> String {
        var scalars = text.squeezed.scalarArray
        while let last = scalars.last,
            LineShape.digit(last) != nil || last == "…" || last == "." || last == "·" || last == "-"
        {
            scalars.removeLast()
        }
        return scalars.string
    }
}
