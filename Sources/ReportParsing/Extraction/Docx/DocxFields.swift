/// The complex fields that are open at a point of the text.
///
/// Source: ISO/IEC 29500-1 section 17.16.18.
struct DocxFields {
    private struct Field {
        var instruction = ""
        var isInstruction = true
    }

    private static let deepest = 64
    private static let longestInstruction = 400
    private var open: [Field] = []
    /// Fields that were opened beyond the ceiling and wait for their end.
    private var ignored = 0

    /// Whether the text belongs to an instruction or to a result that is left out.
    func hides(pageNumbers: Bool) -> Bool {
        open.contains { field in
            field.isInstruction || pageNumbers && Self.isPageNumber(field.instruction)
        }
    }

    /// Whether nothing is open.
    var isEmpty: Bool { open.isEmpty }

    mutating func begin() {
        if open.count < Self.deepest { open.append(Field()) } else { ignored += 1 }
    }

    mutating func separate() {
        if ignored == 0, !open.isEmpty { open[open.count - 1].isInstruction = false }
    }

    /// Ends the innermost field; gives what a field without result shows.
    mutating func end() -> String {
        if ignored > 0 {
            ignored -= 1
            return ""
        }
        guard let field = open.popLast(), field.isInstruction, !hides(pageNumbers: false) else {
            return ""
        }
        return Self.enclosed(field.instruction) ?? ""
    }

    mutating func addInstruction(_ text: String) {
        guard !open.isEmpty, open[open.count - 1].isInstruction,
            open[open.count - 1].instruction.utf8.count < Self.longestInstruction
        else { return }
        open[open.count - 1].instruction += text
    }

    /// Whether an instruction asks for the number of a page or of pages.
    static func isPageNumber(_ instruction: String) -> Bool {
        let word = instruction.split(separator: " ").first?.uppercased() ?? ""
        return word == "PAGE" || word == "NUMPAGES" || word == "SECTIONPAGES"
    }

    /// `EQ \o\ac(○,1)`, Word's enclosed character, as ①.
    private static func enclosed(_ instruction: String) -> String? {
        let plain = instruction.filter { $0 != " " }
        guard plain.lowercased().hasPrefix("eq\\o"), let open = plain.firstIndex(of: "("),
            let comma = plain.lastIndex(where: { $0 == "," || $0 == ";" }),
            let close = plain.lastIndex(of: ")"), open < comma, comma < close
        else { return nil }
        let content = String(plain[plain.index(after: comma)..<close])
        guard plain[open..<comma].contains("○"), let value = Int(content) else { return content }
        return DocxNumberFormat.circled(value)
    }
}
