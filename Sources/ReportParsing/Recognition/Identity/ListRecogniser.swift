import ReportModel

/// Collects problems and improvements, one for each item of the lists under such headings.
///
/// Source: record schema, row `problems`, `improvements`.
struct ListRecogniser: Recogniser {
    func recognise(_ draft: inout Draft) {
        let headings = draft.headings
        var index = 0
        while index < headings.count {
            guard let topic = headings[index].topic else {
                index += 1
                continue
            }
            var next = index + 1
            while next < headings.count, headings[next].level > headings[index].level,
                headings[next].topic == nil,
                draft.part(ofBlock: headings[next].block)
                    == draft.part(ofBlock: headings[index].block)
            {
                next += 1
            }
            let inner = Set(headings[(index + 1)..<next].map(\.block))
            let end = next < headings.count ? headings[next].block : draft.document.blocks.count
            collect(headings[index], topic, inner, end, &draft)
            index = next
        }
        collectCells(&draft)
    }

    private func collect(
        _ heading: PlacedHeading,
        _ topic: ListTopic,
        _ inner: Set<Int>,
        _ end: Int,
        _ draft: inout Draft
    ) {
        let part = draft.part(ofBlock: heading.block)
        var items: [ListItem] = []
        var isNumbered = false
        for block in heading.block..<max(heading.block + 1, end) {
            let text = draft.document.blocks[block].text
            if block > heading.block {
                guard draft.part(ofBlock: block) == part, !ListItem.endsList(text) else { break }
                if case .cell = draft.document.blocks[block].kind { break }
                if draft.document.blocks[block].isMargin { break }
            }
            let from = block == heading.block ? heading.shape.contentStart : 0
            let found = ListItem.read(
                text,
                block: block,
                from: from,
                isHeading: inner.contains(block)
            )
            if found.count == 1, !found[0].isNumbered, let last = items.indices.last,
                items[last].isNumbered, items[last].block < block,
                inner.contains(items[last].block)
                    || items[last].block == block - 1 && items[last].end <= 36
            {
                // The paragraph below a sub-heading belongs to its item.
                items[last].text += "\n" + found[0].text
                continue
            }
            if found.contains(where: \.isNumbered), !isNumbered {
                // What stood before the first number was an introduction.
                isNumbered = true
                items.removeAll { !$0.isNumbered }
            }
            items += found.filter { !isNumbered || $0.isNumbered }
        }
        add(items, topic, part, &draft)
    }

    /// Rows of a form whose first cell names a list and whose second holds it.
    private func collectCells(_ draft: inout Draft) {
        for table in draft.document.tables {
            var index = 0
            while index < table.cells.count {
                let row = table.cells[index...].prefix { $0.row == table.cells[index].row }
                index += row.count
                guard row.count == 2, let label = row.first, let value = row.last,
                    let topic = ListTopic.read(draft.document.blocks[label.block].text)
                else { continue }
                var items: [ListItem] = []
                let text = draft.document.blocks[value.block].text
                var start = 0
                for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                    for item in ListItem.read(
                        String(line),
                        block: value.block,
                        from: 0,
                        isHeading: true
                    ) {
                        var item = item
                        item.start += start
                        item.end += start
                        items.append(item)
                    }
                    start += line.unicodeScalars.count + 1
                }
                add(items, topic, draft.part(ofBlock: value.block), &draft)
            }
        }
    }

    private func add(_ items: [ListItem], _ topic: ListTopic, _ part: Int, _ draft: inout Draft) {
        var isImprovement = topic == .improvements
        for found in items {
            var item = found
            if let label = item.takeLabel() {
                guard let labelled = ListTopic.read(label) else { continue }
                isImprovement = labelled == .improvements
            } else if topic == .both, ListItem.opensImprovements(item.text) {
                isImprovement = true
            }
            let place = draft.place(block: item.block, start: item.start, end: item.end)
            let listed = ListedItem(text: item.text, part: part, place: place)
            if isImprovement {
                draft.record.improvements.append(listed)
            } else {
                draft.record.problems.append(listed)
            }
        }
    }
}

/// An item of a list, found in one block.
struct ListItem: Equatable {
    /// Text without number and without a closing semicolon.
    var text: String
    /// Block that holds it.
    var block: Int
    /// First scalar.
    var start: Int
    /// One past the last scalar.
    var end: Int
    /// Whether it had a number or 一是 in front.
    var isNumbered: Bool

    private static let nothing: Set<String> = [
        "无", "暂无", "没有", "无问题", "不存在问题", "不存在", "无存在问题", "未发现问题", "无建议", "无改进建议", "暂无建议", "暂无问题",
        "无其他", "略",
        "不涉及", "无明显问题", "未发现存在问题", "/", "\\", "－", "-", "—",
    ]
    private static let instructions = [
        "主要反映", "请填写", "简要说明", "填写说明", "（填写", "反映各种", "字以内", "围绕", "请自行删除", "请根据", "请逐条",
    ]

    /// Whether a line ends every list: an attachment, a signature, a date.
    static func endsList(_ text: String) -> Bool {
        guard text.utf8.count <= 150 else { return false }
        if PrintedDate.whole(text) != nil { return true }
        let squeezed = text.squeezed
        if TitleShape.attachment(squeezed) != nil || squeezed.begins("附：") { return true }
        if squeezed.begins("（图") || text.holds("\t") { return true }
        return !LineShape.endsSentence(text) && LineShape.enumerator(text) == nil
            && UnitShape.isUnit(squeezed)
    }

    /// Takes a label such as 存在问题： or 主要经验： off the item.
    /// - Returns: the label; nil when the item has none.
    mutating func takeLabel() -> String? {
        let scalars = text.scalarArray
        guard let colon = scalars.prefix(10).firstIndex(where: { $0 == "：" || $0 == ":" }),
            colon + 1 < scalars.count
        else { return nil }
        let label = scalars[..<colon].string
        let isLabel =
            ListTopic.read(label) != nil && label.unicodeScalars.count <= 8
            || ["主要经验", "经验做法", "主要做法", "经验", "成效", "主要成效"].contains(label)
        guard isLabel else { return nil }
        start += colon + 1
        text = scalars[(colon + 1)...].string
        return label
    }

    /// Whether an item of a list of both kinds speaks of what will be done.
    static func opensImprovements(_ text: String) -> Bool {
        ["下一步", "下步", "改进措施", "整改措施", "建议", "今后", "针对上述", "针对以上", "针对存在"].contains(
            where: text.begins
        )
    }

    /// Reads the items of a block.
    /// - Parameters:
    ///   - text: text of the block.
    ///   - block: its index.
    ///   - from: first scalar to look at, behind the heading.
    ///   - isHeading: whether the block is a heading below the list's.
    /// - Returns: no item for introductions, instructions and 无.
    static func read(_ text: String, block: Int, from: Int, isHeading: Bool) -> [ListItem] {
        let scalars = text.scalarArray
        var start = from
        var isNumbered = false
        if from == 0, let found = LineShape.enumerator(text) {
            start = found.contentStart
            isNumbered = true
        }
        if start + 1 < scalars.count, LineShape.chineseDigit(scalars[start]) != nil,
            scalars[start + 1] == "是", ordinals(scalars, start).count < 2
        {
            start += 2
            isNumbered = true
        }
        start = afterInstructions(scalars, start)
        guard start < scalars.count else { return [] }
        if isNumbered {
            let numbers = innerNumbers(scalars, start)
            if !numbers.isEmpty {
                let ends = numbers.map(\.lowerBound) + [scalars.count]
                let starts = [start] + numbers.map(\.upperBound)
                return zip(starts, ends).compactMap {
                    item(scalars, $0, $1, block, isNumbered: true, isHeading: false)
                }
            }
        }
        for marks in [ordinals(scalars, start), sequence(scalars, start)] where marks.count >= 2 {
            let ends = marks.dropFirst() + [scalars.count]
            return zip(marks, ends).compactMap {
                item(scalars, $0 + 2, $1, block, isNumbered: true, isHeading: false)
            }
        }
        if let item = item(
            scalars,
            start,
            scalars.count,
            block,
            isNumbered: isNumbered,
            isHeading: isHeading
        ) {
            return [item]
        }
        return []
    }

    /// Skips sentences that the form's template left behind.
    private static func afterInstructions(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
        var start = start
        while start < scalars.count {
            while start < scalars.count, LineShape.isBlank(scalars[start]) { start += 1 }
            guard let stop = scalars[start...].firstIndex(where: { $0 == "。" || $0 == "）" }) else {
                return start
            }
            let sentence = scalars[start...stop].string
            guard stop - start < 90, instructions.contains(where: sentence.holds) else {
                return start
            }
            start = stop + 1
        }
        return start
    }

    /// Numbers 2、 3、 … that follow the first one within the same paragraph.
    private static func innerNumbers(_ scalars: [Unicode.Scalar], _ start: Int) -> [Range<Int>] {
        var numbers: [Range<Int>] = []
        var index = start + 1
        while index < scalars.count {
            let before = scalars[index - 1]
            if before == "；" || before == "。" || before == ";" || before == " ",
                !LineShape.isBlank(scalars[index]),
                let found = LineShape.enumerator(Array(scalars[index...].prefix(8))),
                found.start == 0, found.value == numbers.count + 2
            {
                numbers.append(index..<(index + found.contentStart))
                index += found.contentStart
            }
            index += 1
        }
        return numbers
    }

    /// Beginnings of 一是, 二是 … in running text.
    private static func ordinals(_ scalars: [Unicode.Scalar], _ start: Int) -> [Int] {
        var marks: [Int] = []
        var index = start
        while index + 1 < scalars.count {
            if let value = LineShape.chineseDigit(scalars[index]), scalars[index + 1] == "是",
                value == marks.count + 1,
                index == start || !TextSearch.isHan(scalars[index - 1])
            {
                marks.append(index)
            }
            index += 1
        }
        return marks
    }

    private static let further: Words = ["其次", "再次", "再者", "最后", "此外", "另外", "第三", "然后"]
    private static let opening: Words = ["首先"]
    private static let ordinalSign: Words = ["第"]

    /// Beginnings of 首先, 其次, 最后 and of 第一, 第二 … at clauses of running text.
    private static func sequence(_ scalars: [Unicode.Scalar], _ start: Int) -> [Int] {
        var marks: [Int] = []
        var isCounted = false
        for index in start..<max(start, scalars.count - 1)
        where index == start || !TextSearch.isHan(scalars[index - 1]) {
            if marks.isEmpty {
                isCounted = ordinalSign.length(in: scalars, at: index) != nil
                guard
                    isCounted && LineShape.chineseDigit(scalars[index + 1]) == 1
                        || opening.length(in: scalars, at: index) != nil
                else { continue }
                marks.append(index)
            } else if isCounted {
                guard scalars[index] == "第",
                    LineShape.chineseDigit(scalars[index + 1]) == marks.count + 1
                else { continue }
                marks.append(index)
            } else if further.length(in: scalars, at: index) != nil {
                marks.append(index)
            }
        }
        return marks
    }

    private static func item(
        _ scalars: [Unicode.Scalar],
        _ first: Int,
        _ last: Int,
        _ block: Int,
        isNumbered: Bool,
        isHeading: Bool
    ) -> ListItem? {
        var start = first
        var end = last
        while start < end, isEdge(scalars[start]) { start += 1 }
        while end > start, isEdge(scalars[end - 1]) || isClosing(scalars[end - 1]) { end -= 1 }
        guard end > start else { return nil }
        let text = scalars[start..<end].string
        let bare = text.squeezed.dropped("。")
        guard !nothing.contains(bare), !saysNothing(bare) else { return nil }
        let tail = scalars[end - 1]
        if tail == "：" || tail == ":" { return nil }
        if !isNumbered, !isHeading, end - start < 6 { return nil }
        return ListItem(text: text, block: block, start: start, end: end, isNumbered: isNumbered)
    }

    private static func saysNothing(_ text: String) -> Bool {
        guard text.unicodeScalars.count <= 24 else { return false }
        return text.begins("无") && text.holds(anyOf: ["问题", "建议", "措施"]) && !text.holds("，")
            || text.holds(anyOf: ["未发现问题", "不存在问题", "没有问题", "未发现存在", "无存在的问题", "暂不存在"])
    }

    private static func isEdge(_ scalar: Unicode.Scalar) -> Bool {
        LineShape.isBlank(scalar) || scalar == "，" || scalar == "、" || scalar == ","
    }

    private static func isClosing(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "；" || scalar == ";"
    }
}
