/// Chinese numerals as spreadsheets show them for `[DBNum1]` and `[DBNum2]`.
enum ChineseNumerals {
    private static let plain = Array("〇一二三四五六七八九")
    private static let formal = Array("零壹贰叁肆伍陆柒捌玖")
    private static let plainUnits = ["", "十", "百", "千"]
    private static let formalUnits = ["", "拾", "佰", "仟"]
    private static let groups = ["", "万", "亿", "万亿"]

    /// A text with each Arabic digit replaced: `2023` becomes 二〇二三.
    static func digits(_ text: String, isFormal: Bool) -> String {
        let numerals = isFormal ? formal : plain
        return String(
            text.map { character in
                guard let byte = character.asciiValue, byte >= 0x30, byte <= 0x39 else {
                    return character
                }
                return numerals[Int(byte - 0x30)]
            }
        )
    }

    /// A number in words: 123.5 becomes 一百二十三.五.
    /// - Returns: nil for numbers of more than sixteen digits.
    static func number(_ value: SheetDecimal, isFormal: Bool) -> String? {
        let whole = value.whole
        guard whole.count <= 16 else { return nil }
        var text = words(whole, isFormal: isFormal)
        if text.isEmpty { text = isFormal ? "零" : "〇" }
        let fraction = value.fraction
        guard !fraction.isEmpty else { return text }
        return text + "." + digits(SheetDecimal.string(fraction), isFormal: isFormal)
    }

    /// A month or day: 12 becomes 十二.
    static func small(_ value: Int, isFormal: Bool) -> String {
        let text = words(String(value).utf8.map { $0 - 0x30 }, isFormal: isFormal)
        guard value >= 10, value < 20, !isFormal else { return text }
        return String(text.drop { $0 == "一" })
    }

    private static func words(_ digits: [UInt8], isFormal: Bool) -> String {
        let numerals = isFormal ? formal : plain
        let units = isFormal ? formalUnits : plainUnits
        let zero = isFormal ? "零" : "〇"
        var text = ""
        var pendingZero = false
        var groupHasDigit = false
        for (index, digit) in digits.enumerated() {
            let power = digits.count - 1 - index
            if digit == 0 {
                pendingZero = !text.isEmpty
            } else {
                if pendingZero { text += zero }
                pendingZero = false
                text += String(numerals[Int(min(digit, 9))]) + units[power % 4]
                groupHasDigit = true
            }
            if power.isMultiple(of: 4) {
                if groupHasDigit { text += groups[min(power / 4, groups.count - 1)] }
                groupHasDigit = false
            }
        }
        return text
    }
}
