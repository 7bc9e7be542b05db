/// Margins of running text, learned from the lines themselves.
enum ProseMargins {
    /// Gives every line the margins of its column, columns one after the other.
    /// - Parameters:
    ///   - pages: lines of running text of each page from top to bottom.
    ///   - widths: width of each page in points.
    ///   - bodySize: font size of the running text.
    /// - Returns: lines in reading order with their margins.
    static func measure(
        _ pages: [[LayoutLine]],
        widths: [Double],
        bodySize: Double
    ) -> [[ProseLine]] {
        // Pages of one width have the same margins, if nothing else is known.
        var groups: [Int: [LayoutLine]] = [:]
        for (page, lines) in pages.enumerated() {
            groups[Int((widths[page] / 20).rounded()), default: []] += lines
        }
        let common = groups.mapValues { edges($0, bodySize) }
        return pages.enumerated().map { page, lines in
            let width = widths[page]
            let streams = ProseColumns.streams(lines)
            return streams.flatMap { stream -> [ProseLine] in
                let whole = common[Int((width / 20).rounded())]
                let isWhole = stream.count == lines.count
                var margins = edges(stream, bodySize)
                if isWhole, let whole, stream.count < 12 {
                    margins = (min(margins.left, whole.left), max(margins.right, whole.right))
                }
                if isWhole, margins.right < 0.62 * width {
                    margins.right = max(margins.right, width - max(20, margins.left))
                }
                let pitch = pitch(stream)
                return stream.map {
                    ProseLine(
                        line: $0,
                        left: margins.left,
                        right: margins.right,
                        bodySize: bodySize,
                        pitch: pitch
                    )
                }
            }
        }
    }

    /// The outermost edges that more than one line reaches.
    private static func edges(
        _ lines: [LayoutLine],
        _ size: Double
    ) -> (left: Double, right: Double) {
        let slack = max(3, 0.6 * size)
        let lefts = lines.map(\.box.left).sorted()
        let rights = lines.map(\.box.right).sorted(by: >)
        let needed = lines.count >= 40 ? 3 : lines.count >= 5 ? 2 : 1
        func outermost(_ values: [Double]) -> Double {
            for index in values.indices where index + needed - 1 < values.count {
                if abs(values[index] - values[index + needed - 1]) <= slack { return values[index] }
            }
            return values.first ?? 0
        }
        return (outermost(lefts), outermost(rights))
    }

    /// The usual gap between lines that follow one another.
    private static func pitch(_ lines: [LayoutLine]) -> Double {
        var gaps: [Double] = []
        for (line, next) in zip(lines, lines.dropFirst()) {
            let gap = next.box.top - line.box.bottom
            if gap > -0.5 * line.size, gap < 2.5 * line.size { gaps.append(gap) }
        }
        guard !gaps.isEmpty else { return 0 }
        return gaps.sorted()[gaps.count / 2]
    }
}
