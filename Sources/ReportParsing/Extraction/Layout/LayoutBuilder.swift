import ReportModel

/// Makes a document of pages on which text is placed by coordinates.
///
/// Tables are taken out first, then furniture; what is left is joined into paragraphs.
struct LayoutBuilder {
    private enum Element {
        case line(ProseLine)
        case table(LayoutTable)
    }

    private let limits: ParsingLimits
    private var document = Document()
    private var open: (lines: [ProseLine], text: String, isTitle: Bool)?
    private var table: (table: LayoutTable, page: Int)?

    private init(limits: ParsingLimits) { self.limits = limits }

    /// Makes the document.
    /// - Parameters:
    ///   - pages: pages in order.
    ///   - limits: ceilings of parsing.
    /// - Returns: paragraphs, headings and tables with their pages.
    /// - Throws: ``ReportError`` `.tooLarge` beyond a ceiling.
    static func document(
        _ pages: [PositionedPage],
        limits: ParsingLimits
    ) throws(ReportError) -> Document {
        var builder = LayoutBuilder(limits: limits)
        let contents = pages.map { PageContent($0) }
        let bodySize = bodySize(contents)
        let (bodies, heads) = PageFurniture.strip(
            contents.map(\.lines),
            heights: pages.map(\.height),
            tables: contents.map { $0.tables.map(\.box) },
            size: bodySize
        )
        var prose: [[LayoutLine]] = []
        var tables: [[LayoutTable]] = []
        for (content, body) in zip(contents, bodies) {
            let (aligned, rest) = AlignedTableFinder.find(body, blockers: content.tables.map(\.box))
            prose.append(rest)
            tables.append((content.tables + aligned).sorted { $0.box.top < $1.box.top })
        }
        let measured = ProseMargins.measure(
            prose,
            widths: pages.map(\.width),
            bodySize: bodySize
        )
        for (page, lines) in measured.enumerated() {
            for element in elements(lines, tables[page]) {
                switch element {
                case .line(let line): try builder.add(line)
                case .table(let found): try builder.add(found, page: page)
                }
            }
            for line in contents[page].turned { try builder.addTurned(line) }
        }
        try builder.closeTable()
        try builder.closeText()
        for line in heads.prefix(20) {
            var block = Block(.paragraph, line.text, page: line.page)
            block.isMargin = true
            try builder.append(block)
        }
        return builder.document
    }

    /// The font size that most characters outside tables have.
    private static func bodySize(_ contents: [PageContent]) -> Double {
        var counts: [Int: Int] = [:]
        var inTables: [Int: Int] = [:]
        var all = 0
        for content in contents {
            inTables.merge(content.tableSizes, uniquingKeysWith: +)
            for line in content.lines {
                let count = line.text.unicodeScalars.count
                all += count
                // Titles alone do not tell the size of running text.
                counts[Int((line.size * 2).rounded()), default: 0] += count > 18 ? 2 * count : count
            }
        }
        if all < 120 { counts.merge(inTables, uniquingKeysWith: +) }
        let best = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
        return Double(best?.key ?? 24) / 2
    }

    /// Lines with the tables of their page in between.
    private static func elements(_ lines: [ProseLine], _ tables: [LayoutTable]) -> [Element] {
        var result: [Element] = []
        var rest = tables[...]
        for line in lines {
            while let next = rest.first, next.box.centreY < line.line.box.centreY,
                next.box.top < line.line.box.top
            {
                result.append(.table(next))
                rest.removeFirst()
            }
            result.append(.line(line))
        }
        return result + rest.map { .table($0) }
    }

    private mutating func add(_ found: LayoutTable, page: Int) throws(ReportError) {
        if let before = table {
            if before.page + 1 == page, let joined = TableContinuation.join(before.table, found) {
                table = (joined, page)
                return
            }
            try closeTable()
        }
        try closeText()
        table = (found, page)
    }

    private mutating func add(_ next: ProseLine) throws(ReportError) {
        try closeTable()
        guard !next.line.text.isEmpty else { return }
        if let now = open, let last = now.lines.last,
            now.text.utf8.count + next.line.text.utf8.count < limits.maximumParagraphByteCount
        {
            let canBeTitle = now.lines.count == 1 || now.isTitle
            if canBeTitle, now.lines.count < LayoutLimits.maximumTitleLineCount,
                ParagraphJoiner.isSameTitle(last, next, text: now.text)
            {
                extend(next, isTitle: true)
                return
            }
            if !now.isTitle, ParagraphJoiner.goesOn(last, next, text: now.text) {
                extend(next, isTitle: false)
                return
            }
        }
        try closeText()
        open = ([next], next.line.text, false)
    }

    private mutating func addTurned(_ line: LayoutLine) throws(ReportError) {
        try closeText()
        try append(Block(.paragraph, line.text, page: line.page))
    }

    private mutating func extend(_ next: ProseLine, isTitle: Bool) {
        guard let now = open else { return }
        open = (
            now.lines + [next], ParagraphJoiner.joined(now.text, next.line.text), isTitle
        )
    }

    private mutating func closeText() throws(ReportError) {
        guard let now = open, let first = now.lines.first else { return }
        open = nil
        let isHeading =
            now.isTitle || HeadingShape.read(now.text)?.isWholeLine == true
            || isLargeTitle(now.lines, now.text)
        try append(
            Block(isHeading ? .heading(level: nil) : .paragraph, now.text, page: first.line.page)
        )
    }

    private func isLargeTitle(_ lines: [ProseLine], _ text: String) -> Bool {
        guard let first = lines.first, lines.count <= LayoutLimits.maximumTitleLineCount,
            first.isLarge, !ParagraphJoiner.endsParagraph(text)
        else { return false }
        return text.unicodeScalars.count <= 60
    }

    private mutating func closeTable() throws(ReportError) {
        guard let found = table?.table else { return }
        table = nil
        guard found.edges.count - 1 <= limits.maximumColumnCount,
            found.cells.count <= limits.maximumCellCount
        else {
            throw ReportError(.tooLarge, "表格的单元格数超过上限 \(limits.maximumCellCount)")
        }
        var result = Table(cells: [])
        for cell in found.cells.sorted(by: { ($0.row, $0.column) < ($1.row, $1.column) })
        where !cell.text.isEmpty {
            guard cell.text.utf8.count <= limits.maximumCellByteCount else {
                throw ReportError(.tooLarge, "单元格的文字超过上限 \(limits.maximumCellByteCount) 字节")
            }
            result.cells.append(
                Table.Cell(
                    block: document.blocks.count,
                    row: cell.row,
                    column: cell.column,
                    rowSpan: cell.rowSpan,
                    columnSpan: cell.columnSpan
                )
            )
            try append(Block(.cell(table: document.tables.count), cell.text, page: cell.page))
        }
        if !result.cells.isEmpty { document.tables.append(result) }
    }

    private mutating func append(_ block: Block) throws(ReportError) {
        guard document.blocks.count < limits.maximumBlockCount else {
            throw ReportError(.tooLarge, "文件的段落数超过上限 \(limits.maximumBlockCount)")
        }
        document.blocks.append(block)
    }
}
