/// A rectangle on a page in points; y grows downwards.
struct Box: Hashable, Sendable {
    /// Left edge.
    var left: Double
    /// Upper edge.
    var top: Double
    /// Right edge.
    var right: Double
    /// Lower edge.
    var bottom: Double

    /// Width, never negative.
    var width: Double { max(0, right - left) }
    /// Height, never negative.
    var height: Double { max(0, bottom - top) }
    /// Middle from left to right.
    var centreX: Double { (left + right) / 2 }
    /// Middle from top to bottom.
    var centreY: Double { (top + bottom) / 2 }

    /// The smallest box around two.
    func union(_ other: Box) -> Box {
        Box(
            left: min(left, other.left),
            top: min(top, other.top),
            right: max(right, other.right),
            bottom: max(bottom, other.bottom)
        )
    }

    /// Whether a point lies inside or at most a slack outside.
    func holds(_ x: Double, _ y: Double, slack: Double = 0) -> Bool {
        x >= left - slack && x <= right + slack && y >= top - slack && y <= bottom + slack
    }
}
