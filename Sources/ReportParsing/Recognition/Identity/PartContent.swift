import ReportModel

/// What stands between two titles, for deciding whether they are parts and of which kind.
struct PartContent {
    /// Number of blocks.
    let count: Int
    /// First block of the numbers that charts leave at the end of the text; nil without any.
    let residue: Int?
    private let document: Document
    private let contents: Range<Int>
    private let titleCells: Set<Int>
    /// Running counts of blocks that make a body, and of cells.
    private let bodies: [Int]
    private let cells: [Int]

    /// Looks through a document once.
    init(_ document: Document) {
        self.document = document
        count = document.blocks.count
        contents = ContentsPage.find(in: document)
        var titles: Set<Int> = []
        for table in document.tables {
            let first = table.cells.filter { $0.row == 0 }
            if first.count == 1, let cell = first.first { titles.insert(cell.block) }
        }
        titleCells = titles
        var bodies = [0]
        var cells = [0]
        for (index, block) in document.blocks.enumerated() {
            var isBody = false
            var isCell = false
            switch block.kind {
            case .cell:
                isCell = true
                isBody = !titles.contains(index)
            case .heading(let level):
                isBody =
                    level == nil && !contents.contains(index)
                    && !PartContent.isListedAttachment(block.text)
            case .paragraph:
                isBody =
                    block.text.utf8.count >= 120 && LineShape.endsSentence(block.text)
                    || HeadingShape.read(block.text) != nil || block.text.utf8.count >= 400
            }
            if block.isMargin { isBody = false }
            bodies.append(bodies[index] + (isBody ? 1 : 0))
            cells.append(cells[index] + (isCell ? 1 : 0))
        }
        self.bodies = bodies
        self.cells = cells
        residue = PartContent.residue(document)
    }

    /// Whether a title may stand in a block: not in the contents, not in a cell among others.
    func mayHoldTitle(_ block: Int) -> Bool {
        if contents.contains(block) || document.blocks[block].isMargin { return false }
        if case .cell = document.blocks[block].kind { return titleCells.contains(block) }
        return true
    }

    /// Whether a block is the first line of a list of attachments.
    func beginsList(_ block: Int) -> Bool {
        document.blocks.indices.contains(block)
            && PartContent.isListedAttachment(document.blocks[block].text)
    }

    /// `1.部门整体支出绩效自评表`: a numbered line that reads like a title names an attachment.
    private static func isListedAttachment(_ text: String) -> Bool {
        guard text.utf8.count <= 150, LineShape.mayBeNumbered(text),
            let shape = HeadingShape.read(text), shape.isWholeLine,
            shape.style == .arabic || shape.style == .bracketedArabic
        else { return false }
        return TitleShape.read(shape.title.squeezed) != nil
    }

    /// Whether headings, sentences or cells stand in a range of blocks.
    func hasBody(_ start: Int, _ end: Int) -> Bool {
        start < end && bodies[end] > bodies[start]
    }

    /// Whether cells stand in a range of blocks.
    func hasCells(_ start: Int, _ end: Int) -> Bool { start < end && cells[end] > cells[start] }

    /// The kind that the words of a range of blocks show.
    func kind(_ start: Int, _ end: Int) -> PartKind {
        var finalAccount = 0
        var evaluation = 0
        var flags: Set<String> = []
        let words = ["一级指标", "项目名称", "整体支出", "部门整体", "自评", "自我评价", "项目", "三公", "绩效评价"]
        for block in document.blocks[start..<max(start, end)].prefix(3000) {
            let text = block.text.utf8.count < 100 ? block.text.squeezed : block.text
            finalAccount += text.count(of: "决算", limit: 20)
            evaluation += text.count(of: "绩效", limit: 20)
            for word in words where !flags.contains(word) && text.holds(word) { flags.insert(word) }
        }
        if flags.contains("一级指标"), hasCells(start, end) {
            return flags.contains("项目名称")
                ? .projectSelfEvaluationTable : .overallSelfEvaluationTable
        }
        if finalAccount >= 6, finalAccount > evaluation { return .finalAccountExplanation }
        guard evaluation > 0 else {
            if flags.contains("三公") { return .threePublicExplanation }
            return finalAccount >= 3 ? .finalAccountExplanation : .other
        }
        if !flags.isDisjoint(with: ["整体支出", "部门整体"]) {
            return flags.isDisjoint(with: ["自评", "自我评价"])
                ? .overallEvaluationReport : .overallSelfEvaluationReport
        }
        if flags.contains("项目"), evaluation >= 3 { return .projectSelfEvaluationReport }
        return .other
    }

    /// The last blocks, when they are short lines and rows of tab-divided values without sentences.
    private static func residue(_ document: Document) -> Int? {
        var first: Int?
        var index = document.blocks.count - 1
        while index >= 0 {
            let block = document.blocks[index]
            if block.isMargin {
                index -= 1
                continue
            }
            guard case .paragraph = block.kind, HeadingShape.read(block.text) == nil else { break }
            let tabs = block.text.utf8.reduce(0) { $0 + ($1 == 0x09 ? 1 : 0) }
            if tabs >= 3 {
                first = index
            } else if block.text.utf8.count > 60 || LineShape.endsSentence(block.text) {
                break
            }
            index -= 1
        }
        guard let start = first, start > 0 else { return first }
        let caption = document.blocks[start - 1]
        guard case .paragraph = caption.kind, caption.text.utf8.count <= 60,
            !LineShape.endsSentence(caption.text), PrintedDate.whole(caption.text) == nil,
            !UnitShape.isUnit(caption.text.squeezed)
        else { return start }
        return start - 1
    }
}
