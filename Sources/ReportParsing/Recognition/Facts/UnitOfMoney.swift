import ReportModel

/// Finds the unit of money that a heading, a table's head or a document states.
struct UnitOfMoney: Sendable {
    private static let units: Words = ["百万元", "万元", "亿元", "千元", "元"]
    private static let labels: Words = ["单位:", "单位为", "计量单位", "货币单位", "金额单位", "单位"]

    /// The unit stated in a heading: 单位：万元, （万元）, 金额：元.
    /// - Parameter compact: text without blanks, in half-width ASCII.
    /// - Returns: nil when the text states none.
    static func stated(in compact: Scalars) -> String? {
        for index in compact.indices {
            guard let length = units.length(in: compact, at: index) else { continue }
            let end = index + length
            let before = index > 0 ? compact[index - 1] : " "
            let opens =
                "(（:,，、".unicodeScalars.contains(before)
                || labels.length(in: compact, endingAt: index) != nil
                || currency.length(in: compact, endingAt: index) != nil
            let closes = end == compact.count || ")）,，、;；/".unicodeScalars.contains(compact[end])
            if opens, closes { return Array(compact[index..<end]).string }
        }
        return nil
    }

    private static let currency: Words = ["人民币"]

    /// The unit that most of some numbers have; nil when none is money.
    static func usual(_ marks: [[NumberMark]?]) -> String? {
        var counts: [String: Int] = [:]
        for mark in marks.lazy.compactMap({ $0 }).joined() {
            if case .money(let unit) = mark.kind, unit.unicodeScalars.last == "元",
                mark.value.contains(where: { $0 != "0" && $0 != "." })
            {
                counts[unit, default: 0] += 1
            }
        }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// The unit of a table: its own cells, then the blocks just before it.
    static func ofTable(_ grid: TableGrid, _ texts: BlockTexts) -> String? {
        var ofColumn: String?
        for text in grid.texts where text.count <= 60 {
            guard let unit = stated(in: text) else { continue }
            if ColumnHeading.ofMoney(text) != .money { return unit }
            ofColumn = ofColumn ?? unit
        }
        guard let first = grid.cells.map(\.block).min() else { return nil }
        for block in stride(
            from: first - 1,
            through: max(0, first - FactLimits.unitDistance),
            by: -1
        ) {
            let text = texts.scalars[block]
            if text.count > 120 { break }
            if let unit = stated(in: text.compact) { return unit }
        }
        return ofColumn
    }
}
