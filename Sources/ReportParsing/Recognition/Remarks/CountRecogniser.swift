import ReportModel

/// Collects stated numbers of things: projects, vehicles, batches, unions, events.
///
/// Source: record schema, row `counts`; one pass over the bytes of every block.
struct CountRecogniser: Recogniser {
    func recognise(_ draft: inout Draft) {
        let document = draft.document
        let columns = PlannedColumns(document, draft.texts)
        var counts: [StatedCount] = []
        var heading = 0
        var isPlan = false
        for (index, block) in document.blocks.enumerated() {
            guard counts.count < RemarkLimits.maximumCounts else { break }
            while heading < draft.headings.count, draft.headings[heading].block <= index {
                isPlan = Self.namesPlan(draft.headings[heading].shape.title)
                heading += 1
            }
            if block.text.utf8.count < 90, draft.texts.signs[index].contains(.plan) {
                isPlan = true
            }
            var inPlan = isPlan
            if case .cell = block.kind { inPlan = columns.contains(index) }
            guard draft.texts.signs[index].contains(.digit) else { continue }
            let part = draft.part(ofBlock: index)
            let source = draft.source
            _ = block.text.utf8.withContiguousStorageIfAvailable { text in
                var reader = CountReader(text)
                reader.read { found in
                    guard !Self.isStaff(found) else { return true }
                    counts.append(
                        StatedCount(
                            label: found.label,
                            count: found.count,
                            unit: found.unit,
                            stage: found.isPlanned || inPlan ? "planned" : nil,
                            approximate: found.isApproximate,
                            part: part,
                            place: Place(
                                source: source,
                                block: index,
                                start: found.start,
                                end: found.end,
                                quote: found.quote,
                                page: block.page,
                                sheet: block.sheet,
                                cell: block.address
                            )
                        )
                    )
                    return counts.count < RemarkLimits.maximumCounts
                }
            }
        }
        draft.record.counts += counts
    }

    /// Numbers of people in office are staffing.
    private static func isStaff(_ found: CountReader.Found) -> Bool {
        ["人", "名", "个"].contains(found.unit)
            && found.label.holds(anyOf: ["编制", "在职", "在编", "退休", "离休", "实有", "临聘", "雇员", "遗属"])
    }

    private static func namesPlan(_ title: String) -> Bool {
        title.holds(anyOf: ["目标", "计划", "任务", "打算", "思路", "建议", "措施"])
    }
}

/// The cells of a document that stand below a heading such as 预期目标.
struct PlannedColumns {
    private var blocks: BlockSet

    /// Looks through the tables of a document once.
    init(_ document: Document, _ texts: BlockTexts) {
        blocks = BlockSet(blockCount: document.blocks.count)
        for table in document.tables {
            var columns: [Int: (isPlan: Bool, row: Int)] = [:]
            for cell in table.cells {
                let signs = texts.signs[cell.block]
                if document.blocks[cell.block].text.utf8.count <= 60 {
                    if signs.contains(.result) {
                        columns[cell.column] = (false, cell.row)
                    } else if signs.contains(.target) {
                        columns[cell.column] = (true, cell.row)
                    }
                }
                if let head = columns[cell.column], head.isPlan, cell.row > head.row {
                    blocks.insert(cell.block)
                }
            }
        }
    }

    /// Whether the block is a cell with targets.
    func contains(_ block: Int) -> Bool { blocks.contains(block) }
}
