import ReportIntake
import ReportModel
import Testing

@Suite("Files of a filing in a row")
struct FilingFramesTests {
    @Test("files come out as they went in")
    func roundTrip() throws {
        let members = [
            FilingMember(name: "报告 1.txt", bytes: [1, 10, 13, 0]),
            FilingMember(name: "", bytes: []),
            FilingMember(name: "二\n", bytes: Array("3 4\n".utf8)),
        ]
        #expect(try FilingFrames.decode(FilingFrames.encode(members)) == members)
        #expect(try FilingFrames.decode([]).isEmpty)
    }

    @Test(
        "bytes of another form are refused",
        arguments: [
            "x", "1 2", "1 2\nab", "-1 2\nab", "1\na", "99999999999999999999 1\na", "1 -5\na",
        ]
    )
    func refusals(_ text: String) {
        #expect(throws: ReportError.self) { try FilingFrames.decode(Array(text.utf8)) }
    }
}
