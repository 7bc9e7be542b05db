/// The name of an indicator as a cell prints it, taken apart.
struct IndicatorName {
    /// The name without 指标1：, and without the points behind it.
    var name: Scalars
    /// Points printed behind the name: （50分）.
    var points: String?
    /// Whether the cell is a line of the template that nobody filled in, such as 指标2：.
    var isPlaceholder = false

    /// Whether the cell is 指标1： and nothing more: with marks for nothing beside it, the row says
    /// that the level does not apply.
    var isEmptyFirst = false

    private static let prefixes: Words = ["指标", "三级指标", "内容"]
    private static let dots: ScalarSet = "…．.。·*＊×xX_＿、 "

    /// Reads a name.
    /// - Parameters:
    ///   - printed: the text of the cell on one line.
    ///   - isLevel: whether it is a first or second level, whose bare number in brackets is points.
    init(_ printed: Scalars, isLevel: Bool = false) {
        let rest = Self.withoutPrefix(printed)
        let hadPrefix = rest.count < printed.count
        let compact = rest.compact
        let isDots = !compact.isEmpty && compact.allSatisfy { Self.dots.contains($0) }
        let isFirst = printed.contains { $0.digit == 1 || $0 == "一" || $0 == "①" }
        isEmptyFirst = hadPrefix && isFirst && !isDots && CellValue.isEmpty(compact)
        isPlaceholder = isDots || hadPrefix && CellValue.isEmpty(compact)
        (name, points) = Self.withoutPoints(rest, isLevel: isLevel)
    }

    /// Leaves out 指标1： at the head of a name.
    private static func withoutPrefix(_ text: Scalars) -> Scalars {
        guard let length = prefixes.length(in: text, at: 0) else { return text }
        var index = length
        while index < text.count, isNumber(text[index]) || text[index].isBlank { index += 1 }
        guard index < text.count else { return index > length ? [] : text }
        guard ":：、.．".unicodeScalars.contains(text[index]) else { return text }
        return Array(text[(index + 1)...].drop { $0.isBlank })
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        scalar.digit != nil || "一二三四五六七八九十".unicodeScalars.contains(scalar)
            || (0x2460...0x2473).contains(scalar.value)
    }

    /// Splits （50分） or （10） off the end of a name.
    private static func withoutPoints(
        _ text: Scalars,
        isLevel: Bool
    ) -> (name: Scalars, points: String?) {
        guard let open = text.lastIndex(where: { $0 == "(" || $0 == "（" }), open > 0,
            let last = text.last
        else { return (text, nil) }
        // The end of a line may have cut the closing bracket off.
        let isClosed = last == ")" || last == "）"
        var inside = Array(text[(open + 1)..<(text.count - (isClosed ? 1 : 0))]).compact
        guard isClosed || inside.last == "分" else { return (text, nil) }
        if let length = labels.length(in: inside, at: 0) { inside.removeFirst(length) }
        if inside.first == ":" || inside.first == "：" { inside.removeFirst() }
        guard let value = CellValue(inside) else { return (text, nil) }
        let isPoints =
            value.kind == .points || isLevel && (value.kind == .plain || value.kind == .percent)
        guard isPoints else { return (text, nil) }
        var name = Array(text[..<open])
        while name.last?.isBlank == true { name.removeLast() }
        return (name, value.value)
    }

    private static let labels: Words = ["权重", "分值", "满分", "共", "计"]
}
