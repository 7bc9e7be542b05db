import ReportModel

/// Measures and numbers as people read them.
enum MeasureText {
    /// Title of a measure with its unit.
    static func title(_ measure: String) -> String {
        let known: [String: (String, String)] = [
            "score": ("score", "得分"), "rate": ("execution rate, %", "执行率（%）"),
            "budget": ("budget, 元", "预算数（元）"), "executed": ("executed, 元", "执行数（元）"),
            "amount:three-public-total": ("three public expenses, 元", "“三公”经费（元）"),
            "indicators": ("indicators", "指标行数"), "problems": ("problems", "问题条数"),
            "findings": ("findings", "疑点数"),
        ]
        if let words = known[measure] { return Wording.pick(words.0, words.1) }
        let parts = measure.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return measure }
        switch parts[0] {
        case "amount": return Wording.amountRole(parts[1]) + Wording.pick(", 元", "（元）")
        case "rate":
            return Wording.pick("rate of \(parts[1]), %", "\(Wording.rateRole(parts[1]))（%）")
        case "staff": return Wording.pick("staff, \(parts[1])", Wording.staffRole(parts[1]))
        case "findings":
            return Wording.pick("findings, \(parts[1])", "疑点数（\(Wording.severity(parts[1]))）")
        default: return measure
        }
    }

    /// A number with thousands separators: `1,349,200.50`.
    static func number(_ text: String?) -> String {
        guard let text else { return "-" }
        let sign = text.hasPrefix("-") ? "-" : ""
        let pieces = text.dropFirst(sign.count).split(
            separator: ".",
            omittingEmptySubsequences: false
        )
        guard let whole = pieces.first, whole.allSatisfy(\.isNumber) else { return text }
        var groups: [Substring] = []
        var rest = whole
        while rest.count > 3 {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        groups.insert(rest, at: 0)
        let fraction = pieces.count > 1 ? "." + pieces[1] : ""
        return sign + groups.joined(separator: ",") + fraction
    }

    /// A change with its sign: `+8.1%`.
    static func signed(_ text: String?, _ unit: String = "") -> String {
        guard let text else { return "" }
        let isZero = !text.contains { ("1"..."9").contains($0) }
        let sign = text.hasPrefix("-") || isZero ? "" : "+"
        return sign + number(text) + unit
    }
}
