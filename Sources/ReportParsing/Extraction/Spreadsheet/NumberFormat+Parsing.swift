extension NumberFormat {
    /// Reads a format's code.
    /// - Parameter code: such as `#,##0.00;[Red]-#,##0.00`; what is not understood shows as it is.
    init(code: String) {
        var parser = Parser(scalars: Array(code.unicodeScalars.prefix(Self.maximumCodeLength)))
        sections = parser.sections()
    }

    /// Reads a code scalar by scalar.
    private struct Parser {
        let scalars: [Unicode.Scalar]
        var index = 0
        var section = Section()

        init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

        mutating func sections() -> [Section] {
            var sections: [Section] = []
            while index < scalars.count {
                if scalars[index] == ";" {
                    sections.append(NumberFormat.withMinutes(section))
                    section = Section()
                    index += 1
                } else {
                    readToken()
                }
            }
            sections.append(NumberFormat.withMinutes(section))
            return Array(sections.prefix(4))
        }

        private mutating func readToken() {
            let scalar = scalars[index]
            switch scalar {
            case "\"": readQuoted()
            case "\\", "!":
                if index + 1 < scalars.count { add(literal: scalars[index + 1]) }
                index += 2
            case "_", "*": index += 2
            case "[": readBrackets()
            case "0", "#", "?": add(.digit(scalar))
            case ".": add(.point)
            case ",": add(.comma)
            case "%": add(.percent)
            case "/": add(.slash)
            case "@": add(.text)
            case "E", "e": readExponent()
            default: readWord(scalar)
            }
        }

        private mutating func add(_ token: Token, length: Int = 1) {
            section.tokens.append(token)
            index += length
        }

        private mutating func add(literal: Unicode.Scalar) {
            if case .literal(let text)? = section.tokens.last {
                section.tokens[section.tokens.count - 1] = .literal(text + String(literal))
            } else {
                section.tokens.append(.literal(String(literal)))
            }
        }

        private mutating func readQuoted() {
            index += 1
            while index < scalars.count, scalars[index] != "\"" {
                add(literal: scalars[index])
                index += 1
            }
            index += 1
        }

        /// Colours, conditions, currencies with their locale, numerals, elapsed time.
        private mutating func readBrackets() {
            var end = index + 1
            while end < scalars.count, scalars[end] != "]" { end += 1 }
            let inside = String(String.UnicodeScalarView(scalars[(index + 1)..<end]))
            index = end + 1
            let lower = inside.lowercased()
            if let sign = ["<=", ">=", "<>", "<", ">", "="].first(where: inside.hasPrefix) {
                if let bound = Double(CellText.trimmed(String(inside.dropFirst(sign.count)))) {
                    section.condition = Condition(sign: sign, bound: bound)
                }
            } else if lower.hasPrefix("dbnum") {
                section.numerals = lower.hasSuffix("1") ? 1 : lower.hasSuffix("2") ? 2 : 0
            } else if lower.hasPrefix("$-f800") || lower.hasPrefix("$-x-sysdate") {
                readSystem("yyyy\"年\"m\"月\"d\"日\"")
            } else if lower.hasPrefix("$-f400") || lower.hasPrefix("$-x-systime") {
                readSystem("h:mm:ss")
            } else if inside.hasPrefix("$") {
                for scalar in inside.dropFirst().prefix(while: { $0 != "-" }).unicodeScalars {
                    add(literal: scalar)
                }
            } else if let first = lower.unicodeScalars.first, "hms".unicodeScalars.contains(first),
                lower.unicodeScalars.allSatisfy({ $0 == first })
            {
                section.tokens.append(.date(.elapsed(first)))
            }
        }

        /// The system's own long date or time stands for the rest of the section.
        private mutating func readSystem(_ code: String) {
            while index < scalars.count, scalars[index] != ";" { index += 1 }
            var other = Parser(scalars: Array(code.unicodeScalars))
            section.tokens = other.sections().first?.tokens ?? []
        }

        private mutating func readExponent() {
            if index + 1 < scalars.count, scalars[index + 1] == "+" || scalars[index + 1] == "-",
                section.hasDigits
            {
                add(.exponent(alwaysSigned: scalars[index + 1] == "+"), length: 2)
            } else {
                add(.date(.year(4)), length: run())
            }
        }

        private mutating func readWord(_ scalar: Unicode.Scalar) {
            for word in ["general", "g/通用格式"] where begins(word) {
                add(.general, length: word.unicodeScalars.count)
                return
            }
            for (word, isChinese) in [("上午/下午", true), ("am/pm", false), ("a/p", false)]
            where begins(word) {
                add(.date(.halfDay(isChinese: isChinese)), length: word.unicodeScalars.count)
                return
            }
            let count = run()
            switch scalar.properties.lowercaseMapping {
            case "y", "b": add(.date(.year(count)), length: count)
            case "m": add(.date(.month(count)), length: count)
            case "d": add(.date(count > 2 ? .weekday(count) : .day(count)), length: count)
            case "a" where count >= 3: add(.date(.weekday(count + 10)), length: count)
            case "h": add(.date(.hour(count)), length: count)
            case "s": add(.date(.second(count)), length: count)
            default:
                add(literal: scalar)
                index += 1
            }
        }

        /// How often the scalar at the index stands in a row.
        private func run() -> Int {
            var end = index
            while end < scalars.count,
                scalars[end].properties.lowercaseMapping
                    == scalars[index].properties.lowercaseMapping
            {
                end += 1
            }
            return end - index
        }

        private func begins(_ word: String) -> Bool {
            let letters = Array(word.unicodeScalars)
            guard index + letters.count <= scalars.count else { return false }
            return letters.indices.allSatisfy {
                scalars[index + $0].properties.lowercaseMapping == String(letters[$0])
            }
        }
    }

    /// An `m` behind hours or before seconds means minutes.
    private static func withMinutes(_ section: Section) -> Section {
        var section = section
        let parts = section.tokens.indices.filter {
            if case .date = section.tokens[$0] { true } else { false }
        }
        for (order, index) in parts.enumerated() {
            guard case .date(.month(let count)) = section.tokens[index], count <= 2 else {
                continue
            }
            let before = order > 0 ? section.tokens[parts[order - 1]] : nil
            let after = order + 1 < parts.count ? section.tokens[parts[order + 1]] : nil
            var isMinute = false
            if case .date(.hour)? = before { isMinute = true }
            if before == .date(.elapsed("h")) { isMinute = true }
            if case .date(.second)? = after { isMinute = true }
            if isMinute { section.tokens[index] = .date(.minute(count)) }
        }
        return section
    }
}
