import ReportModel

/// The one row of a record in the wide table.
enum RecordRow {
    static let columns: [TableColumn] =
        [
            TableColumn("key", "编号", width: 40), TableColumn("year", "年度", width: 7),
            TableColumn("province", "省"), TableColumn("city", "市"), TableColumn("district", "县区"),
            TableColumn("unit", "单位", width: 20), TableColumn("kind", "类别", width: 10),
            TableColumn("project", "项目", width: 20), TableColumn("version", "版本", width: 6),
            TableColumn("id", "版本号"), TableColumn("status", "状态", width: 10),
            TableColumn("recordedAt", "入库时间", width: 20), TableColumn("score", "得分", width: 8),
            TableColumn("grade", "等级", width: 8), TableColumn("executionRate", "预算执行率（%）"),
        ]
        + StaffingRole.all.map { TableColumn("staffing." + $0.role, $0.title, width: 10) }
        + AmountRole.simple.map(amountColumn)
        + [
            TableColumn("several", "有多个值的金额", width: 20),
            TableColumn("findings.high", "高", width: 6),
            TableColumn("findings.medium", "中", width: 6),
            TableColumn("findings.low", "低", width: 6),
            TableColumn("findings.info", "提示", width: 6),
            TableColumn("title", "标题", width: 40), TableColumn("sources", "文件", width: 30),
            TableColumn("unitName", "单位全称", width: 30), TableColumn("regionCode", "区划代码"),
            TableColumn("reportDate", "填报日期", width: 12), TableColumn("node", "节点"),
            TableColumn("conflict", "并列版本"),
        ]
        + AmountRole.combined.map(amountColumn)

    private static func amountColumn(_ role: AmountRole.Titled) -> TableColumn {
        TableColumn("yuan." + role.role, role.title + "（元）", width: 18)
    }

    static func cells(of exported: ExportedRecord) -> [TableCell] {
        let record = exported.record
        let key = exported.key
        let findings = FindingCounts(record.findings)
        let amounts = amounts(of: record)
        let identity: [TableCell] = [
            .text(key.text), .integer(key.year), .optional(record.region.province),
            .text(key.city), .optional(key.district), .text(key.unit), .text(key.kind.word),
            .optional(key.project), .integer(exported.number), .text(exported.id),
            .optional(exported.status, title: WordTitle.status), .time(exported.recordedAt),
            .decimal(record.score), .optional(record.grade), .decimal(record.executionRate),
        ]
        let staffing = StaffingRole.all.map { role in
            TableCell.decimal(record.staffing.first { $0.role == role.role }?.count)
        }
        let rest: [TableCell] = [
            .optional(amounts.several.joined(separator: "; ")), .integer(findings.high),
            .integer(findings.medium), .integer(findings.low), .integer(findings.info),
            .optional(record.title),
            .optional(record.sources.map(\.name).joined(separator: "; ")),
            .optional(record.unit.name), .optionalCode(record.region.code),
            .date(record.reportDate), .optional(exported.node),
            .optional(exported.conflict.joined(separator: "; ")),
        ]
        return identity + staffing + amounts.cells.prefix(AmountRole.simple.count) + rest
            + amounts.cells.suffix(AmountRole.combined.count)
    }

    /// For each role the first amount of the part that gave the record's kind, else the first of any
    /// part; and the roles that have more than one value.
    private static func amounts(of record: Record) -> (cells: [TableCell], several: [String]) {
        let main = mainPart(of: record)
        var byRole: [String: [Amount]] = [:]
        for amount in record.amounts { byRole[amount.role, default: []].append(amount) }
        var several: [String] = []
        let cells = AmountRole.all.map { role -> TableCell in
            let all = byRole[role.role] ?? []
            if Set(all.map(signed)).count > 1 { several.append(role.role) }
            return .money((all.first { $0.part == main } ?? all.first).map(signed))
        }
        return (cells, several)
    }

    /// The value in 元, below zero when the text says that it went down.
    private static func signed(_ amount: Amount) -> String {
        amount.direction == "down" && TableCell.isPlain(amount.yuan) && !amount.yuan.hasPrefix("-")
            ? "-" + amount.yuan : amount.yuan
    }

    /// Index of the part whose kind is the record's.
    ///
    /// Source: record schema, paragraph on the record's `kind`.
    private static func mainPart(of record: Record) -> Int? {
        let kinds = record.parts.map(\.kind)
        return switch ReportKind(record.kind) {
        case .finalAccount: kinds.firstIndex(of: .finalAccountExplanation)
        case .overall: kinds.firstIndex(where: \.isAboutDepartment)
        case .project:
            kinds.firstIndex {
                $0 == .projectSelfEvaluationTable || $0 == .projectSelfEvaluationReport
            }
        default: kinds.indices.first
        }
    }
}
