/// A line of running text with the margins of its column.
struct ProseLine: Hashable, Sendable {
    /// The line.
    var line: LayoutLine
    /// Left edge of the column of text.
    var left: Double
    /// Right edge of the column of text.
    var right: Double
    /// Font size of the running text of the document.
    var bodySize: Double
    /// Usual distance from the foot of a line to the head of the next.
    var pitch: Double

    /// Whether the first line of a paragraph could begin so far to the right.
    var isIndented: Bool { line.box.left >= left + 1.2 * line.size }

    /// Whether it stands in the middle of its column with room on both sides.
    var isCentred: Bool {
        let before = line.box.left - left
        let after = right - line.box.right
        return before > 1.4 * line.size && after > 1.4 * line.size
            && abs(before - after) < max(1.6 * line.size, 0.06 * (right - left))
    }

    /// Whether it is set larger than the running text.
    var isLarge: Bool { line.size >= 1.12 * bodySize }

    /// Whether the next thing would not have fitted into the line.
    func isFull(before next: LayoutLine) -> Bool {
        let needed = CharacterClass.firstUnitWidth(next.text, size: next.size)
        return right - line.box.right < needed + 0.35 * line.size
    }
}
