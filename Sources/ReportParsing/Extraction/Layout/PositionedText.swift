/// A character, or a few that belong together, at its place on a page.
struct PositionedText: Hashable, Sendable {
    /// The characters; blanks have no pieces of their own.
    var text: String
    /// Place on the page as displayed.
    var box: Box
    /// Font size in points.
    var size: Double
    /// Quarter turns clockwise against the page as displayed, from 0 to 3.
    var turns: Int
    /// Whether a blank follows in the source.
    var hasSpaceAfter: Bool

    /// Makes a piece of text.
    init(
        _ text: String,
        _ box: Box,
        size: Double,
        turns: Int = 0,
        hasSpaceAfter: Bool = false
    ) {
        self.text = text
        self.box = box
        self.size = size
        self.turns = turns
        self.hasSpaceAfter = hasSpaceAfter
    }

    /// Whether the place is a place: finite, on some page, of some size.
    var isPlausible: Bool {
        let limit = LayoutLimits.maximumCoordinate
        return [box.left, box.top, box.right, box.bottom].allSatisfy {
            $0.isFinite && abs($0) < limit
        }
            && size.isFinite && size > 0.5 && size < 2_000 && box.right >= box.left
            && box.bottom >= box.top
    }
}

/// A ruling line on a page, either level or upright.
struct Ruling: Hashable, Sendable {
    /// Whether it runs from left to right.
    var isLevel: Bool
    /// y of a level line, x of an upright one.
    var position: Double
    /// Beginning along its course.
    var start: Double
    /// End along its course.
    var end: Double
}

/// What stands on a page.
struct PositionedPage: Sendable {
    /// Number of the page from 0.
    var index: Int
    /// Width in points.
    var width: Double
    /// Height in points.
    var height: Double
    /// The text in any order.
    var texts: [PositionedText]
    /// The ruling lines in any order.
    var rulings: [Ruling]

    /// Makes a page without those texts and lines whose places are no places; a side that no page
    /// has becomes that of A4.
    init(
        index: Int,
        width: Double,
        height: Double,
        texts: [PositionedText],
        rulings: [Ruling] = []
    ) {
        self.index = index
        func isSide(_ side: Double) -> Bool { side > 0 && side < LayoutLimits.maximumCoordinate }
        self.width = isSide(width) ? width : 595
        self.height = isSide(height) ? height : 842
        self.texts = texts.filter(\.isPlausible)
        self.rulings = rulings.filter {
            $0.position.isFinite && $0.start.isFinite && $0.end.isFinite && $0.end > $0.start
                && abs($0.position) < LayoutLimits.maximumCoordinate
                && abs($0.start) < LayoutLimits.maximumCoordinate
                && abs($0.end) < LayoutLimits.maximumCoordinate
        }
    }
}
