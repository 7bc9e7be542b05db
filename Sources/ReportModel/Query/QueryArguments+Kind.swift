extension QueryArguments {
    /// Takes an option that is a kind of record or of a part.
    /// - Parameter name: its name.
    /// - Returns: the kind as typed; nil when the option is not given.
    /// - Throws: ``ReportError`` `usage` that names the kinds: their set is closed.
    mutating func kind(_ name: String) throws(ReportError) -> String? {
        guard let text = text(name) else { return nil }
        let isKnown =
            ReportKind(text) != nil
            || PartKind.allCases.contains { $0.rawValue == text || $0.kindWord == text }
        guard isKnown else {
            throw ReportError(
                .usage,
                "'\(text)' is no kind of report: "
                    + ReportKind.reservedWords.joined(separator: ", "),
                hint: "a project is 项目支出/NAME, a part "
                    + PartKind.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        return text
    }
}
