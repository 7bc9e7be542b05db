import ReportCommands

/// `reportctl`: asks a node or a store, and shows what the parser sees.
@main
struct Program {
    static func main() async {
        await CommandProgram.run(Reportctl.self, plain: RecordQuestion.init(plain:))
    }
}
