import ReportModel

@testable import ReportParsing

/// The shared sample documents with their truth, when they are at hand.
enum FactSamples {
    static let names = [
        "000_dd9baf7bf1bd903f.txt", "001_769edc04ee080ac9.txt", "003_91a311319d233d88.txt",
        "004_867eb05ee1b92696.txt",
    ]

    static func bytes(of name: String) -> [UInt8] { Samples.read(name) ?? [] }

    /// The truth of one sample.
    static func truth(of name: String) throws -> JSONValue {
        let all = try JSONValue(parsing: bytes(of: "samples-truth.json"))
        return all["samples"]?[name] ?? .null
    }

    /// The lines of one sample.
    static func lines(of name: String) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        for byte in bytes(of: "samples/" + name) {
            if byte == 0x0A {
                lines.append(String(decoding: line, as: UTF8.self))
                line = []
            } else {
                line.append(byte)
            }
        }
        return lines + [String(decoding: line, as: UTF8.self)]
    }

    /// The record that the recognisers of facts make of a sample.
    static func draft(of name: String) throws -> Draft {
        let extraction = try Extractors.extract(bytes(of: "samples/" + name))
        return FactTesting.draft(of: extraction.document)
    }
}

/// Runs recognisers on documents.
enum FactTesting {
    /// All recognisers of the build over a document; parts are added when none recognises them.
    static func draft(
        of document: Document,
        kind: PartKind? = nil,
        unit: String? = nil,
        year: Int? = nil
    ) -> Draft {
        let record = Record(parser: "test", rules: "test")
        var draft = Draft(document: document, given: GivenFacts(), source: 0, record: record)
        if let kind {
            draft.record.parts = [
                Part(
                    kind: kind,
                    source: 0,
                    place: Place(source: 0, block: 0, start: 0, end: 0, quote: "")
                )
            ]
            draft.partStarts = [0]
            draft.record.unit.name = unit
            draft.record.year = year
            for recogniser in Recognisers.facts { recogniser.recognise(&draft) }
        } else {
            for recogniser in Recognisers.all { recogniser.recognise(&draft) }
        }
        return draft
    }

    /// A document of paragraphs.
    static func document(_ paragraphs: [String]) -> Document {
        Document(blocks: paragraphs.map { Block(.paragraph, $0) })
    }

    /// A document of one table; `^` continues the cell above, `<` the cell to the left.
    static func table(_ rows: [[String]], before paragraphs: [String] = []) -> Document {
        var document = document(paragraphs)
        add(rows, to: &document)
        return document
    }

    /// Adds a table in the same notation.
    static func add(_ rows: [[String]], to document: inout Document) {
        var cells: [Table.Cell] = []
        let number = document.tables.count
        for (row, texts) in rows.enumerated() {
            for (column, text) in texts.enumerated() {
                if text == "^" {
                    if let above = cells.lastIndex(where: { $0.column == column }) {
                        cells[above].rowSpan = row - cells[above].row + 1
                    }
                } else if text == "<" {
                    if let left = cells.indices.last { cells[left].columnSpan += 1 }
                } else {
                    cells.append(Table.Cell(block: document.blocks.count, row: row, column: column))
                    document.blocks.append(Block(.cell(table: number), text))
                }
            }
        }
        document.tables.append(Table(cells: cells))
    }

    /// The fields of an indicator in one line.
    static func describe(_ row: Indicator) -> String {
        [
            row.level1, row.level2, row.level3, row.target, row.actual, row.weight, row.score,
            row.note,
        ].map { $0 ?? "-" }.joined(separator: "|")
    }

    /// The fields of an amount in one line.
    static func describe(_ amount: Amount) -> String {
        "\(amount.label)=\(amount.value)\(amount.unit) \(amount.role)"
    }
}
