/// What one filing says, with the place of every value.
///
/// Unknown is nil or an empty array, never a guess.
///
/// Source: record schema, contract `reportd.record/1`.
public struct Record: Hashable, Sendable {
    /// Name of the contract.
    public static let schema = "reportd.record/1"

    /// Version of the parser that made the record.
    public var parser: String
    /// Version of the rules that made the findings.
    public var rules: String
    /// The key; nil when year, city or unit is unknown or ambiguous.
    public var key: String?
    /// The evaluated (fiscal) year.
    public var year: Int?
    /// Where the unit belongs.
    public var region: Region
    /// The unit that filed.
    public var unit: UnitIdentity
    /// 整体支出, 部门决算, 项目支出, 项目支出/<name>, 三公经费, 基础数据 or 其他.
    public var kind: String
    /// Title as printed.
    public var title: String?
    /// Date of filing printed in the document: `YYYY-MM-DD` or `YYYY-MM`.
    public var reportDate: String?
    /// What came from flags, inbox or form instead of the document.
    public var given: [String: JSONValue] = [:]
    /// The files.
    public var sources: [SourceFile] = []
    /// The documents within the files.
    public var parts: [Part] = []
    /// Numbers of people.
    public var staffing: [Staffing] = []
    /// Amounts of money.
    public var amounts: [Amount] = []
    /// Percentages.
    public var rates: [Rate] = []
    /// Rows of indicator tables.
    public var indicators: [Indicator] = []
    /// Lines of budget execution that have points, beside the rows of indicators.
    public var executionLines: [ExecutionLine] = []
    /// Every total score stated.
    public var scores: [TotalScore] = []
    /// Total score of the part that gave the kind.
    public var score: String?
    /// Grade of the part that gave the kind.
    public var grade: String?
    /// Execution rate of the part that gave the kind, in per cent, stated, never computed.
    public var executionRate: String?
    /// Projects.
    public var projects: [Project] = []
    /// Stated numbers of things: projects, vehicles, batches, unions.
    public var counts: [StatedCount] = []
    /// Passages that rules compare: leftovers of templates, stated scope, reasons, definitions.
    public var remarks: [Remark] = []
    /// Problems that the unit names.
    public var problems: [ListedItem] = []
    /// Improvements that the unit names.
    public var improvements: [ListedItem] = []
    /// Headings as printed, in order.
    public var sections: [Section] = []
    /// What contradicts itself.
    public var findings: [Finding] = []
    /// What could not be read.
    public var unread: [UnreadItem] = []

    /// Makes a record without facts.
    /// - Parameters:
    ///   - parser: version of the parser.
    ///   - rules: version of the rules.
    ///   - region: where the unit belongs.
    ///   - unit: the unit that filed.
    ///   - kind: the record's kind.
    public init(
        parser: String,
        rules: String,
        region: Region = Region(),
        unit: UnitIdentity = UnitIdentity(),
        kind: String = "其他"
    ) {
        self.parser = parser
        self.rules = rules
        self.region = region
        self.unit = unit
        self.kind = kind
    }
}
