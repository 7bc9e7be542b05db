/// A label with its value, as covers, signatures and forms print them.
struct LabelledValue: Equatable {
    /// The label, squeezed, without brackets such as （盖章）.
    var label: String
    /// The value as printed.
    var value: String
    /// Block that holds the value.
    var block: Int
    /// First scalar of the value in its block.
    var start: Int
    /// One past the last scalar of the value.
    var end: Int
    /// Whether label and value are cells of a table.
    var isCell: Bool

    /// Labels that are no value of the label before them.
    private static let otherLabels: Words = [
        "实施单位", "主管部门", "项目单位", "联系人", "联系电话", "电话", "填表人", "填报人", "填报日期", "项目负责人", "负责人", "项目名称",
        "项目类型", "项目属性", "单位名称", "部门名称", "预算单位", "填报单位", "资金使用单位", "项目实施单位", "部门编码", "项目编码",
        "人员编制", "实有人数", "联络电话", "评价年度", "主管部门及代码",
    ]
    /// Every label that some recogniser asks for.
    private static let labels = Words(
        Array(
            PeopleRecogniser.roles.union(PeopleRecogniser.phones)
                .union(ProjectName.labels).union(YearRecogniser.labels)
                .union(DateRecogniser.labels).union(UnitCandidate.labels.keys)
                .union(UnitCandidate.labels.keys.map { $0 + "名称" })
        )
    )
    private static let longestBlock = 360

    /// Collects the labelled values of a document: short lines of running text, and cells.
    /// - Parameters:
    ///   - document: the document.
    ///   - texts: its texts.
    /// - Returns: values of the labels that recognisers ask for, in reading order; empty values are
    ///   left out.
    static func all(in document: Document, _ texts: BlockTexts) -> [LabelledValue] {
        var values: [LabelledValue] = []
        for (index, block) in document.blocks.enumerated()
        where block.text.utf8.count <= longestBlock {
            if case .cell = block.kind { continue }
            read(index, document, texts, &values)
        }
        for table in document.tables { read(table, document, texts, &values) }
        return values.sorted { ($0.block, $0.start) < ($1.block, $1.start) }
    }

    private static func read(
        _ index: Int,
        _ document: Document,
        _ texts: BlockTexts,
        _ values: inout [LabelledValue]
    ) {
        guard texts.signs[index].contains(.colon) else {
            readSpaced(document.blocks[index].text, index, &values)
            return
        }
        let scalars = texts.scalars[index]
        for segment in segments(scalars) {
            guard let colon = scalars[segment].firstIndex(where: isColon) else { continue }
            guard let label = label(scalars[segment.lowerBound..<colon]) else { continue }
            var range = (colon + 1)..<segment.upperBound
            while let first = range.first, LineShape.isBlank(scalars[first]) {
                range = (first + 1)..<range.upperBound
            }
            while let last = range.last, LineShape.isBlank(scalars[last]) {
                range = range.lowerBound..<last
            }
            if !range.isEmpty {
                values.append(
                    LabelledValue(
                        label: label,
                        value: scalars[range].string,
                        block: index,
                        start: range.lowerBound,
                        end: range.upperBound,
                        isCell: false
                    )
                )
            } else if segment.upperBound == scalars.count, index + 1 < document.blocks.count {
                addNext(label, document, texts, index + 1, &values)
            }
        }
    }

    /// Covers also divide label and value by a blank alone.
    private static func readSpaced(
        _ text: String,
        _ index: Int,
        _ values: inout [LabelledValue]
    ) {
        let labels = ["单位名称", "部门名称", "评价单位", "填报单位", "预算单位", "评价年度", "填报日期", "报告日期"]
        guard text.utf8.count <= 150, let label = labels.first(where: text.begins) else {
            return
        }
        let scalars = text.scalarArray
        var start = label.unicodeScalars.count
        guard start < scalars.count, LineShape.isBlank(scalars[start]) else { return }
        while start < scalars.count, LineShape.isBlank(scalars[start]) { start += 1 }
        guard start < scalars.count else { return }
        values.append(
            LabelledValue(
                label: label,
                value: scalars[start...].string,
                block: index,
                start: start,
                end: scalars.count,
                isCell: false
            )
        )
    }

    /// The value may stand on the line behind its label.
    private static func addNext(
        _ label: String,
        _ document: Document,
        _ texts: BlockTexts,
        _ index: Int,
        _ values: inout [LabelledValue]
    ) {
        let next = document.blocks[index]
        guard case .paragraph = next.kind, next.text.utf8.count <= 120,
            !texts.signs[index].contains(.colon), !LineShape.endsSentence(next.text)
        else { return }
        values.append(
            LabelledValue(
                label: label,
                value: next.text,
                block: index,
                start: 0,
                end: texts.scalars[index].count,
                isCell: false
            )
        )
    }

    /// Divides a line at wide gaps, so that each segment has one colon.
    private static func segments(_ scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var cuts = [0]
        var index = 0
        var hasColon = false
        while index < scalars.count {
            if isColon(scalars[index]) { hasColon = true }
            var gap = index
            var width = 0
            while gap < scalars.count, LineShape.isBlank(scalars[gap]) {
                width += scalars[gap] == " " ? 1 : 2
                gap += 1
            }
            if width >= 2, hasColon, scalars[gap...].prefix(12).contains(where: isColon) {
                cuts.append(gap)
                hasColon = false
            }
            index = max(gap, index + 1)
        }
        cuts.append(scalars.count)
        return zip(cuts, cuts.dropFirst()).map { $0..<max($0, $1) }
    }

    private static func isColon(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "：" || scalar == ":"
    }

    /// The label that some scalars print; nil when no recogniser asks for it.
    private static func label(_ scalars: ArraySlice<Unicode.Scalar>) -> String? {
        // Most texts begin with nothing that begins a label, nor with brackets before one.
        guard let first = scalars.first(where: { !LineShape.isBlank($0) }) else { return nil }
        let plainFirst = TextSearch.plain(first)
        guard plainFirst == "（" || plainFirst == "）" || labels.mayBegin(with: plainFirst) else {
            return nil
        }
        var text: Scalars = []
        var bare: Scalars = []
        text.reserveCapacity(scalars.count)
        bare.reserveCapacity(scalars.count)
        var depth = 0
        for scalar in scalars where !LineShape.isBlank(scalar) {
            let plain = TextSearch.plain(scalar)
            text.append(plain)
            switch plain {
            case "（": depth += 1
            case "）": depth = max(0, depth - 1)
            default: if depth == 0 { bare.append(plain) }
            }
        }
        let label = bare.count >= 2 ? bare : text
        return labels.contain(label) ? label.string : nil
    }

    private static func read(
        _ table: Table,
        _ document: Document,
        _ texts: BlockTexts,
        _ values: inout [LabelledValue]
    ) {
        for (number, cell) in table.cells.enumerated() {
            guard document.blocks[cell.block].text.utf8.count <= longestBlock else { continue }
            var scalars = texts.scalars[cell.block]
            if texts.signs[cell.block].contains(.colon) {
                if let colon = scalars.firstIndex(where: isColon), colon + 1 < scalars.count {
                    guard let label = label(scalars[..<colon]) else { continue }
                    values.append(
                        LabelledValue(
                            label: label,
                            value: CellText.trimmed(scalars[(colon + 1)...].string),
                            block: cell.block,
                            start: colon + 1,
                            end: scalars.count,
                            isCell: true
                        )
                    )
                    continue
                }
                scalars.removeAll(where: isColon)
            }
            guard number + 1 < table.cells.count else { continue }
            let next = table.cells[number + 1]
            // Empty cells have no block: a value may stand behind some.
            let gap = next.column - cell.column - cell.columnSpan
            guard next.row == cell.row, gap >= 0, gap <= 2, let label = label(scalars[...]) else {
                continue
            }
            let value = document.blocks[next.block].text
            if gap > 0, otherLabels.contain(texts.scalars[next.block].squeezed) { continue }
            guard value.utf8.count <= longestBlock else { continue }
            values.append(
                LabelledValue(
                    label: label,
                    value: value,
                    block: next.block,
                    start: 0,
                    end: texts.scalars[next.block].count,
                    isCell: true
                )
            )
        }
    }
}
