import ReportModel

/// Makes blocks and tables of the items of a Word document, under the ceilings of parsing.
struct DocxWriter {
    private let limits: ParsingLimits
    private var document = Document()
    private var characterCount = 0

    /// A styled heading longer than this is a paragraph in the wrong style.
    private static let longestHeading = 80
    /// Characters that a document of pictures may have and still count as one without text.
    private static let fewCharacters = 40

    init(limits: ParsingLimits) { self.limits = limits }

    /// Adds the items of the body in their order.
    mutating func addBody(_ items: [DocxItem]) throws(ReportError) {
        for item in items {
            switch item {
            case .paragraph(let paragraph): try add(paragraph)
            case .table(let table): try add(table)
            case .unread(let what, let reason): note(what, reason)
            }
        }
    }

    /// Adds what stands outside the body, without page numbers and without what is in the body.
    mutating func addMargins(_ items: [DocxItem]) throws(ReportError) {
        var lines: [String] = []
        DocxWriter.collectLines(items, into: &lines)
        guard !lines.isEmpty else { return }
        var seen: Set<String> = []
        for block in document.blocks where block.text.utf8.count <= 600 {
            seen.insert(GridBuilder.squeezed(block.text))
        }
        for line in lines {
            let squeezed = GridBuilder.squeezed(line)
            guard !DocxWriter.isPageNumber(squeezed), seen.insert(squeezed).inserted else {
                continue
            }
            for piece in LongParagraph.divided(line, limits) {
                var block = Block(.paragraph, piece)
                block.isMargin = true
                try append(block)
            }
        }
    }

    /// Adds notes on parts that could not be read.
    mutating func addNotes(_ notes: [Document.Unread]) { document.unread += notes }

    /// Ends the document.
    mutating func finish(imageCount: Int) throws(ReportError) -> Document {
        if imageCount > 0 {
            guard characterCount > Self.fewCharacters else {
                throw ReportError(
                    .noText,
                    "文档里只有图片（\(imageCount) 张），没有可以读取的文字",
                    hint: "请提交文字版的报告，扫描件可以作为附件另存",
                    details: ["images": .integer(imageCount)]
                )
            }
            document.unread.append(
                Document.Unread(what: "图片 \(imageCount) 张", reason: "图片中的文字不能读取")
            )
        }
        guard !document.blocks.isEmpty else {
            throw ReportError(.empty, "文件里没有文字", hint: "请确认文件已保存完整后重新提交")
        }
        return document
    }

    private mutating func add(_ paragraph: DocxParagraph) throws(ReportError) {
        for text in paragraph.lines {
            if let level = paragraph.level, text.unicodeScalars.count <= Self.longestHeading {
                try append(Block(.heading(level: level), text))
            } else if text.utf8.count > limits.maximumParagraphByteCount {
                for piece in LongParagraph.divided(text, limits) {
                    try append(Block(.paragraph, piece))
                }
            } else {
                let isHeading = HeadingShape.read(text)?.isWholeLine == true
                try append(Block(isHeading ? .heading(level: nil) : .paragraph, text))
            }
        }
    }

    /// Adds a table; tables within its cells follow the cell as tables of their own.
    private mutating func add(_ table: DocxTable) throws(ReportError) {
        if table.rows.count == 1, table.rows[0].count == 1, table.rows[0][0].items.count > 1 {
            // A frame around text is no table.
            return try addBody(table.rows[0][0].items)
        }
        var index: Int?
        var open: [Int: Int] = [:]
        var row = 0
        for cells in table.rows {
            let texts = cells.map { $0.isContinued ? "" : DocxWriter.text($0.items) }
            var isShown = false
            for (cell, text) in zip(cells, texts) where !cell.isContinued {
                open[cell.column] = nil
                if !text.isEmpty {
                    isShown = true
                    let place = index ?? document.tables.count
                    if index == nil { document.tables.append(Table(cells: [])) }
                    index = place
                    try addCell(cell, text, row: row, table: place)
                    open[cell.column] = document.tables[place].cells.count - 1
                }
                try addNested(cell.items)
            }
            guard isShown, let index else { continue }
            for cell in cells where cell.isContinued {
                guard let owner = open[cell.column],
                    document.tables[index].cells[owner].columnSpan == cell.columnSpan
                else { continue }
                document.tables[index].cells[owner].rowSpan += 1
            }
            row += 1
        }
    }

    private mutating func addCell(
        _ cell: DocxTable.Cell,
        _ text: String,
        row: Int,
        table: Int
    ) throws(ReportError) {
        guard text.utf8.count <= limits.maximumCellByteCount else {
            throw ReportError(.tooLarge, "单元格的文字超过上限 \(limits.maximumCellByteCount) 字节")
        }
        document.tables[table].cells.append(
            Table.Cell(
                block: document.blocks.count,
                row: row,
                column: cell.column,
                columnSpan: cell.columnSpan
            )
        )
        try append(Block(.cell(table: table), text))
    }

    private mutating func addNested(_ items: [DocxItem]) throws(ReportError) {
        for item in items {
            switch item {
            case .paragraph: continue
            case .table(let table): try add(table)
            case .unread(let what, let reason): note(what, reason)
            }
        }
    }

    private mutating func append(_ block: Block) throws(ReportError) {
        guard document.blocks.count < limits.maximumBlockCount else {
            throw ReportError(.tooLarge, "文件的段落数超过上限 \(limits.maximumBlockCount)")
        }
        if characterCount <= Self.fewCharacters {
            characterCount += block.text.unicodeScalars.count
        }
        document.blocks.append(block)
    }

    private mutating func note(_ what: String, _ reason: String) {
        let block = document.blocks.isEmpty ? nil : document.blocks.count - 1
        document.unread.append(Document.Unread(what: what, reason: reason, block: block))
    }

    /// The paragraphs of a cell, a line each.
    private static func text(_ items: [DocxItem]) -> String {
        var result = ""
        for item in items {
            guard case .paragraph(let paragraph) = item else { continue }
            for line in paragraph.lines {
                if result.isEmpty { result = line } else { result += "\n" + line }
            }
        }
        return result
    }

    private static func collectLines(_ items: [DocxItem], into lines: inout [String]) {
        for item in items {
            switch item {
            case .paragraph(let paragraph): lines += paragraph.lines
            case .table(let table):
                for row in table.rows { for cell in row { collectLines(cell.items, into: &lines) } }
            case .unread: continue
            }
        }
    }

    /// Whether a running foot holds nothing but a page number: `第 3 页 共 9 页`, `- 3 -`.
    private static func isPageNumber(_ squeezed: String) -> Bool {
        squeezed.unicodeScalars.allSatisfy { scalar in
            LineShape.digit(scalar) != nil || "第页共/-—–－~·.．Page of".unicodeScalars.contains(scalar)
        }
    }
}
