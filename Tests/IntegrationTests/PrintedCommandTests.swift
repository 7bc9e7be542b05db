import Testing

extension IntegrationTests {
    /// Commands that the manual prints are commands, with options that they have.
    @Suite struct PrintedCommands {
        private static let nested = ["peer", "bundle", "store", "pki", "nats"]

        /// The lines and spans of code in a page.
        private static func code(in page: String) -> [Substring] {
            page.split(separator: "\n").flatMap { line -> [Substring] in
                if line.hasPrefix("    ") || line.hasPrefix("reportctl ") { return [line] }
                let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
                return pieces.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
            }
        }

        /// The words of each call of reportctl in a piece of code.
        private static func calls(in code: Substring) -> [[String]] {
            let ends: Set<Character> = ["|", "&", ";", "(", ")", "#"]
            return code.split(whereSeparator: ends.contains).compactMap { command in
                let words = command.split(separator: " ").map { String($0) }
                    .drop { $0.contains("=") }
                return words.first == "reportctl" && words.count > 1
                    ? Array(words.dropFirst()) : nil
            }
        }

        @Test("every option of a printed command is one that the command has")
        func options() throws {
            let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            var wanted: [[String]: Set<String>] = [:]
            for page in ["operations", "guide", "export", "queries", "scale-out"] {
                for code in Self.code(in: try Disk.text("\(root)/docs/\(page).md")) {
                    for words in Self.calls(in: code) where words[0].allSatisfy(\.isLowercase) {
                        let isNested =
                            words.count > 1
                            && (Self.nested.contains(words[0]) || words[1] == "list")
                        let name = Array(words.prefix(isNested ? 2 : 1))
                        let options = words.filter { $0.hasPrefix("--") }.map { word in
                            String(word.prefix { $0.isLetter || $0 == "-" })
                        }
                        wanted[name, default: []].formUnion(options)
                    }
                }
            }
            #expect(wanted.count > 30, "\(wanted.keys)")
            #expect(wanted[["pki", "token"]]?.contains("--region") == true)
            for (name, options) in wanted {
                // `make` may be left out, but not where its help is asked for.
                let whole = name == ["backup"] ? name + ["make"] : name
                let help = try CommandRun.reportctl(whole + ["--help"])
                #expect(help.status == 0, "\(name): \(help)")
                for option in options {
                    #expect(help.output.contains(option), "reportctl \(name) \(option)")
                }
            }
        }
    }
}
