/// What the body, a cell or a text box holds, before it becomes blocks.
enum DocxItem {
    /// A paragraph.
    case paragraph(DocxParagraph)
    /// A table.
    case table(DocxTable)
    /// Something that cannot be read, at its place.
    case unread(what: String, reason: String)
}

/// A paragraph as it is shown.
struct DocxParagraph {
    /// Number and text, divided at the line breaks that the writer made; blanks around a line are
    /// taken off, and no line is empty.
    var lines: [String]
    /// Level of a heading by its style; nil for running text.
    var level: Int?
}

/// A table as it is shown: rows without deleted ones.
struct DocxTable {
    /// One cell.
    struct Cell {
        var items: [DocxItem]
        var column: Int
        var columnSpan: Int
        /// Whether it goes on from the row above.
        var isContinued: Bool
    }

    var rows: [[Cell]] = []
}
