import ReportModel

/// What every reader of facts needs of the draft.
///
/// A class, so that the many readers share it at the price of one reference.
final class FactContext: Sendable {
    let document: Document
    /// The texts of its blocks.
    let texts: BlockTexts
    let cleaner: NameCleaner
    let zones: FactZones
    /// The evaluated year when known.
    let recordYear: Int?
    /// Unit of money of most amounts in running text, for tables and charts that state none.
    let usualUnit: String?
    private let source: Int
    private let partStarts: [Int]
    private let partKinds: [PartKind]
    /// Numbers of the blocks of running text that state money, where they were needed.
    private let marks: [[NumberMark]?]

    init(_ draft: Draft) {
        document = draft.document
        texts = draft.texts
        source = draft.source
        partStarts = draft.partStarts
        partKinds = draft.record.parts.map(\.kind)
        recordYear = draft.record.year
        zones = FactZones(draft.document, draft.texts)
        let unit = draft.record.unit
        let names = ([unit.name, unit.shortName] + unit.aliases.map { $0 }).compactMap { $0 }
        cleaner = NameCleaner(unitNames: Words(names.filter { $0.unicodeScalars.count > 1 }))
        let texts = draft.texts
        if !document.tables.isEmpty || texts.signs.contains(where: { $0.contains(.tab) }) {
            marks = texts.signs.indices.map { index in
                texts.signs[index].isSuperset(of: [.money, .digit])
                    ? NumberScanner.marks(in: texts.scalars[index]) : nil
            }
            usualUnit = UnitOfMoney.usual(marks)
        } else {
            marks = []
            usualUnit = nil
        }
    }

    /// The numbers of a block's running text.
    func marks(ofBlock block: Int) -> [NumberMark] {
        let known = marks.indices.contains(block) ? marks[block] : nil
        return known ?? NumberScanner.marks(in: texts.scalars[block])
    }

    /// Index of the part that holds a block.
    func part(ofBlock block: Int) -> Int { max(0, partStarts.lastIndex { $0 <= block } ?? 0) }

    /// Kind of the part that holds a block.
    func partKind(ofBlock block: Int) -> PartKind {
        let part = part(ofBlock: block)
        return partKinds.indices.contains(part) ? partKinds[part] : .other
    }

    /// The place of a range of scalars within a block.
    func place(_ block: Int, _ start: Int, _ end: Int) -> Place {
        place(block, start, end, of: texts.scalars[block])
    }

    /// The place of a range within a block whose scalars are at hand.
    func place(_ block: Int, _ start: Int, _ end: Int, of text: Scalars) -> Place {
        let upper = min(end, text.count)
        return Place(
            source: source,
            block: block,
            start: min(start, upper),
            end: upper,
            quote: text[min(start, upper)..<upper].string,
            page: document.blocks[block].page,
            sheet: document.blocks[block].sheet,
            cell: document.blocks[block].address
        )
    }

    /// The place of a whole block without blanks at its edges.
    func place(ofBlock block: Int) -> Place {
        let text = texts.scalars[block]
        let start = text.firstIndex { !$0.isBlank && $0 != "\n" } ?? 0
        let end = text.lastIndex { !$0.isBlank && $0 != "\n" }.map { $0 + 1 } ?? start
        return place(block, start, end)
    }

    /// Whether a number before a point at the head of a block is the number of a list item.
    func isNumbered(_ number: Int, block: Int) -> Bool {
        guard (1...30).contains(number) else { return false }
        if number > 1, block > 0 {
            for earlier in stride(from: block - 1, through: max(0, block - 12), by: -1) {
                if let found = listNumber(earlier) { return found == number - 1 }
            }
        }
        guard number == 1 else { return false }
        let next = (block + 1..<texts.scalars.count).prefix(12)
        return next.lazy.compactMap { self.listNumber($0) }.first == 2
    }

    /// Leading list number of a block; nil when it has none.
    private func listNumber(_ block: Int) -> Int? {
        let head = texts.scalars[block].prefix(8).filter { !$0.isBlank && $0 != "-" }
        let digits = head.prefix { $0.digit != nil }
        guard (1...2).contains(digits.count), digits.count < head.count,
            ".．、".unicodeScalars.contains(head[digits.count])
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1.digit ?? 0) }
    }
}

/// Facts found so far, in the order of reading.
struct FoundFacts {
    var amounts: [Amount] = []
    var rates: [Rate] = []
    var staffing: [Staffing] = []
    var scores: [(block: Int, score: StatedScore)] = []
    var totals: [TotalScore] = []
    var indicators: [Indicator] = []
    var lines: [ExecutionLine] = []
    var projects: [Project] = []
    /// Blocks whose text a table has explained; prose is not looked for in them.
    var explained: BlockSet

    /// Nothing found yet in a document with so many blocks.
    init(blockCount: Int) { explained = BlockSet(blockCount: blockCount) }
}
