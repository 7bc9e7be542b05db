import ReportModel

/// Finds numbers with a counting word in the bytes of one block.
struct CountReader {
    /// A number found, with byte offsets.
    struct Found {
        var count: String
        var unit: String
        var label: String
        var isPlanned: Bool
        var isApproximate: Bool
        /// Scalars of the clause piece that is quoted.
        var start: Int
        var end: Int
        var quote: String
    }

    private let text: UnsafeBufferPointer<UInt8>
    private var passedBytes = 0
    private var passedScalars = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// Calls back for every number of things, in order; false from the callback ends the search.
    mutating func read(_ body: (Found) -> Bool) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x30 && byte <= 0x39 || byte == 0xEF && ByteText.isDigit(code(index)) {
                let start = index
                guard let found = number(at: start, end: &index) else { continue }
                if !body(found) { return }
            } else {
                index += ByteText.width(byte)
            }
        }
    }

    private func code(_ offset: Int) -> UInt32 { ByteText.code(text, offset) }

    /// Reads the number at an offset; sets `end` behind its digits in every case.
    private mutating func number(at start: Int, end: inout Int) -> Found? {
        var digits: [UInt8] = []
        var isPlain = true
        var index = start
        while index < text.count {
            let code = code(index)
            if ByteText.isDigit(code) {
                let value = code > 0xFF ? (code & 0xFF) - 0x90 : code - 0x30
                if digits.count < 12 { digits.append(UInt8(0x30 + value)) }
            } else if code == 0x2C || code == 0xEFBC8C {
                // 1,234 is one number, 12，3 are two.
                guard code == 0x2C, ByteText.isDigit(self.code(index + 1)) else { break }
            } else if code == 0x2E || code == 0x25 {
                isPlain = false
            } else {
                break
            }
            index += ByteText.width(text[index])
        }
        end = max(index, start + 1)
        guard isPlain, !digits.isEmpty, digits.count < 12, !isGlued(start) else { return nil }
        return counted(digits, from: start, to: index)
    }

    /// Whether letters, points or dashes before a number make it part of a code, date or range.
    private func isGlued(_ start: Int) -> Bool {
        guard start > 0 else { return false }
        let code = code(ByteText.before(text, start))
        switch code {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x2D, 0x2F, 0x7E: return true
        case 0xE7ACAC, 0xE38094, 0xE28093, 0xE28094, 0xEFBD9E, 0xEFBC8D: return true  // 第 〔 – — ～ －
        default: return false
        }
    }

    private static let units = Needles([
        "家次", "批次", "人次", "场次", "户次", "台套", "台次", "件次", "个", "家", "辆", "批", "场", "次", "期", "项",
        "户", "套", "台", "所", "处", "座", "件", "条", "宗", "份", "支", "间", "名", "人", "亩", "公里", "册", "艘",
    ])
    /// What follows a counting word when it is none.
    private static let others = Needles([
        "百分点", "月", "工作日", "小时", "基点", "年", "季度", "星期", "民", "庭", "级", "长", "地", "例", "日", "天",
        "学期",
        "均", "员", "大", "元",
    ])
    private static let more = Needles(["余", "多", "来"])
    private static let about: [[UInt8]] = ["约", "近", "超过", "超"].map { Array($0.utf8) }

    private mutating func counted(_ digits: [UInt8], from start: Int, to digitsEnd: Int) -> Found? {
        var index = digitsEnd
        while ByteText.isBlank(code(index)) { index += ByteText.width(text[index]) }
        var isApproximate = false
        if let word = Self.more.word(in: text, at: index) {
            isApproximate = true
            index += word.count
        }
        guard let unit = Self.units.word(in: text, at: index) else { return nil }
        let unitEnd = index + unit.count
        guard Self.others.word(in: text, at: unitEnd) == nil else { return nil }
        let clause = clauseStart(before: start)
        let noun = nounEnd(from: unitEnd)
        let label = ByteText.string(text, clause, start) + ByteText.string(text, unitEnd, noun)
        guard label.utf8.count >= 6 else { return nil }
        for word in Self.about where ByteText.holds(text, word, at: start - word.count) {
            isApproximate = true
        }
        passedScalars += ByteText.scalars(text, passedBytes, start)
        passedBytes = start
        return Found(
            count: String(decoding: digits, as: UTF8.self),
            unit: String(decoding: unit, as: UTF8.self),
            label: label,
            isPlanned: isPlanned(clause, start),
            isApproximate: isApproximate,
            start: passedScalars - ByteText.scalars(text, clause, start),
            end: passedScalars + ByteText.scalars(text, start, noun),
            quote: ByteText.string(text, clause, noun)
        )
    }

    /// Where the clause begins that leads to a number; digits of a year before it belong to it.
    private func clauseStart(before start: Int) -> Int {
        var index = start
        while index > 0, start - index < RemarkLimits.lookBack {
            let previous = ByteText.before(text, index)
            if ByteText.endsClause(code(previous)) { break }
            index = previous
        }
        while index < start, ByteText.isBlank(code(index)) { index += ByteText.width(text[index]) }
        return index
    }

    private func nounEnd(from start: Int) -> Int {
        var index = start
        while index < text.count, index - start < RemarkLimits.lookAhead {
            let code = code(index)
            // 的 and numbers end the noun.
            if ByteText.endsClause(code) || ByteText.isDigit(code) || code == 0xE79A84 { break }
            index += ByteText.width(text[index])
        }
        return min(index, text.count)
    }

    private static let planned = Needles([
        "计划", "目标", "至少", "不少于", "不低于", "预计", "力争", "确保", "将", "拟", "≥", "＞", "≤", "不超过", "预期",
        "达到",
    ])

    private func isPlanned(_ start: Int, _ end: Int) -> Bool {
        guard start < end, end <= text.count else { return false }
        var found = false
        Self.planned.scan(UnsafeBufferPointer(rebasing: text[start..<end])) { _, _ in found = true }
        return found
    }
}
