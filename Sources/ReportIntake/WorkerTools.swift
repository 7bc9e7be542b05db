/// Programs of other makers that a worker may start.
public struct WorkerTools: Hashable, Sendable {
    /// Language data that tesseract reads with when nothing else is said.
    public static let defaultLanguage = "chi_sim"

    /// LibreOffice's `soffice`; nil: the worker looks for it.
    public var office: String?
    /// The program `tesseract`; nil: pictures are not read.
    public var tesseract: String?
    /// Language data of tesseract.
    public var language: String

    /// Makes the value from its fields.
    /// - Parameters:
    ///   - office: LibreOffice's `soffice`; nil: the worker looks for it.
    ///   - tesseract: the program `tesseract`; nil: pictures are not read.
    ///   - language: language data of tesseract.
    public init(
        office: String? = nil,
        tesseract: String? = nil,
        language: String = defaultLanguage
    ) {
        self.office = office
        self.tesseract = tesseract
        self.language = language
    }

    /// Whether a text can name language data: letters, digits, `_` and `+`.
    /// - Parameter text: such as `chi_sim` or `chi_sim+eng`.
    /// - Returns: false for whatever could be taken for an option or a path.
    public static func isLanguage(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+".contains($0)) }
    }

    /// The options of `reportd-worker` that say the same.
    var arguments: [String] {
        var words: [String] = []
        if let office { words += ["--office", office] }
        if let tesseract { words += ["--tesseract", tesseract, "--language", language] }
        return words
    }
}
