import ReportModel

/// Makes the pieces of text that a hit is shown with.
struct SnippetMaker {
    private struct Window {
        var snippet: SearchSnippet
        var item: Int
        var termCount: Int
        var points: UInt64
    }

    private let terms: [[UInt32]]
    private var folding = TextFolding(tracksOrigins: true)

    /// Most windows looked at of one report.
    private static let maximumWindowCount = 64

    init(_ terms: [[UInt32]]) { self.terms = terms }

    /// The snippets of a record: those with most of the terms first.
    mutating func snippets(_ record: [UInt8]) -> [SearchSnippet] {
        guard !terms.isEmpty else { return [] }
        var windows: [Window] = []
        var blocks: [Int: Int] = [:]
        var headings: [(item: Int, text: String)] = []
        record.withUnsafeBufferPointer { record in
            RecordText.forEach(in: record) {
                blocks[$0] = $1
            } _: { piece in
                if piece.field == .section {
                    headings.append((piece.item, Self.text(piece.bytes)))
                }
                if windows.count < Self.maximumWindowCount { add(piece, to: &windows) }
                return true
            }
        }
        // A stable sort: of equals the one that stands first.
        let ranked = windows.enumerated().sorted { left, right in
            (right.element.termCount, right.element.points, left.offset)
                < (left.element.termCount, left.element.points, right.offset)
        }.map(\.element)
        var chosen: [SearchSnippet] = []
        for window in ranked where chosen.count < SearchLimits.maximumSnippetCount {
            guard !chosen.contains(where: { Self.repeats(window.snippet, $0) }) else { continue }
            var snippet = window.snippet
            if snippet.field != SearchField.section.rawValue, let block = blocks[window.item] {
                let heading = headings.filter { blocks[$0.item] ?? .max <= block }
                    .max { blocks[$0.item] ?? 0 < blocks[$1.item] ?? 0 }
                snippet.section = heading?.text
            }
            chosen.append(snippet)
        }
        return chosen
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

    private mutating func add(_ piece: RecordText.Piece, to windows: inout [Window]) {
        folding.reset()
        folding.add(json: piece.bytes)
        var marks: [(range: Range<Int>, term: Int)] = []
        for (term, scalars) in terms.enumerated() {
            var start = 0
            var count = 0
            while count < Self.maximumWindowCount,
                let place = folding.scalars.place(of: scalars, from: start)
            {
                let first = Int(folding.origins[place])
                let last = Int(folding.origins[place + scalars.count - 1])
                marks.append((first..<last + 1, term))
                start = place + scalars.count
                count += 1
            }
        }
        guard !marks.isEmpty else { return }
        marks.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var decoder = StringDecoder(piece.bytes)
        var scalars: [Unicode.Scalar] = []
        while let value = decoder.next() {
            scalars.append(value < 0x20 ? " " : Unicode.Scalar(value) ?? " ")
        }
        var rest = marks[...]
        while !rest.isEmpty, windows.count < Self.maximumWindowCount {
            windows.append(Self.window(scalars, &rest, piece))
        }
    }

    /// Cuts the text around the first mark and takes the marks that lie in the cut.
    private static func window(
        _ scalars: [Unicode.Scalar],
        _ marks: inout ArraySlice<(range: Range<Int>, term: Int)>,
        _ piece: RecordText.Piece
    ) -> Window {
        let first = marks.first?.range ?? 0..<0
        var start = first.lowerBound
        var lead = 0
        while start > 0, lead + width(scalars[start - 1]) <= SearchLimits.snippetLeadColumnCount {
            start -= 1
            lead += width(scalars[start])
        }
        var end = start
        var columns = 0
        while end < scalars.count,
            end < first.upperBound
                || columns + width(scalars[end]) <= SearchLimits.snippetColumnCount
        {
            columns += width(scalars[end])
            end += 1
        }
        let head = start > 0 ? "…" : ""
        var text = String.UnicodeScalarView(head.unicodeScalars)
        text.append(contentsOf: scalars[start..<end])
        if end < scalars.count { text.append("…") }
        let shift = head.unicodeScalars.count - start
        var ranges: [Range<Int>] = []
        var terms: Set<Int> = []
        while let mark = marks.first, mark.range.upperBound <= end {
            marks.removeFirst()
            terms.insert(mark.term)
            let range = mark.range.lowerBound + shift..<mark.range.upperBound + shift
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else if ranges.count < SearchLimits.maximumMarkCount {
                ranges.append(range)
            }
        }
        let snippet = SearchSnippet(
            field: piece.field.rawValue,
            text: String(text),
            marks: ranges
        )
        return Window(
            snippet: snippet,
            item: piece.item,
            termCount: terms.count,
            points: piece.field.points
        )
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int { scalar.value < 0x1100 ? 1 : 2 }
}
