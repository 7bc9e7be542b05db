/// Decides which lines make one paragraph or one title.
enum ParagraphJoiner {
    /// Whether a line goes on with the paragraph that the line before belongs to.
    /// - Parameters:
    ///   - before: the last line so far.
    ///   - next: the line after it, maybe on the next page.
    ///   - text: the paragraph so far.
    /// - Returns: true when no paragraph ends between them.
    static func goesOn(_ before: ProseLine, _ next: ProseLine, text: String) -> Bool {
        let size = max(before.line.size, next.line.size)
        guard abs(before.line.size - next.line.size) <= 0.2 * size, !hasLeader(before.line.text),
            !hasLeader(next.line.text)
        else { return false }
        let isSamePage = before.line.page == next.line.page
        if isSamePage, next.line.box.top >= before.line.box.top,
            next.line.box.top - before.line.box.bottom > before.pitch + 0.7 * size
        {
            return false
        }
        let ends = endsParagraph(text)
        // A line that begins far to the right is a signature, a date or a number of a form.
        if before.line.box.left > before.left + 7 * size { return false }
        guard before.isFull(before: next.line) else { return false }
        if LineShape.enumerator(next.line.text) != nil, ends || next.isIndented { return false }
        if ends, next.isIndented { return false }
        if before.isCentred || next.isCentred && !endsWithComma(text) && next.isIndented {
            return false
        }
        return true
    }

    /// Whether two lines are parts of one title.
    static func isSameTitle(_ before: ProseLine, _ next: ProseLine, text: String) -> Bool {
        guard before.line.page == next.line.page,
            abs(before.line.size - next.line.size) <= 0.09 * before.line.size,
            next.line.box.top - before.line.box.bottom < 1.45 * before.line.size,
            before.isCentred || before.isFull(before: next.line), next.isCentred,
            !endsParagraph(text), text.unicodeScalars.count < 90,
            LineShape.enumerator(next.line.text) == nil, !hasLeader(next.line.text),
            !next.line.text.unicodeScalars.prefix(14).contains("：")
        else { return false }
        if before.isLarge { return true }
        return before.isCentred && LineShape.enumerator(text) == nil && !LineShape.isTitle(text)
            && LineShape.isTitle(text + next.line.text)
    }

    /// The text of a paragraph and a further line, with a blank where Latin words meet.
    static func joined(_ text: String, _ next: String) -> String {
        guard let left = text.unicodeScalars.last, let right = next.unicodeScalars.first else {
            return text + next
        }
        return CharacterClass.needsBlank(left, right) ? text + " " + next : text + next
    }

    /// Whether a text ends like a paragraph.
    static func endsParagraph(_ text: String) -> Bool {
        guard let last = text.unicodeScalars.last(where: { !LineShape.isBlank($0) }) else {
            return true
        }
        return "。；：！？;:!?".unicodeScalars.contains(last)
            || last == "”" && text.unicodeScalars.suffix(2).first == "。"
    }

    private static func endsWithComma(_ text: String) -> Bool {
        guard let last = text.unicodeScalars.last else { return false }
        return "，、,".unicodeScalars.contains(last)
    }

    /// Whether dots lead to a page number, as in a list of contents.
    static func hasLeader(_ text: String) -> Bool {
        var run = 0
        for scalar in text.unicodeScalars {
            let isDot =
                scalar == "." || scalar == "…" || scalar == "·" || scalar == "．" || scalar == "⋯"
            run = isDot ? run + (scalar == "…" || scalar == "⋯" ? 3 : 1) : 0
            if run >= 6 { return true }
        }
        return false
    }
}
