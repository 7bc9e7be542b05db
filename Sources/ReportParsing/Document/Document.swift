/// What an extractor makes of a file: blocks of text in reading order, some of them cells of tables.
///
/// Pure value; the place of every fact points into it.
public struct Document: Hashable, Sendable {
    /// Blocks in reading order; a place names a block by its index here.
    public var blocks: [Block]
    /// Tables; their cells are blocks.
    public var tables: [Table]
    /// What was in the file and could not be read.
    public var unread: [Unread]

    /// Makes a document.
    /// - Parameters:
    ///   - blocks: blocks in reading order.
    ///   - tables: tables, in the order of their first cells.
    ///   - unread: what could not be read.
    public init(blocks: [Block] = [], tables: [Table] = [], unread: [Unread] = []) {
        self.blocks = blocks
        self.tables = tables
        self.unread = unread
    }

    /// The document without cells whose block does not exist, so that no recogniser meets one.
    var withCellsThatExist: Document {
        guard tables.contains(where: { $0.cells.contains { !blocks.indices.contains($0.block) } })
        else { return self }
        var result = self
        for index in result.tables.indices {
            result.tables[index].cells.removeAll { !blocks.indices.contains($0.block) }
        }
        return result
    }

    /// Something in the file that could not be read.
    public struct Unread: Hashable, Sendable {
        /// What it is.
        public var what: String
        /// Why it was not read.
        public var reason: String
        /// Index of the nearest block; nil when there is none.
        public var block: Int?

        /// Makes a note of something unread.
        /// - Parameters:
        ///   - what: what it is.
        ///   - reason: why it was not read.
        ///   - block: index of the nearest block.
        public init(what: String, reason: String, block: Int? = nil) {
            self.what = what
            self.reason = reason
            self.block = block
        }
    }
}

/// One heading, paragraph or cell.
public struct Block: Hashable, Sendable {
    /// What the block is.
    public enum Kind: Hashable, Sendable {
        /// A heading; level from 0 when the format says it, else nil.
        case heading(level: Int?)
        /// Running text.
        case paragraph
        /// A cell of the table with this index.
        case cell(table: Int)
    }

    /// What the block is.
    public var kind: Kind
    /// The text as printed; lines within a cell are separated by a line feed.
    public var text: String
    /// Page from 0, for PDF and OFD.
    public var page: Int?
    /// Sheet name, for spreadsheets.
    public var sheet: String?
    /// Cell address, for spreadsheets.
    public var address: String?
    /// Whether it stands outside the body: a running head or foot, a footnote.
    public var isMargin = false

    /// Makes a block.
    /// - Parameters:
    ///   - kind: what the block is.
    ///   - text: the text as printed.
    ///   - page: page from 0.
    ///   - sheet: sheet name.
    ///   - address: cell address.
    public init(
        _ kind: Kind,
        _ text: String,
        page: Int? = nil,
        sheet: String? = nil,
        address: String? = nil
    ) {
        self.kind = kind
        self.text = text
        self.page = page
        self.sheet = sheet
        self.address = address
    }
}

/// A table: a grid in which merged cells cover several positions.
public struct Table: Hashable, Sendable {
    /// One cell with the positions it covers.
    public struct Cell: Hashable, Sendable {
        /// Index of the block that holds the text.
        public var block: Int
        /// First row, from 0.
        public var row: Int
        /// First column, from 0.
        public var column: Int
        /// Number of rows covered, from 1.
        public var rowSpan: Int
        /// Number of columns covered, from 1.
        public var columnSpan: Int

        /// Makes a cell.
        /// - Parameters:
        ///   - block: index of the block that holds the text.
        ///   - row: first row.
        ///   - column: first column.
        ///   - rowSpan: number of rows covered.
        ///   - columnSpan: number of columns covered.
        public init(block: Int, row: Int, column: Int, rowSpan: Int = 1, columnSpan: Int = 1) {
            self.block = block
            self.row = row
            self.column = column
            self.rowSpan = rowSpan
            self.columnSpan = columnSpan
        }
    }

    /// Cells in reading order.
    public var cells: [Cell]

    /// Makes a table.
    /// - Parameter cells: cells in reading order.
    public init(cells: [Cell]) { self.cells = cells }

    /// Number of rows.
    public var rowCount: Int { cells.map { $0.row + $0.rowSpan }.max() ?? 0 }
    /// Number of columns.
    public var columnCount: Int { cells.map { $0.column + $0.columnSpan }.max() ?? 0 }
}
