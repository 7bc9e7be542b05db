import ReportModel

/// What a fact speaks about, as far as rules compare it.
enum Topic: Hashable {
    case grandTotal, income, expenditure, basic, project,
        personnel, publicFunds, threePublic, abroad, vehicles,
        vehiclePurchase, vehicleOperation, reception, operating, openingCarryOver,
        closingCarryOver

    /// What it is called in messages and fingerprints.
    var name: String {
        switch self {
        case .grandTotal: "收支总计"
        case .income: "收入"
        case .expenditure: "支出"
        case .basic: "基本支出"
        case .project: "项目支出"
        case .personnel: "人员经费"
        case .publicFunds: "公用经费"
        case .threePublic: "“三公”经费"
        case .abroad: "因公出国（境）费"
        case .vehicles: "公务用车购置及运行费"
        case .vehiclePurchase: "公务用车购置费"
        case .vehicleOperation: "公务用车运行维护费"
        case .reception: "公务接待费"
        case .operating: "机关运行经费"
        case .openingCarryOver: "年初结转和结余"
        case .closingCarryOver: "年末结转和结余"
        }
    }
}

/// At which stage of the year an amount was measured.
enum Measure: Hashable {
    case initial, budget, actual, prior, delta, other

    /// What it is called in messages and fingerprints.
    var name: String {
        switch self {
        case .initial: "年初预算"
        case .budget: "预算"
        case .actual: "决算（执行）"
        case .prior: "prior"
        case .delta: "delta"
        case .other: "other"
        }
    }
}

/// An amount with its exact value and what it speaks about.
final class CheckedAmount: Sendable {
    /// The amount as recorded.
    let amount: Amount
    /// Value in millionths of a 元.
    let yuan: Int128
    /// One unit in the last printed place, in millionths of a 元.
    let step: Int128
    /// Number of decimals as printed.
    let places: Int
    /// 元 per printed unit.
    let factor: Int128
    /// What it speaks about; nil when unsure.
    let topic: Topic?
    /// At which stage it was measured.
    let measure: Measure
    /// 财政拨款, 一般公共预算 …; empty for all money.
    let scope: String
    /// Name of its row, for a cell of a table.
    let row: String

    /// Makes the fact from its fields.
    init(
        amount: Amount,
        yuan: Int128,
        step: Int128,
        places: Int,
        factor: Int128,
        topic: Topic?,
        measure: Measure,
        scope: String,
        row: String
    ) {
        self.amount = amount
        self.yuan = yuan
        self.step = step
        self.places = places
        self.factor = factor
        self.topic = topic
        self.measure = measure
        self.scope = scope
        self.row = row
    }

    /// Whether its role names a total.
    var isTotal: Bool {
        amount.role.hasSuffix("-total")
            || amount.role == "final-grand-total"
    }
    /// Where it stands.
    var place: Place { amount.place }
    /// Its quotation with where it stands; led by its label when only the number is quoted.
    var located: String {
        let label = amount.label
        let isNamed = label.isEmpty || place.quote.holds(String(label.suffix(4)))
        return (isNamed ? "" : String(label.prefix(RuleLimits.maximumQuoteLength)))
            + RuleText.located(place)
    }
    /// Value and unit as printed.
    var printed: String { amount.value + amount.unit }
    /// A value in this amount's unit, with the unit.
    func printed(_ yuan: Int128, places: Int? = nil) -> String {
        CheckNumber.text(yuan, scale: CheckNumber.scale * factor, places: places) + amount.unit
    }
}

/// The facts of a record, prepared for the rules.
///
/// A class, so that every rule shares them at the price of one reference.
final class RuleFacts: Sendable {
    /// The record.
    let record: Record
    /// Exact amounts in reading order; approximate ones are left out.
    let amounts: [CheckedAmount]
    /// Amounts of the evaluated year, or without a year.
    let current: [CheckedAmount]
    private let currentByPart: [Int: [CheckedAmount]]
    /// Tables of indicators.
    let tables: [IndicatorTable]
    /// Indices of parts that facts name, ascending.
    let partIndices: [Int]
    /// All amounts, grouped by block, in reading order.
    let blocks: [[CheckedAmount]]
    /// Blocks that hold an approximate amount; lists there are not summed.
    let approximateBlocks: Set<BlockID>

    /// Identifies a block of the filing.
    struct BlockID: Hashable {
        let source: Int
        let block: Int
        init(_ place: Place) {
            source = place.source
            block = place.block
        }
    }

    /// Prepares the facts of a record.
    init(_ record: Record) {
        let record = Self.bounded(record)
        self.record = record
        let labels = LabelReader(record)
        var approximate: Set<BlockID> = []
        var checked: [CheckedAmount] = []
        for amount in record.amounts {
            if amount.approximate {
                approximate.insert(BlockID(amount.place))
                continue
            }
            if let fact = labels.check(amount) { checked.append(fact) }
        }
        checked.sort { $0.place.precedes($1.place) }
        amounts = checked
        approximateBlocks = approximate
        var blocks: [[CheckedAmount]] = []
        for fact in checked {
            if let last = blocks.last?.last, last.place.sharesBlock(with: fact.place) {
                blocks[blocks.count - 1].append(fact)
            } else {
                blocks.append([fact])
            }
        }
        self.blocks = blocks
        current = checked.filter { Self.isCurrent($0, record) }
        currentByPart = Dictionary(grouping: current, by: \.amount.part)
        tables = IndicatorTable.all(in: record)
        partIndices = Self.partIndices(of: record)
    }

    /// The amounts of one part that belong to the evaluated year.
    func current(inPart part: Int) -> [CheckedAmount] { currentByPart[part] ?? [] }

    /// The amounts of the evaluated year of one part that stand in the blocks before a place.
    /// - Parameters:
    ///   - part: index of the part.
    ///   - place: where; its own block is left out.
    ///   - blocks: how many blocks to look back.
    /// - Returns: amounts in reading order.
    func current(
        inPart part: Int,
        before place: Place,
        blocks: Int
    ) -> ArraySlice<CheckedAmount> {
        let all = current(inPart: part)
        func index(ofBlock block: Int) -> Int {
            var (low, high) = (0, all.count)
            while low < high {
                let middle = (low + high) / 2
                if (all[middle].place.source, all[middle].place.block) < (place.source, block) {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            return low
        }
        let (first, overflow) = place.block.subtractingReportingOverflow(blocks)
        return all[index(ofBlock: overflow ? .min : first)..<index(ofBlock: place.block)]
    }

    /// Whether an amount belongs to the evaluated year as far as is said.
    func isCurrent(_ fact: CheckedAmount) -> Bool { Self.isCurrent(fact, record) }

    private static func isCurrent(_ fact: CheckedAmount, _ record: Record) -> Bool {
        guard let year = fact.amount.year, let evaluated = record.year else { return true }
        return year == evaluated
    }

    /// The kind of a part; `other` when the index is off.
    func kind(ofPart part: Int) -> PartKind {
        record.parts.indices.contains(part) ? record.parts[part].kind : .other
    }

    /// The record with bounded lists of facts.
    private static func bounded(_ record: Record) -> Record {
        var record = record
        cut(&record.amounts, RuleLimits.maximumFactCount)
        cut(&record.rates, RuleLimits.maximumFactCount)
        cut(&record.indicators, RuleLimits.maximumFactCount)
        cut(&record.sections, RuleLimits.maximumFactCount)
        cut(&record.executionLines, RuleLimits.maximumScoreCount)
        cut(&record.counts, RuleLimits.maximumFactCount)
        cut(&record.remarks, RuleLimits.maximumFactCount)
        cut(&record.scores, RuleLimits.maximumScoreCount)
        cut(&record.staffing, RuleLimits.maximumScoreCount)
        cut(&record.parts, RuleLimits.maximumScoreCount)
        return record
    }

    private static func cut<Fact>(_ facts: inout [Fact], _ limit: Int) {
        if facts.count > limit { facts.removeSubrange(limit...) }
    }

    private static func partIndices(of record: Record) -> [Int] {
        var parts: Set<Int> = []
        var last: Int?
        // Neighbours mostly stand in one part.
        func add(_ part: Int) {
            if part != last { parts.insert(part) }
            last = part
        }
        record.amounts.forEach { add($0.part) }
        record.staffing.forEach { add($0.part) }
        record.scores.forEach { add($0.part) }
        record.indicators.forEach { add($0.part) }
        record.rates.forEach { add($0.part) }
        return parts.sorted()
    }

    /// The amounts of the block that holds a place.
    func block(of place: Place) -> [CheckedAmount] {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            guard let first = blocks[middle].first?.place else { return [] }
            if first.sharesBlock(with: place) { return blocks[middle] }
            if (first.source, first.block) < (place.source, place.block) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return []
    }
}
