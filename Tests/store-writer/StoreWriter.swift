import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Synchronization

/// Appends made-up filings to a store without end, for a test that kills it.
///
/// Usage: `store-writer FOLDER SEED`. After each acknowledged append, and only then, it prints one
/// line: key, version number and entry hash.
@main
struct StoreWriter {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let seed = UInt64(arguments[2]) else {
            fatalError("usage: store-writer FOLDER SEED")
        }
        let store = try Store.open(
            directory: arguments[1],
            options: Store.Options(nodeName: "写入者", mapByteCount: 1 << 30)
        )
        await withTaskGroup { group in
            for writer in 0..<4 as Range<UInt64> {
                group.addTask { await append(to: store, seed: seed &* 31 &+ writer) }
            }
        }
    }

    /// Single appends that share commits, and now and then a batch.
    private static func append(to store: Store, seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        while true {
            do {
                if Int.random(in: 0..<6, using: &random) == 0 {
                    var filings: [Filing] = []
                    for _ in 0..<Int.random(in: 2...9, using: &random) {
                        filings.append(try filing(using: &random))
                    }
                    for result in try store.appendBatch(filings) { tell(try result.get()) }
                } else {
                    tell(try await store.append(try filing(using: &random)))
                }
            } catch {
                print("failed: \(error)")
                exit(1)
            }
        }
    }

    /// Small and large filings, so that rows in pages and rows of whole pages both occur.
    private static func filing(using random: inout SeededGenerator) throws -> Filing {
        let unit = "单位\(Int.random(in: 0..<12, using: &random))"
        let size = [10, 900, 9000, 300_000][Int.random(in: 0..<4, using: &random)]
        return try Samples.filing(
            "2023/湛江市/麻章区/\(unit)/整体支出",
            files: ["\(random.next())" + String(repeating: "文", count: size / 3)],
            people: ["王某"],
            padding: size
        )
    }

    private static func tell(_ outcome: FilingOutcome) {
        let version = outcome.version
        let line = Array("\(version.key) \(version.number) \(version.hash.hex)\n".utf8)
        // One write a line: a kill can cut the output only between lines.
        _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
