import ReportModel

extension FundReader {
    func readRate(
        _ index: Int,
        _ value: CellValue,
        left: Left?,
        words: Scalars,
        into facts: inout FoundFacts
    ) {
        let block = grid.cells[index].block
        let isSheet = context.document.blocks[block].address != nil
        guard let percent = value.percent(isSheet: isSheet),
            facts.rates.count < FactLimits.factsPerKind
        else { return }
        facts.explained.insert(block)
        let heading = Self.heading(words)
        let name = left.map { TableLabel.name($0.text) } ?? []
        let change = context.cleaner.clean(heading)
        let isNegative = percent.hasPrefix("-")
        let isSigned = Self.signedChange.occur(in: heading)
        let direction =
            isNegative ? "down" : change.direction?.rawValue ?? (isSigned ? "up" : nil)
        facts.rates.append(
            Rate(
                label: (name.isEmpty ? heading : name + [" "] + heading).string,
                role: RateRole.role(own: heading, isChange: isSigned || !change.change.isEmpty),
                percent: isNegative ? String(percent.dropFirst()) : percent,
                direction: direction,
                part: context.part(ofBlock: block),
                place: context.place(ofBlock: block)
            )
        )
    }

    private static let signedChange: Words = ["增减", "同比", "环比"]

    func readStaff(
        _ index: Int,
        _ value: CellValue,
        left: Left?,
        word: String?,
        into facts: inout FoundFacts
    ) {
        guard let left, left.text.count <= 20, !value.value.utf8.contains(0x2E),
            facts.staffing.count < FactLimits.factsPerKind,
            let role = StaffingRole.role(left.text, after: nil)
        else { return }
        addStaff(role, left.text, index, value, word, into: &facts)
    }

    /// A count below a heading of staff: 编制数 over 行政 and 事业.
    func readStaff(
        _ index: Int,
        _ value: CellValue,
        column: FundHead.Column,
        _ role: String,
        left: Left?,
        into facts: inout FoundFacts
    ) {
        guard value.kind == .plain, !value.value.utf8.contains(0x2E),
            facts.staffing.count < FactLimits.factsPerKind
        else { return }
        var label = column.words
        var role = role
        if let left, left.text.count <= 16, !Self.everyone.occur(in: left.text) {
            let name = Self.heading(left.text)
            let isBase = role.hasPrefix("authorised") || role.hasPrefix("serving")
            if isBase, let own = StaffingRole.role(name, after: role) {
                role = own
                label = name + label
            }
        }
        addStaff(role, label, index, value, nil, into: &facts)
    }

    private static let everyone: Words = ["合计", "总计", "财政供养"]

    /// The points of the line of execution: the first row below a head that has any.
    mutating func readLine(_ row: Int, rates: Int, into facts: inout FoundFacts) {
        guard let head, !head.hasLine,
            head.columns.values.contains(where: { $0.meaning == .money })
        else { return }
        var weight: String?
        var score: String?
        var percent: String?
        for index in grid.own(row) {
            guard let column = head.columns[grid.cells[index].column],
                let value = grid.values[index]
            else { continue }
            switch column.meaning {
            case .weight where value.isPoints: weight = weight ?? value.value
            case .score where value.isPoints:
                score = score ?? value.value
                if weight == nil { weight = Self.points(in: column.words) }
            case .rate:
                let block = grid.cells[index].block
                let isSheet = context.document.blocks[block].address != nil
                percent = percent ?? value.percent(isSheet: isSheet)
            default: break
            }
        }
        guard weight != nil || score != nil, let first = grid.own(row).first else { return }
        self.head?.hasLine = true
        let number = grid.own(row).first { grid.values[$0] != nil }
        let firstMoney = head.columns.filter { $0.value.meaning == .money }.keys.min()
        let start = number.map { grid.cells[$0].column } ?? firstMoney ?? grid.columnCount
        let left = leftText(row, before: start)
        let block = grid.cells[left?.cell ?? first].block
        facts.lines.append(
            ExecutionLine(
                label: left.map { TableLabel.name(Self.heading($0.text)).string } ?? "",
                percent: percent,
                weight: weight,
                score: score,
                project: project,
                part: context.part(ofBlock: block),
                place: context.place(ofBlock: block)
            )
        )
        for index in facts.rates.indices.dropFirst(rates)
        where facts.rates[index].role == "execution" {
            facts.rates[index].weight = weight
            facts.rates[index].score = score
            break
        }
    }

    /// Points that a heading states: 得分(20分*执行率).
    private static func points(in words: Scalars) -> String? {
        NumberScanner.marks(in: words).first { $0.kind == .points }?.value
    }

    private static let projectTotal: Words = ["项目支出", "项目经费", "专项支出"]
    private static let notProjects: Words = [
        "公用经费", "人员经费", "基本支出", "三公", "政府采购", "楼堂馆所", "厉行节约", "办公经费", "机关运行", "公务", "其中:办公", "水费",
        "电费", "会议费",
        "培训费", "差旅费", "固定资产", "出国", "部门整体", "合计", "总计",
    ]

    /// In a base data table the rows below 项目支出 are projects, up to the next kind of expenditure.
    mutating func followProjects(_ own: [Int]) {
        guard let first = own.first, grid.values[first] == nil else { return }
        let name = context.cleaner.clean(Self.heading(grid.texts[first])).name
        if Self.projectTotal.contain(name) {
            projectRows = .after
        } else if Self.notProjects.occur(in: name) || FundHead.isHeading(grid.texts[first]) {
            projectRows = .none
        } else if projectRows == .after {
            projectRows = .inside
        }
    }

    /// A row of a table that lists projects.
    func readProject(_ row: Int, amounts: Int, into facts: inout FoundFacts) {
        guard let head, facts.projects.count < FactLimits.factsPerKind,
            facts.amounts.count > amounts
        else { return }
        let index: Int?
        if projectRows == .inside {
            index = grid.own(row).first
        } else {
            index = head.projects.flatMap { grid.cell(row, $0) }
        }
        guard let index, grid.cells[index].row == row else { return }
        let text = grid.texts[index]
        let cleaned = context.cleaner.clean(text).name
        let name = projectRows == .inside && !cleaned.isEmpty ? cleaned : text
        guard !CellValue.isEmpty(name), CellValue(name) == nil, !Self.allProjects.begin(name)
        else { return }
        let block = grid.cells[index].block
        var project = Project(
            name: name.string,
            part: context.part(ofBlock: block),
            place: context.place(ofBlock: block)
        )
        for index in facts.amounts.indices.dropFirst(amounts) {
            facts.amounts[index].project = facts.amounts[index].project ?? project.name
        }
        let current = facts.amounts[amounts...].filter { $0.role != "prior-final" }
        ProjectCells.fill(&project, from: current[...])
        facts.projects.append(project)
    }

    private static let allProjects: Words = ["合计", "总计", "小计", "其中"]

    func addStaff(
        _ role: String,
        _ label: Scalars,
        _ index: Int,
        _ value: CellValue,
        _ word: String?,
        into facts: inout FoundFacts
    ) {
        let block = grid.cells[index].block
        facts.explained.insert(block)
        facts.staffing.append(
            Staffing(
                role: role,
                count: value.value,
                label: label.string,
                unit: word,
                part: context.part(ofBlock: block),
                place: context.place(ofBlock: block)
            )
        )
    }

    /// A count below its heading: 编制数 above 25.
    func readStaffBelow(
        _ index: Int,
        _ value: CellValue,
        row: Int,
        into facts: inout FoundFacts
    ) -> Bool {
        let column = grid.cells[index].column
        guard row > 0, !value.value.utf8.contains(0x2E) else { return false }
        let above = grid.text(row - 1, column)
        guard above.count <= 20, !above.contains(":"),
            let role = StaffingRole.role(above, after: nil),
            StaffingRole.role(leftText(row, before: column)?.text ?? [], after: nil) == nil
        else { return false }
        addStaff(role, above, index, value, nil, into: &facts)
        return true
    }

    private static let scores: Words = [
        "总分", "自评得分", "评价得分", "自评总分", "综合得分", "总得分", "自评分数", "自评总得分",
    ]

    func readScore(
        _ index: Int,
        _ value: CellValue,
        _ left: Scalars,
        into facts: inout FoundFacts
    ) -> Bool {
        guard Self.scores.contain(Self.heading(ColumnHeading.withoutBrackets(left))) else {
            return false
        }
        let block = grid.cells[index].block
        facts.explained.insert(block)
        facts.totals.append(
            TotalScore(
                total: value.value,
                part: context.part(ofBlock: block),
                place: context.place(ofBlock: block)
            )
        )
        return true
    }
}
