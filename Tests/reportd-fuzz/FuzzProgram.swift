import Glibc
import ReportFuzz

/// `reportd-fuzz`: many cases of the fuzzer in release mode, for `ops/long`.
@main
enum FuzzProgram {
    static let usage = """
        usage: reportd-fuzz [--seed N] [--first N] [--cases N] [--corpus DIR]… [--journal FILE] [--write FILE]

        Parses changed files in process. --write writes the file of case --first and parses nothing.

        """

    static func main() {
        var seed: UInt64 = 1
        var first = 0
        var cases = 1000
        var folders: [String] = []
        var journal = ""
        var target: String?
        var arguments = CommandLine.arguments.dropFirst()
        while let name = arguments.popFirst() {
            guard let value = arguments.popFirst() else { fail(usage, code: 2) }
            switch (name, Int(value)) {
            case ("--seed", let number?): seed = UInt64(truncatingIfNeeded: number)
            case ("--first", let number?): first = number
            case ("--cases", let number?) where number >= 0: cases = number
            case ("--corpus", _): folders.append(value)
            case ("--journal", _): journal = value
            case ("--write", _): target = value
            default: fail(usage, code: 2)
            }
        }
        let seeds = FuzzSeed.load(folders: folders)
        guard !seeds.isEmpty else { fail("reportd-fuzz: no files in the folders\n", code: 2) }
        let run = FuzzRun(seeds: seeds, seed: seed, ceiling: 400_000, journal: journal)
        if let target {
            guard let bytes = run.file(first)?.bytes, let file = fopen(target, "wb") else {
                fail("reportd-fuzz: cannot write\n", code: 1)
            }
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
            return
        }
        let result = run.run(first..<(first + cases))
        for (format, count) in result.counts.sorted(by: { $0.key < $1.key }) {
            print("\(format): \(count.read) read, \(count.refused) refused")
        }
        for slow in result.slowest { print("slow: \(slow.note)") }
        for peak in result.peaks { print("memory: \(peak.mebibytes) MiB from case \(peak.number)") }
        for failure in result.failures { print("FAILED: \(failure)") }
        print("\(cases) cases from \(first), seed \(seed): \(result.failures.count) failures")
        if !result.failures.isEmpty { exit(1) }
    }

    private static func fail(_ message: String, code: Int32) -> Never {
        _ = write(STDERR_FILENO, message, message.utf8.count)
        exit(code)
    }
}
