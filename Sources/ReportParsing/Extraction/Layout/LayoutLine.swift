/// Text on one baseline, cut where wide gaps are.
struct LayoutLine: Hashable, Sendable {
    /// Text between two wide gaps.
    struct Segment: Hashable, Sendable {
        /// The text with the blanks that the source has.
        var text: String
        /// Place on the page.
        var box: Box
    }

    /// The pieces from left to right; at least one.
    var segments: [Segment]
    /// Place on the page.
    var box: Box
    /// Size of the largest part of the text.
    var size: Double
    /// Number of the page from 0.
    var page: Int

    /// The whole line; wide gaps are two blanks.
    var text: String {
        segments.count == 1 ? segments[0].text : segments.map(\.text).joined(separator: "  ")
    }

    /// Makes a line of segments that stand side by side; nil without any.
    init?(_ segments: [Segment], size: Double, page: Int) {
        guard var box = segments.first?.box else { return nil }
        for segment in segments.dropFirst() { box = box.union(segment.box) }
        self.segments = segments
        self.box = box
        self.size = size
        self.page = page
    }
}
