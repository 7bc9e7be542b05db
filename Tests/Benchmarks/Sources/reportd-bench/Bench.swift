import Glibc
import ReportModel

/// The Swift half of `ops/bench`; each run prints one line of JSON.
@main
enum Bench {
    static let usage = """
        usage: reportd-bench store DIRECTORY COUNT CALLERS ROUNDS [DUMP]
               reportd-bench county DIRECTORY COUNT DISTRICT
               reportd-bench growth DIRECTORY SMALL LARGE
               reportd-bench space DIRECTORY COUNT SAMPLES
               reportd-bench parse SECONDS
               reportd-bench file FILE SECONDS
               reportd-bench text BYTES
               reportd-bench search DIRECTORY COUNT FILES SECONDS

        """

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            switch arguments.first {
            case "store": try store(Array(arguments.dropFirst()))
            case "county": try county(Array(arguments.dropFirst()))
            case "growth": try await growth(Array(arguments.dropFirst()))
            case "space": try await space(Array(arguments.dropFirst()))
            case "parse": try parse(Array(arguments.dropFirst()))
            case "file": try file(Array(arguments.dropFirst()))
            case "text": try text(Array(arguments.dropFirst()))
            case "search": try await search(Array(arguments.dropFirst()))
            default: fail(usage, code: 2)
            }
        } catch {
            fail("reportd-bench: \(error)\n", code: 1)
        }
    }

    private static func store(_ arguments: [String]) throws {
        guard (4...5).contains(arguments.count), let count = Int(arguments[1]), count > 0,
            let callers = Int(arguments[2]), callers > 0, let rounds = Int(arguments[3])
        else { fail(usage, code: 2) }
        var bench = try StoreBench(directory: arguments[0])
        let appends = try bench.append(count: count, batch: 100, callers: callers)
        let gets = try bench.get(rounds: max(1, rounds))
        if arguments.count == 5 { try bench.dump(to: arguments[4]) }
        bench.close()
        print(
            JSONValue.object([
                "appendPerSecond": .integer(Int(appends)),
                "getPerSecond": .integer(Int(gets)),
                "recordBytes": .integer(bench.meanByteCount),
                "sum": .string(String(bench.sum, radix: 16)),
            ]).canonicalText
        )
    }

    /// A store with filings of one district.
    private static func county(_ arguments: [String]) throws {
        guard arguments.count == 3, let count = Int(arguments[1]), count > 0,
            !arguments[2].isEmpty
        else { fail(usage, code: 2) }
        var bench = try StoreBench(directory: arguments[0], district: arguments[2])
        let appends = try bench.append(count: count, batch: 100, callers: 1)
        bench.close()
        print(JSONValue.object(["appendPerSecond": .integer(Int(appends))]).canonicalText)
    }

    private static func growth(_ arguments: [String]) async throws {
        guard arguments.count == 3, let small = Int(arguments[1]), let large = Int(arguments[2]),
            small >= 4000, large > small
        else { fail(usage, code: 2) }
        let bench = try GrowthBench(directory: arguments[0])
        print(try await bench.run(small: small, large: large).canonicalText)
    }

    private static func space(_ arguments: [String]) async throws {
        guard arguments.count == 3, let count = Int(arguments[1]), count > 0 else {
            fail(usage, code: 2)
        }
        let bench = try SpaceBench(directory: arguments[0])
        print(try await bench.run(count: count, samples: arguments[2]).canonicalText)
    }

    private static func parse(_ arguments: [String]) throws {
        guard arguments.count == 1, let seconds = Double(arguments[0]) else { fail(usage, code: 2) }
        var members: [String: JSONValue] = [:]
        for (name, byteCount) in [("typical", 10_000), ("large", 400_000)] {
            let text = ReportText(byteCount: byteCount).utf8
            let rate = try ParseBench.megabytesPerSecond(of: text, seconds: seconds)
            members[name] = .object([
                "bytes": .integer(text.count),
                "kilobytesPerSecond": .integer(Int(rate * 1000)),
            ])
        }
        print(JSONValue.object(members).canonicalText)
    }

    private static func file(_ arguments: [String]) throws {
        guard arguments.count == 2, let seconds = Double(arguments[1]) else { fail(usage, code: 2) }
        let times = try FileBench.microseconds(path: arguments[0], seconds: seconds)
        print(
            JSONValue.object([
                "extract": .integer(times.extract), "parse": .integer(times.parse),
            ]).canonicalText
        )
    }

    /// Reports of 10 kB of text, appended steadily for some seconds and then as fast as it goes.
    private static func search(_ arguments: [String]) async throws {
        guard arguments.count == 4, let count = Int(arguments[1]), count > 0,
            let seconds = Int(arguments[3])
        else { fail(usage, code: 2) }
        let bench = try SearchBench(
            directory: arguments[0],
            count: count,
            byteCount: 10_000,
            files: arguments[2]
        )
        print(JSONValue.object(try await bench.run(seconds: seconds)).canonicalText)
    }

    /// Prints the made-up report as one string of JSON.
    private static func text(_ arguments: [String]) throws {
        guard arguments.count == 1, let count = Int(arguments[0]) else { fail(usage, code: 2) }
        let text = ReportText(byteCount: count).utf8
        print(JSONValue.string(String(decoding: text, as: UTF8.self)).canonicalText)
    }

    private static func fail(_ message: String, code: Int32) -> Never {
        _ = write(STDERR_FILENO, message, message.utf8.count)
        exit(code)
    }
}

/// Seconds since some moment.
func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
