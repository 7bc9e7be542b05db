import ReportModel

/// A name that may be the filing unit's, with how much speaks for it.
struct UnitCandidate {
    /// The name as printed, squeezed; 本级 and codes may stand in it.
    var printed: String
    /// The name without codes and 本级.
    var name: String
    /// How much speaks for it.
    var weight: Int
    /// Block that it stands in.
    var block: Int

    /// Labels of the unit's name, also with 名称 behind them, with how much they say.
    static let labels: [String: Int] = [
        "单位名称": 10, "评价单位": 10, "自评单位": 10, "填报单位": 10, "填报部门": 10, "部门名称": 10, "预算单位": 10,
        "部门单位名称": 10,
        "预算部门": 9, "编报单位": 10, "报告单位": 10, "公开单位": 10, "部门": 8, "单位": 8, "预算单位名称": 10, "预算部门名称": 10,
        "被评价单位": 10, "被评价部门": 10, "申报单位": 8, "部门单位": 9, "单位公章": 8, "单位盖章": 8, "填表单位": 10, "编制单位": 9,
        "项目单位": 7, "项目实施单位": 6, "实施单位": 6, "资金使用单位": 7, "具体实施单位": 6, "项目承担单位": 6, "主管部门": 2,
        "项目主管部门": 2,
        "主管部门及代码": 1, "预算主管部门": 2, "单位全称": 10, "机构名称": 10, "学校名称": 10,
    ]

    /// Collects every name that may be the unit's.
    static func all(_ draft: Draft, hint: Region?) -> [UnitCandidate] {
        var candidates: [UnitCandidate] = []
        for value in draft.labelledValues {
            guard let weight = labels[value.label] ?? labels[value.label.dropped("名称")] else {
                continue
            }
            // Forms print the label of a seal behind the name.
            add(
                value.value,
                value.isCell && weight > 7 ? weight - 2 : weight,
                value.block,
                &candidates
            )
        }
        addTitles(draft, &candidates)
        addLines(draft, &candidates)
        addSubjects(draft, hint, &candidates)
        addDoers(draft, &candidates)
        return candidates
    }

    private static func add(
        _ text: String,
        _ weight: Int,
        _ block: Int,
        _ candidates: inout [UnitCandidate]
    ) {
        let printed = withoutSeal(text.squeezed)
        guard let name = UnitShape.unitName(printed) else { return }
        candidates.append(
            UnitCandidate(printed: printed, name: name, weight: weight, block: block)
        )
    }

    private static let seals = [
        "（公章）", "（盖章）", "（签章）", "（印章）", "（章）", "（单位公章）", "（单位盖章）",
    ]

    /// Takes off （盖章） and its like, in front and behind.
    private static func withoutSeal(_ text: String) -> String {
        if text.begins("（"), text.ends("）"), text.count(of: "（", limit: 2) == 1 {
            return String(text.dropFirst().dropLast())
        }
        for seal in seals {
            if text.ends(seal) { return String(text.dropLast(seal.count)) }
            if text.begins(seal) { return String(text.dropFirst(seal.count)) }
        }
        return text
    }

    private static func addTitles(_ draft: Draft, _ candidates: inout [UnitCandidate]) {
        for part in draft.record.parts {
            guard let title = part.title else { continue }
            for name in names(inTitle: title) {
                let count = candidates.count
                add(name, 8, part.place.block, &candidates)
                guard candidates.count == count else { continue }
                // 安庆市总工会困难职工帮扶项目绩效自评报告: the project stands behind the unit.
                let scalars = name.scalarArray
                guard draft.divisions.mayName(aRegionIn: scalars.prefix(16)),
                    let end = UnitShape.end(in: scalars, from: 0),
                    draft.divisions.split(unitName: name).hasRegion
                else { continue }
                add(Array(scalars[..<end]).string, 5, part.place.block, &candidates)
            }
        }
    }

    private static let topics: Words = [
        "部门整体", "单位整体", "单位部门", "整体支出", "整体绩效", "预算绩效", "绩效", "部门决算", "单位决算", "决算", "“三公”", "三公",
        "部门预算", "单位预算", "预算", "项目", "专项", "关于", "部门（单位）", "部门单位", "本级部门", "财政", "部门", "单位", "自评",
        "整体", "支出", "一般公共预算", "政府性基金",
    ]

    /// What stands in a title before and behind its year, up to the topic.
    private static func names(inTitle title: String) -> [String] {
        var text = title.squeezed
        if let rest = TitleShape.attachment(text) { text = rest }
        if text.begins("关于") { text = String(text.dropFirst(2)) }
        let scalars = text.scalarArray
        var pieces: [String] = []
        var start = 0
        for mark in YearMark.scan(scalars) {
            pieces.append(scalars[start..<max(start, mark.start)].string)
            start = mark.end
        }
        pieces.append(scalars[start...].string)
        return pieces.map { beforeTopic($0.begins("度") ? String($0.dropFirst()) : $0) }
            .filter { !$0.isEmpty }
    }

    private static func beforeTopic(_ text: String) -> String {
        let scalars = text.scalarArray
        for index in scalars.indices {
            guard let length = topics.length(in: scalars, at: index),
                !continuesUnitName(scalars[(index + length)...])
            else { continue }
            return Array(scalars[..<index]).string
        }
        return text
    }

    /// Whether what follows a topic word makes it part of a unit's name: 财政局, 绩效评价中心.
    private static func continuesUnitName(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = rest.first else { return false }
        let endings = "局厅所办科股处委站队".unicodeScalars
        return endings.contains(first)
            || (rest.prefix(6)).string.holds("中心")
    }

    /// Names on lines of their own: around titles, and as signature at the end of a part.
    private static func addLines(_ draft: Draft, _ candidates: inout [UnitCandidate]) {
        let blocks = draft.document.blocks
        var near: Set<Int> = Set(0..<min(12, blocks.count))
        for (number, part) in draft.record.parts.enumerated() {
            let title = part.place.block
            near.formUnion(max(0, title - 4)..<min(blocks.count, title + 5))
            let end =
                number + 1 < draft.partStarts.count ? draft.partStarts[number + 1] : blocks.count
            near.formUnion(max(0, end - 8)..<end)
        }
        for index in near.sorted() where blocks[index].text.utf8.count <= 150 {
            if case .cell = blocks[index].kind { continue }
            let text = blocks[index].text
            if draft.record.parts.contains(where: { $0.place.block == index && $0.title != nil }) {
                continue
            }
            let count = candidates.count
            add(text, 7, index, &candidates)
            guard candidates.count == count, !text.holds("："), !LineShape.endsSentence(text),
                LineShape.enumerator(text) == nil
            else { continue }
            if let date = PrintedDate.first(text.scalarArray, from: 0), date.start > 3 {
                add(String(text.unicodeScalars.prefix(date.start)), 7, index, &candidates)
            } else {
                for name in names(inTitle: text) { add(name, 7, index, &candidates) }
            }
        }
    }

    /// Names with a region at the beginning of paragraphs, and before 以下简称.
    private static func addSubjects(
        _ draft: Draft,
        _ hint: Region?,
        _ candidates: inout [UnitCandidate]
    ) {
        // Paragraphs begin with the same few names.
        var known: [String: Bool] = [:]
        for (index, block) in draft.document.blocks.prefix(1500).enumerated()
        where block.text.utf8.count > 45 {
            if case .cell = block.kind { continue }
            let scalars = block.text.scalarArray(upTo: 72)
            let start = subjectStart(scalars)
            guard
                draft.divisions.mayName(aRegionIn: scalars[start...].prefix(16)),
                let end = UnitShape.end(in: scalars, from: start)
            else { continue }
            let name = scalars[start..<end].string
            let isDefined =
                end + 3 < scalars.count
                && scalars[(end + 1)...].starts(with: "以下简称".unicodeScalars)
            let hasRegion =
                known[name] ?? draft.divisions.split(unitName: name, within: hint).hasRegion
            known[name] = hasRegion
            guard isDefined || hasRegion else { continue }
            add(name, isDefined ? 6 : 1, index, &candidates)
        }
    }

    private static let doing: Words = [
        "组织实施", "负责实施", "具体实施", "实施", "承担", "负责", "牵头", "承办", "具体负责",
    ]

    /// Names between 由 and 组织实施: the unit of a project whose report has no cover.
    private static func addDoers(_ draft: Draft, _ candidates: inout [UnitCandidate]) {
        for (index, block) in draft.document.blocks.prefix(60).enumerated()
        where block.text.utf8.count > 45 && block.text.holds("由") {
            if case .cell = block.kind { continue }
            let scalars = block.text.scalarArray(upTo: 200)
            for (position, scalar) in scalars.enumerated() where scalar == "由" {
                guard draft.divisions.mayName(aRegionIn: scalars[(position + 1)...].prefix(16)),
                    let end = UnitShape.end(in: scalars, from: position + 1),
                    doing.length(in: scalars, at: end) != nil
                else { continue }
                add(scalars[(position + 1)..<end].string, 4, index, &candidates)
            }
        }
    }

    /// Skips an enumerator, a short heading before a full stop, and the year.
    private static func subjectStart(_ scalars: [Unicode.Scalar]) -> Int {
        var start = 0
        if let found = LineShape.enumerator(scalars) {
            start = found.contentStart
            if let stop = scalars[start...].prefix(24).firstIndex(of: "。") { start = stop + 1 }
        }
        while start < scalars.count, LineShape.isBlank(scalars[start]) { start += 1 }
        if let mark = YearMark.scan(Array(scalars[start...].prefix(12))).first, mark.start == 0 {
            start += mark.end
        }
        while start < scalars.count, "，,、 （( ".unicodeScalars.contains(scalars[start]) {
            start += 1
        }
        return min(start, scalars.count)
    }
}

extension String {
    /// The text without an ending.
    func dropped(_ ending: String) -> String {
        ends(ending) ? String(dropLast(ending.count)) : self
    }
}
