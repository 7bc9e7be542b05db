import ReportWireFuzz
import Testing

@Suite("Changed conversations and files of peers")
struct WireFuzzTests {
    @Test(
        "nothing that reads bytes of strangers takes them otherwise in pieces or when written again"
    )
    func cases() throws {
        let result = try WireFuzzRun(seed: 5).run(0..<3000)
        #expect(result.failures.isEmpty)
        #expect(result.end == 3000)
        for target in WireTarget.allCases {
            let count = try #require(result.counts[target], "\(target)")
            // Neither are the changes so small that all is taken, nor so large that nothing is read.
            #expect(count.taken > 0 && count.refused > 0, "\(target)")
        }
    }

    @Test("a case is the same each time, and unlike the others")
    func repeatable() throws {
        let one = try WireFuzzRun(seed: 7)
        let other = try WireFuzzRun(seed: 7)
        let cases = (0..<300).map { one.input($0).bytes }
        #expect(cases == (0..<300).map { other.input($0).bytes })
        #expect(Set(cases).count > 280)
    }
}
