import ReportModel

extension Rules {
    /// Numbers of headings run on: 一, 二, 三; （一）（二） within; a new part begins anew.
    static func numbering(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        var last: [Int: (number: Int, style: String, section: Section)] = [:]
        var part = -1
        for section in facts.record.sections {
            let own = facts.record.parts.lastIndex { !section.place.precedes($0.place) } ?? -1
            if own != part {
                last = [:]
                part = own
            }
            guard section.level >= 0 else { continue }
            if last.contains(where: { $0.key > section.level }) {
                last = last.filter { $0.key <= section.level }
            }
            guard let printed = section.number, let number = value(of: printed) else { continue }
            let style = style(of: printed)
            defer { last[section.level] = (number, style, section) }
            guard let before = last[section.level] else {
                if number > 1 { result.append(numberFinding(section, nil, expected: 1)) }
                continue
            }
            guard number != 1 else { continue }
            if number != before.number + 1 || style != before.style {
                result.append(numberFinding(section, before.section, expected: before.number + 1))
            }
        }
        return result
    }

    private static func numberFinding(_ section: Section, _ before: Section?, expected: Int)
        -> FindingDraft
    {
        let stated = section.number ?? ""
        let previous = before.map { "，前一个同级标题为“\($0.number ?? "")”" } ?? "，前面没有同级标题"
        return FindingDraft(
            severity: .info,
            message: "标题编号不连贯：“\(stated)”应为第\(expected)个\(previous)。"
                + "见\(RuleText.located(section.place))。",
            stated: stated,
            computed: String(expected),
            places: [section.place] + (before.map { [$0.place] } ?? []),
            labels: [section.title]
        )
    }

    /// Value of a heading number: Chinese or Arabic digits, circled digits; nil when unreadable.
    static func value(of printed: String) -> Int? {
        var total = 0
        var digit = 0
        var seen = false
        for scalar in printed.unicodeScalars.prefix(12) {
            if let circled = circledValue(scalar) { return circled }
            if let arabic = arabicValue(scalar) {
                digit = digit * 10 + arabic
                guard digit < 1000 else { return nil }
                seen = true
            } else if let numeral = RuleText.numeral(scalar) {
                digit = numeral
                seen = true
            } else if scalar == "十" {
                total += max(1, digit) * 10
                digit = 0
                seen = true
            } else if !marks.contains(scalar), scalar.properties.isAlphabetic {
                return nil
            }
        }
        return seen ? total + digit : nil
    }

    /// What stands around nearly all numbers, and is no letter.
    private static let marks: ScalarSet = "、（）().．"

    private static func circledValue(_ scalar: Unicode.Scalar) -> Int? {
        (0x2460...0x2473).contains(scalar.value) ? Int(scalar.value) - 0x245F : nil
    }

    private static func arabicValue(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar.value {
        case 48...57: Int(scalar.value) - 48
        case 0xFF10...0xFF19: Int(scalar.value) - 0xFF10
        default: nil
        }
    }

    /// Chinese, Arabic or circled; brackets and marks do not count.
    private static func style(of printed: String) -> String {
        for scalar in printed.unicodeScalars.prefix(12) {
            if circledValue(scalar) != nil { return "circled" }
            if arabicValue(scalar) != nil { return "arabic" }
        }
        return "chinese"
    }
}
