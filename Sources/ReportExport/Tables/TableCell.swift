public import ReportModel

/// One cell of an exported table.
public enum TableCell: Hashable, Sendable {
    /// Nothing is known.
    case empty
    /// Text for people.
    case text(String)
    /// A word of the record schema, which programs read, with its Chinese for people.
    case word(String, title: String)
    /// Digits that are a name and no number: a region, a project code.
    case code(String)
    /// A plain decimal number as printed.
    case number(String)
    /// A plain decimal number of 元.
    case yuan(String)
    /// A whole number.
    case integer(Int)
    /// A moment.
    case time(Timestamp)
    /// A day as `YYYY-MM-DD`.
    case day(String)

    /// Text; nothing for nil or an empty one.
    static func optional(_ text: String?) -> TableCell {
        guard let text, !text.isEmpty else { return .empty }
        return .text(text)
    }

    /// A word with its title; nothing for nil.
    static func optional(_ word: String?, title: (String) -> String) -> TableCell {
        guard let word, !word.isEmpty else { return .empty }
        return .word(word, title: title(word))
    }

    /// A code; nothing for nil or an empty one.
    static func optionalCode(_ text: String?) -> TableCell {
        guard let text, !text.isEmpty else { return .empty }
        return .code(text)
    }

    /// A whole number; nothing for nil.
    static func optional(_ number: Int?) -> TableCell { number.map { .integer($0) } ?? .empty }

    /// A number as printed; text when it is none, so that nothing is lost.
    static func decimal(_ text: String?) -> TableCell {
        guard let text, !text.isEmpty else { return .empty }
        return isPlain(text) ? .number(text) : .text(text)
    }

    /// An amount in 元; text when it is no number.
    static func money(_ text: String?) -> TableCell {
        guard let text, !text.isEmpty else { return .empty }
        return isPlain(text) ? .yuan(text) : .text(text)
    }

    /// A day, a month or what else is printed as a date.
    static func date(_ text: String?) -> TableCell {
        guard let text, !text.isEmpty else { return .empty }
        return CalendarDay(text) == nil ? .text(text) : .day(text)
    }

    /// Whether a text is digits with at most one point and one minus sign in front.
    static func isPlain(_ text: String) -> Bool {
        var digits = text.utf8[...]
        if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return false }
        return parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
        }
    }
}

/// A day of the calendar.
package struct CalendarDay: Hashable, Sendable {
    /// Year, 1900 to 9999.
    package let year: Int
    /// Month from 1.
    package let month: Int
    /// Day of the month from 1.
    package let day: Int

    /// Reads `YYYY-MM-DD`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1900...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }
}

/// A column of an exported table.
public struct TableColumn: Hashable, Sendable {
    /// Its name for programs; never changed, columns are only added at the end.
    public var name: String
    /// Its title for people.
    public var title: String
    /// Its width in a sheet, in characters.
    public var width: Double

    init(_ name: String, _ title: String, width: Double = 12) {
        self.name = name
        self.title = title
        self.width = width
    }
}
