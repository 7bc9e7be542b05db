public import ReportModel

/// Reads plain text and Markdown: decodes, divides into lines, finds tables, joins broken lines.
///
/// Every line that is not blank ends in exactly one block; a line longer than a paragraph may be
/// is divided at the end of a sentence.
public struct TextExtractor: Extractor {
    /// Makes the extractor.
    public init() {}

    /// Whether the content shows no other format.
    public func reads(_ format: FileFormat) -> Bool { format == .text }

    /// Makes the document of a text.
    /// - Parameters:
    ///   - bytes: the file in UTF-8, UTF-16 or GB18030.
    ///   - format: not looked at.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document, as `txt` or `md`.
    /// - Throws: ``ReportError`` `.empty`, `.unreadable`, `.needsTool` or `.tooLarge`.
    public func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction {
        let decoded = try TextDecoder.decode(bytes)
        let text = TextLines(decoded.bytes)
        var builder = TextDocumentBuilder(limits: limits)
        let isMarkdown = MarkdownLine.isMarkdown(text)
        let wrap = isMarkdown ? nil : LineWrap(text)
        var index = 0
        while index < text.lines.count {
            let line = text.lines[index]
            if line.isBlank {
                // A lone tab may be the empty first cell of a table.
                guard line.hasTab, let table = scan(text, at: index, limits) else {
                    builder.addBlankLine()
                    index += 1
                    continue
                }
                try builder.add(table.rows)
                index = table.nextLine
            } else if let table = scan(text, at: index, limits) {
                try builder.add(table.rows)
                index = table.nextLine
            } else {
                let goesOn =
                    index > 0 && wrap?.goesOn(text.lines[index - 1], line, text) ?? false
                try builder.addLine(text.text(line), isMarkdown: isMarkdown, goesOn: goesOn)
                index += 1
            }
        }
        return Extraction(
            document: try builder.finish(),
            format: isMarkdown ? "md" : "txt",
            encoding: decoded.encoding
        )
    }

    private func scan(_ text: TextLines, at index: Int, _ limits: ParsingLimits) -> ScannedTable? {
        for scanner in TableScanners.all {
            if let table = scanner.scan(text, from: index, limits: limits) { return table }
        }
        return nil
    }
}
