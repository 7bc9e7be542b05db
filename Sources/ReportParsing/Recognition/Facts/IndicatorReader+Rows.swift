/// What the rows below a head are: indicators, totals, levels, or what ends the table.
extension IndicatorReader {
    /// What a row below the head is.
    enum RowKind { case indicator, total, subtotal, level, blank, end }

    private static let totals: Words = [
        "总分", "合计", "总计", "总得分", "合计得分", "自评总分", "总评分", "自评得分", "总分值", "综合得分", "总分合计", "自评总得分",
        "得分合计",
        "评价总分", "分值合计", "自评合计", "绩效自评总分", "自评分合计", "总分数", "评价得分", "自评分数合计", "绩效评价总分", "自评价总分",
        "综合评分", "自评价得分", "总体得分", "评价总得分", "指标合计", "绩效自评得分",
    ]
    private static let sums: Words = ["合计", "总计", "总分", "总得分", "得分合计"]
    private static let subtotals: Words = ["小计", "小计得分"]
    private static let ends: Words = [
        "备注", "注:", "注：", "说明:", "填表人", "填报人", "联系人", "自评结论", "评价结论", "其他需要说明", "其他说明", "年度目标",
        "年度总体目标",
        "年度绩效目标", "预期目标", "总体目标", "项目资金", "资金情况", "预算执行情况", "填表说明", "存在问题", "存在的问题", "单位负责人", "负责人",
        "改进措施", "下一步", "评价等级", "自评等级", "等级", "评价等次", "项目名称", "绩效目标", "填报单位", "审核意见", "主要成效", "自评结果",
        "经办人", "项目支出绩效", "转移支付", "主管部门", "中央主管部门", "地方主管部门", "实施单位", "预算单位", "专项名称", "附件", "附表",
        "审核人", "年度主要任务", "年度总目标", "项目总体", "联系电话", "填报日期", "需要说明",
    ]
    private static let notes: Words = ["说明", "注", "其他", "问题", "建议", "结论", "附注", "备注说明"]
    private static let classNames: Words = [
        "产出", "效益", "满意度", "成本", "投入", "过程", "决策", "管理", "履职", "效果",
    ]

    /// What a row is.
    func kind(_ row: Int) -> RowKind {
        let all = grid.own(row)
        guard !all.isEmpty else { return .blank }
        let first = head?.columns.first ?? 0
        // A label down the side, repeated in every row, is not the row's own.
        let own = all.filter { index in
            grid.columns(of: index).upperBound > first
                || row > 0 && grid.text(row - 1, grid.cells[index].column) != grid.texts[index]
        }
        guard let leading = own.first else { return .blank }
        let label = Self.label(grid.texts[leading])
        if Self.subtotals.end(label) { return .subtotal }
        let isWide =
            grid.columns(of: leading).count > 1 && text(.level3, row) == grid.texts[leading]
        if Self.isTotal(label) || isWide && label.count <= 14 && Self.sums.end(label) {
            return continues(row + 1) ? .subtotal : .total
        }
        if isClosed { return .end }
        let points = [ColumnHeading.weight, .score].compactMap { valueCell($0, row) }
        let hasPoints = points.contains { grid.values[$0] != nil }
        if hasPoints, valueCell(.level3, row) != nil { return .indicator }
        if Self.ends.begin(label) || Self.notes.contain(label),
            grid.cells[leading].column <= first + 1
        {
            return .end
        }
        if own.allSatisfy({ grid.texts[$0] == grid.texts[leading] }), label.count > 3,
            grid.columns(of: leading).count * 2 > grid.columnCount || own.count > 2
        {
            return Self.isClass(label) ? .level : .end
        }
        if own.count == 1, text(.level3, row).isEmpty, !hasPoints {
            if isLevelCell(leading), label.count <= 12 { return .indicator }
            return Self.isClass(label) ? .level : .end
        }
        let money = own.filter { ColumnHeading.isStrongMoney(grid.texts[$0]) }
        if money.count >= 2 { return .end }
        return .indicator
    }

    /// Whether a cell stands in a column of levels and in no other.
    private func isLevelCell(_ index: Int) -> Bool {
        let columns = grid.columns(of: index)
        return [ColumnHeading.level1, .level2].contains { level in
            head?.columns[level].map {
                $0.contains(columns.lowerBound) && columns.count <= $0.count
            }
                ?? false
        }
    }

    private static func label(_ text: Scalars) -> Scalars {
        var label = ColumnHeading.withoutBrackets(text)
        while let last = label.last, ":：".unicodeScalars.contains(last) { label.removeLast() }
        return label
    }

    /// 产出指标, 一、项目产出 or （二）质量指标 in a row of its own.
    private static func isClass(_ label: Scalars) -> Bool {
        let name = TableLabel.name(label)
        return name.count <= 12
            && (classNames.begin(name) || classNames.occur(in: name) && indicatorWord.end(name)
                || kindNames.contain(name))
    }

    static let indicatorWord: Words = ["指标", "类"]
    static let kindNames: Words = [
        "数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标", "经济效益指标", "生态效益指标", "可持续影响指标", "项目产出", "项目效益",
        "项目决策", "项目过程",
        "项目管理",
    ]

    /// 总分, also with its number in the same cell: 总分：95分.
    private static func isTotal(_ label: Scalars) -> Bool {
        if totals.contain(label) { return true }
        guard let length = totals.length(in: label, at: 0), label.count <= 40 else { return false }
        let rest = label[length...]
        return rest.first.map { ":：为".unicodeScalars.contains($0) || $0.digit != nil } ?? false
    }

    /// Whether rows of indicators go on below a total row.
    private func continues(_ start: Int) -> Bool {
        var row = start
        while row < min(grid.rowCount, start + 4) {
            if grid.indicatorHead(row) != nil { return false }
            let own = grid.own(row)
            let first = own.first.map { Self.label(grid.texts[$0]) } ?? []
            if !own.isEmpty, Self.isTotal(first) || Self.subtotals.end(first) {
                row += 1
                continue
            }
            if !own.isEmpty {
                let name = text(.level3, row)
                return own.count > 2 && !name.isEmpty && CellValue(name) == nil
                    && valueCell(.level3, row) != nil
                    && (number(.weight, row) != nil || number(.score, row) != nil)
            }
            row += 1
        }
        return false
    }
}
