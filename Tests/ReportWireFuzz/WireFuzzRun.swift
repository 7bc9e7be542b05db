import FuzzSupport
import Glibc

/// Feeds changed conversations and files to everything that reads bytes of strangers.
///
/// A crash ends the process; the journal then names the case.
public struct WireFuzzRun {
    /// What a run found.
    public struct Result {
        /// Cases of each target: of how many something was taken, and how many were refused whole.
        public var counts: [WireTarget: (taken: Int, refused: Int)] = [:]
        /// Cases with a wrong outcome.
        public var failures: [String] = []
        /// Number of the first case that was not run.
        public var end = 0
        /// Wall-clock seconds.
        public var seconds = 0.0
    }

    /// Seconds that no case may take.
    private static let maximumSeconds: UInt32 = 60
    private static let mostFailures = 20

    /// Seed of all cases.
    public let seed: UInt64
    private let journal: String
    private let corpus: WireCorpus
    private let targets: [WireTarget]

    /// Makes a run.
    /// - Parameters:
    ///   - seed: seed of all cases.
    ///   - targets: what reads; empty: everything, streams more often.
    ///   - journal: file that holds the number of the case at work; none when empty.
    /// - Throws: whatever the making of seeds throws.
    public init(seed: UInt64, targets: [WireTarget] = [], journal: String = "") throws {
        self.seed = seed
        self.journal = journal
        corpus = try WireCorpus(seed: seed)
        // A bundle is signed and verified in every case.
        let streams: [WireTarget] = [.client, .server, .peer, .peer, .stranger, .handshake, .reply]
        self.targets =
            targets.isEmpty
            ? streams + streams + streams + streams + WireTarget.allCases : targets
    }

    /// Makes the bytes of a case.
    /// - Parameter number: number of the case.
    /// - Returns: who reads them, and the bytes.
    public func input(_ number: Int) -> (target: WireTarget, bytes: [UInt8]) {
        var random = FuzzGenerator(seed: seed, number: number)
        let target = random.pick(targets)
        return (target, corpus.bytes(for: target, &random))
    }

    /// Runs cases one after the other.
    /// - Parameters:
    ///   - numbers: numbers of the cases.
    ///   - maximumSeconds: wall-clock seconds after which no further case begins.
    /// - Returns: what was found.
    public func run(_ numbers: Range<Int>, maximumSeconds: Double = .infinity) -> Result {
        var result = Result()
        let descriptor = journal.isEmpty ? -1 : open(journal, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        defer {
            if descriptor >= 0 { close(descriptor) }
            alarm(0)
        }
        let start = Self.seconds
        result.end = numbers.upperBound
        for number in numbers {
            if number.isMultiple(of: 64) {
                alarm(Self.maximumSeconds)
                if Self.seconds - start > maximumSeconds {
                    result.end = number
                    break
                }
            }
            let (target, bytes) = input(number)
            if descriptor >= 0 {
                let line = "seed \(seed) case \(number) \(target.rawValue)               \n"
                _ = pwrite(descriptor, line, line.utf8.count, 0)
            }
            var random = FuzzGenerator(seed: ~seed, number: number)
            let (isTaken, fault) = target.read(bytes, &random)
            if isTaken {
                result.counts[target, default: (0, 0)].taken += 1
            } else {
                result.counts[target, default: (0, 0)].refused += 1
            }
            guard let fault else { continue }
            result.failures.append("case \(number), \(target.rawValue): \(fault)")
            if result.failures.count >= Self.mostFailures {
                result.end = number + 1
                break
            }
        }
        result.seconds = Self.seconds - start
        return result
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
