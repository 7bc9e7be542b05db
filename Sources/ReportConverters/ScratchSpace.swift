import ReportModel

/// The private folder of a worker, made when it is first needed and removed on request.
public final class ScratchSpace {
    private let base: String?
    private var made: PrivateFolder?

    /// Makes the value; nothing is written.
    /// - Parameter base: folder to make the private folder in; nil: `TMPDIR`, else `/tmp`.
    public init(base: String? = nil) { self.base = base }

    /// The private folder.
    /// - Throws: ``ReportError`` `no-space` or `internal` when it cannot be made.
    func folder() throws(ReportError) -> PrivateFolder {
        if let made { return made }
        let folder = try PrivateFolder(base: base)
        made = folder
        return folder
    }

    /// Removes what workers that were killed left behind.
    public func removeLeftovers() {
        PrivateFolder.removeLeftovers(in: PrivateFolder.base(base))
    }

    /// Removes the private folder; the next use makes a new one.
    public func remove() { made = nil }
}
