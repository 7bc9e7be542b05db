import ReportModel

/// The rows of a record in the long tables.
struct FactRows {
    static let owner = [
        TableColumn("key", "编号", width: 40), TableColumn("id", "版本号"),
        TableColumn("year", "年度", width: 7), TableColumn("unit", "单位", width: 20),
    ]
    static let placeColumns = [
        TableColumn("part", "文种", width: 20), TableColumn("source", "文件", width: 20),
        TableColumn("place", "位置"), TableColumn("quote", "原文", width: 30),
    ]
    static let amountColumns = [
        TableColumn("label", "名称", width: 24), TableColumn("role", "含义", width: 20),
        TableColumn("value", "数值", width: 14), TableColumn("valueUnit", "计量单位", width: 8),
        TableColumn("yuan", "金额（元）", width: 18), TableColumn("direction", "增减", width: 6),
        TableColumn("approximate", "约数", width: 6), TableColumn("amountYear", "所属年度", width: 9),
        TableColumn("functionCode", "功能科目编码"), TableColumn("project", "项目", width: 20),
    ]
    static let rateColumns = [
        TableColumn("label", "名称", width: 24), TableColumn("role", "含义", width: 12),
        TableColumn("percent", "百分比", width: 10), TableColumn("direction", "增减", width: 6),
    ]
    static let indicatorColumns = [
        TableColumn("level1", "一级指标", width: 14), TableColumn("level2", "二级指标", width: 14),
        TableColumn("level3", "三级指标", width: 30), TableColumn("target", "指标值", width: 16),
        TableColumn("actual", "完成值", width: 16), TableColumn("indicatorUnit", "计量单位"),
        TableColumn("weight", "分值", width: 8), TableColumn("score", "得分", width: 8),
        TableColumn("note", "偏差原因", width: 30), TableColumn("project", "项目", width: 20),
    ]
    static let itemColumns = [
        TableColumn("type", "类型", width: 8), TableColumn("text", "内容", width: 60),
    ]
    static let findingColumns = [
        TableColumn("rule", "规则", width: 16), TableColumn("severity", "级别", width: 8),
        TableColumn("message", "说明", width: 60), TableColumn("stated", "文中所写", width: 14),
        TableColumn("computed", "计算所得", width: 14),
        TableColumn("fingerprint", "指纹", width: 18), TableColumn("quotes", "原文", width: 40),
    ]
    static let projectColumns = [
        TableColumn("name", "项目", width: 30), TableColumn("code", "项目编码", width: 22),
        TableColumn("budget", "预算数", width: 14), TableColumn("executed", "执行数", width: 14),
        TableColumn("valueUnit", "计量单位", width: 8), TableColumn("budgetYuan", "预算（元）", width: 18),
        TableColumn("executedYuan", "执行（元）", width: 18),
    ]
    static let sectionColumns = [
        TableColumn("number", "序号", width: 8), TableColumn("title", "标题", width: 50),
        TableColumn("level", "层级", width: 6),
    ]
    static let peopleColumns = [
        TableColumn("name", "姓名或电话", width: 16), TableColumn("role", "身份", width: 16),
    ]

    private let record: Record
    private let front: [TableCell]
    private let persons: [Person]

    init(_ exported: ExportedRecord) {
        record = exported.record
        persons = exported.people
        front = [
            .text(exported.key.text), .text(exported.id), .integer(exported.key.year),
            .text(exported.key.unit),
        ]
    }

    var amounts: [[TableCell]] {
        record.amounts.map { amount in
            front + [
                .text(amount.label), .optional(amount.role, title: WordTitle.amountRole),
                .decimal(amount.value), .text(amount.unit), .money(amount.yuan),
                .optional(amount.direction, title: WordTitle.direction),
                .integer(amount.approximate ? 1 : 0), .optional(amount.year),
                .optionalCode(amount.functionCode), .optional(amount.project),
            ] + place(amount.place, part: amount.part)
        }
    }

    var rates: [[TableCell]] {
        record.rates.map { rate in
            front + [
                .text(rate.label), .optional(rate.role, title: WordTitle.rateRole),
                .decimal(rate.percent), .optional(rate.direction, title: WordTitle.direction),
            ] + place(rate.place, part: rate.part)
        }
    }

    var indicators: [[TableCell]] {
        record.indicators.map { row in
            front + [
                .optional(row.level1), .optional(row.level2), .optional(row.level3),
                .optional(row.target), .optional(row.actual), .optional(row.unit),
                .decimal(row.weight), .decimal(row.score), .optional(row.note),
                .optional(row.project),
            ] + place(row.place, part: row.part)
        }
    }

    var items: [[TableCell]] {
        let typed =
            record.problems.map { ("problem", $0) }
            + record.improvements.map { ("improvement", $0) }
        return typed.map { type, item in
            front + [.optional(type, title: WordTitle.item), .text(item.text)]
                + place(item.place, part: item.part)
        }
    }

    var findings: [[TableCell]] {
        record.findings.map { finding in
            front + [
                .text(finding.rule),
                .optional(finding.severity.rawValue, title: WordTitle.severity),
                .text(finding.message),
                .optional(finding.stated), .optional(finding.computed),
                .code(finding.fingerprint),
                .optional(finding.places.map(\.quote).joined(separator: " | ")),
            ]
        }
    }

    var projects: [[TableCell]] {
        record.projects.map { project in
            front + [
                .text(project.name), .optionalCode(project.code), .decimal(project.budget),
                .decimal(project.executed), .optional(project.unit),
                yuan(project.budget, project.unit), yuan(project.executed, project.unit),
            ] + place(project.place, part: project.part)
        }
    }

    var sections: [[TableCell]] {
        record.sections.map { section in
            front + [.optional(section.number), .text(section.title), .integer(section.level)]
        }
    }

    var people: [[TableCell]] {
        persons.map { front + [.code($0.name), .optional($0.role)] }
    }

    private func yuan(_ value: String?, _ unit: String?) -> TableCell {
        guard let value, let unit else { return .empty }
        return .money(Money(printed: value, unit: unit)?.yuan)
    }

    private func place(_ place: Place, part: Int) -> [TableCell] {
        let kind = record.parts.indices.contains(part) ? record.parts[part].kind.rawValue : nil
        let source =
            record.sources.indices.contains(place.source)
            ? record.sources[place.source].name : nil
        var position = "#\(place.block)"
        if let page = place.page { position = "p\(page)" }
        if let cell = place.cell { position = (place.sheet.map { $0 + "!" } ?? "") + cell }
        return [
            .optional(kind, title: WordTitle.part), .optional(source), .text(position),
            .optional(place.quote),
        ]
    }
}
