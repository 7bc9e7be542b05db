/// Every ceiling of zip containers and of the trees read from them.
///
/// Source: DESIGN section 8. The bytes of a container are judged by what comes out of it, never
/// by what its directory claims.
public struct ContainerLimits: Hashable, Sendable {
    /// The limits that daemon and command line use.
    public static let standard = ContainerLimits()

    /// Entries of one container; an OFD of a thousand pages has about four thousand.
    public var maximumEntryCount = 20_000
    /// Bytes of one entry once inflated.
    public var maximumEntryByteCount = 64 << 20
    /// Bytes of all entries read from one container together.
    public var maximumTotalByteCount = 192 << 20
    /// Inflated bytes for each compressed byte, from ``ratioFloorByteCount`` on; office documents
    /// stay below 100, and deflate cannot exceed 1032.
    public var maximumCompressionRatio = 300
    /// Bytes that an entry may always have, however well it compresses.
    public var ratioFloorByteCount = 8 << 20
    /// Containers within containers, the outermost counted as one.
    public var maximumNestingDepth = 4
    /// Bytes of an entry's name.
    public var maximumNameByteCount = 4096
    /// Memory that the tree of one XML or HTML file may take, estimated before it is parsed; their depth
    /// is held to 256 by libxml2 itself.
    public var maximumTreeByteCount = 192 << 20

    /// Makes the standard limits.
    public init() {}
}
