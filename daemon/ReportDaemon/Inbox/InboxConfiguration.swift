public import ReportModel

/// One folder that staff drop files into, and what is known about everything in it.
///
/// Source: DESIGN section 7, Configuration.
public struct InboxConfiguration: Sendable {
    /// The most files that may be in work at once.
    public static let concurrentFileRange = 1...64

    /// The folder; it must exist.
    public var path: String
    /// The evaluated year of files that do not say it.
    public var year: Int?
    /// The region of files that do not say it: name, path or code.
    public var region: String?
    /// The unit of files that do not say it.
    public var unit: String?
    /// The divisions that names of folders and forms are looked up in, with local names.
    public var divisions: Divisions
    /// Whether the kernel is asked for hints; without them the folder is polled.
    public var usesWatcher: Bool
    /// How many files are read and parsed at once, within ``concurrentFileRange``.
    public var maximumConcurrentFiles: Int
    /// The waits.
    public var timing: InboxTiming

    /// Makes a configuration.
    /// - Parameters:
    ///   - path: the folder.
    ///   - year: the evaluated year of files that do not say it.
    ///   - region: the region of files that do not say it.
    ///   - unit: the unit of files that do not say it.
    ///   - divisions: the divisions, with local names.
    ///   - usesWatcher: whether the kernel is asked for hints.
    ///   - maximumConcurrentFiles: clamped to ``concurrentFileRange``.
    ///   - timing: the waits.
    public init(
        path: String,
        year: Int? = nil,
        region: String? = nil,
        unit: String? = nil,
        divisions: Divisions = .standard,
        usesWatcher: Bool = true,
        maximumConcurrentFiles: Int = 4,
        timing: InboxTiming = InboxTiming()
    ) {
        self.path = path
        self.year = year
        self.region = region
        self.unit = unit
        self.divisions = divisions
        self.usesWatcher = usesWatcher
        let range = Self.concurrentFileRange
        self.maximumConcurrentFiles = min(
            max(maximumConcurrentFiles, range.lowerBound),
            range.upperBound
        )
        self.timing = timing
    }
}

/// The waits of an inbox.
public struct InboxTiming: Sendable {
    /// How long size and time of a file must stay the same before it is taken.
    public var settle: Duration
    /// The same after a program closed the file it wrote.
    public var settleAfterClose: Duration
    /// Time between two scans of the whole folder while hints arrive; jittered by a quarter.
    public var rescanInterval: Duration
    /// Time between two scans without hints, as on network shares.
    public var pollInterval: Duration
    /// How long a file that looks cut off may stay unchanged before it is refused.
    public var incompleteGrace: Duration
    /// First delay after a fault of this machine; doubles with each further one.
    public var retryFloor: Duration
    /// Longest delay after a fault of this machine.
    public var retryCeiling: Duration
    /// How long files in work are waited for at the end.
    public var drainLimit: Duration

    /// Makes a set of waits; the defaults fit an office.
    public init(
        settle: Duration = .seconds(1),
        settleAfterClose: Duration = .milliseconds(300),
        rescanInterval: Duration = .seconds(10),
        pollInterval: Duration = .seconds(2),
        incompleteGrace: Duration = .seconds(10),
        retryFloor: Duration = .seconds(1),
        retryCeiling: Duration = .seconds(60),
        drainLimit: Duration = .seconds(30)
    ) {
        self.settle = settle
        self.settleAfterClose = settleAfterClose
        self.rescanInterval = rescanInterval
        self.pollInterval = pollInterval
        self.incompleteGrace = incompleteGrace
        self.retryFloor = retryFloor
        self.retryCeiling = retryCeiling
        self.drainLimit = drainLimit
    }
}
