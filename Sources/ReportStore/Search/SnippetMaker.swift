import ReportModel

/// Makes the pieces of text that a hit is shown with.
struct SnippetMaker {
    /// A place worth showing.
    private struct Window {
        var piece: RecordText.Piece
        /// Found ranges of scalars, each with its term.
        var marks: ArraySlice<(range: Range<Int>, term: Int)>
        var termCount: Int
        var order: Int
        /// Where it begins, in scalars of the whole text.
        var origin = 0
    }

    private let terms: [[UInt32]]
    private var folding = TextFolding(tracksOrigins: true)

    /// Places of one term looked at in one text.
    private static let maximumPlaceCount = 16
    /// Most windows looked at of one report.
    private static let maximumWindowCount = 64
    /// Headings looked for in the text of files.
    private static let maximumHeadingCount = 64

    init(_ terms: [[UInt32]]) { self.terms = terms }

    /// The snippets of a report: those with most of the terms first.
    /// - Parameters:
    ///   - record: the record.
    ///   - text: the text of its files.
    /// - Returns: at most ``SearchLimits/maximumSnippetCount``.
    mutating func snippets(_ record: [UInt8], _ text: [UInt8]? = nil) -> [SearchSnippet] {
        guard !terms.isEmpty else { return [] }
        return record.withUnsafeBufferPointer { record in
            (text ?? []).withUnsafeBufferPointer { text in snippets(record, text) }
        }
    }

    private mutating func snippets(
        _ record: UnsafeBufferPointer<UInt8>,
        _ text: UnsafeBufferPointer<UInt8>
    ) -> [SearchSnippet] {
        var windows: [Window] = []
        var blocks: [Int: Int] = [:]
        var headings: [RecordText.Piece] = []
        RecordText.forEach(in: record) {
            blocks[$0] = $1
        } _: { piece in
            if piece.field == .section { headings.append(piece) }
            if windows.count < Self.maximumWindowCount { add(piece, to: &windows) }
            return true
        }
        let own = textWindows(text, after: windows.count)
        // Quotations stand in the text.
        if !own.isEmpty { windows.removeAll { $0.piece.field == .quote } }
        windows += own
        windows.sort { left, right in
            (right.termCount, right.piece.field.points, left.order)
                < (left.termCount, left.piece.field.points, right.order)
        }
        var chosen: [SearchSnippet] = []
        for window in windows where chosen.count < SearchLimits.maximumSnippetCount {
            if window.piece.field == .text, Self.isShown(window, in: chosen) { continue }
            var snippet = Self.render(window)
            guard !chosen.contains(where: { Self.repeats(snippet, $0) }) else { continue }
            if window.piece.field == .text {
                snippet.section = heading(before: window.origin, headings)
            } else if window.piece.field != .section, let block = blocks[window.piece.item] {
                let heading = headings.filter { blocks[$0.item] ?? .max <= block }
                    .max { blocks[$0.item] ?? 0 < blocks[$1.item] ?? 0 }
                snippet.section = heading.map { Self.text($0.bytes) }
            }
            chosen.append(snippet)
        }
        return chosen
    }

    /// The best places of the text of files; the folded text stays at hand.
    private mutating func textWindows(
        _ text: UnsafeBufferPointer<UInt8>,
        after order: Int
    ) -> [Window] {
        var windows: [Window] = []
        guard !text.isEmpty else { return [] }
        let piece = RecordText.Piece(field: .text, bytes: text)
        add(piece, to: &windows)
        var decoder = StringDecoder(text)
        var index = 0
        for number in windows.indices {
            // Each gets the text from a little before it.
            let first = windows[number].marks.first?.range.lowerBound ?? 0
            let start = max(0, first - SearchLimits.snippetColumnCount)
            while index < start, decoder.next() != nil { index += 1 }
            let bytes = UnsafeBufferPointer(rebasing: text[decoder.offset...])
            windows[number].piece.bytes = bytes
            windows[number].origin = first
            windows[number].order += order
            let marks: [(range: Range<Int>, term: Int)] = windows[number].marks.map { mark in
                let range = mark.range.lowerBound - start..<mark.range.upperBound - start
                return (range: range, term: mark.term)
            }
            windows[number].marks = marks[...]
        }
        return windows
    }

    /// Whether a place of the text is seen in a snippet already: what was found with what goes before
    /// or after it.
    private static func isShown(_ window: Window, in chosen: [SearchSnippet]) -> Bool {
        guard let mark = window.marks.first?.range else { return false }
        var decoder = StringDecoder(window.piece.bytes)
        var scalars: [UInt32] = []
        while scalars.count < mark.upperBound + 4, let value = decoder.next() {
            scalars.append(value)
        }
        func folded(_ range: Range<Int>) -> [UInt32] {
            var folding = TextFolding()
            for scalar in scalars[range.clamped(to: 0..<scalars.count)] { folding.add(scalar) }
            return folding.scalars
        }
        let before = folded(mark.lowerBound - 4..<mark.upperBound)
        let after = folded(mark.lowerBound..<mark.upperBound + 4)
        return chosen.contains { snippet in
            let text = TextFolding.folded(snippet.text)
            return text.holds(before) || text.holds(after)
        }
    }

    /// The heading that stands last before a place of the folded text.
    private func heading(before origin: Int, _ headings: [RecordText.Piece]) -> String? {
        guard folding.scalars.count <= SearchLimits.headingScalarCount else { return nil }
        var best: (place: Int, title: String)?
        for heading in headings.prefix(Self.maximumHeadingCount) {
            let title = Self.text(heading.bytes)
            let scalars = TextFolding.folded(title)
            var start = 0
            while let place = folding.scalars.place(of: scalars, from: start),
                Int(folding.origins[place]) <= origin
            {
                if place >= best?.place ?? 0 { best = (place, title) }
                start = place + scalars.count
            }
        }
        return best?.title
    }

    /// Whether a snippet shows what another shows already.
    private static func repeats(_ one: SearchSnippet, _ other: SearchSnippet) -> Bool {
        let text = Array(one.text.unicodeScalars.filter { $0 != "…" }.map(\.value))
        return Array(other.text.unicodeScalars.map(\.value)).holds(text)
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        var decoder = StringDecoder(bytes)
        var text = String.UnicodeScalarView()
        while let value = decoder.next(), text.count < SearchLimits.snippetColumnCount {
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }

    /// Finds the terms in a text and divides what is found into windows.
    private mutating func add(_ piece: RecordText.Piece, to windows: inout [Window]) {
        folding.reset()
        folding.add(json: piece.bytes)
        var marks: [(range: Range<Int>, term: Int)] = []
        for (term, scalars) in terms.enumerated() {
            var start = 0
            var count = 0
            while count < Self.maximumPlaceCount,
                let place = folding.scalars.place(of: scalars, from: start)
            {
                let first = Int(folding.origins[place])
                let last = Int(folding.origins[place + scalars.count - 1])
                marks.append((first..<last + 1, term))
                start = place + scalars.count
                count += 1
            }
        }
        if terms.count > 1 {
            marks.sort {
                ($0.range.lowerBound, $0.range.upperBound)
                    < ($1.range.lowerBound, $1.range.upperBound)
            }
        }
        // Half the columns are so many characters at most; the text itself decides when it is cut.
        let reach = SearchLimits.snippetColumnCount / 2 - SearchLimits.snippetLeadColumnCount / 2
        var rest = marks[...]
        while let first = rest.first, windows.count < Self.maximumWindowCount {
            let end = max(first.range.lowerBound + reach, first.range.upperBound)
            let count = rest.prefix { $0.range.upperBound <= end }.count
            let own = rest.prefix(max(1, count))
            rest = rest.dropFirst(own.count)
            windows.append(
                Window(
                    piece: piece,
                    marks: own,
                    termCount: terms.count == 1 ? 1 : Set(own.map(\.term)).count,
                    order: windows.count
                )
            )
        }
    }

    /// Cuts the text around the marks of a window.
    private static func render(_ window: Window) -> SearchSnippet {
        var decoder = StringDecoder(window.piece.bytes)
        var scalars: [Unicode.Scalar] = []
        let last = window.marks.last?.range.upperBound ?? 0
        while scalars.count <= last + SearchLimits.snippetColumnCount, let value = decoder.next() {
            scalars.append(value < 0x20 ? " " : Unicode.Scalar(value) ?? " ")
        }
        var start = window.marks.first?.range.lowerBound ?? 0
        var lead = 0
        while start > 0, lead + width(scalars[start - 1]) <= SearchLimits.snippetLeadColumnCount {
            start -= 1
            lead += width(scalars[start])
        }
        var end = start
        var columns = 0
        while end < scalars.count,
            end < last || columns + width(scalars[end]) <= SearchLimits.snippetColumnCount
        {
            columns += width(scalars[end])
            end += 1
        }
        let head = start > 0 ? "…" : ""
        var text = String.UnicodeScalarView(head.unicodeScalars)
        text.append(contentsOf: scalars[start..<end])
        if end < scalars.count { text.append("…") }
        return SearchSnippet(
            field: window.piece.field.rawValue,
            text: String(text),
            marks: merged(window.marks.map(\.range), by: head.unicodeScalars.count - start)
        )
    }

    /// Moves ranges and joins those that touch.
    private static func merged(_ ranges: [Range<Int>], by shift: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges {
            let moved = range.lowerBound + shift..<range.upperBound + shift
            if let last = result.last, moved.lowerBound <= last.upperBound {
                result[result.count - 1] =
                    last.lowerBound..<max(last.upperBound, moved.upperBound)
            } else if result.count < SearchLimits.maximumMarkCount {
                result.append(moved)
            }
        }
        return result
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int { scalar.value < 0x1100 ? 1 : 2 }
}
