/// One file of a filing of several files.
public struct FilingMember: Hashable, Sendable {
    /// Name with the folders it stood in, divided by slashes; for people, never a path to open.
    public var name: String
    /// The file.
    public var bytes: [UInt8]

    /// Makes a member.
    /// - Parameters:
    ///   - name: name with its folders.
    ///   - bytes: the file.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
