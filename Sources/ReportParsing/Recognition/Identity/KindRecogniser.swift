import ReportModel

/// Decides the record's kind and title by its parts.
///
/// Source: record schema, "The record's `kind` when there are several parts".
struct KindRecogniser: Recogniser {
    func recognise(_ draft: inout Draft) {
        let parts = draft.record.parts
        let deciding: Part?
        if let part = parts.first(where: { $0.kind == .finalAccountExplanation }) {
            draft.record.kind = ReportKind.finalAccount.text
            deciding = part
        } else if let part = parts.first(where: { $0.kind.isAboutDepartment }) {
            draft.record.kind = ReportKind.overall.text
            deciding = part
        } else if let part = parts.first(where: { $0.kind.isAboutProject }) {
            let names = ProjectName.all(draft)
            draft.record.kind = ReportKind.project(names.count == 1 ? names[0] : nil).text
            deciding = part
        } else if let part = parts.first(where: { $0.kind == .threePublicExplanation }) {
            draft.record.kind = ReportKind.threePublic.text
            deciding = part
        } else if let part = parts.first(where: { $0.kind == .baseDataTable }) {
            draft.record.kind = ReportKind.baseData.text
            deciding = part
        } else {
            draft.record.kind = ReportKind.other.text
            deciding = parts.first
        }
        draft.record.title = deciding?.title ?? parts.lazy.compactMap(\.title).first
    }
}

extension PartKind {
    /// Whether a part speaks of one project.
    var isAboutProject: Bool {
        self == .projectSelfEvaluationTable || self == .projectSelfEvaluationReport
    }
}

/// Names of projects that parts are about.
enum ProjectName {
    static let labels: Set<String> = ["项目名称", "专项名称", "转移支付名称", "专项资金名称", "资金名称"]
    private static let endings = [
        "支出绩效", "绩效", "支出预算绩效", "预算绩效", "支出自评", "自评", "资金使用情况", "使用情况", "实施情况",
    ]

    /// The different names of the parts' projects, in order.
    static func all(_ draft: Draft) -> [String] {
        var names: [String] = []
        for value in draft.labelledValues where labels.contains(value.label) {
            let name = cleaned(value.value)
            guard name.unicodeScalars.count >= 2, name.unicodeScalars.count <= 80,
                !name.holds(anyOf: ["项目名称", "XX", "××"]),
                // The head of a list of projects: 项目名称 beside 预算数.
                ColumnHeading.ofMoney(Array(name.unicodeScalars)) == nil
            else { continue }
            if !names.contains(name) { names.append(name) }
        }
        if !names.isEmpty { return names }
        for part in draft.record.parts where part.kind.isAboutProject {
            guard let title = part.title,
                let name = name(inTitle: title, draft)
                    ?? nameBelow(part.place.block, draft)
            else { continue }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// A name without the code in front, stars and white space.
    private static func cleaned(_ text: String) -> String {
        var name = UnitName.name(of: text.squeezed)
        while let first = name.first, first == "★" || first == "*" || first == "-" || first == "：" {
            name = String(name.dropFirst())
        }
        // 51090023T000008423456-项目: a project's code has letters in it.
        if let dash = name.unicodeScalars.firstIndex(of: "-") {
            let code = name.unicodeScalars[..<dash]
            if code.count >= 6, code.allSatisfy({ $0.isASCII }) {
                name = String(name.unicodeScalars[name.unicodeScalars.index(after: dash)...])
            }
        }
        return name
    }

    /// `（工会经费项目）` or `——工会经费项目` on the line below the title.
    private static func nameBelow(_ title: Int, _ draft: Draft) -> String? {
        let next = title + 1
        guard draft.document.blocks.indices.contains(next),
            draft.document.blocks[next].text.utf8.count <= 120
        else { return nil }
        let text = draft.document.blocks[next].text.squeezed
        let isBracketed = text.begins("（") && text.ends("）")
        guard isBracketed || text.begins("——") || text.begins("--") else { return nil }
        let core = String(text.drop { "（—-".contains($0) }).dropped("）")
        guard core.ends("项目") || core.ends("经费") || core.ends("资金") else { return nil }
        let name = core.dropped("项目")
        return name.unicodeScalars.count >= 2 && YearMark.scan(name.scalarArray).isEmpty
            ? name : nil
    }

    /// `2024年工会经费项目绩效自评报告` names 工会经费.
    private static func name(inTitle title: String, _ draft: Draft) -> String? {
        var text = title.squeezed
        text = TitleShape.quoted(text) ?? TitleShape.attachment(text) ?? text
        let scalars = text.scalarArray
        if let mark = YearMark.scan(scalars).last {
            text = (scalars[..<mark.start] + scalars[mark.end...]).string
        }
        let unit = draft.record.unit
        for form in [unit.name] + unit.aliases.map(Optional.some) {
            if let form, text.begins(form) { text = String(text.dropFirst(form.count)) }
        }
        text = text.begins("关于") ? String(text.dropFirst(2)) : text
        guard let cut = firstEnding(text) else { return nil }
        let name = cut.dropped("支出").dropped("项目").dropped("部门预算")
        // 淮北市相山区2024年度项目支出绩效自评表 names no project.
        if draft.divisions.split(unitName: name).rest.isEmpty { return nil }
        let generic = ["", "部门", "单位", "预算", "部门预算", "本级", "特定目标类", "特定目标类部门预算", "财政"]
        return generic.contains(name) || name.unicodeScalars.count < 2 ? nil : name
    }

    private static func firstEnding(_ text: String) -> String? {
        let scalars = text.scalarArray
        for index in scalars.indices {
            for ending in endings where scalars[index...].starts(with: ending.unicodeScalars) {
                return scalars[..<index].string
            }
        }
        return nil
    }
}
