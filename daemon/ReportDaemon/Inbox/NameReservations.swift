import Synchronization

/// Names in the outcome folders that were given to files on their way there.
final class NameReservations: Sendable {
    private let names = Mutex<Set<InboxPath>>([])

    /// Takes a name that no file, receipt or other file on its way has.
    ///
    /// `a.txt`, then `a (2).txt` and so on.
    func reserve(
        _ name: [UInt8],
        in folder: InboxPath,
        on disk: InboxDisk
    ) throws(FileFault) -> InboxPath {
        for number in 1...InboxLimits.maximumNameAttemptCount {
            let path = folder.appending(FileName.numbered(name, number))
            guard names.withLock({ $0.insert(path).inserted }) else { continue }
            do throws(FileFault) {
                if try isFree(path, on: disk) { return path }
            } catch {
                release(path)
                throw error
            }
            release(path)
        }
        throw FileFault("reserve", folder.description, number: 17)
    }

    private func isFree(_ path: InboxPath, on disk: InboxDisk) throws(FileFault) -> Bool {
        for name in [
            path.name, FileName.receiptText(of: path.name), FileName.receiptJSON(of: path.name),
        ] {
            guard try disk.look(at: path.parent.appending(name)) == .gone else { return false }
        }
        return true
    }

    /// Takes a name that a note of the journal gave away before a restart.
    func insert(_ path: InboxPath) { names.withLock { _ = $0.insert(path) } }

    func release(_ path: InboxPath) { names.withLock { _ = $0.remove(path) } }

    func contains(_ path: InboxPath) -> Bool { names.withLock { $0.contains(path) } }
}
