/// Puts pieces of text into lines: by baseline first, then from left to right.
enum LineFinder {
    /// A gap of so many font sizes divides a line into segments.
    private static let wideGap = 1.15

    /// Makes lines of the upright pieces.
    /// - Parameters:
    ///   - texts: pieces in any order.
    ///   - page: number of the page.
    /// - Returns: the lines from top to bottom.
    static func lines(_ texts: [PositionedText], page: Int) -> [LayoutLine] {
        rows(texts).compactMap { line($0, page: page) }
    }

    /// Groups pieces by baseline; a raised or lowered small piece joins its neighbours.
    static func rows(_ texts: [PositionedText]) -> [[PositionedText]] {
        let sorted = texts.sorted {
            ($0.box.centreY, $0.box.left) < ($1.box.centreY, $1.box.left)
        }
        var rows: [[PositionedText]] = []
        var row: [PositionedText] = []
        var centre = 0.0
        var height = 0.0
        for text in sorted {
            let size = max(text.size, 1)
            if !row.isEmpty, abs(text.box.centreY - centre) <= 0.48 * max(size, height) {
                row.append(text)
                if size > height * 1.1 {
                    height = size
                    centre = text.box.centreY
                }
                continue
            }
            if !row.isEmpty { rows.append(row) }
            row = [text]
            centre = text.box.centreY
            height = size
        }
        if !row.isEmpty { rows.append(row) }
        return rows.map { $0.sorted { ($0.box.left, $0.box.right) < ($1.box.left, $1.box.right) } }
    }

    /// Makes a line of one row of pieces.
    static func line(_ row: [PositionedText], page: Int) -> LayoutLine? {
        var segments: [LayoutLine.Segment] = []
        var before: PositionedText?
        let usual = usualGap(row)
        for piece in row {
            if let last = before {
                if isDouble(piece, of: last) { continue }
                let gap = piece.box.left - last.box.right
                let size = max(1, min(piece.size, last.size))
                let index = segments.count - 1
                if gap < wideGap * size {
                    if isBlank(gap, size, last, piece, usual) { segments[index].text += " " }
                    segments[index].text += piece.text
                    segments[index].box = segments[index].box.union(piece.box)
                    before = piece
                    continue
                }
            }
            segments.append(.init(text: piece.text, box: piece.box))
            before = piece
        }
        return LayoutLine(segments, size: commonSize(row), page: page)
    }

    /// The same characters printed twice, for bold print or a shadow.
    private static func isDouble(_ piece: PositionedText, of last: PositionedText) -> Bool {
        piece.text == last.text && abs(piece.box.left - last.box.left) < 0.2 * piece.size
            && abs(piece.box.top - last.box.top) < 0.2 * piece.size
    }

    /// Whether the source has a blank between two neighbours of a segment.
    private static func isBlank(
        _ gap: Double,
        _ size: Double,
        _ last: PositionedText,
        _ next: PositionedText,
        _ usual: Double
    ) -> Bool {
        guard let left = last.text.unicodeScalars.last, let right = next.text.unicodeScalars.first
        else { return false }
        let isWideLeft = CharacterClass.isWide(left)
        let isWideRight = CharacterClass.isWide(right)
        if isWideLeft && isWideRight {
            return gap >= max(0.18 * size, usual + 0.14 * size)
        }
        if isWideLeft || isWideRight { return gap >= 0.42 * size }
        return gap >= 0.4 * size || (last.hasSpaceAfter && gap >= 0.12 * size)
    }

    /// The gap that setting a line to full width puts between any two characters.
    private static func usualGap(_ row: [PositionedText]) -> Double {
        guard row.count > 3 else { return row.first.map { 0.44 * $0.size } ?? 0 }
        let gaps = zip(row, row.dropFirst()).map { $1.box.left - $0.box.right }.sorted()
        return max(0, gaps[gaps.count / 2])
    }

    /// The font size of most characters.
    static func commonSize(_ row: [PositionedText]) -> Double {
        var counts: [Int: Int] = [:]
        for piece in row {
            counts[Int((piece.size * 4).rounded()), default: 0] += piece.text.unicodeScalars.count
        }
        let best = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
        return Double(best?.key ?? 40) / 4
    }
}
