/// Pages whose running text stands in two columns.
enum ProseColumns {
    /// Divides lines into streams that are read one after the other.
    /// - Parameter lines: lines of a page from top to bottom.
    /// - Returns: one stream, or those of the bands of a page in two columns.
    static func streams(_ lines: [LayoutLine]) -> [[LayoutLine]] {
        guard lines.count >= 12, let gutter = gutter(lines) else { return [lines] }
        var streams: [[LayoutLine]] = []
        var left: [LayoutLine] = []
        var right: [LayoutLine] = []
        var whole: [LayoutLine] = []
        func closeColumns() {
            for stream in [left, right] where !stream.isEmpty { streams.append(stream) }
            left = []
            right = []
        }
        for line in lines {
            let parts = cut(line, at: gutter)
            if parts.left == nil && parts.right == nil {
                closeColumns()
                whole.append(line)
            } else {
                if !whole.isEmpty { streams.append(whole) }
                whole = []
                if let part = parts.left { left.append(part) }
                if let part = parts.right { right.append(part) }
            }
        }
        closeColumns()
        if !whole.isEmpty { streams.append(whole) }
        return streams
    }

    /// The part of a line left and right of the gutter; both nil when it crosses the gutter.
    private static func cut(
        _ line: LayoutLine,
        at gutter: Double
    ) -> (left: LayoutLine?, right: LayoutLine?) {
        guard !line.segments.contains(where: { $0.box.left < gutter && $0.box.right > gutter })
        else { return (nil, nil) }
        return (
            LayoutLine(
                line.segments.filter { $0.box.right <= gutter },
                size: line.size,
                page: line.page
            ),
            LayoutLine(
                line.segments.filter { $0.box.left >= gutter },
                size: line.size,
                page: line.page
            )
        )
    }

    /// Where the gutter of a page in two columns is; nil for a page in one.
    ///
    /// Both columns must hold long lines that fill them, as no table does.
    private static func gutter(_ lines: [LayoutLine]) -> Double? {
        let left = lines.map(\.box.left).min() ?? 0
        let right = lines.map(\.box.right).max() ?? 0
        let middle = (left + right) / 2
        let width = right - left
        var gaps: [(left: Double, right: Double)] = []
        for line in lines {
            for (one, other) in zip(line.segments, line.segments.dropFirst())
            where one.box.right < middle + 0.1 * width && other.box.left > middle - 0.1 * width {
                gaps.append((one.box.right, other.box.left))
            }
        }
        guard gaps.count >= 6, gaps.count * 2 >= lines.count,
            let low = gaps.map(\.left).max(), let high = gaps.map(\.right).min(), low < high
        else { return nil }
        let gutter = (low + high) / 2
        let ones = lines.compactMap { cut($0, at: gutter).left }
        let others = lines.compactMap { cut($0, at: gutter).right }
        guard isProse(ones), isProse(others) else { return nil }
        return gutter
    }

    private static func isProse(_ lines: [LayoutLine]) -> Bool {
        guard lines.count >= 6, lines.allSatisfy({ $0.segments.count <= 2 }),
            let right = lines.map(\.box.right).max()
        else { return false }
        let full = lines.filter {
            $0.box.right > right - 1.6 * $0.size && $0.text.unicodeScalars.count >= 10
        }
        return full.count * 10 >= lines.count * 6
    }
}
