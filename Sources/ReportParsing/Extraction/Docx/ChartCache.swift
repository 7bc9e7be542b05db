import Glibc

/// The numbers that a chart shows, kept in its part beside the workbook it came from.
///
/// Source: ISO/IEC 29500-1 section 21.2, `c:ser`, `c:cat`, `c:val` and their caches.
struct ChartCache {
    /// One line for the title, then one for each series: its name, the names of the categories and
    /// the values, divided by tabs as recognition reads them.
    private(set) var lines: [String] = []

    private static let maximumPointCount = 1000
    private static let maximumSeriesCount = 64

    /// Reads a chart part.
    init(_ root: XMLNode) {
        let chart = root.isNamed("chart") ? root : root.child("chart") ?? root
        if let title = chart.child("title") {
            let text = title.descendants("t").map(\.text).joined()
            if !text.isEmpty { lines.append(text) }
        }
        guard let area = chart.child("plotArea") else { return }
        var count = 0
        for plot in area.children {
            for series in plot.children where series.isNamed("ser") {
                count += 1
                if count <= Self.maximumSeriesCount, let line = Self.line(series) {
                    lines.append(line)
                }
            }
        }
    }

    private static func line(_ series: XMLNode) -> String? {
        let name = series.child("tx").map { points($0).values.joined() } ?? ""
        let names = (series.child("cat") ?? series.child("xVal")).map(points) ?? [:]
        let values = (series.child("val") ?? series.child("yVal")).map(points) ?? [:]
        guard !values.isEmpty else { return nil }
        let order = values.keys.sorted()
        var cells = [name]
        cells += order.map { names[$0] ?? "" }
        cells += order.map { number(values[$0] ?? "") }
        return cells.map(plain).filter { !$0.isEmpty }.joined(separator: "\t")
    }

    /// Texts of the points of a cache by their index; the innermost of several levels.
    private static func points(_ node: XMLNode) -> [Int: String] {
        var found: [Int: String] = [:]
        var holders = [node]
        var steps = 0
        while let holder = holders.popLast(), steps < 64 {
            steps += 1
            if holder.isNamed("v") { found[0] = holder.text }
            for child in holder.children {
                if child.isNamed("pt") {
                    guard let index = child.integer("idx"), found.count < maximumPointCount else {
                        continue
                    }
                    found[index] = child.child("v")?.text ?? ""
                } else if child.isNamed("lvl") {
                    if found.isEmpty { holders.append(child) }
                } else if !child.isNamed("f") {
                    holders.append(child)
                }
            }
            if !found.isEmpty { break }
        }
        return found
    }

    /// A number without the noise of binary fractions, such as 395.14000000000004.
    private static func number(_ text: String) -> String {
        guard text.utf8.count > 15, let value = Double(text), value.isFinite else { return text }
        var buffer = [CChar](repeating: 0, count: 40)
        let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.12g", $0) }
        guard length > 0, length < buffer.count else { return text }
        return String(decoding: buffer[..<Int(length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func plain(_ text: String) -> String {
        String(text.map { $0.isWhitespace ? " " : $0 })
    }
}
