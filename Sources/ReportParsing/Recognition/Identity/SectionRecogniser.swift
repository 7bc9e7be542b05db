import ReportModel

/// Lists the headings as printed, in order, irregular numbers included.
///
/// Source: record schema, row `sections`.
struct SectionRecogniser: Recogniser {
    func recognise(_ draft: inout Draft) {
        draft.headings = Headings.all(draft)
        for heading in draft.headings {
            draft.record.sections.append(
                Section(
                    number: heading.shape.number,
                    title: heading.shape.title,
                    level: heading.level,
                    place: draft.place(
                        block: heading.block,
                        start: heading.shape.start,
                        end: heading.shape.end
                    )
                )
            )
        }
    }
}

/// A heading with its level among the headings around it.
struct PlacedHeading {
    /// Block that holds it.
    var block: Int
    /// What it looks like.
    var shape: HeadingShape
    /// Level from 0.
    var level: Int
    /// Which list it opens.
    var topic: ListTopic?
}

/// Finds the headings of a document.
enum Headings {
    /// Headings that are open at some point, from the outermost.
    private struct Open {
        var style: LineShape.Style?
        var value: Int?
        var rank: Int
    }

    /// All headings, in order; lists of problems and improvements keep their items.
    static func all(_ draft: Draft) -> [PlacedHeading] {
        let contents = ContentsPage.find(in: draft.document)
        var headings: [PlacedHeading] = []
        var open: [Open] = []
        var list: Int?
        var items = ItemRun()
        var part = 0
        var isInAttachments = false
        let titles = Set(draft.record.parts.filter { $0.title != nil }.map(\.place.block))
        for (index, block) in draft.document.blocks.enumerated() where !contents.contains(index) {
            if case .cell = block.kind { continue }
            if block.isMargin { continue }
            let now = draft.part(ofBlock: index)
            if now != part {
                open = []
                list = nil
                part = now
            }
            if block.text.unicodeScalars.first == "附",
                TitleShape.attachment(block.text.squeezedHead) != nil
            {
                isInAttachments = true
            }
            if list != nil { items.read(block.text, index) }
            guard let shape = shape(block), !(titles.contains(index) && shape.style != .part) else {
                continue
            }
            if isInAttachments, shape.style == .arabic || shape.style == .bracketedArabic,
                TitleShape.read(shape.title.squeezed) != nil
            {
                continue
            }
            isInAttachments = false
            var topic = ListTopic.read(shape.title)
            var rank = rank(shape, block, open)
            if let floor = list, items.holds(index) {
                rank = max(rank, floor + 1)
                if !shape.isWholeLine { topic = nil }
            }
            // Below a list, sentences are its items; only lines without a full stop are headings.
            if let floor = list, rank > floor, topic == nil,
                !shape.isWholeLine || shape.contentStart > shape.end
            {
                continue
            }
            if let floor = list, rank <= floor || topic != nil { list = nil }
            if topic != nil {
                list = rank
                items.begin()
            }
            while let last = open.last, last.rank >= rank { open.removeLast() }
            headings.append(
                PlacedHeading(block: index, shape: shape, level: open.count, topic: topic)
            )
            open.append(Open(style: shape.style, value: shape.value, rank: rank))
        }
        return headings
    }

    private static func shape(_ block: Block) -> HeadingShape? {
        if let shape = HeadingShape.read(block.text) { return shape }
        guard case .heading(let level) = block.kind, level != nil else { return nil }
        let count = block.text.unicodeScalars.count
        return HeadingShape(
            number: nil,
            style: nil,
            value: nil,
            title: block.text,
            start: 0,
            end: count,
            isWholeLine: true,
            contentStart: count
        )
    }

    /// Rank by style; a heading that goes on with the number of an open one has its rank.
    private static func rank(_ shape: HeadingShape, _ block: Block, _ open: [Open]) -> Int {
        if case .heading(let level?) = block.kind, shape.style == nil { return level * 10 }
        guard let style = shape.style, let value = shape.value else { return 10 }
        let own = style.rawValue * 10
        let hasSibling = open.contains { $0.style == style }
        if value > 1, !hasSibling,
            let elder = open.last(where: { $0.value == value - 1 && $0.style != .part })
        {
            return elder.rank
        }
        return own
    }
}
