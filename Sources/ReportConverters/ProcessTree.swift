import Glibc

/// A process and its descendants, as `/proc` shows them.
struct ProcessTree {
    /// The processes; the root first when it lives.
    private(set) var processes: [pid_t] = []

    /// Looks at all processes.
    ///
    /// Source: proc(5), `/proc/[pid]/stat`.
    /// - Parameter root: process id of the root.
    init(root: pid_t) {
        var children: [pid_t: [pid_t]] = [:]
        for process in Self.all() {
            guard let parent = Self.parent(of: process) else { continue }
            children[parent, default: []].append(process)
        }
        var waiting = [root]
        var seen: Set<pid_t> = []
        while let process = waiting.popLast() {
            guard seen.insert(process).inserted else { continue }
            processes.append(process)
            waiting += children[process] ?? []
        }
    }

    /// Resident memory of all of them together, shared pages counted each time.
    var residentByteCount: Int {
        processes.reduce(0) { $0 + Self.residentByteCount(of: $1) }
    }

    /// Ends all but `spared`.
    func kill(sparing spared: pid_t? = nil) {
        for process in processes where process != spared && process > 1 {
            Glibc.kill(process, SIGKILL)
        }
    }

    /// Whether a process runs or sleeps; false for one that only waits for its parent.
    static func isAlive(_ process: pid_t) -> Bool {
        let text = ProcFile.text("/proc/\(process)/stat")
        guard let end = text.lastIndex(of: ")") else { return false }
        let state = text[text.index(after: end)...].split(separator: " ").first
        return state != nil && state != "Z" && state != "X"
    }

    private static func all() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let process = pid_t(name) { found.append(process) }
        }
        return found
    }

    private static func parent(of process: pid_t) -> pid_t? {
        let text = ProcFile.text("/proc/\(process)/stat")
        // The name in parentheses may hold anything; the fields follow its last parenthesis.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ", maxSplits: 3)
        guard fields.count >= 2 else { return nil }
        return pid_t(fields[1])
    }

    private static func residentByteCount(of process: pid_t) -> Int {
        let fields = ProcFile.text("/proc/\(process)/statm").split(separator: " ")
        guard fields.count >= 2, let pages = Int(fields[1]) else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// Small files of the proc file system.
enum ProcFile {
    /// The first 4 KiB; empty when the file is not there.
    static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }
}
