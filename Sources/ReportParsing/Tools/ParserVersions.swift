/// The text of a record's `parser`: the parser's version and the programs that helped, as in
/// `2+libreoffice/7.4.7.2`.
enum ParserVersions {
    /// Names the parser and its helpers, each once, in the order in which they took part.
    static func text(_ version: String, tools: [String]) -> String {
        var words: [String] = []
        for tool in tools where !words.contains(tool) { words.append(tool) }
        return ([version] + words).joined(separator: "+")
    }

    /// The versions of a record that was joined from two.
    static func joined(_ version: String, _ first: String, _ second: String) -> String {
        text(version, tools: tools(first) + tools(second))
    }

    private static func tools(_ text: String) -> [String] {
        text.split(separator: "+").dropFirst().map(String.init)
    }
}
