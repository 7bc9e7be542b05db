/// The text of a cell from its pieces: lines that the narrow cell broke are joined again.
enum CellLines {
    /// Blank that word processors keep on both sides of a cell together, in points.
    private static let padding = 11.5

    /// Makes the text.
    /// - Parameters:
    ///   - pieces: pieces in any order; may be turned.
    ///   - box: place of the cell.
    /// - Returns: lines that end by themselves, divided by line feeds; empty for no pieces.
    static func text(_ pieces: [PositionedText], in box: Box) -> String {
        guard let first = pieces.first else { return "" }
        let turned = pieces.filter { $0.turns != 0 }.count
        var upright = pieces
        var width = box.width
        if turned * 2 > pieces.count {
            upright = pieces.map { Turning.upright($0, turns: first.turns) }
            if first.turns % 2 == 1 { width = box.height }
        }
        let lines = LineFinder.lines(upright, page: 0)
        var result = ""
        let longest = lines.map(\.box.width).max() ?? 0
        let usable = lines.count >= 4 ? min(width - 4, longest + padding) : width
        for (index, line) in lines.enumerated() {
            if index > 0 {
                result += glue(lines[index - 1], line, usable, isNarrow: width < 2.6 * line.size)
            }
            result += line.text
        }
        return result
    }

    private static func glue(
        _ before: LayoutLine,
        _ line: LayoutLine,
        _ width: Double,
        isNarrow: Bool
    ) -> String {
        guard let left = before.text.unicodeScalars.last,
            let right = line.text.unicodeScalars.first
        else { return "" }
        if CharacterClass.staysBehind(right), right != "." { return "" }
        let free = width - before.box.width - padding
        let needed = CharacterClass.firstUnitWidth(line.text, size: line.size)
        let begins = LineShape.enumerator(line.text) != nil && LineShape.endsSentence(before.text)
        let slack = ParagraphJoiner.endsParagraph(before.text) ? 0 : 0.5 * line.size
        let gap = line.box.top - before.box.bottom
        guard isNarrow || free < needed + slack, !begins, gap < 1.6 * max(line.size, before.size)
        else {
            return "\n"
        }
        return CharacterClass.needsBlank(left, right) ? " " : ""
    }
}

/// Turns pieces of text that run up, down or upside down.
enum Turning {
    /// A piece as if its text ran from left to right; places are true to one another only.
    static func upright(_ piece: PositionedText, turns: Int) -> PositionedText {
        var result = piece
        result.box = upright(piece.box, turns: turns)
        result.turns = (piece.turns - turns + 4) % 4
        return result
    }

    /// A box in coordinates in which text of so many clockwise quarter turns runs to the right.
    static func upright(_ box: Box, turns: Int) -> Box {
        switch turns {
        case 1:
            // Text runs downwards; its lines follow one another from right to left.
            Box(left: box.top, top: -box.right, right: box.bottom, bottom: -box.left)
        case 2: Box(left: -box.right, top: -box.bottom, right: -box.left, bottom: -box.top)
        case 3: Box(left: -box.bottom, top: box.left, right: -box.top, bottom: box.right)
        default: box
        }
    }
}
