import Descriptors
import Glibc
package import ReportModel
import ReportStore

/// Where parts wait on the disk until a bundle is whole.
///
/// Of each sender and kind there are some transfers under way and one whole bundle at most; a newer one takes
/// the place of the oldest. Nothing here is put through to the disk: what a power cut takes is sent again.
package struct PartFolder {
    private static let transferCount = 3
    private static let outgoingPrefix = "to-"
    private let path: String
    private let lock: Lock

    /// Makes the folder, for this user alone, and takes it for this process.
    /// - Parameter path: the folder; its parent must be there.
    /// - Throws: ``ReportError`` `conflict` while another process has it, `not-allowed`, `no-space`.
    package init(_ path: String) throws(ReportError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw FileProblem.error("make", path) }
        // The node opens what lies here, from another working folder.
        guard let resolved = realpath(path, nil) else { throw FileProblem.error("find", path) }
        defer { free(resolved) }
        self.path = String(cString: resolved)
        lock = try Lock(self.path + "/lock")
    }

    /// Removes what a process left that was killed, and what came of nodes that are peers no more.
    /// - Parameter nodes: the peers.
    package func sweep(keeping nodes: [NodeID]) {
        let kept = Set(nodes.map(\.key.hex))
        for name in names(in: path, all: true) {
            let words = name.split(separator: ".", omittingEmptySubsequences: false)
            let isOutgoing = name.hasPrefix(Self.outgoingPrefix)
            let digits = words[0].dropFirst(isOutgoing ? Self.outgoingPrefix.count : 0)
            // The folder may be one that somebody else uses: only names of ours go.
            guard words.count > 1, PipeSubject.Kind(rawValue: String(words[1])) != nil,
                Hash256(hex: digits) != nil
            else { continue }
            let isWhole = words.count == 2 || words.count == 3 && words[2] == "parts"
            guard isOutgoing || !isWhole || !kept.contains(String(digits)) else { continue }
            if unlink("\(path)/\(name)") != 0 { FileProblem.removeFolder("\(path)/\(name)") }
        }
    }

    /// Refuses when the disk is nearly full.
    /// - Parameter byteCount: bytes that must be free.
    /// - Throws: ``ReportError`` `no-space`.
    func refuseWithout(free byteCount: Int) throws(ReportError) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return }
        guard Int(status.f_bavail) * Int(status.f_frsize) >= byteCount else {
            throw ReportError(
                .noSpace,
                "the disk of \(path) has less than \(byteCount >> 20) MiB left"
            )
        }
    }

    /// Holds the lock as long as it is referred to.
    private final class Lock {
        private static let attemptCount = 10
        private static let pauseMicroseconds: UInt32 = 100_000
        private let descriptor: Int32

        init(_ path: String) throws(ReportError) {
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard opened >= 0 else { throw FileProblem.error("open", path) }
            // One that ends, or a child of it that has not begun its program yet, lets go soon.
            var attempt = 1
            while flock(opened, LOCK_EX | LOCK_NB) != 0 {
                let number = errno
                guard number == EWOULDBLOCK, attempt < Self.attemptCount else {
                    close(opened)
                    errno = number
                    guard number == EWOULDBLOCK else { throw FileProblem.error("lock", path) }
                    throw ReportError(
                        .conflict,
                        "another reportctl nats run works with \(path)",
                        hint: "one is enough for a node; stop the other, or wait until it has ended"
                    )
                }
                attempt += 1
                usleep(Self.pauseMicroseconds)
            }
            descriptor = opened
        }

        deinit { close(descriptor) }
    }

    /// Keeps one part.
    /// - Returns: whether its transfer is whole now: then ``bundle(of:_:)`` has it.
    /// - Throws: ``ReportError`` `no-space` and other faults of the disk.
    package func keep(
        _ payload: [UInt8],
        _ header: PartHeader,
        from sender: NodeID,
        _ kind: PipeSubject.Kind
    ) throws(ReportError) -> Bool {
        let parts = bundle(of: sender, kind) + ".parts"
        let name = "\(header.transfer)-\(header.count)"
        dropOldest(in: parts, besides: name)
        let folder = "\(parts)/\(name)"
        for path in [parts, folder] where mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw FileProblem.error("make", path)
        }
        try write(payload, to: "\(folder)/\(header.index)")
        guard names(in: folder).count == header.count else { return false }
        try join(folder, count: header.count, into: bundle(of: sender, kind))
        FileProblem.removeFolder(parts)
        return true
    }

    /// The file of a whole bundle, which need not be there.
    package func bundle(of sender: NodeID, _ kind: PipeSubject.Kind) -> String {
        "\(path)/\(sender.key.hex).\(kind.rawValue)"
    }

    /// A file of the folder for what is sent; removed if it is there.
    package func outgoing(to recipient: NodeID, _ kind: PipeSubject.Kind) -> String {
        let file = "\(path)/\(Self.outgoingPrefix)\(recipient.key.hex).\(kind.rawValue)"
        unlink(file)
        return file
    }

    /// Whether a whole bundle waits.
    package func has(_ sender: NodeID, _ kind: PipeSubject.Kind) -> Bool {
        access(bundle(of: sender, kind), F_OK) == 0
    }

    /// Removes a whole bundle.
    package func drop(_ sender: NodeID, _ kind: PipeSubject.Kind) {
        unlink(bundle(of: sender, kind))
    }

    /// Removes the oldest transfers when there is no room for one more.
    private func dropOldest(in parts: String, besides name: String) {
        let others = names(in: parts).filter { $0 != name }
        guard others.count >= Self.transferCount else { return }
        let ages = others.map { other -> (name: String, seconds: Int, nanoseconds: Int) in
            var status = stat()
            stat("\(parts)/\(other)", &status)
            return (other, status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        }
        let sorted = ages.sorted { ($0.seconds, $0.nanoseconds) < ($1.seconds, $1.nanoseconds) }
        for age in sorted.dropLast(Self.transferCount - 1) {
            FileProblem.removeFolder("\(parts)/\(age.name)")
        }
    }

    /// Makes one file of the parts, each of which goes once it is in the file.
    private func join(_ folder: String, count: Int, into file: String) throws(ReportError) {
        let partial = file + ".partial"
        unlink(partial)
        let output = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw FileProblem.error("make", partial) }
        defer {
            close(output)
            unlink(partial)
        }
        for index in 0..<count {
            let part = try PartFile("\(folder)/\(index)")
            guard Descriptor.write(try part.bytes(0..<part.byteCount), to: output) else {
                throw FileProblem.error("write", partial)
            }
            unlink("\(folder)/\(index)")
        }
        guard rename(partial, file) == 0 else { throw FileProblem.error("name", file) }
    }

    private func write(_ bytes: [UInt8], to file: String) throws(ReportError) {
        let partial = file + ".partial"
        let output = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw FileProblem.error("make", partial) }
        defer { close(output) }
        guard Descriptor.write(bytes, to: output) else { throw FileProblem.error("write", partial) }
        guard rename(partial, file) == 0 else { throw FileProblem.error("name", file) }
    }

    private func names(in folder: String, all: Bool = false) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", all || !name.hasSuffix(".partial") { names.append(name) }
        }
        return names
    }
}

/// A file that is read in pieces.
final class PartFile {
    private let path: String
    private let descriptor: Int32
    /// Its size.
    let byteCount: Int

    /// Opens a file.
    /// - Throws: ``ReportError`` when it cannot be read.
    init(_ path: String) throws(ReportError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileProblem.error("read", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            close(descriptor)
            throw FileProblem.error("read", path)
        }
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The bytes at a place.
    /// - Throws: ``ReportError`` when they cannot be read.
    func bytes(_ range: Range<Int>) throws(ReportError) -> [UInt8] {
        guard lseek(descriptor, off_t(range.lowerBound), SEEK_SET) >= 0,
            let bytes = range.isEmpty ? [] : Descriptor.read(descriptor, limit: range.count - 1),
            bytes.count == range.count
        else { throw FileProblem.error("read", path) }
        return bytes
    }
}
