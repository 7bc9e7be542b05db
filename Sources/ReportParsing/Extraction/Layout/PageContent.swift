/// A page after its tables were taken out.
struct PageContent {
    /// Ruled tables from top to bottom.
    var tables: [LayoutTable]
    /// Lines outside tables from top to bottom.
    var lines: [LayoutLine]
    /// Number of characters in tables by font size in half points.
    var tableSizes: [Int: Int]
    /// Lines of text that runs in another direction than the page.
    var turned: [LayoutLine]

    /// Divides a page into tables and lines.
    init(_ source: PositionedPage) {
        let page = Self.upright(source)
        tables = []
        tableSizes = [:]
        var rest = page.texts
        let rulings = RulingMerger.merge(page.rulings, texts: page.texts)
        for grid in RuledTableFinder.grids(rulings) {
            let (table, taken) = LayoutTable.fill(grid, with: rest, page: page.index)
            guard table.isFilled else { continue }
            tables.append(table)
            for (text, isTaken) in zip(rest, taken) where isTaken {
                tableSizes[Int((text.size * 2).rounded()), default: 0] += 1
            }
            rest = zip(rest, taken).filter { !$0.1 }.map(\.0)
        }
        lines = LineFinder.lines(rest.filter { $0.turns == 0 }, page: page.index)
        turned = []
        for turns in 1...3 {
            let pieces = rest.filter { $0.turns == turns }
                .map { Turning.upright($0, turns: turns) }
            turned += LineFinder.lines(pieces, page: page.index)
        }
    }

    /// The page turned so that most of its text runs from left to right.
    private static func upright(_ page: PositionedPage) -> PositionedPage {
        var counts = [0, 0, 0, 0]
        for text in page.texts { counts[text.turns & 3] += 1 }
        guard let turns = (1...3).first(where: { counts[$0] * 10 > page.texts.count * 6 }) else {
            return page
        }
        let frame = Turning.upright(
            Box(left: 0, top: 0, right: page.width, bottom: page.height),
            turns: turns
        )
        var result = page
        result.width = frame.width
        result.height = frame.height
        result.texts = page.texts.map { text in
            var moved = Turning.upright(text, turns: turns)
            moved.box = moved.box.shifted(by: -frame.left, -frame.top)
            return moved
        }
        result.rulings = page.rulings.map { ruling in
            let box =
                ruling.isLevel
                ? Box(
                    left: ruling.start,
                    top: ruling.position,
                    right: ruling.end,
                    bottom: ruling.position
                )
                : Box(
                    left: ruling.position,
                    top: ruling.start,
                    right: ruling.position,
                    bottom: ruling.end
                )
            let moved = Turning.upright(box, turns: turns).shifted(by: -frame.left, -frame.top)
            let isLevel = turns == 2 ? ruling.isLevel : !ruling.isLevel
            return Ruling(
                isLevel: isLevel,
                position: isLevel ? moved.top : moved.left,
                start: isLevel ? moved.left : moved.top,
                end: isLevel ? moved.right : moved.bottom
            )
        }
        return result
    }
}

extension Box {
    /// The same box elsewhere.
    func shifted(by x: Double, _ y: Double) -> Box {
        Box(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
    }
}
