import ReportModel

/// Finds the project that a self-evaluation table is about.
enum ProjectCells {
    private static let names: Words = [
        "项目名称", "项目（政策）名称", "项目(政策)名称", "专项名称", "专项资金名称", "转移支付名称", "转移支付(项目)名称", "项目支出名称", "政策名称",
        "项目名称:", "项目名称及编码", "专项(项目)名称", "转移支付项目名称",
    ]
    private static let codes: Words = ["项目编码", "项目代码", "项目编号"]

    /// The project named in a table; nil when none is.
    static func project(
        in grid: TableGrid,
        context: FactContext,
        explained: inout Set<Int>
    ) -> Project? {
        var project: Project?
        var code: String?
        for row in 0..<min(grid.rowCount, 40) {
            let cells = grid.row(row)
            for (index, cell) in cells.enumerated() where index + 1 < cells.count {
                let next = grid.texts[cells[index + 1]]
                guard !CellValue.isEmpty(next) else { continue }
                if names.contain(grid.texts[cell]), project == nil {
                    let block = grid.cells[cells[index + 1]].block
                    let split = split(next)
                    guard !split.name.isEmpty, CellValue(split.name) == nil else { continue }
                    explained.insert(block)
                    project = Project(
                        name: split.name.string,
                        code: split.code,
                        part: context.part(ofBlock: block),
                        place: context.place(ofBlock: block)
                    )
                } else if codes.contain(grid.texts[cell]), next.count <= 40 {
                    code = next.string
                    explained.insert(grid.cells[cells[index + 1]].block)
                }
            }
        }
        if project?.code == nil { project?.code = code }
        return project
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
