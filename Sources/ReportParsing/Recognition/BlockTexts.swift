/// The texts of a document as recognisers read them, made once for all of them.
final class BlockTexts: Sendable {
    /// Unicode scalars of every block.
    let scalars: [Scalars]
    /// What every block holds.
    let signs: [TextSigns]

    /// Reads every block once.
    init(_ document: Document) {
        let scalars = document.blocks.map { $0.text.scalarArray }
        self.scalars = scalars
        signs = document.blocks.indices.map { index in
            TextSigns.found(in: document.blocks[index].text, scalars[index])
        }
    }
}

/// Words and scalars that a text holds, by which recognisers pass over what they cannot read.
struct TextSigns: OptionSet, Sendable {
    let rawValue: UInt16

    /// A digit of 0...9 or ０...９.
    static let digit = TextSigns(rawValue: 1 << 0)
    /// A tab.
    static let tab = TextSigns(rawValue: 1 << 1)
    /// A colon of either width.
    static let colon = TextSigns(rawValue: 1 << 2)
    /// The word of money that every unit ends in.
    static let money = TextSigns(rawValue: 1 << 3)
    /// A word that stands behind names of people.
    static let people = TextSigns(rawValue: 1 << 4)
    /// A word that leads a grade.
    static let grade = TextSigns(rawValue: 1 << 5)
    /// A word behind names of projects.
    static let projects = TextSigns(rawValue: 1 << 6)
    /// A word behind the name of a project that is summed up.
    static let summary = TextSigns(rawValue: 1 << 7)
    /// The head of a plan.
    static let plan = TextSigns(rawValue: 1 << 8)
    /// The heading of a column of targets.
    static let target = TextSigns(rawValue: 1 << 9)
    /// The heading of a column of results.
    static let result = TextSigns(rawValue: 1 << 10)
    /// A label of names or telephone numbers.
    static let peopleLabel = TextSigns(rawValue: 1 << 11)
    /// As many digits as the shortest telephone number with its area code.
    static let manyDigits = TextSigns(rawValue: 1 << 12)

    private static let vocabularies: [(signs: TextSigns, words: [String])] = [
        ([.plan, .target], ["目标：", "目标如下", "计划："]),
        (.target, ["目标", "指标值", "计划"]),
        (.result, ["实际", "完成情况", "完成值"]),
        (.money, ["元"]),
        ([.people, .peopleLabel], PersonName.hints.flatMap { [$0 + "：", $0 + ":"] }),
        (.people, PersonName.hints),
        (.peopleLabel, PeopleLabels.hints),
        (.grade, ProseReader.gradeHints),
        (.projects, ProseProjects.mentions),
        (.summary, ProseProjects.summaries),
    ]
    private static let needles = Needles(vocabularies.flatMap(\.words))
    private static let signsOfWords = vocabularies.flatMap { entry in
        entry.words.map { _ in entry.signs }
    }

    /// The signs of a text.
    /// - Parameters:
    ///   - text: the text.
    ///   - scalars: its scalars.
    /// - Returns: what it holds.
    static func found(in text: String, _ scalars: Scalars) -> TextSigns {
        var signs: TextSigns = []
        var digitCount = 0
        for scalar in scalars {
            switch scalar.value {
            case 0x30...0x39, 0xFF10...0xFF19: digitCount += 1
            case 0x09: signs.insert(.tab)
            case 0x3A, 0xFF1A: signs.insert(.colon)
            default: break
            }
        }
        if digitCount > 0 { signs.insert(.digit) }
        if digitCount >= 10 { signs.insert(.manyDigits) }
        _ = text.utf8.withContiguousStorageIfAvailable { bytes in
            let signsOfWords = signsOfWords
            needles.scan(bytes) { word, _ in signs.formUnion(signsOfWords[word]) }
        }
        return signs
    }
}
