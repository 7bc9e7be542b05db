public import ReportModel

/// One file with what its sender says about it.
public struct ParsingInput: Sendable {
    /// File name as dropped; a hint only, the content decides.
    public var name: String
    /// The bytes.
    public var bytes: [UInt8]
    /// What is given instead of, or against, the document.
    public var given: GivenFacts
    /// The divisions that names are looked up in, with the local names of this node.
    public var divisions: Divisions

    /// Makes an input.
    /// - Parameters:
    ///   - name: file name.
    ///   - bytes: content of the file.
    ///   - given: what the sender says.
    ///   - divisions: the divisions, with local names.
    public init(
        name: String,
        bytes: [UInt8],
        given: GivenFacts = GivenFacts(),
        divisions: Divisions = .standard
    ) {
        self.name = name
        self.bytes = bytes
        self.given = given
        self.divisions = divisions
    }
}
