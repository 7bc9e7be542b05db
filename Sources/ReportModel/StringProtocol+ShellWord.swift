extension StringProtocol {
    /// The text as one word of a command that people copy, whatever stands in it.
    ///
    /// Source: POSIX.1-2017, Shell Command Language, 2.2.2 Single-Quotes.
    package var shellWord: String {
        let parts = self.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: #"'\''"#) + "'"
    }
}
