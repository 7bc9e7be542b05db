import ReportModel

/// Collects passages of running text that rules look at: leftovers of templates, the stated scope,
/// reasons of changes, definitions of items.
///
/// Source: record schema, row `remarks`; two passes over the bytes of every block.
struct RemarkRecogniser: Recogniser {
    func recognise(_ draft: inout Draft) {
        var collector = RemarkCollector()
        for (index, block) in draft.document.blocks.enumerated() where block.text.utf8.count > 5 {
            var isCell = false
            if case .cell = block.kind { isCell = true }
            _ = block.text.utf8.withContiguousStorageIfAvailable { text in
                let residue = ResidueReader(text, isCell: isCell)
                for found in residue.all(limit: collector.room("template-residue")) {
                    collector.add(
                        "template-residue",
                        found.label,
                        text,
                        index,
                        found.start,
                        found.end
                    )
                }
                PassageReader(text).read { kind, label, start, end in
                    collector.add(kind, label, text, index, start, end)
                }
            }
        }
        for found in collector.found {
            let block = draft.document.blocks[found.block]
            draft.record.remarks.append(
                Remark(
                    kind: found.kind,
                    label: found.label,
                    text: found.text,
                    part: draft.part(ofBlock: found.block),
                    place: Place(
                        source: draft.source,
                        block: found.block,
                        start: found.start,
                        end: found.end,
                        quote: found.text,
                        page: block.page,
                        sheet: block.sheet,
                        cell: block.address
                    )
                )
            )
        }
    }
}

/// Remarks found so far, bounded for each kind.
struct RemarkCollector {
    /// A remark with scalar offsets.
    struct Found {
        var kind: String
        var label: String
        var text: String
        var block: Int
        var start: Int
        var end: Int
    }

    private(set) var found: [Found] = []
    private var counts: [String: Int] = [:]
    private var block = -1
    private var passedBytes = 0
    private var passedScalars = 0

    /// How many more remarks of a kind are kept.
    func room(_ kind: String) -> Int {
        RemarkLimits.maximumRemarksPerKind - counts[kind, default: 0]
    }

    /// Keeps a remark given by byte offsets.
    mutating func add(
        _ kind: String,
        _ label: String,
        _ text: UnsafeBufferPointer<UInt8>,
        _ block: Int,
        _ start: Int,
        _ end: Int
    ) {
        guard room(kind) > 0, end > start, start >= 0, end <= text.count else { return }
        counts[kind, default: 0] += 1
        var upper = min(end, start + RemarkLimits.remarkLength)
        while upper < end, upper > start, text[upper] & 0xC0 == 0x80 { upper -= 1 }
        if block != self.block || start < passedBytes {
            self.block = block
            passedBytes = 0
            passedScalars = 0
        }
        passedScalars += ByteText.scalars(text, passedBytes, start)
        passedBytes = start
        found.append(
            Found(
                kind: kind,
                label: label,
                text: ByteText.string(text, start, upper),
                block: block,
                start: passedScalars,
                end: passedScalars + ByteText.scalars(text, start, upper)
            )
        )
    }
}
