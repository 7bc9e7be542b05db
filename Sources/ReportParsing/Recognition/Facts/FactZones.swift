import ReportModel

/// Which blocks hold no facts: glossaries, notes of the template, tables of contents.
struct FactZones: Sendable {
    /// For every block, whether it is left out.
    let isLeftOut: [Bool]

    private static let chapter: Words = ["部分", "章"]
    private static let glossary: Words = ["名词解释", "名词术语解释", "专业名词解释", "名词说明"]
    private static let notes: Words = [
        "（注", "(注", "注：", "注:", "注1", "注释", "填报说明", "填表说明", "填写说明", "填列说明", "编报说明", "备注：", "备注:",
        "说明：1", "说明:1", "填表要求", "评分说明", "计分方法", "（说明", "[填写",
    ]
    private static let endings: Words = ["附件", "附表", "附："]
    private static let definition: Words = ["：指", ":指", "是指", "（项）指", "(项)指"]

    /// Looks at every block once.
    init(_ document: Document, _ texts: BlockTexts) {
        var isLeftOut = [Bool](repeating: false, count: document.blocks.count)
        var inGlossary = false
        for (index, block) in document.blocks.enumerated() {
            let text = texts.scalars[index]
            if case .cell = block.kind {
                // Most cells begin with nothing that begins a note.
                guard let first = text.first(where: { !$0.isBlank && $0 != "\n" }),
                    Self.notes.mayBegin(with: first)
                else { continue }
                isLeftOut[index] = Self.notes.begin(NameCleaner.withoutMarks(text, upTo: 90))
                continue
            }
            let head = NameCleaner.withoutMarks(text, upTo: 90)
            if Self.isChapter(head) || Self.endings.begin(head) {
                inGlossary = head.count <= 24 && Self.glossary.occur(in: head)
            } else if head.count <= 14, Self.glossary.occur(in: head) {
                inGlossary = true
            }
            isLeftOut[index] =
                inGlossary || Self.notes.begin(head)
                || Self.definition.lastStart(in: head, from: 0, to: min(60, head.count)) != nil
        }
        self.isLeftOut = isLeftOut
    }

    private static func isChapter(_ head: Scalars) -> Bool {
        guard head.count >= 4, head[0] == "第" else { return false }
        return Self.chapter.lastStart(in: head, from: 0, to: min(6, head.count)) != nil
    }
}
