import ReportModel

/// The total row below the indicators: 总分 100 95, in any shape.
struct TotalRow {
    private let total: String
    private let full: String?
    private let block: Int
    private let grade: String?

    /// Reads a row; nil when it states no total score.
    /// - Parameters:
    ///   - grid: the table.
    ///   - row: index of the row.
    ///   - weight: columns of the weights.
    ///   - score: columns of the scores.
    init?(_ grid: TableGrid, row: Int, weight: Range<Int>?, score: Range<Int>?) {
        let own = grid.own(row)
        // Weights may be printed as per cent.
        let numbers = own.filter { index in
            guard let value = grid.values[index] else { return false }
            let isWeight = weight.map { grid.columns(of: index).overlaps($0) } ?? false
            return value.isPoints || value.kind == .percent && isWeight
        }
        func covering(_ columns: Range<Int>?) -> Int? {
            guard let columns else { return nil }
            return numbers.first { grid.columns(of: $0).overlaps(columns) }
        }
        let weightCell = covering(weight)
        let scoreCell = covering(score)
        var fullCell: Int?
        let totalCell: Int
        if let scoreCell, let weightCell, scoreCell != weightCell {
            (totalCell, fullCell) = (scoreCell, weightCell)
        } else if let scoreCell, numbers.count == 1 {
            totalCell = scoreCell
        } else if weightCell != nil, score != nil, numbers.count == 1 {
            return nil
        } else if let last = numbers.last {
            totalCell = last
            if numbers.count > 1 { fullCell = numbers[numbers.count - 2] }
        } else {
            guard let found = Self.inText(grid, own) else { return nil }
            (total, full, block) = (found.total, found.full, grid.cells[found.cell].block)
            grade = GradeCell.grade(beside: grid, row)
            return
        }
        guard let value = grid.values[totalCell] else { return nil }
        total = value.value
        full = fullCell.flatMap { grid.values[$0]?.value }
        block = grid.cells[totalCell].block
        grade = GradeCell.grade(beside: grid, row)
    }

    /// A total in the cell of its label: 总分：95分, 满分100分，自评得分95分.
    private static func inText(_ grid: TableGrid, _ own: [Int])
        -> (total: String, full: String?, cell: Int)?
    {
        for index in own where grid.texts[index].count <= 60 {
            let text = grid.texts[index]
            let marks = NumberScanner.marks(in: text).filter {
                $0.kind == .points || $0.kind == .other && $0.value.count <= 6
            }
            if let last = marks.last {
                let isPair = marks.count > 1
                return (last.value, isPair ? marks[0].value : nil, index)
            }
        }
        return nil
    }

    /// The total with its place.
    func score(_ context: FactContext) -> TotalScore {
        TotalScore(
            total: total,
            full: full,
            grade: grade,
            part: context.part(ofBlock: block),
            place: context.place(ofBlock: block)
        )
    }
}
