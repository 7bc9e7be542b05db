import ReportModel

/// Finds the project that a self-evaluation table is about.
enum ProjectCells {
    private static let names: Words = [
        "项目名称", "项目（政策）名称", "项目(政策)名称", "专项名称", "专项资金名称", "转移支付名称", "转移支付(项目)名称", "项目支出名称", "政策名称",
        "项目名称及编码", "项目名称(编码)", "项目(单位)名称", "专项资金(项目)名称", "二级项目名称", "项目名称及代码", "政策(项目)名称",
        "专项(项目)名称", "转移支付项目名称",
    ]
    private static let codes: Words = ["项目编码", "项目代码", "项目编号"]

    private static let notNames: Words = [
        "项目内容", "单位", "实施单位", "主管部门", "资金来源", "备注", "项目类别", "项目类型", "项目属性", "项目编码", "预算单位", "项目概况",
        "资金性质",
        "项目代码", "项目单位", "序号", "支出内容", "用途", "立项依据",
    ]

    /// The projects that a table names, each with the row of its name.
    ///
    /// A sheet may hold one form below the other; each names its own project.
    static func projects(
        in grid: TableGrid,
        context: FactContext,
        explained: inout BlockSet
    ) -> [(row: Int, project: Project)] {
        var found: [(row: Int, project: Project)] = []
        var code: String?
        for row in 0..<grid.rowCount {
            let cells = grid.row(row)
            for (index, cell) in cells.enumerated() where grid.cells[cell].row == row {
                let label = grid.texts[cell]
                guard label.count >= 4, label.count <= 80 else { continue }
                let next = index + 1 < cells.count ? cells[index + 1] : nil
                if let named = name(label, next, grid, row: row) {
                    let block = grid.cells[named.cell].block
                    let split = split(named.text)
                    guard !split.name.isEmpty, CellValue(split.name) == nil else { continue }
                    explained.insert(block)
                    let project = Project(
                        name: split.name.string,
                        code: split.code,
                        part: context.part(ofBlock: block),
                        place: context.place(ofBlock: block)
                    )
                    if found.last?.row != row { found.append((row, project)) }
                } else if codes.contain(label), let next, grid.texts[next].count <= 40,
                    !CellValue.isEmpty(grid.texts[next]), !names.contain(grid.texts[next])
                {
                    let text = grid.texts[next].string
                    if let last = found.indices.last, row - found[last].row <= 3 {
                        found[last].project.code = found[last].project.code ?? text
                    } else {
                        code = text
                    }
                    explained.insert(grid.cells[next].block)
                }
            }
        }
        if let first = found.indices.first, let code, found[first].project.code == nil {
            found[first].project.code = code
        }
        return found
    }

    /// The name beside its label, or behind a colon in the label's own cell.
    private static func name(_ label: Scalars, _ next: Int?, _ grid: TableGrid, row: Int)
        -> (text: Scalars, cell: Int)?
    {
        var bare = label
        while bare.last == ":" { bare.removeLast() }
        if names.contain(bare) {
            guard let next, next < grid.texts.count else { return nil }
            let text = grid.texts[next]
            guard !CellValue.isEmpty(text), !notNames.contain(text),
                ColumnHeading.ofMoney(text) == nil, FundHead(grid, row: row) == nil
            else { return nil }
            return (text, next)
        }
        guard let colon = label.firstIndex(of: ":"), names.contain(Array(label[..<colon])),
            let cell = grid.row(row).first(where: { grid.texts[$0] == label })
        else { return nil }
        let text = Array(label[(colon + 1)...])
        return CellValue.isEmpty(text) ? nil : (text, cell)
    }

    /// Splits a code off the head of a name: 51110222Y000000012345-工会经费.
    private static func split(_ text: Scalars) -> (code: String?, name: Scalars) {
        var index = 0
        var text = text
        if let first = text.first, first == "[" || first == "【" || first == "(" || first == "（" {
            if let close = text.firstIndex(where: { "]】)）".unicodeScalars.contains($0) }),
                close > 3, text[1..<close].allSatisfy(isCode)
            {
                return (Array(text[1..<close]).string, Array(text[(close + 1)...]))
            }
        }
        while index < text.count, isCode(text[index]) { index += 1 }
        guard index >= 6, index < text.count else { return (nil, text) }
        let code = Array(text[..<index]).string
        text.removeFirst(index)
        while let mark = text.first, "-—－_:：".unicodeScalars.contains(mark) { text.removeFirst() }
        return text.isEmpty ? (nil, Array(code.unicodeScalars)) : (code, text)
    }

    private static func isCode(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.digit != nil)
    }

    /// Takes a project's budget and execution from the amounts of its table.
    static func fill(_ project: inout Project, from amounts: ArraySlice<Amount>) {
        let usual = amounts.first { $0.role == "budget-project" || $0.role == "budget-total" }
        let budget = usual ?? amounts.first { $0.role.hasPrefix("budget") }
        let executed =
            amounts.first {
                $0.role == "executed-project" || $0.role == "executed-total"
            } ?? amounts.first { $0.role.hasPrefix("executed") }
        if project.budget == nil { project.budget = budget?.value }
        if project.executed == nil { project.executed = executed?.value }
        if project.unit == nil { project.unit = (budget ?? executed)?.unit }
    }
}
