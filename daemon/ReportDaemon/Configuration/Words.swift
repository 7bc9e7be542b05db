/// A sentence in the two languages of the programs; whoever shows it picks one by the locale.
public struct Words: Hashable, Sendable {
    /// English.
    public var english: String
    /// Chinese.
    public var chinese: String

    /// Takes both sentences.
    /// - Parameters:
    ///   - english: English.
    ///   - chinese: Chinese.
    public init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }
}
