/// Two texts compared line by line.
public struct LineDiff: Sendable {
    /// What happened to a line.
    public enum Mark: String, Hashable, Sendable {
        case same = " "
        case removed = "-"
        case added = "+"
    }

    /// A line with what happened to it.
    public struct Line: Hashable, Sendable {
        /// What happened.
        public var mark: Mark
        /// The line.
        public var text: String
    }

    /// Lines of both texts, in order.
    public private(set) var lines: [Line] = []

    /// Compares two lists of lines.
    ///
    /// When the lists are too long to be compared exactly, everything between the lines that they
    /// begin and end with alike counts as changed.
    /// - Parameters:
    ///   - old: the old lines.
    ///   - new: the new lines.
    /// - Complexity: bounded by ``DiffLimits``.
    public init(_ old: [String], _ new: [String]) {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let rest = min(old.count, new.count) - head
        let tail = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        lines = old[..<head].map { Line(mark: .same, text: $0) }
        addMiddle(Array(old[head..<(old.count - tail)]), Array(new[head..<(new.count - tail)]))
        lines += old[(old.count - tail)...].map { Line(mark: .same, text: $0) }
    }

    private mutating func addMiddle(_ old: [String], _ new: [String]) {
        let (rows, columns) = (old.count, new.count)
        let (cells, overflow) = (rows + 1).multipliedReportingOverflow(by: columns + 1)
        guard !overflow, cells <= DiffLimits.maximumCellCount else {
            lines += old.map { Line(mark: .removed, text: $0) }
            lines += new.map { Line(mark: .added, text: $0) }
            return
        }
        // Longest common subsequence of what is left of both lists from each cell on.
        var lengths = [Int32](repeating: 0, count: cells)
        let width = columns + 1
        for row in stride(from: rows - 1, through: 0, by: -1) {
            for column in stride(from: columns - 1, through: 0, by: -1) {
                lengths[row * width + column] =
                    old[row] == new[column]
                    ? lengths[(row + 1) * width + column + 1] + 1
                    : max(
                        lengths[(row + 1) * width + column],
                        lengths[row * width + column + 1]
                    )
            }
        }
        var (row, column) = (0, 0)
        while row < rows || column < columns {
            if row < rows, column < columns, old[row] == new[column] {
                lines.append(Line(mark: .same, text: old[row]))
                row += 1
                column += 1
            } else if column == columns
                || row < rows
                    && lengths[(row + 1) * width + column] >= lengths[row * width + column + 1]
            {
                lines.append(Line(mark: .removed, text: old[row]))
                row += 1
            } else {
                lines.append(Line(mark: .added, text: new[column]))
                column += 1
            }
        }
    }

    /// Changed lines with a few around them; nil stands where lines are left out.
    /// - Parameter context: lines shown before and after a change.
    /// - Returns: the lines; empty when nothing changed.
    public func hunks(context: Int = DiffLimits.contextLineCount) -> [Line?] {
        var shown = [Bool](repeating: false, count: lines.count)
        for (index, line) in lines.enumerated() where line.mark != .same {
            for near in max(0, index - context)...min(lines.count - 1, index + context) {
                shown[near] = true
            }
        }
        var result: [Line?] = []
        for (index, line) in lines.enumerated() {
            if shown[index] {
                result.append(line)
            } else if index > 0, shown[index - 1] {
                result.append(nil)
            }
        }
        if case .some(.none) = result.last { result.removeLast() }
        return result
    }
}
