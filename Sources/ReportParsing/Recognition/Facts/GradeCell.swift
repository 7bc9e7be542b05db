/// Finds the grade in cells: 评价等级 | 优, or ☑优 □良 □中 □差.
enum GradeCell {
    private static let labels: Words = [
        "评价等级", "自评等级", "等级", "评价等次", "评定等级", "绩效等级", "自评结果等级", "评级", "绩效评价等级", "自评等次", "评价结论",
        "自评结论", "等次", "绩效自评等级", "自评评级", "自评价等级", "评价级别", "自评结果", "综合评价等级", "得分等级", "评价结果", "等级评定",
        "评定等次", "绩效等次", "自评档次", "评价档次", "自评级别",
    ]
    private static let words: Words = [
        "优秀", "优良", "良好", "合格", "不合格", "较差", "一般", "优", "良", "中", "差", "中等", "较好",
    ]
    private static let checks: ScalarSet = "☑√■✔☒✓●◉◼▣☆"
    private static let boxes: ScalarSet = "□○◯☐◻▢〇"

    /// A grade right of its label in a row.
    /// - Returns: the grade with the cell that holds it.
    static func find(_ grid: TableGrid, _ row: Int) -> (grade: String, cell: Int)? {
        let cells = grid.row(row)
        for (index, cell) in cells.enumerated() where grid.cells[cell].row == row {
            let text = grid.texts[cell]
            guard text.count <= 60 else { continue }
            if labels.contain(label(text)) {
                if index + 1 < cells.count, let grade = grade(in: grid.texts[cells[index + 1]]) {
                    return (grade, cells[index + 1])
                }
                if let below = grid.cell(row + 1, grid.cells[cell].column), below != cell,
                    let grade = grade(in: grid.texts[below])
                {
                    return (grade, below)
                }
            } else if let length = labels.length(in: text, at: 0), length < text.count,
                ":：为".unicodeScalars.contains(text[length]) || isMark(text[length]),
                let grade = grade(
                    in: Array(text[(length)...].drop { ":：为".unicodeScalars.contains($0) })
                )
            {
                return (grade, cell)
            }
        }
        return nil
    }

    /// A grade that stands alone in the last cells of a total row.
    static func grade(beside grid: TableGrid, _ row: Int) -> String? {
        if let found = find(grid, row) { return found.grade }
        for index in grid.own(row).reversed().prefix(2) where words.contain(grid.texts[index]) {
            return grid.texts[index].string
        }
        return nil
    }

    private static func label(_ text: Scalars) -> Scalars {
        var label = ColumnHeading.withoutBrackets(text)
        while let last = label.last, ":：".unicodeScalars.contains(last) { label.removeLast() }
        return label
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        checks.contains(scalar) || boxes.contains(scalar)
    }

    /// The grade that a cell names: alone, or the ticked one of several.
    static func grade(in text: Scalars) -> String? {
        if words.contain(text) { return text.string }
        if let last = text.last, last == "级" || last == "等", words.contain(Array(text.dropLast())) {
            return Array(text.dropLast()).string
        }
        var items: [(isMark: Bool, isChecked: Bool, text: Scalars)] = []
        var index = 0
        while index < text.count {
            if isMark(text[index]) {
                items.append((true, checks.contains(text[index]), []))
                index += 1
            } else if let length = words.length(in: text, at: index) {
                items.append((false, false, Array(text[index..<index + length])))
                index += length
            } else {
                index += 1
            }
        }
        guard items.contains(where: \.isChecked) else { return nil }
        let isBefore = items.first?.isMark == true
        for (position, item) in items.enumerated() where item.isChecked {
            let other = isBefore ? position + 1 : position - 1
            if items.indices.contains(other), !items[other].isMark {
                return items[other].text.string
            }
        }
        return nil
    }
}
