import Glibc

/// What the kernel says of this process, in the names that Prometheus libraries use.
///
/// Source: proc(5); https://prometheus.io/docs/instrumenting/writing_clientlibs/, "Process metrics".
enum ProcessFigures {
    static var families: [MetricFamily] {
        let statistics = Self.statistics()
        let memory = numbers(of: "/proc/self/statm")
        let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))
        func pages(_ index: Int) -> MetricFamily.Value? {
            memory.indices.contains(index) ? .integer(memory[index] * pageByteCount) : nil
        }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return [
            MetricFamily(
                "process_resident_memory_bytes",
                .gauge,
                "Memory in use, with the pages of the store that are in the page cache.",
                pages(1)
            ),
            MetricFamily(
                "reportd_process_private_memory_bytes",
                .gauge,
                "Memory in use without pages that are files, such as the store.",
                memory.count > 2 ? .integer((memory[1] - memory[2]) * pageByteCount) : nil
            ),
            MetricFamily(
                "process_virtual_memory_bytes",
                .gauge,
                "Address space; the map of the store is most of it.",
                pages(0)
            ),
            MetricFamily(
                "process_cpu_seconds_total",
                .counter,
                "Time on processors, user and system.",
                statistics.map { .number($0.cpuSeconds) }
            ),
            MetricFamily(
                "process_start_time_seconds",
                .gauge,
                "When the process began, since 1970.",
                statistics.map { .number($0.startSeconds) }
            ),
            MetricFamily(
                "process_open_fds",
                .gauge,
                "Open file descriptors.",
                openFileCount().map { .integer($0) }
            ),
            MetricFamily(
                "process_max_fds",
                .gauge,
                "File descriptors that the process may open.",
                .integer(Int(clamping: limit.rlim_cur))
            ),
            MetricFamily(
                "process_threads",
                .gauge,
                "Threads.",
                statistics.map { .integer($0.threadCount) }
            ),
        ]
    }

    private struct Statistics {
        var cpuSeconds: Double
        var startSeconds: Double
        var threadCount: Int
    }

    private static func statistics() -> Statistics? {
        // The name of the program may hold blanks and brackets: what follows begins after the last.
        guard let text = text(of: "/proc/self/stat"), let end = text.lastIndex(of: ")") else {
            return nil
        }
        let words = text[text.index(after: end)...].split(separator: " ")
        func number(_ field: Int) -> Double? {
            // Field 3 is the first after the name.
            words.indices.contains(field - 3) ? Double(words[field - 3]) : nil
        }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        guard let user = number(14), let system = number(15), let threads = number(20),
            let start = number(22), ticks > 0
        else { return nil }
        let boot = self.text(of: "/proc/stat")?.split(separator: "\n")
            .first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst(6)) }
        return Statistics(
            cpuSeconds: (user + system) / ticks,
            startSeconds: (boot ?? 0) + start / ticks,
            threadCount: Int(threads)
        )
    }

    private static func openFileCount() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // The folder itself, and the two names that every folder has.
        return max(0, count - 3)
    }

    private static func numbers(of path: String) -> [Int] {
        (text(of: path) ?? "").split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
    }

    private static func text(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < 1 << 20 {
            let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
