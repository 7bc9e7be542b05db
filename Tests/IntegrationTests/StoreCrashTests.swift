import Glibc
import ReportModel
import ReportStore
import Testing

extension IntegrationTests {
    /// kill -9 of a program that embeds the store, at random moments of its writes.
    @Suite struct StoreCrash {
        @Test("whatever was acknowledged is there after every kill, once, and verifies")
        func killedWriter() async throws {
            let root = try TestFolder()
            let directory = root.path + "/store"
            let seed = Self.setting("REPORTD_CRASH_SEED") ?? Int.random(in: 1...Int.max)
            let rounds = Self.setting("REPORTD_STORE_CRASHES") ?? 12
            print("REPORTD_CRASH_SEED=\(seed) REPORTD_STORE_CRASHES=\(rounds)")
            var random = Dice(seed: UInt64(seed))
            var acknowledged: Set<String> = []
            for round in 0..<rounds {
                let output = root.path + "/acknowledged-\(round)"
                let writer = try ChildProcess(
                    try Programs.path("store-writer"),
                    [directory, String(random.next() >> 1)],
                    output: .file(output),
                    errors: root.path + "/errors"
                )
                _ = try eventually("a first acknowledgement") {
                    (try? Disk.read(output))?.isEmpty == false ? true : nil
                }
                usleep(UInt32.random(in: 0...150_000, using: &random))
                writer.stop()
                for line in Self.lines(try Disk.read(output)) {
                    #expect(acknowledged.insert(line).inserted, "doubled: \(line)")
                }
                try await Self.compare(
                    directory,
                    with: acknowledged,
                    "seed \(seed), round \(round)"
                )
            }
            #expect(acknowledged.count > rounds)
        }

        @Test(
            "whatever was acknowledged is there after every power cut, when nothing else reached the disk"
        )
        func powerCut() async throws {
            let root = try TestFolder()
            let directory = root.path + "/store"
            guard let power = try PowerCut(of: directory, in: root) else { return }
            let seed = Self.setting("REPORTD_CRASH_SEED") ?? Int.random(in: 1...Int.max)
            let rounds = Self.setting("REPORTD_STORE_CRASHES") ?? 8
            print("REPORTD_CRASH_SEED=\(seed) REPORTD_STORE_CRASHES=\(rounds)")
            var random = Dice(seed: UInt64(seed))
            var acknowledged: Set<String> = []
            var (taken, all) = (0, 0)
            for round in 0..<rounds {
                let output = root.path + "/acknowledged-\(round)"
                let writer = try ChildProcess(
                    try Programs.path("store-writer"),
                    [directory, String(random.next() >> 1)],
                    environment: power.environment,
                    output: .file(output),
                    errors: root.path + "/errors"
                )
                _ = try eventually("a first acknowledgement") {
                    (try? Disk.read(output))?.isEmpty == false ? true : nil
                }
                usleep(UInt32.random(in: 0...150_000, using: &random))
                writer.stop()
                let lost = try power.cut(using: &random)
                taken += lost.taken
                all += lost.of
                acknowledged.formUnion(Self.lines(try Disk.read(output)))
                try await Self.compare(
                    directory,
                    with: acknowledged,
                    "seed \(seed), round \(round), \(lost.taken) of \(lost.of) writes taken back"
                )
            }
            print("power cuts: \(rounds), \(taken) of \(all) unflushed writes taken back")
            #expect(taken > 0, "nothing was ever unflushed")
        }

        private static func setting(_ name: String) -> Int? {
            getenv(name).flatMap { Int(String(cString: $0)) }
        }

        private static func lines(_ bytes: [UInt8]) -> [String] {
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }

        /// What the store holds is what was acknowledged, and what was under way at a kill.
        private static func compare(
            _ directory: String,
            with acknowledged: Set<String>,
            _ comment: Comment
        ) async throws {
            let store = try Store.openReadOnly(directory: directory)
            defer { store.close() }
            let report = try store.verifyNow()
            #expect(report.problems == [], comment)
            var held: Set<String> = []
            var numbers: [String: [Int]] = [:]
            var seen: UInt64 = 0
            while true {
                let page = try await store.changes(after: seen, matching: nil, limit: 1000)
                for version in page.items.map(\.version) {
                    held.insert("\(version.key) \(version.number) \(version.hash.hex)")
                    numbers[version.key, default: []].append(version.number)
                }
                guard page.upTo > seen else { break }
                seen = page.upTo
            }
            let lost = acknowledged.subtracting(held).sorted()
            #expect(lost == [], comment)
            for (key, numbers) in numbers {
                #expect(numbers == Array(1...numbers.count), "\(key), \(comment)")
            }
        }
    }
}
