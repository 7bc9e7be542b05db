/// A cell of a ruled table with its place on page and grid.
struct RuledCell: Hashable, Sendable {
    /// Place on the page.
    var box: Box
    /// First row.
    var row: Int
    /// First column.
    var column: Int
    /// Rows covered.
    var rowSpan: Int
    /// Columns covered.
    var columnSpan: Int
}

/// A grid of ruling lines.
struct RuledGrid: Hashable, Sendable {
    /// Place on the page.
    var box: Box
    /// x of the upright lines from left to right.
    var columns: [Double]
    /// y of the level lines from top to bottom.
    var rows: [Double]
    /// The cells in reading order; they cover the grid.
    var cells: [RuledCell]
}

/// Finds grids: lines that cross one another, and the cells that missing pieces of lines merge.
enum RuledTableFinder {
    /// How far from another a line may end and still meet it.
    private static let reach = 3.5
    /// Lines nearer than this are one line of a grid.
    private static let nearest = 3.5

    /// Finds the grids of a page.
    /// - Parameter rulings: merged rulings.
    /// - Returns: grids of at least two cells, from top to bottom; one inside another is left out.
    static func grids(_ rulings: [Ruling]) -> [RuledGrid] {
        let level = rulings.filter(\.isLevel)
        let upright = rulings.filter { !$0.isLevel }
        guard level.count * upright.count <= LayoutLimits.maximumCrossingCount else { return [] }
        var groups = DisjointSets(count: level.count + upright.count)
        for (index, line) in level.enumerated() {
            for (other, crossing) in upright.enumerated()
            where meets(line, crossing.position) && meets(crossing, line.position) {
                groups.join(index, level.count + other)
            }
        }
        var members: [Int: (level: [Ruling], upright: [Ruling])] = [:]
        for (index, line) in level.enumerated() {
            members[groups.root(index), default: ([], [])].level.append(line)
        }
        for (index, line) in upright.enumerated() {
            members[groups.root(level.count + index), default: ([], [])].upright.append(line)
        }
        let grids = members.values.compactMap { grid(level: $0.level, upright: $0.upright) }
            .sorted { ($0.box.top, $0.box.left) < ($1.box.top, $1.box.left) }
        return grids.filter { inner in
            !grids.contains { outer in
                outer != inner
                    && outer.box.width * outer.box.height
                        > inner.box.width * inner.box.height
                    && outer.box.holds(inner.box.centreX, inner.box.centreY)
                    && outer.cells.count > 1
            }
        }
    }

    private static func meets(_ line: Ruling, _ position: Double) -> Bool {
        position >= line.start - reach && position <= line.end + reach
    }

    private static func grid(level: [Ruling], upright: [Ruling]) -> RuledGrid? {
        guard level.count >= 2, !upright.isEmpty else { return nil }
        var columns = positions(upright)
        var rows = positions(level)
        // Tables without outer lines: the other lines reach beyond the last.
        if let first = columns.first, let left = outer(level.map { -$0.start }, beyond: -first) {
            columns.insert(-left, at: 0)
        }
        if let last = columns.last, let right = outer(level.map(\.end), beyond: last) {
            columns.append(right)
        }
        if let first = rows.first, let top = outer(upright.map { -$0.start }, beyond: -first) {
            rows.insert(-top, at: 0)
        }
        if let last = rows.last, let bottom = outer(upright.map(\.end), beyond: last) {
            rows.append(bottom)
        }
        guard columns.count >= 2, rows.count >= 2,
            columns.count - 1 <= LayoutLimits.maximumColumnCount,
            rows.count - 1 <= LayoutLimits.maximumRowCount,
            let x0 = columns.first, let x1 = columns.last, let y0 = rows.first, let y1 = rows.last
        else { return nil }
        let cells = cells(columns, rows, level, upright)
        guard cells.count >= 2 else { return nil }
        return RuledGrid(
            box: Box(left: x0, top: y0, right: x1, bottom: y1),
            columns: columns,
            rows: rows,
            cells: cells
        )
    }

    /// Where several lines end together beyond the last line that crosses them.
    private static func outer(_ ends: [Double], beyond last: Double) -> Double? {
        let beyond = ends.filter { $0 > last + 8 }
        guard beyond.count >= 2, beyond.count * 2 >= ends.count,
            let furthest = beyond.max(),
            beyond.filter({ furthest - $0 < 4 }).count * 2 > beyond.count
        else { return nil }
        return furthest
    }

    private static func positions(_ lines: [Ruling]) -> [Double] {
        var result: [Double] = []
        var group: [Ruling] = []
        func close() {
            let length = group.reduce(0) { $0 + $1.end - $1.start }
            guard length > 0 else { return }
            result.append(group.reduce(0) { $0 + $1.position * ($1.end - $1.start) } / length)
            group = []
        }
        for line in lines.sorted(by: { $0.position < $1.position }) {
            if let last = group.last, line.position - last.position > nearest { close() }
            group.append(line)
        }
        close()
        return result
    }

    private static func cells(
        _ columns: [Double],
        _ rows: [Double],
        _ level: [Ruling],
        _ upright: [Ruling]
    ) -> [RuledCell] {
        let width = columns.count - 1
        let height = rows.count - 1
        var sets = DisjointSets(count: width * height)
        let walls = Coverage(upright, at: columns, nearest)
        let floors = Coverage(level, at: rows, nearest)
        for row in 0..<height {
            for column in 0..<width {
                let here = row * width + column
                if column + 1 < width, !walls.covers(column + 1, rows[row], rows[row + 1]) {
                    sets.join(here, here + 1)
                }
                if row + 1 < height, !floors.covers(row + 1, columns[column], columns[column + 1]) {
                    sets.join(here, here + width)
                }
            }
        }
        var members: [Int: [Int]] = [:]
        for unit in 0..<(width * height) { members[sets.root(unit), default: []].append(unit) }
        var cells: [RuledCell] = []
        func add(_ row: Int, _ column: Int, _ rowSpan: Int, _ columnSpan: Int) {
            cells.append(
                RuledCell(
                    box: Box(
                        left: columns[column],
                        top: rows[row],
                        right: columns[column + columnSpan],
                        bottom: rows[row + rowSpan]
                    ),
                    row: row,
                    column: column,
                    rowSpan: rowSpan,
                    columnSpan: columnSpan
                )
            )
        }
        for units in members.values {
            let first = units.map { ($0 / width, $0 % width) }
            let top = first.map(\.0).min() ?? 0
            let bottom = first.map(\.0).max() ?? 0
            let left = first.map(\.1).min() ?? 0
            let right = first.map(\.1).max() ?? 0
            if units.count == (bottom - top + 1) * (right - left + 1) {
                add(top, left, bottom - top + 1, right - left + 1)
                continue
            }
            // Not a rectangle, so a line is missing: every row is a cell of its own.
            for row in Set(first.map(\.0)) {
                let places = first.filter { $0.0 == row }.map(\.1).sorted()
                var start = 0
                for index in places.indices {
                    if index + 1 < places.count, places[index + 1] == places[index] + 1 { continue }
                    add(row, places[start], 1, index - start + 1)
                    start = index + 1
                }
            }
        }
        return cells.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
    }
}

/// Which stretches of the lines of a grid are drawn.
private struct Coverage {
    private var stretches: [[(start: Double, end: Double)]]

    init(_ lines: [Ruling], at positions: [Double], _ slack: Double) {
        stretches = positions.map { position in
            lines.filter { abs($0.position - position) <= slack }.map { ($0.start, $0.end) }
        }
    }

    /// Whether most of a stretch of a line is drawn.
    func covers(_ line: Int, _ from: Double, _ to: Double) -> Bool {
        var covered = 0.0
        for stretch in stretches[line] {
            covered = max(covered, min(stretch.end, to) - max(stretch.start, from))
        }
        return covered >= 0.55 * (to - from)
    }
}

/// Sets that grow together.
struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    /// The set that a member belongs to.
    mutating func root(_ member: Int) -> Int {
        var root = member
        while parents[root] != root {
            parents[root] = parents[parents[root]]
            root = parents[root]
        }
        return root
    }

    /// Makes two sets one.
    mutating func join(_ left: Int, _ right: Int) {
        let one = root(left)
        let other = root(right)
        if one != other { parents[max(one, other)] = min(one, other) }
    }
}
