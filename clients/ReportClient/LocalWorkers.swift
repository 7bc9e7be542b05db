public import ReportIntake
public import ReportModel

/// Workers of this process, for what needs no node.
public enum LocalWorkers {
    /// Makes a pool of one worker; it starts when the first file comes.
    /// - Returns: the pool; stop it before the program ends.
    /// - Throws: ``ReportError`` `internal` when the worker program is not found.
    public static func pool() throws(ReportError) -> WorkerPool {
        WorkerPool(path: try WorkerLocation.find(), limits: WorkerLimits(workerCount: 1))
    }
}
