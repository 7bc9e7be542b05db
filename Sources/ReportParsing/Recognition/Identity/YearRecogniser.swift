import ReportModel

/// Finds the evaluated year: label on the cover, titles, headings, then the body's majority.
///
/// Source: record schema, `year`: not the year of a notice, of a filing or of a comparison.
struct YearRecogniser: Recogniser {
    static let labels: Set<String> = [
        "评价年度", "自评年度", "预算年度", "年度", "填报年度", "绩效评价年度", "评价期间", "报告年度", "决算年度", "会计年度", "所属年度",
        "评价时段", "项目年度", "预算年份", "年份",
    ]

    func recognise(_ draft: inout Draft) {
        draft.record.year =
            labelled(draft) ?? evaluated(titled(draft), draft) ?? standing(draft.document)
            ?? headed(draft.document) ?? majority(draft.document) ?? beforeFiling(draft)
    }

    /// The year of a title, unless that is the year of filing and the text speaks of the one before.
    ///
    /// A form of 2024 for the year 2023 has 2024 in its title and 2023年度 behind it.
    private func evaluated(_ titled: Int?, _ draft: Draft) -> Int? {
        guard let year = titled else { return nil }
        if let standing = standing(draft.document), standing == year - 1 { return standing }
        guard let filed = DateRecogniser.date(draft), filed.hasPrefix("\(year)-") else {
            return year
        }
        let counts = statements(draft.document)
        let earlier = counts[year - 1] ?? 0
        return earlier >= 6 && earlier > 2 * (counts[year] ?? 0) ? year - 1 : year
    }

    /// The year before the filing, for texts that say 上年度 and name no year.
    private func beforeFiling(_ draft: Draft) -> Int? {
        let words = ["上年度", "上一年度", "上一年", "去年"]
        guard draft.document.blocks.prefix(400).contains(where: { $0.text.holds(anyOf: words) }),
            let date = DateRecogniser.date(draft), let filed = Int(date.prefix(4))
        else { return nil }
        return filed - 1
    }

    private func labelled(_ draft: Draft) -> Int? {
        for value in draft.labelledValues
        where YearRecogniser.labels.contains(value.label) {
            let marks = YearMark.scan(value.value.squeezed.scalarArray)
            if let mark = marks.first { return mark.year }
        }
        return nil
    }

    /// The year of the first title that has one, or of the line before or behind it.
    private func titled(_ draft: Draft) -> Int? {
        for part in draft.record.parts {
            guard let title = part.title else { continue }
            if let year = year(ofTitle: title) { return year }
        }
        for part in draft.record.parts where part.title != nil {
            for index in [part.place.block - 1, part.place.block + 1]
            where draft.document.blocks.indices.contains(index) {
                let text = draft.document.blocks[index].text
                guard text.utf8.count <= 100, !LineShape.endsSentence(text.squeezedTail),
                    PrintedDate.whole(text) == nil
                else { continue }
                if let year = year(ofTitle: text) { return year }
            }
        }
        return nil
    }

    private func year(ofTitle title: String) -> Int? {
        let marks = YearMark.scan(title.scalarArray.squeezed).filter { $0.ending != .date }
        let fiscal = marks.first { $0.ending == .fiscal }
        if let mark = fiscal ?? marks.first(where: { $0.ending == .year }) { return mark.year }
        return marks.count == 1 ? marks[0].year : nil
    }

    /// `（2023年度）` on a line or in a cell of its own.
    private func standing(_ document: Document) -> Int? {
        for block in document.blocks.prefix(400) where block.text.utf8.count <= 40 {
            let scalars = block.text.squeezed.scalarArray
            let marks = YearMark.scan(scalars)
            guard marks.count == 1, marks[0].ending == .fiscal || marks[0].ending == .year else {
                continue
            }
            let rest = scalars[..<marks[0].start] + scalars[marks[0].end...]
            if rest.allSatisfy({ $0 == "（" || $0 == "）" || $0 == "：" }) { return marks[0].year }
        }
        return nil
    }

    private func headed(_ document: Document) -> Int? {
        var counts: [Int: Int] = [:]
        for block in document.blocks where block.text.utf8.count <= 120 {
            guard case .heading = block.kind else { continue }
            for mark in YearMark.scan(block.text.scalarArray) where mark.ending == .fiscal {
                counts[mark.year, default: 0] += 1
            }
        }
        return clearWinner(counts)
    }

    private func majority(_ document: Document) -> Int? { clearWinner(statements(document)) }

    /// How much of the text speaks of each year.
    private func statements(_ document: Document) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for block in document.blocks.prefix(5000) {
            let scalars = block.text.scalarArray
            for mark in YearMark.scan(scalars) where isStatement(mark, scalars) {
                counts[mark.year, default: 0] += mark.ending == .fiscal ? 3 : 1
            }
        }
        return counts
    }

    /// Leaves out dates, names of documents, and years that the evaluated one is compared with.
    private func isStatement(_ mark: YearMark, _ scalars: [Unicode.Scalar]) -> Bool {
        guard mark.ending == .fiscal || mark.ending == .year else { return false }
        let before = scalars[max(0, mark.start - 12)..<mark.start]
        if let open = before.lastIndex(of: "《"), !scalars[open..<mark.start].contains("》") {
            return false
        }
        return !["与", "较", "比", "和", "从", "至", "-", "—", "自"].contains(before.last ?? " ")
    }

    private func clearWinner(_ counts: [Int: Int]) -> Int? {
        let sorted = counts.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
        guard let first = sorted.first else { return nil }
        return sorted.count > 1 && sorted[1].value == first.value ? nil : first.key
    }
}

extension String {
    /// The text with closing brackets taken off, for looking at its punctuation.
    var squeezedTail: String {
        var text = Substring(squeezed)
        while text.ends("）") { text = text.dropLast() }
        return String(text)
    }
}
