import ReportModel

extension FundReader {
    func readRate(
        _ index: Int,
        _ value: CellValue,
        left: (text: Scalars, column: Int, cell: Int)?,
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
        let name = left.map { context.cleaner.clean($0.text).name } ?? []
        let change = context.cleaner.clean(heading)
        facts.rates.append(
            Rate(
                label: (name.isEmpty ? heading : name + [" "] + heading).string,
                role: RateRole.role(own: heading, isChange: !change.change.isEmpty),
                percent: percent.hasPrefix("-") ? String(percent.dropFirst()) : percent,
                direction: percent.hasPrefix("-") ? "down" : change.direction?.rawValue,
                part: context.part(ofBlock: block),
                place: context.place(ofBlock: block)
            )
        )
    }

    func readStaff(
        _ index: Int,
        _ value: CellValue,
        left: (text: Scalars, column: Int, cell: Int)?,
        word: String?,
        into facts: inout FoundFacts
    ) {
        guard let left, left.text.count <= 20, !value.value.contains("."),
            facts.staffing.count < FactLimits.factsPerKind,
            let role = StaffingRole.role(left.text, after: nil)
        else { return }
        addStaff(role, left.text, index, value, word, into: &facts)
    }

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
        guard row > 0, !value.value.contains(".") else { return false }
        let above = grid.text(row - 1, column)
        guard above.count <= 20, let role = StaffingRole.role(above, after: nil) else {
            return false
        }
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
