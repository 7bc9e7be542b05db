/// Tables drawn with `+---+---+` and `|`, or with box-drawing characters.
struct BoxTableScanner: TableScanner {
    func scan(_ text: TextLines, from start: Int, limits: ParsingLimits) -> ScannedTable? {
        // What begins with `|` is a row and no rule.
        let first = text.lines[start]
        guard first.length > 2, text.bytes[first.contentStart] != 0x7C,
            case .rule = shape(text, first)
        else { return nil }
        var groups: [[[String]]] = [[]]
        var index = start
        scanning: while index < text.lines.count {
            switch shape(text, text.lines[index]) {
            case .rule:
                if groups.last?.isEmpty == false { groups.append([]) }
            case .row(let cells):
                groups[groups.count - 1].append(cells)
            case .other:
                break scanning
            }
            index += 1
        }
        groups.removeAll(where: \.isEmpty)
        guard !groups.isEmpty else { return nil }
        return ScannedTable(rows: rows(groups), nextLine: index)
    }

    private enum Shape {
        case rule
        case row([String])
        case other
    }

    private func shape(_ text: TextLines, _ line: TextLines.Line) -> Shape {
        guard line.length > 2 else { return .other }
        // Lines are drawn with `+`, `|`, or characters whose UTF-8 begins with E2, `｜` with EF.
        let first = text.bytes[line.contentStart]
        guard first == 0x2B || first == 0x7C || first == 0xE2 || first == 0xEF else {
            return .other
        }
        let scalars = Array(text.text(line).unicodeScalars)
        if isBar(scalars[0]), scalars.count > 1, let cells = cells(scalars) {
            return .row(cells)
        }
        guard isCorner(scalars[0]), scalars.allSatisfy({ isCorner($0) || isDash($0) }),
            scalars.contains(where: isDash), scalars.contains(where: isCorner)
        else { return .other }
        return .rule
    }

    private func cells(_ scalars: [Unicode.Scalar]) -> [String]? {
        var cells: [String] = []
        var cell = String.UnicodeScalarView()
        for scalar in scalars.dropFirst() {
            if isBar(scalar) {
                cells.append(CellText.trimmed(String(cell)))
                cell = String.UnicodeScalarView()
            } else {
                cell.append(scalar)
            }
        }
        let rest = CellText.trimmed(String(cell))
        if !rest.isEmpty { cells.append(rest) }
        return cells.isEmpty ? nil : cells
    }

    /// Lines between two rules are one row when rules stand between all rows, else a row each.
    private func rows(_ groups: [[[String]]]) -> [[String]] {
        let isRuled = groups.count > 2 || groups.allSatisfy { $0.count == 1 }
        guard isRuled else { return groups.flatMap { $0 } }
        return groups.flatMap { lines -> [[String]] in
            let width = lines.map(\.count).max() ?? 0
            guard lines.allSatisfy({ $0.count == width }) else { return lines }
            var row = [String](repeating: "", count: width)
            for line in lines {
                for (column, cell) in line.enumerated() {
                    row[column] = CellText.joined(row[column], cell)
                }
            }
            return [row]
        }
    }

    private func isBar(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "│" || scalar == "┃" || scalar == "║" || scalar == "|" || scalar == "｜"
    }

    private func isDash(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar == "=" || scalar == "─" || scalar == "━" || scalar == "═"
            || scalar == " "
    }

    private func isCorner(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "+" || scalar == "|" { return true }
        return scalar.value >= 0x250C && scalar.value <= 0x254B
            || scalar.value >= 0x2551 && scalar.value <= 0x256C || scalar == "│" || scalar == "┃"
    }
}
