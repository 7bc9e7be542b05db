import ReportModel

/// Finds the documents that one file holds: titles, attachments, tables with titles of their own.
///
/// Source: record schema, kinds of parts; domain description, section 2.
struct PartRecogniser: Recogniser {
    /// A place where a part may begin.
    private struct Start {
        var block: Int
        var kind: PartKind?
        var title: String?
        var titleBlock: Int
        var isHeading = false
    }

    func recognise(_ draft: inout Draft) {
        let content = PartContent(draft.document)
        let starts = merged(starts(draft.document, content), content)
        for start in starts.prefix(ParsingLimits.standard.maximumPartCount) {
            let text =
                draft.document.blocks.isEmpty ? "" : draft.document.blocks[start.titleBlock].text
            let shown = start.title == nil ? 0 : text.unicodeScalars.count
            draft.partStarts.append(start.block)
            draft.record.parts.append(
                Part(
                    kind: start.kind ?? .other,
                    title: start.title,
                    source: draft.source,
                    place: draft.place(block: start.titleBlock, start: 0, end: shown)
                )
            )
        }
    }

    /// Every line that may begin a part, in order.
    private func starts(_ document: Document, _ content: PartContent) -> [Start] {
        var starts: [Start] = []
        var attachment: Int?
        var hasFinalAccount = false
        for (index, block) in document.blocks.enumerated()
        where block.text.utf8.count <= 240 && content.mayHoldTitle(index) {
            let text = block.text.squeezed
            if let rest = TitleShape.attachment(text) {
                attachment = index
                if LineShape.enumerator(rest) == nil, let reading = TitleShape.read(rest) {
                    starts.append(
                        Start(
                            block: index,
                            kind: reading.kind,
                            title: block.text,
                            titleBlock: index
                        )
                    )
                    attachment = nil
                } else if rest.unicodeScalars.count <= 1, !content.beginsList(index + 1) {
                    starts.append(Start(block: index, kind: nil, title: nil, titleBlock: index))
                }
                continue
            }
            if let found = LineShape.enumerator(text) {
                if found.style == .part,
                    let start = heading(block.text, index, hasFinalAccount: hasFinalAccount)
                {
                    hasFinalAccount = true
                    starts.append(start)
                }
                continue
            }
            let quoted = index < 20 ? TitleShape.quoted(text) : nil
            let broken = brokenTitle(document, index, text)
            guard let reading = TitleShape.read(quoted ?? broken ?? text),
                !reading.needsYear || index < 4 || hasYear(text)
            else {
                continue
            }
            if let mark = attachment, index - mark <= 4, starts.last?.block == mark {
                starts.removeLast()
            }
            starts.append(
                Start(
                    block: attachment.map { index - $0 <= 4 ? $0 : index } ?? index,
                    kind: reading.kind,
                    title: broken ?? title(document, index),
                    titleBlock: index
                )
            )
            attachment = nil
            if reading.kind == .finalAccountExplanation { hasFinalAccount = true }
        }
        return starts
    }

    /// `第二部分 2024年度部门决算情况说明` shows a final account; later ones lead back to it.
    private func heading(_ text: String, _ index: Int, hasFinalAccount: Bool) -> Start? {
        guard let shape = HeadingShape.read(text) else { return nil }
        let isGlossary = shape.title.holds(anyOf: ["名词解释", "附件", "附表"])
        guard shape.title.holds("决算") || hasFinalAccount else { return nil }
        return Start(
            block: index,
            kind: isGlossary ? .other : .finalAccountExplanation,
            title: shape.title,
            titleBlock: index,
            isHeading: true
        )
    }

    private func hasYear(_ text: String) -> Bool {
        !YearMark.scan(text.scalarArray).isEmpty
    }

    /// A long title whose last letters stand on the next line: …绩效目标自, 评表.
    private func brokenTitle(_ document: Document, _ index: Int, _ text: String) -> String? {
        guard text.utf8.count >= 60, text.utf8.count <= 170, index + 1 < document.blocks.count,
            !LineShape.endsSentence(text), !text.holds("："), TitleShape.read(text) == nil
        else { return nil }
        let next = document.blocks[index + 1]
        guard next.text.utf8.count <= 24 else { return nil }
        if case .cell = next.kind { return nil }
        let rest = next.text.squeezed
        guard !rest.isEmpty, !rest.holds("："), LineShape.enumerator(rest) == nil,
            TitleShape.read(rest) == nil, TitleShape.read(text + rest) != nil
        else { return nil }
        return text + rest
    }

    /// The title's line, with the line before it when the title was broken in two.
    private func title(_ document: Document, _ index: Int) -> String {
        let text = document.blocks[index].text.replacingLineFeeds
        let squeezed = text.squeezed
        guard index > 0, squeezed.unicodeScalars.count <= 9,
            ["绩效", "自评", "评价", "决算", "公开", "报告", "支出"].contains(where: squeezed.begins)
        else { return text }
        let before = document.blocks[index - 1].text
        guard before.utf8.count <= 120, !LineShape.endsSentence(before), !before.holds("：") else {
            return text
        }
        return before + text
    }

    /// Leaves out starts without a body, and joins a cover with the document behind it.
    private func merged(_ starts: [Start], _ content: PartContent) -> [Start] {
        var result: [Start] = []
        for (number, next) in starts.enumerated() {
            var start = next
            let end = number + 1 < starts.count ? starts[number + 1].block : content.count
            if let last = result.last {
                if start.isHeading, !mayReturn(start, from: last, result) { continue }
                let isEmpty = !content.hasBody(last.titleBlock + 1, start.block)
                if isEmpty, last.kind == start.kind || last.title == nil || start.kind == nil {
                    if last.title == nil {
                        start.block = last.block
                        result[result.count - 1] = start
                    }
                    continue
                }
                if isEmpty, !last.isHeading, last.kind?.isTable == true {
                    start.block = last.block
                    result[result.count - 1] = start
                    continue
                }
            } else if content.hasBody(0, start.block), !start.isHeading {
                result.append(Start(block: 0, kind: nil, title: nil, titleBlock: 0))
            } else {
                start.block = 0
            }
            guard
                content.hasBody(start.titleBlock + 1, end) || !result.isEmpty || end < content.count
            else {
                result.append(start)
                continue
            }
            result.append(start)
        }
        if result.isEmpty { result = [Start(block: 0, kind: nil, title: nil, titleBlock: 0)] }
        return withKinds(withoutEmpty(withResidue(result, content), content), content)
    }

    /// Whether a heading of the final account leads back from a part inside it.
    private func mayReturn(_ start: Start, from last: Start, _ result: [Start]) -> Bool {
        guard last.kind != .finalAccountExplanation, last.kind != .other else { return false }
        let isInside = result.contains { $0.kind == .finalAccountExplanation }
        return isInside || start.kind == .finalAccountExplanation && last.kind == nil
    }

    /// Charts leave their numbers at the end of the text; they belong to no document before them.
    private func withResidue(_ starts: [Start], _ content: PartContent) -> [Start] {
        guard let block = content.residue, let last = starts.last, block > last.titleBlock + 1
        else {
            return starts
        }
        return starts + [Start(block: block, kind: .other, title: nil, titleBlock: block)]
    }

    /// Drops parts that hold nothing: a list of attachments names them once more.
    private func withoutEmpty(_ starts: [Start], _ content: PartContent) -> [Start] {
        var result: [Start] = []
        for (number, start) in starts.enumerated() {
            let end = number + 1 < starts.count ? starts[number + 1].block : content.count
            let isMention =
                !content.hasBody(
                    start.titleBlock + (start.isHeading || start.title == nil ? 0 : 1),
                    end
                )
                && start.kind != .other
            let isUnseenTable =
                start.kind?.isTable == true && !content.hasCells(start.block, end)
                && end - start.titleBlock <= 4
            if starts.count > 1, isMention || isUnseenTable, !(result.isEmpty && number == 0) {
                continue
            }
            result.append(start)
        }
        return result
    }

    private func withKinds(_ starts: [Start], _ content: PartContent) -> [Start] {
        var result = starts
        for number in result.indices where result[number].kind == nil {
            let end = number + 1 < result.count ? result[number + 1].block : content.count
            result[number].kind = content.kind(result[number].block, end)
        }
        return result
    }
}

extension PartKind {
    /// Whether the part is a form to fill in.
    var isTable: Bool {
        switch self {
        case .overallSelfEvaluationTable, .projectSelfEvaluationTable, .baseDataTable: true
        default: false
        }
    }
}

extension String {
    /// The text with the line feeds of a cell taken out.
    var replacingLineFeeds: String {
        (unicodeScalars.filter { $0 != "\n" }).string
    }
}
