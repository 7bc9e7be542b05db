import Glibc
import ReportFuzz
import Testing

@Suite("Changed files")
struct FuzzTests {
    private static func setting(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The documents written by hand, and a corpus when one is named.
    private static var folders: [String] {
        let here = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return ["/\(here)/Fixtures/handwritten"]
            + [setting("REPORTD_FUZZ_CORPUS")].compactMap { $0 }
    }

    @Test("no changed file of any format crashes the parser or holds it up")
    func cases() throws {
        let seeds = FuzzSeed.load(folders: Self.folders)
        let formats = Set(seeds.map(\.format))
        #expect(
            formats.isSuperset(of: [
                "txt", "docx", "xlsx", "xml-sheet", "html", "mht", "pdf", "ofd",
            ])
        )
        let journal = Self.setting("REPORTD_FUZZ_JOURNAL") ?? "/tmp/reportd-fuzz.\(getpid())"
        let run = FuzzRun(
            seeds: seeds,
            seed: Self.setting("REPORTD_FUZZ_SEED").flatMap { UInt64($0) } ?? 1,
            ceiling: 60_000,
            journal: journal
        )
        let count = Self.setting("REPORTD_FUZZ_CASES").flatMap { Int($0) } ?? 200
        print("fuzz: \(count) cases; the case at work stands in \(journal)")
        let result = run.run(0..<count)
        if let slowest = result.slowest.first { print("fuzz: slowest \(slowest.note)") }
        #expect(result.failures.isEmpty)
        #expect(result.counts.values.reduce(0) { $0 + $1.read + $1.refused } == count)
        #expect(result.counts.values.reduce(0) { $0 + $1.read } > count / 4)
        unlink(journal)
    }

    @Test("a case is the same each time, and unlike the others")
    func repeatable() throws {
        let seeds = FuzzSeed.load(folders: Array(Self.folders.prefix(1)))
        let run = FuzzRun(seeds: seeds, seed: 7, ceiling: 20_000, journal: "")
        let files = (0..<40).map { run.file($0)?.bytes ?? [] }
        #expect(files == (0..<40).map { run.file($0)?.bytes ?? [] })
        #expect(Set(files).count > 35)
    }

    @Test("every dressed seed is read before it is changed")
    func seeds() {
        let seeds = FuzzSeed.load(folders: Array(Self.folders.prefix(1)))
        let run = FuzzRun(seeds: seeds, seed: 7, ceiling: 20_000, journal: "")
        let unread = run.unread(seeds)
        #expect(unread.isEmpty)
    }
}
