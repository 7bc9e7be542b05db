import ReportModel

/// The formats and borders of a workbook's cells.
///
/// Source: ECMA-376 part 1, 18.8 (styles).
struct SheetStyles {
    /// What a style says that matters for reading.
    struct Style {
        var format: NumberFormat
        var isBordered: Bool
    }

    private let styles: [Style]
    private static let plain = Style(format: .general, isBordered: false)
    /// Styles of a workbook; office programs allow 64,000.
    private static let maximumCount = 65_536

    /// Styles of a workbook without a style sheet.
    init() { styles = [] }

    /// Reads the style sheet.
    init(_ root: XMLNode) {
        var codes: [Int: String] = [:]
        for format in root.child("numFmts")?.children("numFmt") ?? [] {
            if let identifier = format.attribute("numFmtId").flatMap({ Int($0) }),
                let code = format.attribute("formatCode")
            {
                codes[identifier] = code
            }
        }
        var borders: [Bool] = []
        if let list = root.child("borders") {
            for border in list.children {
                borders.append(
                    border.children.contains { edge in
                        edge.attribute("style").map { $0 != "none" } ?? false
                    }
                )
            }
        }
        var formats: [Int: NumberFormat] = [:]
        var styles: [Style] = []
        for item in root.child("cellXfs")?.children("xf").prefix(Self.maximumCount) ?? [] {
            let identifier = item.attribute("numFmtId").flatMap { Int($0) } ?? 0
            let code = codes[identifier] ?? NumberFormat.builtIn(identifier) ?? "General"
            let format = formats[identifier] ?? NumberFormat(code: code)
            formats[identifier] = format
            let border = item.attribute("borderId").flatMap { Int($0) } ?? 0
            let isBordered = borders.indices.contains(border) && borders[border]
            styles.append(Style(format: format, isBordered: isBordered))
        }
        self.styles = styles
    }

    /// The style of an index; a plain one for an index that does not exist.
    subscript(index: Int) -> Style {
        styles.indices.contains(index) ? styles[index] : Self.plain
    }
}
