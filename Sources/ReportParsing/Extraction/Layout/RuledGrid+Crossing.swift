extension RuledGrid {
    /// Text nearer than this share of its size runs on without a stop.
    private static let tightGap = 0.25

    /// The grid with those cells made one whose text runs over the ruling between them.
    ///
    /// Some programs draw all rulings, also through merged cells, and words of a cell run into the
    /// empty one beside it.
    /// - Parameter texts: the pieces of the page.
    /// - Returns: the same grid when no text crosses a ruling.
    func joiningCrossed(by texts: [PositionedText]) -> RuledGrid {
        let inside = texts.filter {
            $0.turns == 0 && box.holds($0.box.centreX, $0.box.centreY, slack: 0.5)
        }
        guard cells.count > 1, !inside.isEmpty else { return self }
        let owners = owners()
        var sets = DisjointSets(count: cells.count)
        var isCrossed = false
        for row in LineFinder.rows(inside) {
            for (left, right) in zip(row, row.dropFirst()) {
                let gap = right.box.left - left.box.right
                guard gap < Self.tightGap * min(left.size, right.size), gap > -0.5 * left.size,
                    let one = owner(of: left, owners), let other = owner(of: right, owners),
                    one != other, cells[one].row == cells[other].row,
                    cells[one].rowSpan == cells[other].rowSpan
                else { continue }
                sets.join(one, other)
                isCrossed = true
            }
        }
        return isCrossed ? merged(&sets) : self
    }

    /// Index of the cell that covers each unit of the grid.
    func owners() -> [Int] {
        let width = columns.count - 1
        var owners = [Int](repeating: -1, count: width * (rows.count - 1))
        for (index, cell) in cells.enumerated() {
            for row in cell.row..<(cell.row + cell.rowSpan) {
                for column in cell.column..<(cell.column + cell.columnSpan) {
                    owners[row * width + column] = index
                }
            }
        }
        return owners
    }

    /// The cell in which the middle of a piece lies.
    func owner(of text: PositionedText, _ owners: [Int]) -> Int? {
        let row = Self.place(text.box.centreY, rows)
        let column = Self.place(text.box.centreX, columns)
        let owner = owners[row * (columns.count - 1) + column]
        return owner < 0 ? nil : owner
    }

    private func merged(_ sets: inout DisjointSets) -> RuledGrid {
        var members: [Int: [RuledCell]] = [:]
        for (index, cell) in cells.enumerated() {
            members[sets.root(index), default: []].append(cell)
        }
        var result = self
        result.cells = []
        for group in members.values {
            guard var whole = group.first else { continue }
            let area = group.reduce(0) { $0 + $1.rowSpan * $1.columnSpan }
            for cell in group.dropFirst() {
                let end = max(whole.column + whole.columnSpan, cell.column + cell.columnSpan)
                whole.column = min(whole.column, cell.column)
                whole.columnSpan = end - whole.column
                whole.box = whole.box.union(cell.box)
            }
            // Only cells side by side become one.
            result.cells += whole.rowSpan * whole.columnSpan == area ? [whole] : group
        }
        result.cells.sort { ($0.row, $0.column) < ($1.row, $1.column) }
        return result
    }

    /// Index of the stretch between two edges in which a value lies.
    private static func place(_ value: Double, _ edges: [Double]) -> Int {
        var low = 0
        var high = edges.count - 2
        while low < high {
            let middle = (low + high + 1) / 2
            if edges[middle] <= value { low = middle } else { high = middle - 1 }
        }
        return max(0, low)
    }
}
