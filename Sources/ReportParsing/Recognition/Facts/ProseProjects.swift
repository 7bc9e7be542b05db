import ReportModel

/// Finds the projects that running text names.
///
/// Three ways of naming are known: an amount spent on a project, quoted names before 等项目, and
/// a report whose title or first amounts name its project.
enum ProseProjects {
    private static let hint: Words = ["（项目名称）", "(项目名称)"]
    private static let projectWord: Words = ["项目"]
    /// Words behind the names of projects.
    static let mentions = ["个项目", "等项目", "等重点项目", "等专项"]
    private static let several: Words = ["等项目", "等重点项目", "等专项"]
    private static let whole: Words = [
        "合计", "总计", "总额", "项目支出", "专项支出", "专项资金预算", "实际", "总金额", "使用资金", "支出", "资金总",
        "方面", "调增", "追加", "本级", "财政拨款", "预算数", "执行数", "小计",
    ]
    private static let opening: Words = ["对"]

    /// Adds the projects of running text to those of tables.
    static func add(to draft: inout Draft, _ context: FactContext) {
        var known = Set(draft.record.projects.map { "\($0.part) \($0.name)" })
        func append(_ project: Project, _ draft: inout Draft) {
            guard known.insert("\(project.part) \(project.name)").inserted,
                draft.record.projects.count < FactLimits.factsPerKind
            else { return }
            draft.record.projects.append(project)
        }
        for index in draft.record.amounts.indices where draft.record.amounts[index].project == nil {
            let amount = draft.record.amounts[index]
            if let project = named(by: amount, context) {
                draft.record.amounts[index].project = project.name
                append(project, &draft)
            }
        }
        for (index, signs) in context.texts.signs.enumerated()
        where !context.zones.isLeftOut[index] && !signs.isDisjoint(with: [.summary, .projects]) {
            let text = context.texts.scalars[index]
            if signs.contains(.summary), let project = summarised(text, index, context) {
                append(project, &draft)
            }
            guard signs.contains(.projects) else { continue }
            for (start, end) in quotedNames(in: text) + listedNames(in: text) {
                let name = cleaned(Array(text[start..<end]))
                guard name.count > 1 else { continue }
                append(
                    Project(
                        name: name.string,
                        part: context.part(ofBlock: index),
                        place: context.place(index, start, end)
                    ),
                    &draft
                )
            }
        }
        addReported(&draft, context)
    }

    /// Words behind the name of a project that is summed up.
    static let summaries = [
        "项目绩效自评综述", "项目绩效自评情况", "项目支出绩效自评综述", "项目绩效评价综述", "项目自评综述", "项目绩效自评结果", "项目绩效自评：",
        "项目支出绩效自评情况", "绩效自评综述",
    ]
    private static let summaryWords = Words(summaries)

    /// The project of `某某项目绩效自评综述：…`, with which final accounts sum up their projects.
    private static func summarised(
        _ text: Scalars,
        _ block: Int,
        _ context: FactContext
    ) -> Project? {
        let head = Array(text.prefix(70))
        guard let end = summaryWords.lastStart(in: head, from: 0, to: head.count) else {
            return nil
        }
        var start = 0
        while start < end, head[start].isBlank { start += 1 }
        if let length = NameCleaner.enumerator(Array(head[start..<end])) { start += length }
        var name = NameCleaner.withoutMarks(Array(head[start..<end]))
        while let length = NameCleaner.period(name) { name.removeFirst(length) }
        guard name.count > 1, name.count <= 40, !empty.contain(name),
            !name.contains(where: { "，。；：,;:".unicodeScalars.contains($0) })
        else { return nil }
        return Project(
            name: name.string,
            part: context.part(ofBlock: block),
            place: context.place(block, start, end, of: text)
        )
    }

    /// The project that one amount is spent on.
    private static func named(by amount: Amount, _ context: FactContext) -> Project? {
        let label = amount.label.scalarArray
        guard amount.role == "executed-project", !whole.occur(in: label), label.count > 2 else {
            return nil
        }
        let kind = context.partKind(ofBlock: amount.place.block)
        guard kind != .projectSelfEvaluationReport, kind != .projectSelfEvaluationTable else {
            return nil
        }
        return Project(
            name: amount.label,
            executed: amount.value,
            unit: amount.unit,
            part: amount.part,
            place: amount.place
        )
    }

    /// Names in quotation marks that end in 等项目: “甲”、“乙”等项目.
    private static func quotedNames(in text: Scalars) -> [(Int, Int)] {
        var found: [(Int, Int)] = []
        for index in text.indices where several.length(in: text, at: index) != nil {
            var position = index
            while position > 0, text[position - 1] == "”" {
                guard let open = text[..<(position - 1)].lastIndex(of: "“"), position - open < 32
                else { break }
                found.insert((open + 1, position - 1), at: 0)
                position = open
                if position > 0, text[position - 1] == "、" { position -= 1 }
            }
        }
        return found
    }

    /// A name between 对 and 等1个项目.
    private static func listedNames(in text: Scalars) -> [(Int, Int)] {
        var found: [(Int, Int)] = []
        for index in text.indices where text[index] == "等" {
            var end = index + 1
            while end < text.count, text[end].digit != nil { end += 1 }
            guard end > index + 1, end < text.count, text[end] == "个",
                projectWord.length(in: text, at: end + 1) != nil,
                let start = opening.lastStart(in: text, from: max(0, index - 40), to: index)
            else { continue }
            let name = text[(start + 1)..<index]
            if !name.contains(where: { "。；，".unicodeScalars.contains($0) }) {
                found.append((start + 1, index))
            }
        }
        return found
    }

    private static func cleaned(_ name: Scalars) -> Scalars {
        var name = name
        if let start = Self.hint.lastStart(in: name, from: 0, to: name.count) {
            name.removeSubrange(start..<(start + 6))
        }
        while let length = NameCleaner.period(name) { name.removeFirst(length) }
        return name
    }

    /// The project of a report about one: from its title or from 某某项目全年预算数.
    private static func addReported(_ draft: inout Draft, _ context: FactContext) {
        for (part, value) in draft.record.parts.enumerated()
        where value.kind == .projectSelfEvaluationReport {
            if draft.record.projects.contains(where: { $0.part == part }) { continue }
            let amounts = draft.record.amounts.filter { $0.part == part }
            let names = [value.title].compactMap { $0 } + amounts.map(\.label)
            guard let name = names.lazy.compactMap({ nameBeforeProject($0, context) }).first else {
                continue
            }
            var project = Project(name: name, part: part, place: value.place)
            ProjectCells.fill(&project, from: amounts[...])
            draft.record.projects.append(project)
            for index in draft.record.amounts.indices where draft.record.amounts[index].part == part
            {
                draft.record.amounts[index].project = draft.record.amounts[index].project ?? name
            }
        }
    }

    private static let empty: Words = ["该", "本", "此", "各", "支出", "我单位", "部门预算", "预算", "部门", "年度"]

    private static func nameBeforeProject(_ text: String, _ context: FactContext) -> String? {
        var words = NameCleaner.withoutMarks(text.scalarArray)
        guard let end = projectWord.lastStart(in: words, from: 0, to: words.count), end > 0 else {
            return nil
        }
        words = context.cleaner.clean(Array(words[..<end])).name
        while let length = NameCleaner.period(words) { words.removeFirst(length) }
        guard words.count > 1, !empty.contain(words) else { return nil }
        return words.string
    }
}
