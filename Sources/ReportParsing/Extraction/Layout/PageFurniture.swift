/// Running heads, running feet and page numbers.
enum PageFurniture {
    /// Share of the height at the top of a page in which a running head stands.
    private static let headZone = 0.095
    /// Share of the height at the foot.
    private static let footZone = 0.88
    /// Largest usual font size of running heads.
    private static let largestHead = 12.6

    /// Takes furniture out of the lines of pages.
    ///
    /// A running head whose words stand nowhere else is handed back once.
    /// - Parameters:
    ///   - pages: lines of each page from top to bottom, those of tables left out.
    ///   - heights: height of each page in points.
    ///   - tables: places of tables on each page.
    ///   - size: font size of the running text.
    /// - Returns: the lines that belong to the text, and the heads that say something of their own.
    static func strip(
        _ pages: [[LayoutLine]],
        heights: [Double],
        tables: [[Box]],
        size: Double
    ) -> (bodies: [[LayoutLine]], heads: [LayoutLine]) {
        var places: [String: Int] = [:]
        for (page, lines) in pages.enumerated() {
            let keys = lines.indices.compactMap {
                key(lines[$0], height: heights[page], tables: tables[page], size: size)
            }
            for key in Set(keys) { places[key, default: 0] += 1 }
        }
        var kept: Set<String> = []
        var bodies = ""
        for (page, lines) in pages.enumerated() where page < 60 {
            for line in lines
            where key(line, height: heights[page], tables: tables[page], size: size) == nil {
                bodies += GridBuilder.squeezed(line.text)
            }
        }
        let least = max(2, min(4, (pages.count + 1) / 2))
        var heads: [LayoutLine] = []
        let rest = pages.enumerated().map { page, lines in
            lines.filter { line in
                let height = heights[page]
                if isInZone(line, height), isPageNumber(line.text) { return false }
                guard let key = key(line, height: height, tables: tables[page], size: size),
                    places[key, default: 0] >= least
                else { return true }
                let text = GridBuilder.squeezed(line.text)
                if hanCount(text) >= 4, !bodies.contains(text), kept.insert(text).inserted {
                    heads.append(line)
                }
                return false
            }
        }
        return (rest, heads)
    }

    private static func isInZone(_ line: LayoutLine, _ height: Double) -> Bool {
        line.box.centreY < headZone * height || line.box.centreY > footZone * height
    }

    /// What is the same on every page for a line that may be furniture; nil for other lines.
    private static func key(
        _ line: LayoutLine,
        height: Double,
        tables: [Box],
        size: Double
    ) -> String? {
        guard isInZone(line, height), line.size <= 1.05 * size else { return nil }
        let text = GridBuilder.squeezed(line.text)
        guard text.unicodeScalars.count <= 60, !text.contains("单位："), !text.contains("单位:"),
            !text.contains("部门：")
        else { return nil }
        let isHead = line.box.centreY < headZone * height
        // The title of a form that fills the page is no running head; those are small and high up.
        let isSmall = line.size <= largestHead && line.box.centreY < 0.068 * height
        if isHead, !isSmall, tables.contains(where: { $0.top - line.box.bottom < 3.5 * line.size })
        {
            return nil
        }
        var key = isHead ? "^" : "$"
        for scalar in text.unicodeScalars {
            key.unicodeScalars.append(LineShape.digit(scalar) != nil ? "#" : scalar)
        }
        return key + "\(Int((line.box.centreY / 6).rounded()))"
    }

    private static func hanCount(_ text: String) -> Int {
        text.unicodeScalars.filter { $0.value >= 0x3400 && $0.value <= 0x9FFF }.count
    }

    /// Whether a line is nothing but a page number: `3`, `— 3 —`, `3/9`, `第 3 页 共 9 页`.
    static func isPageNumber(_ text: String) -> Bool {
        var scalars = Array(GridBuilder.squeezed(text).unicodeScalars)
        guard !scalars.isEmpty, scalars.count <= 24 else { return false }
        let dashes = "-－—–―~～·•*".unicodeScalars
        while let first = scalars.first, dashes.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, dashes.contains(last) { scalars.removeLast() }
        var digits = 0
        var run = 0
        for scalar in scalars {
            if LineShape.digit(scalar) != nil {
                run += 1
                digits += 1
                if run > 4 { return false }
            } else if "第页共/／,，总（）()".unicodeScalars.contains(scalar) {
                run = 0
            } else {
                return roman(scalars)
            }
        }
        return digits > 0
    }

    private static func roman(_ scalars: [Unicode.Scalar]) -> Bool {
        scalars.count <= 5 && scalars.allSatisfy { "ivxIVXⅠⅡⅢⅣⅤ".unicodeScalars.contains($0) }
    }
}
