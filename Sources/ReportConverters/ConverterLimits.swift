/// Ceilings of the programs that a worker starts, in one place.
public struct ConverterLimits: Hashable, Sendable {
    /// Time for a whole file that needs the office program, reading of the result included.
    public static let officeFileSeconds = 60
    /// Time for a whole file that is read optically.
    public static let opticalFileSeconds = 300
    /// Largest file that a child may write.
    public static let maximumOutputByteCount = 256 << 20
    /// How often a first start is repeated: the office program ends with 81 after making a profile.
    public static let maximumStartCount = 3
    /// Pages of a scanned document that are read; the rest is named as unread.
    public static let maximumPageCount = 20
    /// Resolution at which pages are drawn, in dots per inch.
    public static let dotsPerInch = 300
    /// Text that one page may give.
    public static let maximumPageTextByteCount = 1 << 20
    /// Time between two looks at a child.
    static let pollMicroseconds: UInt32 = 20_000
    /// Looks between two measurements of memory: one in 100 ms.
    static let memoryInterval = 5
    /// Looks for descendants of a child that is ended: each finds those of the one before.
    static let maximumStopRoundCount = 32
    /// Looks at killed descendants until they are gone: two seconds.
    static let maximumEndRoundCount = 100
    /// Depth of folders that are removed.
    static let maximumFolderDepth = 32
    /// Age at which a private folder without a lock counts as left behind.
    static let unlockedFolderSeconds = 600

    /// Time for conversions of one file, counted from the beginning of its request.
    public var officeTime: Duration = .seconds(50)
    /// Time for optical reading of one file, counted from the beginning of its request.
    public var opticalTime: Duration = .seconds(280)
    /// Resident memory of a child with all its descendants.
    public var memoryByteCount = 1 << 30
    /// Private writable memory of one child: a net under the measurement.
    public var dataByteCount = 5 << 28

    /// Makes the standard limits.
    public init() {}
}
