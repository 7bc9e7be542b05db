import CLMDB

/// A table of an environment: keys in byte order, each with a value or a sorted set of values.
///
/// A value of this type is a handle; it may be copied and used by any thread, in transactions
/// of the opening of the environment that gave it out, and is never closed by itself.
public struct Database: Sendable {
    /// The name, or nil for the unnamed table.
    public let name: String?
    /// The shape the table was opened with.
    public let options: Options
    let handle: MDB_dbi
    let environmentID: UInt64

    init(handle: MDB_dbi, name: String?, options: Options, environmentID: UInt64) {
        self.handle = handle
        self.name = name
        self.options = options
        self.environmentID = environmentID
    }

    /// The shape of a table.
    ///
    /// Keys are always compared as bytes, so numbers belong in keys with the greatest byte first.
    public struct Options: Sendable, Hashable {
        /// Whether a key holds a sorted set of values of 1 to 511 bytes instead of one value.
        public var duplicateSorted: Bool
        /// The size of every value in bytes when all are of one size, which saves space; needs
        /// ``duplicateSorted``.
        public var fixedSizeDuplicates: Int?
        /// Whether an absent table is created.
        public var creates: Bool

        /// Makes a shape.
        public init(
            duplicateSorted: Bool = false,
            fixedSizeDuplicates: Int? = nil,
            creates: Bool = true
        ) {
            self.duplicateSorted = duplicateSorted
            self.fixedSizeDuplicates = fixedSizeDuplicates
            self.creates = creates
        }

        var flags: UInt32 {
            var flags: UInt32 = 0
            if duplicateSorted { flags |= UInt32(MDB_DUPSORT) }
            if fixedSizeDuplicates != nil { flags |= UInt32(MDB_DUPFIXED) }
            return flags
        }

        func hasShape(of other: Options) -> Bool {
            duplicateSorted == other.duplicateSorted
                && fixedSizeDuplicates == other.fixedSizeDuplicates
        }

        func validate() throws(LMDBError) {
            guard let size = fixedSizeDuplicates else { return }
            guard duplicateSorted, (1...Limits.maximumKeyByteCount).contains(size) else {
                throw LMDBError(.invalidOption, "Database.Options")
            }
        }
    }

    /// Refuses a value that the table cannot hold.
    @inline(__always)
    func validate(valueByteCount count: Int, _ operation: @autoclosure () -> String)
        throws(LMDBError)
    {
        let fits: Bool
        if let size = options.fixedSizeDuplicates {
            fits = count == size
        } else if options.duplicateSorted {
            fits = (1...Limits.maximumKeyByteCount).contains(count)
        } else {
            fits = count <= Limits.maximumValueByteCount
        }
        guard fits else {
            throw LMDBError(.badValueSize, operation())
        }
    }
}
