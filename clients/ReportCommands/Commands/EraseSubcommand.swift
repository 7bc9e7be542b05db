import ArgumentParser
import ReportClient
import ReportModel

struct EraseSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Drop the contents of a record by law, here and at every holder.",
        discussion: """
            reportctl erase 2023/麻章区/总工会 --only people --reason '当事人要求' \\
                --authority '个人信息保护法第四十七条' --store DIR --yes

            Without @N every version of the record is erased; without --only record,
            people and files. notes are the words of notes and the comments and reasons of
            reviews, retractions, moves and new readings. Without --yes it is only told
            what would go. What is erased cannot be brought back; the log keeps who did it
            and why, and every proof stays valid.
            """
    )

    @Argument(help: "A lookup that names one key, with or without @N.")
    var lookup: String

    @Option(help: "record, people, sources or notes; may be repeated.")
    var only: [String] = []

    @Option(help: "Why.")
    var reason: String

    @Option(help: "By which law or order.")
    var authority: String

    @Flag(help: "Do it.")
    var yes = false

    @OptionGroup var service: ServiceOptions
    @OptionGroup var workflow: WorkflowOptions

    func run() async throws {
        let format = try workflow.output.require([.text, .json])
        var parts: Set<EraseCommand.Part> = []
        for word in only {
            guard let part = EraseCommand.Part(rawValue: word) else {
                throw ReportError(.usage, "--only takes record, people, sources or notes")
            }
            parts.insert(part)
        }
        let command = try EraseCommand(
            try Lookup(argument: lookup),
            parts: parts.isEmpty ? EraseCommand.Part.usual : parts,
            reason: reason,
            authority: authority,
            by: workflow.author,
            isRehearsal: !yes
        )
        let service = try await service.administer()
        let answer = try await service.perform(.erase(command))
        await service.close()
        guard format == .text else { return Output.line(answer.canonicalText) }
        show(answer)
    }

    /// Where names stay after an erasure of people; nil when the files go too, or no people do.
    static func remaining(_ answer: JSONValue) -> String? {
        let parts = (answer["parts"]?.arrayValue ?? []).compactMap(\.stringValue)
        guard parts.contains("people"), !parts.contains("sources") else { return nil }
        return Wording.pick(
            "names and numbers that stand in the source files stay there (--only sources)",
            "源文件中的姓名和电话仍然保留（--only sources 可一并删除）"
        )
    }

    private func show(_ answer: JSONValue) {
        func list(_ name: String) -> String {
            (answer[name]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
        }
        let key = answer["key"]?.stringValue ?? ""
        Output.line(
            yes
                ? Wording.pick("erased: \(key)", "已依法删除：\(key)")
                : Wording.pick("would be erased: \(key)", "将被删除：\(key)")
        )
        Output.line(Wording.pick("versions: \(list("erased"))", "版本：\(list("erased"))"))
        Output.line(Wording.pick("contents: ", "内容：") + EntryWords.parts(answer["parts"]))
        if let remaining = Self.remaining(answer) { Output.line(remaining) }
        if !list("sharedWith").isEmpty {
            Output.line(
                Wording.pick(
                    "the same files stay with: \(list("sharedWith"))",
                    "同样的文件仍保留在：\(list("sharedWith"))"
                )
            )
        }
        if !list("kept").isEmpty {
            Output.line(
                Wording.pick(
                    "notes and comments stay, unless --only notes is said as well: \(list("kept"))",
                    "说明与审核意见仍保留（另加 --only notes 可删除）：\(list("kept"))"
                )
            )
        }
        if yes, answer["overwritten"] == false {
            Output.line(
                Wording.pick(
                    "somebody still reads; the disk is overwritten when they are done",
                    "仍有读者，读完后自动覆写磁盘"
                )
            )
        }
        guard !yes else { return }
        Output.flush()
        Output.error(Wording.pick("nothing was done: add --yes", "尚未删除：确认无误后加 --yes"))
    }
}
