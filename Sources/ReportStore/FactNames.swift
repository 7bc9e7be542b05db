import ReportModel

/// Numbers that stand for the names of stored numbers, so that a row holds one byte for a name.
///
/// Source: docs/format.md section 3.4. Entries are never moved and never dropped: their place is
/// what stores hold.
enum FactNames {
    /// Known names; the code of a name is its index and one more, 0 is for any other name.
    static let known: [String] = {
        var names = ["score", "rate", "budget", "executed"]
        let endings = [
            "", "-total", "-income", "-income-total", "-income-part", "-income-item",
            "-expenditure", "-expenditure-total", "-expenditure-part", "-expenditure-item",
            "-project", "-project-total", "-project-part", "-project-item", "-part", "-item",
        ]
        for base in ["budget-initial", "budget", "executed", "final"] {
            names += endings.map { "amount:" + base + $0 }
        }
        names += [
            "final-grand-total", "final-expenditure-function", "opening-carry-over",
            "closing-carry-over", "prior-final", "yoy-delta", "three-public-total",
            "three-public-part", "three-public-budget", "operating-funds", "procurement", "assets",
            "funds-received", "other",
        ].map { "amount:" + $0 }
        names += ["execution", "share", "growth", "control", "other"].map { "rate:" + $0 }
        names += [
            "authorised", "authorised-administrative", "authorised-institution", "serving",
            "serving-administrative", "serving-institution", "retired", "contract", "other",
        ].map { "staff:" + $0 }
        return names
    }()

    private static let codes: [String: UInt8] = {
        var codes: [String: UInt8] = [:]
        for (index, name) in known.enumerated() { codes[name] = UInt8(clamping: index + 1) }
        return codes
    }()

    /// The code of a name; 0 when it has none.
    static func code(of name: String) -> UInt8 { codes[name] ?? 0 }

    /// The code of the name of a number; 0 when it has none.
    ///
    /// Names of roles are found by their role alone, so that no text is made for each.
    static func code(of number: NamedNumber) -> UInt8 {
        switch number.list {
        case nil: code(of: number.role)
        case .amounts: amountCodes[number.role] ?? 0
        case .rates: rateCodes[number.role] ?? 0
        case .staffing: staffingCodes[number.role] ?? 0
        }
    }

    private static let amountCodes = codes(of: .amounts)
    private static let rateCodes = codes(of: .rates)
    private static let staffingCodes = codes(of: .staffing)

    private static func codes(of list: RoleList) -> [String: UInt8] {
        let prefix = list.prefix
        let pairs = codes.filter { $0.key.hasPrefix(prefix) }
            .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}
