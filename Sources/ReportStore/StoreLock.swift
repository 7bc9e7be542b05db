import Glibc
public import ReportModel

/// The lock of the writer, held by who does not write: so that nobody else does.
public final class StoreLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - holder: who holds it, for others to read: an address; nil: the process id.
    /// - Throws: ``ReportError`` `conflict` when another process writes the store; `read-only`,
    ///   `no-space` when the lock's file cannot be written.
    public init(directory: String, holder: String?) throws(ReportError) {
        descriptor = try StoreFailure.mapped {
            try NodeFiles.lock(directory: directory, holder: holder ?? "process \(getpid())")
        }
    }

    deinit { NodeFiles.unlock(descriptor) }
}
