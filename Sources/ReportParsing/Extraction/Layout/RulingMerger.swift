/// Joins rulings that lie in one line and drops those that belong to text.
enum RulingMerger {
    private static let slack = 1.6
    /// Longest gap in one ruling.
    private static let gap = 3.0
    /// Shortest ruling of a table.
    private static let shortest = 7.0

    /// Cleans the rulings of a page.
    /// - Parameters:
    ///   - rulings: as found or drawn.
    ///   - texts: the text; strokes of characters inside their own boxes are no rulings.
    /// - Returns: few, long rulings; none when there are more than any table has.
    static func merge(_ rulings: [Ruling], texts: [PositionedText]) -> [Ruling] {
        let strokes = StrokeFilter(texts)
        let kept = rulings.filter { !strokes.holds($0) }
        let merged = merge(kept.filter(\.isLevel)) + merge(kept.filter { !$0.isLevel })
        return merged.count <= LayoutLimits.maximumRulingCount ? merged : []
    }

    private static func merge(_ rulings: [Ruling]) -> [Ruling] {
        let sorted = rulings.sorted { ($0.position, $0.start) < ($1.position, $1.start) }
        var result: [Ruling] = []
        var band: [Ruling] = []
        func close() {
            guard let first = band.first, let isLevel = Optional(first.isLevel) else { return }
            let middle = band.reduce(0) { $0 + $1.position } / Double(band.count)
            var open: Ruling?
            for ruling in band.sorted(by: { $0.start < $1.start }) {
                if var now = open {
                    if ruling.start <= now.end + gap {
                        now.end = max(now.end, ruling.end)
                        open = now
                        continue
                    }
                    result.append(now)
                }
                open = Ruling(
                    isLevel: isLevel,
                    position: middle,
                    start: ruling.start,
                    end: ruling.end
                )
            }
            if let open { result.append(open) }
            band = []
        }
        for ruling in sorted {
            if let last = band.last, let first = band.first,
                ruling.position - last.position > slack
                    || ruling.position - first.position > 2 * slack
            {
                close()
            }
            band.append(ruling)
        }
        close()
        return result.filter { $0.end - $0.start >= shortest }
    }
}

/// Tells strokes of characters from rulings: they run through the middle of characters.
private struct StrokeFilter {
    private var buckets: [Int: [Box]] = [:]
    private static let bucket = 20.0
    /// Longest run of strokes that is looked at; characters set closely make long ones.
    private static let longest = 400.0

    init(_ texts: [PositionedText]) {
        for text in texts {
            let box = Self.core(text.box)
            let first = Self.index(box.top)
            for row in first...min(first + 20, max(first, Self.index(box.bottom)))
            where buckets[row, default: []].count < 2_000 {
                buckets[row, default: []].append(box)
            }
        }
    }

    /// Whether most of a ruling lies inside characters.
    func holds(_ ruling: Ruling) -> Bool {
        let length = ruling.end - ruling.start
        guard length < Self.longest else { return false }
        var covered = 0.0
        if ruling.isLevel {
            for box in buckets[Self.index(ruling.position)] ?? []
            where ruling.position > box.top && ruling.position < box.bottom {
                covered += max(0, min(box.right, ruling.end) - max(box.left, ruling.start))
            }
        } else {
            var row = Self.index(ruling.start)
            while row <= Self.index(ruling.end) {
                for box in buckets[row] ?? []
                where ruling.position > box.left && ruling.position < box.right
                    && Self.index(box.top) == row
                {
                    covered += max(0, min(box.bottom, ruling.end) - max(box.top, ruling.start))
                }
                row += 1
            }
        }
        return covered > 0.45 * length
    }

    /// The part of a character's box that its strokes fill.
    private static func core(_ box: Box) -> Box {
        Box(
            left: box.left + 0.06 * box.width,
            top: box.top + 0.14 * box.height,
            right: box.right - 0.06 * box.width,
            bottom: box.bottom - 0.14 * box.height
        )
    }

    private static func index(_ value: Double) -> Int {
        Int(max(-5_000, min(5_000, (value / bucket).rounded(.down))))
    }
}
