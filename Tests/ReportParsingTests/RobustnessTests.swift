import ReportModel
import ReportParsing
import Testing

@Suite("Hostile input")
struct RobustnessTests {
    /// Parses and says whether it was read or refused with a code about the document.
    static func outcome(_ bytes: [UInt8]) -> Bool {
        do {
            let output = try Parser.parse(ParsingInput(name: "x", bytes: bytes))
            let json = output.record.json
            return (try? Record(json: json)) == output.record
        } catch {
            return error.code.isAboutDocument
        }
    }

    @Test("random bytes never trap", arguments: 1...60 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let count = Int.random(in: 1...3000, using: &generator)
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(Self.outcome(bytes), "seed \(seed)")
    }

    @Test("mutated reports never trap", arguments: IdentityFixture.all)
    func mutated(_ fixture: IdentityFixture) {
        for seed in 1...12 as ClosedRange<UInt64> {
            var generator = SeededGenerator(state: seed)
            var scalars = Array(fixture.text.unicodeScalars)
            let alphabet = Array("\t\n 一（）1.：|+-│年度2023《》，。是、附件第部分\u{3000}".unicodeScalars)
            for _ in 0..<40 {
                let at = Int.random(in: 0..<scalars.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: scalars.remove(at: at)
                case 1: scalars[at] = alphabet.randomElement(using: &generator) ?? " "
                default: scalars.insert(alphabet.randomElement(using: &generator) ?? " ", at: at)
                }
            }
            let text = String(String.UnicodeScalarView(scalars))
            #expect(Self.outcome(Array(text.utf8)), "seed \(seed)")
        }
    }

    @Test("text of nothing but marks never traps", arguments: 1...40 as ClosedRange<UInt64>)
    func marks(_ seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let words = [
            "\t", "\n", "\n\n", "|", "+--+", "│", "附件1", "目录", "第一部分", "（一）", "1.", "一是", "二是", "：",
            "2023年度",
            "单位名称：", "绩效", "自评表", "总工会", "存在的问题", "无", "组长", "同志", "年", "月", "（", "）", "# ", "**",
            "   ", "决算",
        ]
        var text = ""
        for _ in 0..<200 { text += words.randomElement(using: &generator) ?? "" }
        #expect(Self.outcome(Array(text.utf8)), "seed \(seed)")
    }

    @Test("an endless line is divided, and none of it is lost")
    func endlessLine() throws {
        let sentence = "2023年度部门整体支出绩效自评按计划完成，"
        let text = String(repeating: sentence, count: 4000)
        let document = try Extractors.extract(Array(text.utf8)).document
        #expect(document.blocks.map(\.text).joined() == text)
        let longest = document.blocks.map(\.text.utf8.count).max() ?? 0
        #expect(longest <= ParsingLimits.standard.maximumParagraphByteCount)
    }

    @Test("too many blocks, too long cells and too wide tables are refused")
    func ceilings() {
        var limits = ParsingLimits()
        limits.maximumBlockCount = 3
        limits.maximumCellByteCount = 20
        limits.maximumColumnCount = 2
        for text in [
            "一行\n二行\n三行\n四行\n", "| 甲 | 乙 | 丙 |\n|--|--|--|\n| 1 | 2 | 3 |\n",
            "| 甲 | 这一个单元格的文字太长了一些 |\n|--|--|\n| 1 | 2 |\n",
        ] {
            do {
                _ = try Extractors.extract(Array(text.utf8), limits: limits)
                Issue.record("not refused: \(text)")
            } catch { #expect(error.code == .tooLarge) }
        }
    }
}
