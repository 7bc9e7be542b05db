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

/// Tells strokes of characters from rulings: they stay inside the box of one character.
private struct StrokeFilter {
    private var buckets: [Int: [Box]] = [:]
    private static let bucket = 20.0

    init(_ texts: [PositionedText]) {
        for text in texts {
            let box = text.box
            for row in Self.index(box.top)...max(Self.index(box.top), Self.index(box.bottom))
            where buckets[row, default: []].count < 4_000 {
                buckets[row, default: []].append(box)
            }
        }
    }

    func holds(_ ruling: Ruling) -> Bool {
        let length = ruling.end - ruling.start
        guard length < 60 else { return false }
        let middle = (ruling.start + ruling.end) / 2
        let x = ruling.isLevel ? middle : ruling.position
        let y = ruling.isLevel ? ruling.position : middle
        for box in buckets[Self.index(y)] ?? [] where box.holds(x, y) {
            let low = ruling.isLevel ? box.left : box.top
            let high = ruling.isLevel ? box.right : box.bottom
            let slack = 0.12 * (high - low)
            if ruling.start >= low - slack, ruling.end <= high + slack { return true }
        }
        return false
    }

    private static func index(_ value: Double) -> Int {
        Int(max(-5_000, min(5_000, (value / bucket).rounded(.down))))
    }
}
