import FuzzSupport
import Glibc
import ReportModel
import ReportParsing

/// Parses changed files in this process: extractor, recognisers and rules.
///
/// A crash ends the process; the journal then holds the number of the case, and ``write(_:to:)``
/// gives its file.
public struct FuzzRun {
    /// What a run found.
    public struct Result {
        /// Cases by the format of their seed: how many were read, and how many refused.
        public var counts: [String: (read: Int, refused: Int)] = [:]
        /// The slowest cases, the slowest first.
        public var slowest: [(number: Int, seconds: Double, note: String)] = []
        /// Cases with a wrong outcome.
        public var failures: [String] = []
        /// Cases that raised the memory of the process, with its peak in MiB.
        public var peaks: [(number: Int, mebibytes: Int)] = []
    }

    /// Wall-clock seconds that no case may take.
    public static let maximumSeconds = 10.0

    /// Seed of all cases.
    public var seed: UInt64
    /// Bytes up to which pieces are repeated many times.
    public var ceiling: Int
    /// File that holds the number of the case at work; none when empty.
    public var journal: String

    private let groups: [[FuzzSeed]]

    /// Makes a run.
    /// - Parameters:
    ///   - seeds: files that cases are made from.
    ///   - seed: seed of all cases.
    ///   - ceiling: bytes up to which pieces are repeated many times.
    ///   - journal: file that holds the number of the case at work.
    public init(seeds: [FuzzSeed], seed: UInt64, ceiling: Int, journal: String) {
        groups = FuzzSeed.groups(seeds)
        self.seed = seed
        self.ceiling = ceiling
        self.journal = journal
    }

    /// Makes the file of a case.
    /// - Parameter number: number of the case.
    /// - Returns: the seed it comes from and its bytes; nil without seeds.
    public func file(_ number: Int) -> (seed: FuzzSeed, bytes: [UInt8])? {
        guard !groups.isEmpty else { return nil }
        var random = FuzzGenerator(seed: seed, number: number)
        let group = random.pick(groups)
        let chosen = random.pick(group)
        let other = random.once(in: 10) ? random.pick(random.pick(groups)) : random.pick(group)
        let bytes = FuzzMutator.changed(
            chosen.bytes,
            other: other.bytes,
            ceiling: ceiling,
            &random
        )
        return (chosen, bytes)
    }

    /// Runs cases one after the other.
    /// - Parameter numbers: numbers of the cases.
    /// - Returns: what was found.
    public func run(_ numbers: Range<Int>) -> Result {
        var result = Result()
        let descriptor = journal.isEmpty ? -1 : open(journal, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        defer { if descriptor >= 0 { close(descriptor) } }
        var peak = Self.peakMebibytes
        for number in numbers {
            guard let (source, bytes) = file(number) else { break }
            if descriptor >= 0 {
                let line = "seed \(seed) case \(number) \(source.name) \(bytes.count) bytes\n"
                _ = ftruncate(descriptor, 0)
                _ = pwrite(descriptor, line, line.utf8.count, 0)
            }
            alarm(60)
            let start = Self.seconds
            let outcome = Self.outcome(bytes, name: source.name)
            let taken = Self.seconds - start
            alarm(0)
            var count = result.counts[source.format] ?? (0, 0)
            if outcome == .read { count.read += 1 } else { count.refused += 1 }
            result.counts[source.format] = count
            let note =
                "case \(number) of \(source.name), \(bytes.count) bytes, \(Int(taken * 1000)) ms"
            if case .wrong(let why) = outcome { result.failures.append(note + ": " + why) }
            if taken > Self.maximumSeconds { result.failures.append(note + ": too slow") }
            if result.slowest.count < 8 || taken > (result.slowest.last?.seconds ?? 0) {
                result.slowest.append((number, taken, note))
                result.slowest.sort { $0.seconds > $1.seconds }
                if result.slowest.count > 8 { result.slowest.removeLast() }
            }
            if Self.peakMebibytes > peak + 16 {
                peak = Self.peakMebibytes
                result.peaks.append((number, peak))
            }
        }
        return result
    }

    /// Seeds that are not read as they are.
    /// - Parameter seeds: files.
    /// - Returns: names.
    public func unread(_ seeds: [FuzzSeed]) -> [String] {
        seeds.filter { Self.outcome($0.bytes, name: $0.name) != .read }.map(\.name)
    }

    private enum Outcome: Equatable {
        case read, refused
        case wrong(String)
    }

    private static func outcome(_ bytes: [UInt8], name: String) -> Outcome {
        do throws(ReportError) {
            let record = try Parser.parse(ParsingInput(name: name, bytes: bytes)).record
            guard (try? Record(json: record.json)) == record else {
                return .wrong("the record differs when read again")
            }
            return .read
        } catch {
            return error.code.isAboutDocument ? .refused : .wrong("\(error)")
        }
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static var peakMebibytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss >> 10
    }
}
