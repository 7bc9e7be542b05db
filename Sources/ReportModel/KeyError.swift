/// Why text is no key, lookup or version.
public struct KeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String, Sendable {
            case emptyPart = "empty-part"
            case badYear = "bad-year"
            case missingPart = "missing-part"
            case tooManyParts = "too-many-parts"
            case missingKind = "missing-kind"
            case reservedWord = "reserved-word"
            case badVersion = "bad-version"
            case tooLong = "too-long"
        }

        private let value: Value

        /// A part is empty once it is cleaned.
        public static let emptyPart = Code(value: .emptyPart)
        /// The first part is not a year of four digits.
        public static let badYear = Code(value: .badYear)
        /// City or unit is missing.
        public static let missingPart = Code(value: .missingPart)
        /// There are more parts than a key or lookup has.
        public static let tooManyParts = Code(value: .tooManyParts)
        /// No part after the city is a reserved kind word.
        public static let missingKind = Code(value: .missingKind)
        /// A district or unit is one of the reserved kind words.
        public static let reservedWord = Code(value: .reservedWord)
        /// What follows the last `@` looks like a version and is none.
        public static let badVersion = Code(value: .badVersion)
        /// The text is longer than ``KeyLimits/maximumTextByteCount``.
        public static let tooLong = Code(value: .tooLong)

        /// The code as it is printed.
        public var description: String { value.rawValue }
    }

    /// What is wrong.
    public let code: Code

    /// The text as it was given, at most 80 scalars of it.
    public let text: String

    /// Makes an error about a text.
    public init(_ code: Code, in text: String) {
        self.code = code
        self.text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(80)))
    }

    /// One sentence that says what is wrong with what.
    public var description: String {
        switch code {
        case .emptyPart: "a part of '\(text)' is empty"
        case .badYear: "'\(text)' does not begin with a year of four digits"
        case .missingPart: "'\(text)' lacks the city or the unit"
        case .tooManyParts: "'\(text)' has too many parts"
        case .missingKind:
            "'\(text)' names none of the kinds \(ReportKind.reservedWords.joined(separator: " "))"
        case .reservedWord: "'\(text)' is the name of a kind and cannot be a district or unit"
        case .badVersion: "'\(text)' ends in no version: write KEY@3 or KEY@3-1a2b3c4d"
        case .tooLong: "'\(text)' goes on for more than \(KeyLimits.maximumTextByteCount) bytes"
        default: "'\(text)' is no key"
        }
    }
}
