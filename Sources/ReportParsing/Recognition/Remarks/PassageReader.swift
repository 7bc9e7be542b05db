/// Finds the stated scope, reasons of changes and definitions of items in the bytes of one block.
struct PassageReader {
    private enum Sort { case scope, without, reason, definition }

    private static let patterns: [(Sort, [String])] = [
        (.scope, ["报告范围", "评价范围包括", "自评范围包括", "公开范围包括", "编制范围"]),
        (
            .without,
            [
                "无下属", "没有下属", "无所属", "无二级预算单位", "未设下属", "无直属", "不含下属", "没有二级预算单位", "无其他下属",
                "无独立核算的下属", "无纳入",
            ]
        ),
        (.reason, ["主要原因是", "主要原因为", "主要原因：", "主要变动原因是", "主要变动原因为", "变动的主要原因", "变动原因"]),
        (.definition, ["（项）", "(项)"]),
    ]
    private static let sorts = patterns.flatMap { entry in entry.1.map { _ in entry.0 } }
    private static let needles = Needles(patterns.flatMap(\.1))

    private let text: UnsafeBufferPointer<UInt8>

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// Calls back with kind, label and byte range of every passage, in order.
    func read(_ body: (_ kind: String, _ label: String, _ start: Int, _ end: Int) -> Void) {
        var reasonEnd = 0
        Self.needles.scan(text) { word, offset in
            let end = offset + Self.needles.words[word].count
            switch Self.sorts[word] {
            case .scope:
                let stop = clauseEnd(from: end, isSentence: true)
                let label = scopeLabel(offset, stop)
                if let label { body("scope", label, offset, stop) }
            case .without:
                let stop = clauseEnd(from: end, isSentence: false)
                if isAboutUnits(offset, stop) { body("scope", "no-subordinates", offset, stop) }
            case .reason where offset >= reasonEnd:
                let start = reasonStart(end)
                reasonEnd = max(start, clauseEnd(from: start, isSentence: true))
                if reasonEnd > start { body("reason", label(before: offset), start, reasonEnd) }
            case .reason: break
            case .definition:
                if let start = definitionStart(end) {
                    let stop = clauseEnd(from: start, isSentence: true)
                    if stop > start { body("item-definition", itemName(offset), start, stop) }
                }
            }
        }
    }

    private func code(_ offset: Int) -> UInt32 { ByteText.code(text, offset) }

    private func clauseEnd(from start: Int, isSentence: Bool) -> Int {
        var index = start
        while index < text.count, index - start < RemarkLimits.remarkLength {
            let code = code(index)
            if isSentence ? ByteText.endsSentence(code) : ByteText.endsClause(code) { break }
            // A bracket that closes ends a scope within brackets.
            if isSentence, code == 0xEFBC89, index > start, !opens(start, index) { break }
            index += ByteText.width(text[index])
        }
        return min(index, text.count)
    }

    private func opens(_ start: Int, _ end: Int) -> Bool {
        var depth = 0
        var index = start
        while index < end {
            let code = code(index)
            if code == 0xEFBC88 { depth += 1 }
            if code == 0xEFBC89 { depth -= 1 }
            index += ByteText.width(text[index])
        }
        return depth > 0
    }

    private func holds(_ words: [[UInt8]], _ start: Int, _ end: Int) -> Bool {
        var index = start
        while index < end {
            if words.contains(where: { ByteText.holds(text, $0, at: index) }) { return true }
            index += ByteText.width(text[index])
        }
        return false
    }

    private static let below = ["下属单位", "所属单位", "下属事业单位", "二级单位", "直属单位", "下属二级"].map {
        Array($0.utf8)
    }
    private static let not = ["不含", "不包括", "无下属", "没有下属", "本级", "无"].map { Array($0.utf8) }
    private static let units = ["单位", "机构", "部门"].map { Array($0.utf8) }

    private func scopeLabel(_ start: Int, _ end: Int) -> String? {
        guard holds(Self.below, start, end), !holds(Self.not, start, end) else { return nil }
        return "with-subordinates"
    }

    private func isAboutUnits(_ start: Int, _ end: Int) -> Bool { holds(Self.units, start, end) }

    /// Behind 是, 为 or a colon.
    private func reasonStart(_ end: Int) -> Int {
        var index = end
        while [0xE698AF, 0xE4B8BA, 0xEFBC9A, 0x3A, 0x20].contains(code(index)) {
            index += ByteText.width(text[index])
        }
        return min(index, text.count)
    }

    /// The sentence before a reason, shortened.
    private func label(before offset: Int) -> String {
        var index = offset
        while index > 0, offset - index < 60 {
            let previous = ByteText.before(text, index)
            if ByteText.endsSentence(code(previous)) { break }
            index = previous
        }
        return ByteText.string(text, index, offset)
    }

    private func definitionStart(_ end: Int) -> Int? {
        var index = end
        while [0xEFBC9A, 0x3A, 0x20, 0xE698AF].contains(code(index)) {
            index += ByteText.width(text[index])
        }
        return code(index) == 0xE68C87 ? index : nil  // 指
    }

    /// The name before （项）, from the end of the sentence or the list number before it.
    private func itemName(_ end: Int) -> String {
        var index = end
        while index > 0, end - index < 240 {
            let previous = ByteText.before(text, index)
            let code = code(previous)
            if ByteText.endsSentence(code) || code == 0xE38081 || code == 0x2E || code == 0xEFBC8C
                || code == 0x5D
            {
                break
            }
            index = previous
        }
        return ByteText.string(text, index, end)
    }
}
