import Glibc
import ReportWireFuzz

/// `reportd-fuzz-wire`: many cases of the wire's fuzzer, for `ops/long` and `ops/test`.
@main
enum WireFuzzProgram {
    static let usage = """
        usage: reportd-fuzz-wire [--seed N] [--first N] [--cases N] [--seconds N] [--target NAME]…
                                 [--journal FILE] [--write FILE]

        Feeds changed bytes to the decoders in process. --write writes the bytes of case --first and reads nothing.

        """
    /// Address space beyond that at the start: less than the lengths that may be declared.
    private static let roomInBytes: rlim_t = 48 << 20

    static func main() throws {
        var seed: UInt64 = 1
        var first = 0
        var cases = Int.max
        var seconds = Double.infinity
        var targets: [WireTarget] = []
        var journal = ""
        var file: String?
        var arguments = CommandLine.arguments.dropFirst()
        while let name = arguments.popFirst() {
            guard let value = arguments.popFirst() else { fail(usage) }
            switch (name, Int(value)) {
            case ("--seed", let number?): seed = UInt64(truncatingIfNeeded: number)
            case ("--first", let number?) where number >= 0: first = number
            case ("--cases", let number?) where number >= 0: cases = number
            case ("--seconds", let number?): seconds = Double(number)
            case ("--target", _):
                guard let target = WireTarget(rawValue: value) else { fail(usage) }
                targets.append(target)
            case ("--journal", _): journal = value
            case ("--write", _): file = value
            default: fail(usage)
            }
        }
        if cases == Int.max, seconds.isInfinite { cases = 100_000 }
        let run = try WireFuzzRun(seed: seed, targets: targets, journal: journal)
        if let file {
            let bytes = run.input(first).bytes
            guard let stream = fopen(file, "wb"),
                fwrite(bytes, 1, bytes.count, stream) == bytes.count, fclose(stream) == 0
            else { fail("reportd-fuzz-wire: cannot write\n") }
            return
        }
        print("seed \(seed) from case \(first)")
        fflush(nil)
        // What the first cases load and keep does not count.
        _ = try WireFuzzRun(seed: seed, targets: targets).run(0..<2000)
        try limitMemory()
        let (end, overflow) = first.addingReportingOverflow(cases)
        let result = run.run(first..<(overflow ? Int.max : end), maximumSeconds: seconds)
        for target in WireTarget.allCases {
            guard let count = result.counts[target] else { continue }
            print("\(target.rawValue): \(count.taken) taken, \(count.refused) refused")
        }
        for failure in result.failures { print("FAILED: \(failure)") }
        let count = result.end - first
        let rate = Int(Double(count) / max(result.seconds, 0.001))
        print(
            "\(count) cases from \(first), seed \(seed), \(Int(result.seconds)) s, \(rate) a second: "
                + "\(result.failures.count) failures, at most \(peakMebibytes) MiB"
        )
        if !result.failures.isEmpty { exit(1) }
    }

    /// Whoever makes room by a declared length ends the process.
    private static func limitMemory() throws {
        guard let stream = fopen("/proc/self/statm", "r") else { fail("no /proc/self/statm\n") }
        defer { fclose(stream) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), stream) != nil else { fail("no statm\n") }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self)
        let pages = text.split(separator: " ").first.flatMap { rlim_t($0) } ?? 0
        let bytes = pages * rlim_t(sysconf(Int32(_SC_PAGESIZE))) + roomInBytes
        var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
        guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
            fail("reportd-fuzz-wire: the memory cannot be limited\n")
        }
    }

    private static var peakMebibytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss >> 10
    }

    private static func fail(_ message: String) -> Never {
        _ = write(STDERR_FILENO, message, message.utf8.count)
        exit(2)
    }
}
