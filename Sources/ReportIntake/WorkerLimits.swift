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

    /// Longest time for one file.
    public var timeout: Duration
    /// Address space of a worker in bytes.
    public var addressSpaceByteCount: Int
    /// Number of workers.
    public var workerCount: Int

    /// Makes limits.
    /// - Parameters:
    ///   - timeout: longest time for one file.
    ///   - addressSpaceByteCount: address space of a worker.
    ///   - workerCount: number of workers, at least 1.
    public init(
        timeout: Duration = .seconds(10),
        addressSpaceByteCount: Int = 1 << 30,
        workerCount: Int = 2
    ) {
        self.timeout = timeout
        self.addressSpaceByteCount = addressSpaceByteCount
        self.workerCount = max(1, workerCount)
    }
}
