/// Ceilings of the parsing worker, in one place.
public struct WorkerLimits: Sendable {
    /// Largest source file: 64 MiB, as DESIGN section 4 item 10 says.
    public static let maximumSourceByteCount = 64 << 20
    /// Largest argument object of a request.
    public static let maximumArgumentByteCount = 64 << 10
    /// Largest payload of a request: a file, or two records to merge.
    public static let maximumPayloadByteCount = 80 << 20
    /// Largest reply: a record of the largest file with all its quotations.
    public static let maximumReplyByteCount = 256 << 20
    /// Jobs after which a worker is replaced, so that nothing it leaks adds up.
    public static let maximumJobCount = 500

    /// Longest time that a worker may ask for when a file needs another program.
    public static let maximumTimeout: Duration = .seconds(300)

    /// Longest time for one file that the worker reads by itself.
    public var timeout: Duration
    /// Address space of a worker in bytes.
    public var addressSpaceByteCount: Int
    /// Private writable memory of a worker in bytes: with the code of its libraries it stays within
    /// 512 MiB.
    public var dataByteCount: Int
    /// Number of workers.
    public var workerCount: Int

    /// Makes limits.
    /// - Parameters:
    ///   - timeout: longest time for one file that the worker reads by itself.
    ///   - addressSpaceByteCount: address space of a worker.
    ///   - dataByteCount: private writable memory of a worker.
    ///   - workerCount: number of workers, at least 1.
    public init(
        timeout: Duration = .seconds(10),
        addressSpaceByteCount: Int = 1 << 30,
        dataByteCount: Int = 448 << 20,
        workerCount: Int = 2
    ) {
        self.timeout = timeout
        self.addressSpaceByteCount = addressSpaceByteCount
        self.dataByteCount = dataByteCount
        self.workerCount = max(1, workerCount)
    }
}
