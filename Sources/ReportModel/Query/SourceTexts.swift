/// Who makes text of filed documents, for the full-text search.
public protocol SourceTexts: Sendable {
    /// The text of a file.
    /// - Parameters:
    ///   - file: the bytes of the file.
    ///   - name: file name, a hint.
    /// - Returns: nil when no text can be made of it now.
    func text(of file: [UInt8], name: String) async -> String?

    /// Told that nothing will be asked for a while, so that nothing need be kept ready.
    func rest() async
}
