import Glibc
import Testing

extension IntegrationTests {
    /// What documents lead to, and what a package has of it.
    @Suite struct Documentation {
        private static let repository =
            "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

        private func run(_ script: String, _ arguments: String...) throws -> CommandRun {
            try CommandRun.run(script, arguments, at: "\(Self.repository)/ops/\(script)")
        }

        @Test("every link, anchor and named heading of the documents is there")
        func links() throws {
            let check = try run("docs", "--links")
            #expect(check.status == 0, "\(check)")
        }

        @Test("a link, an anchor, a named heading and a heading that lead nowhere are found")
        func faults() throws {
            let root = try TestFolder()
            let text = """
                # One
                [a](other.md) [b](#two-words) [c](#three) [d](https://example.org/x) see Two words
                and see Nothing of this
                ## Two words
                ```
                [not a link](in-code.md)
                ```
                ## Empty

                ## Last
                page.md, Two words; page.md, Absent
                """
            let path = "\(root.path)/page.md"
            try Disk.write(text + "\n", to: path)
            let check = try CommandRun.run(
                "python3",
                ["\(Self.repository)/ops/docs.d/links.py", path],
                at: "/usr/bin/python3"
            )
            #expect(check.status == 1)
            let lines = check.errors.split(separator: "\n")
            #expect(lines.count == 5, "\(check)")
            for fault in ["other.md is", "#three", "'Nothing of this'", "'Empty'", "'Absent'"] {
                #expect(lines.contains { $0.contains(fault) }, "\(fault): \(check)")
            }
        }

        @Test("unit, scripts and documents of the package are in order")
        func package() throws {
            let check = try run("package", "--check")
            #expect(check.status == 0, "\(check)")
            #expect(check.output.contains("links of the documents"), "\(check)")
        }
    }
}
