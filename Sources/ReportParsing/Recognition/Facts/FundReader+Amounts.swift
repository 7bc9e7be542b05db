import ReportModel

extension FundReader {
    private static let sums: Words = [
        "合计", "总计", "小计", "年度资金总额", "资金总额", "总额", "总金额", "资金合计", "年度预算资金总额", "部门预算资金总额", "预算资金总额",
        "年度预算总额", "全年预算资金", "收入合计", "资金总计",
    ]

    /// Reads an amount below a head, or beside its label.
    func readAmount(
        _ index: Int,
        _ value: CellValue,
        row: Int,
        left: Left?,
        column: FundHead.Column?,
        into facts: inout FoundFacts
    ) {
        let cell = grid.cells[index]
        let words = column?.words ?? []
        var unit =
            column.flatMap { Self.stated(in: $0.stack) }
            ?? left.flatMap { UnitOfMoney.stated(in: $0.text) } ?? self.unit ?? context.usualUnit
        switch value.kind {
        case .money(let printed): unit = printed
        case .plain: break
        default: return
        }
        let isNegative = value.value.hasPrefix("-")
        let printed = isNegative ? String(value.value.dropFirst()) : value.value
        guard let unit, let money = Money(printed: printed, unit: unit) else { return }
        facts.explained.insert(cell.block)
        let heading = columnName(words)
        let rowName = left.map { TableLabel.name(Self.heading($0.text)) } ?? []
        let own = heading.isEmpty ? rowName : heading
        let change = context.cleaner.clean(own)
        let year = Self.year(words) ?? Self.year(left?.text ?? [])
        let isChange = !change.change.isEmpty || Self.differences.occur(in: own)
        let evidence = AmountRole.Evidence(
            label: roleLabel(rowName, heading, row: row, column: cell.column),
            own: own,
            context: rowWords(row, before: cell.column) + words,
            isTable: true,
            isChange: isChange,
            part: context.partKind(ofBlock: cell.block),
            year: year,
            recordYear: context.recordYear
        )
        let label = rowName == own || heading.isEmpty ? rowName : rowName + [" "] + heading
        facts.amounts.append(
            Amount(
                label: (rowName.isEmpty ? own : label).string,
                role: finalRole(rowName, column, row: row, cell: cell)
                    ?? tableRole(evidence, isInline: column == nil),
                value: money.value.isEmpty ? value.value : money.value,
                unit: unit,
                yuan: money.yuan,
                direction: direction(own, isNegative: isNegative, isChange: isChange),
                approximate: false,
                year: year,
                functionCode: functionCode(row, before: cell.column)
                    ?? FunctionCodes.code(of: rowName),
                project: project,
                part: context.part(ofBlock: cell.block),
                place: context.place(ofBlock: cell.block)
            )
        )
    }

    /// The name of a column; the sum of a head of “三公” expenses is theirs.
    private func columnName(_ words: Scalars) -> Scalars {
        let heading = Self.heading(words)
        guard let head, head.isThreePublic, Self.sums.begin(heading) else { return heading }
        return Self.threeWords + heading
    }

    private static let threeWords = Array("三公经费".unicodeScalars)

    /// The role that row and column of an open table of the final account give.
    private func finalRole(
        _ rowName: Scalars,
        _ column: FundHead.Column?,
        row: Int,
        cell: Table.Cell
    ) -> String? {
        guard context.partKind(ofBlock: cell.block) == .finalAccountExplanation,
            let head, !head.isThreePublic, let column, let lowest = column.stack.last,
            head.isFinal
        else { return nil }
        return FinalTableRole.role(
            row: rowName,
            column: ColumnHeading.withoutBrackets(lowest),
            code: functionCode(row, before: cell.column)
        )
    }

    private static func stated(in stack: [Scalars]) -> String? {
        for words in stack.reversed() {
            if let unit = UnitOfMoney.stated(in: words) { return unit }
        }
        return nil
    }

    private func direction(_ own: Scalars, isNegative: Bool, isChange: Bool) -> String? {
        guard isChange || Self.adjustments.contain(own) else { return nil }
        if isNegative { return "down" }
        return Self.differences.occur(in: own) || Self.adjustments.contain(own) ? "up" : nil
    }

    private static let differences: Words = [
        "增减额", "增减金额", "比上年增减", "差额", "增减变动", "增减数", "较上年增减", "增减变化",
    ]
    private static let threePublic: Words = [
        "出国", "公务用车", "公务接待", "三公", "购置费", "运行费", "运行维护费", "接待费",
    ]

    /// What the role is decided by: the row's name, or the column's where the row has none.
    private func roleLabel(
        _ name: Scalars,
        _ heading: Scalars,
        row: Int,
        column: Int
    ) -> Scalars {
        if Self.threePublic.occur(in: heading) { return heading }
        if !name.isEmpty { return name }
        let words = rowWords(row, before: column)
        return words.isEmpty ? heading : words
    }

    private static let finalWords: Words = ["决算"]
    private static let initialWords: Words = ["年初", "期初"]
    private static let executedWords: Words = ["执行", "支出数", "实际", "支付", "使用", "实支"]
    private static let budgetWords: Words = ["预算", "批复", "计划"]
    private static let funds: Words = ["公共预算", "基金预算", "经营预算"]
    private static let priorWords: Words = ["上年", "去年", "上年度"]
    private static let adjustments: Words = ["年中调整", "调整金额", "年中追加", "追加", "追加金额"]
    private static let yearEnd: Words = ["年末", "期末", "年底"]
    private static let surplus: Words = ["结余", "结余数", "结余金额", "结余资金", "结转结余", "年末结余", "剩余资金"]
    private static let carryOver: Words = ["结转", "结余"]
    private static let assets: Words = [
        "资产", "资产总额", "资产合计", "固定资产", "流动资产", "无形资产", "原值", "净值", "负债", "在建工程", "总额", "合计",
    ]

    /// What the heading of a column measures; nil for 金额 and names of funds.
    static func measure(_ own: Scalars) -> String? {
        if finalWords.occur(in: own) { return "final" }
        if executedWords.occur(in: own) { return "executed" }
        var own = own
        while let start = funds.lastStart(in: own, from: 0, to: own.count) {
            own.removeSubrange(start..<min(own.count, start + 4))
        }
        guard budgetWords.occur(in: own) else { return nil }
        return initialWords.occur(in: own) ? "budget-initial" : "budget"
    }

    private static let sources: Words = [
        "财政", "拨款", "资金", "结转", "其他", "单位", "中央", "省", "市", "县", "区", "自筹", "债券", "地方",
    ]
    private static let publicFunds: Words = ["公共预算", "基金", "拨款", "收入", "其他资金", "资本经营", "专户", "结转"]
    private static let abroad: Words = ["出国", "公车购置", "公车运行"]
    private static let unmeasured: Words = ["基本支出总额", "项目支出总额", "基本支出", "项目支出"]

    /// The role of an amount below a heading.
    private func tableRole(_ evidence: AmountRole.Evidence, isInline: Bool) -> String {
        if evidence.isChange { return AmountRole.role(evidence) }
        if Self.adjustments.contain(evidence.own) { return "other" }
        if Self.surplus.contain(evidence.own) { return "closing-carry-over" }
        let measure =
            Self.measure(evidence.own) ?? (isInline ? Self.measure(evidence.context) : nil)
        let isProject =
            evidence.part == .projectSelfEvaluationTable
            || evidence.part == .projectSelfEvaluationReport
        if let measure, measure != "final", Self.carryOver.occur(in: evidence.label),
            !Self.yearEnd.begin(evidence.label)
        {
            return measure + (isProject ? "-project-part" : "-income-part")
        }
        if projectRows == .inside, let measure, !Self.threePublic.occur(in: evidence.label) {
            if measure == "final" {
                let isPrior = evidence.year != nil && evidence.year != evidence.recordYear
                return isPrior ? "prior-final" : "executed-project"
            }
            return measure + "-project"
        }
        if isProject, let measure, head != nil, measure != "final",
            Self.sources.occur(in: evidence.label), !Self.sums.end(evidence.label)
        {
            return measure + "-project-part"
        }
        if Self.abroad.occur(in: evidence.label) {
            return measure == "budget" || measure == "budget-initial"
                ? "three-public-budget" : "three-public-part"
        }
        if measure == nil, !isProject, head == nil, Self.unmeasured.contain(evidence.label) {
            return "other"
        }
        if isInline, let measure, !isProject {
            let isIncome = Self.publicFunds.occur(in: evidence.label)
            return measure + (isIncome ? "-income-part" : "-expenditure-part")
        }
        let role = AmountRole.role(evidence)
        if role == "assets", let measure, !Self.assets.end(evidence.label) {
            return measure + (measure == "final" ? "-expenditure-part" : "")
        }
        if measure == "final", evidence.year == nil, Self.priorWords.begin(evidence.own),
            !role.hasPrefix("three-public")
        {
            return "prior-final"
        }
        let bases = ["budget-initial", "budget", "executed", "final"]
        guard !isProject,
            let base = bases.first(where: { role == $0 || role.hasPrefix($0 + "-") })
        else { return role }
        let isSum = Self.sums.contain(evidence.label)
        if role.holds("-project"), !isSum { return base + "-expenditure-part" }
        return isSum && base != "final" ? base + "-total" : role
    }

    /// The code of the functional classification in the row: one cell, or three for 类 款 项.
    private func functionCode(_ row: Int, before column: Int) -> String? {
        var code: Scalars = []
        var last = -1
        for current in max(0, column - FactLimits.columnsBack)..<max(0, column) {
            guard let index = grid.cell(row, current), index != last else { continue }
            last = index
            if let column = head?.columns[current], column.meaning != .ignored { continue }
            let text = grid.texts[index]
            guard !text.isEmpty, text.allSatisfy({ $0.digit != nil }) else {
                if !code.isEmpty { break }
                continue
            }
            if [3, 5, 7].contains(text.count), text.first == "2" {
                code = text
                if text.count > 3 { break }
            } else if [3, 5].contains(code.count), text.count == 2 {
                code += text
            }
        }
        return code.isEmpty ? nil : code.string
    }
}
