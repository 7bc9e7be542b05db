import ReportModel

/// A workbook: its sheets in order, with what their cells refer to.
///
/// Source: ECMA-376 part 1, 18.2 (workbook).
struct Workbook {
    /// What a tab of the workbook leads to.
    enum Content: Hashable, Sendable {
        /// A sheet of cells; name of its part.
        case cells(part: String)
        /// A sheet that shows nothing but a chart.
        case chart
        /// A sheet hidden by its author.
        case hidden
        /// A part that is missing or of another kind.
        case missing
    }

    /// One tab.
    struct Tab: Hashable, Sendable {
        var name: String
        var content: Content
    }

    /// The tabs in order.
    let tabs: [Tab]
    /// Shared strings.
    let strings: [String]
    /// Formats and borders.
    let styles: SheetStyles
    /// Whether dates count from 1904.
    let is1904: Bool

    private let package: OfficePackage

    /// Tabs of a workbook that are read.
    private static let maximumTabCount = 1024

    /// Reads everything but the sheets.
    /// - Parameter package: the container.
    /// - Throws: ``ReportError`` `.unreadable`, `.tooLarge` or `.tooDeep`.
    init(_ package: OfficePackage) throws(ReportError) {
        self.package = package
        guard let main = package.mainPart(fallback: "xl/workbook.xml"),
            let root = try package.tree(main)?.root
        else {
            throw ReportError(
                .unreadable,
                "工作簿里没有目录（xl/workbook.xml）",
                hint: "请用 Excel 或 WPS 打开后另存为 xlsx 重新提交"
            )
        }
        let relations = package.relations(of: main)
        // The relation with the least identifier, so that one file always reads alike.
        func part(_ kind: String) -> String? {
            relations.filter { $0.value.kind == kind }.min { $0.key < $1.key }?.value.target
        }
        let date = root.child("workbookPr")?.attribute("date1904")
        is1904 = date == "1" || date == "true"
        if let name = part("styles"), let tree = try package.tree(name) {
            styles = SheetStyles(tree.root)
        } else {
            styles = SheetStyles()
        }
        if let name = part("sharedStrings"), let bytes = try package.read(name) {
            strings = try SharedStrings.read(bytes)
        } else {
            strings = []
        }
        let sheets = root.child("sheets")?.children("sheet") ?? []
        guard sheets.count <= Self.maximumTabCount else {
            throw ReportError(.tooLarge, "工作表的个数超过上限 \(Self.maximumTabCount)")
        }
        tabs = sheets.enumerated().map { number, sheet in
            let name = sheet.attribute("name") ?? "工作表\(number + 1)"
            let state = sheet.attribute("state") ?? "visible"
            let target = sheet.attribute("id").flatMap { relations[$0] }
            let content: Content
            switch target?.kind {
            case _ where state != "visible": content = .hidden
            case "worksheet"?: content = .cells(part: target?.target ?? "")
            case "chartsheet"?: content = .chart
            default: content = .missing
            }
            return Tab(name: name, content: content)
        }
    }

    /// Reads a sheet of cells.
    /// - Parameters:
    ///   - part: name of the sheet's part.
    ///   - name: name of its tab.
    ///   - limits: ceilings of parsing.
    /// - Returns: nil when the part is missing.
    /// - Throws: ``ReportError`` `.unreadable`, `.tooLarge` or `.tooDeep`.
    func sheet(
        part: String,
        name: String,
        limits: ParsingLimits
    ) throws(ReportError) -> Sheet? {
        guard let bytes = try package.read(part) else { return nil }
        var reader = try SheetReader(
            bytes,
            name: name,
            strings: strings,
            styles: styles,
            is1904: is1904,
            limits: limits
        )
        var sheet = try reader.read()
        guard !reader.drawings.isEmpty else { return sheet }
        let relations = package.relations(of: part)
        for identifier in reader.drawings.prefix(4) {
            guard let target = relations[identifier]?.target,
                let tree = try package.tree(target)
            else { continue }
            SheetDrawing.read(tree.root, into: &sheet)
        }
        return sheet
    }
}
