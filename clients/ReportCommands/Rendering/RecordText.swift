import ReportModel

/// One record as people read it.
struct RecordText {
    private let record: JSONValue
    private(set) var lines: [String] = []

    init(_ record: JSONValue) {
        self.record = record
        addHead()
        addFacts()
        addIndicators()
        addList("problems", Wording.pick("Problems", "存在问题"))
        addList("improvements", Wording.pick("Improvements", "改进措施"))
        lines += FindingText.lines(record["findings"]?.arrayValue ?? [])
    }

    private mutating func add(_ label: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        lines.append(DisplayWidth.padded(label, to: 12) + "  " + value)
    }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private mutating func addHead() {
        let version = record["version"]
        add(Wording.pick("key", "编号"), record["key"]?.stringValue)
        if let number = version?["number"]?.integerValue {
            let status = Wording.status(record["status"]?.stringValue ?? "")
            let recorded = LocalTime.zonedStamp(version?["recordedAt"]?.stringValue ?? "")
            let node = version?["node"]?.stringValue ?? ""
            add(Wording.pick("version", "版本"), "\(number)  \(status)  \(recorded)  \(node)")
        }
        add(Wording.pick("comment", "审核意见"), version?["comment"]?.stringValue.map(Self.line))
        let conflict = version?["conflict"]?.arrayValue?.compactMap(\.stringValue) ?? []
        add(Wording.pick("conflict", "版本冲突"), conflict.joined(separator: ", "))
        add(Wording.pick("title", "标题"), record["title"]?.stringValue)
        add(Wording.pick("unit", "单位"), record["unit"]?["name"]?.stringValue)
        let region = ["province", "city", "district"].compactMap {
            record["region"]?[$0]?.stringValue
        }
        add(Wording.pick("region", "地区"), region.joined(separator: " "))
        add(Wording.pick("year", "年度"), record["year"]?.integerValue.map { String($0) })
        add(Wording.pick("kind", "类型"), record["kind"]?.stringValue)
        add(Wording.pick("date", "填报日期"), record["reportDate"]?.stringValue)
        let score = [record["score"]?.stringValue, record["grade"]?.stringValue]
        add(Wording.pick("score", "得分"), score.compactMap { $0 }.joined(separator: "  "))
        add(
            Wording.pick("execution", "执行率"),
            record["executionRate"]?.stringValue.map { $0 + "%" }
        )
        let files = record["sources"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        add(Wording.pick("files", "文件"), files.joined(separator: ", "))
    }

    private mutating func addFacts() {
        let staffing = record["staffing"]?.arrayValue ?? []
        add(
            Wording.pick("staff", "人员"),
            staffing.map { item in
                (item["label"]?.stringValue ?? "") + " " + (item["count"]?.stringValue ?? "")
                    + (item["unit"]?.stringValue ?? "")
            }.joined(separator: "；")
        )
        let amounts = record["amounts"]?.arrayValue ?? []
        guard !amounts.isEmpty else { return }
        lines.append("")
        lines.append(Wording.pick("Amounts (\(amounts.count))", "金额（\(amounts.count) 项）"))
        var table = TextTable([
            Wording.pick("label", "名称"), Wording.pick("value", "数值"), Wording.pick("role", "性质"),
        ])
        for amount in amounts {
            let approximate = amount["approximate"]?.boolValue == true ? "约" : ""
            let sign = ["up": "+", "down": "-"][amount["direction"]?.stringValue ?? ""] ?? ""
            table.append([
                DisplayWidth.truncated(amount["label"]?.stringValue ?? "", to: 44),
                approximate + sign + (amount["value"]?.stringValue ?? "")
                    + (amount["unit"]?.stringValue ?? ""),
                Wording.amountRole(amount["role"]?.stringValue ?? ""),
            ])
        }
        lines += table.lines(width: Output.terminalWidth()).map { "  " + $0 }
    }

    private mutating func addIndicators() {
        let rows = record["indicators"]?.arrayValue ?? []
        guard !rows.isEmpty else { return }
        lines.append("")
        lines.append(Wording.pick("Indicators (\(rows.count))", "指标（\(rows.count) 行）"))
        var table = TextTable([
            Wording.pick("indicator", "指标"), Wording.pick("target", "目标值"),
            Wording.pick("actual", "完成值"), Wording.pick("weight", "分值"),
            Wording.pick("score", "得分"),
        ])
        for row in rows {
            let name =
                row["level3"]?.stringValue ?? row["level2"]?.stringValue
                ?? row["level1"]?.stringValue ?? ""
            table.append([
                DisplayWidth.truncated(name, to: 40),
                DisplayWidth.truncated(row["target"]?.stringValue ?? "-", to: 24),
                DisplayWidth.truncated(row["actual"]?.stringValue ?? "-", to: 24),
                row["weight"]?.stringValue ?? "-", row["score"]?.stringValue ?? "-",
            ])
        }
        lines += table.lines(width: Output.terminalWidth()).map { "  " + $0 }
    }

    private mutating func addList(_ name: String, _ title: String) {
        let items = record[name]?.arrayValue ?? []
        guard !items.isEmpty else { return }
        lines.append("")
        lines.append(title)
        for (index, item) in items.enumerated() {
            lines.append("  \(index + 1). " + (item["text"]?.stringValue ?? ""))
        }
    }
}

/// Names and telephone numbers as people read them.
enum PeopleText {
    static func lines(_ people: JSONValue) -> [String] {
        let rows = people.arrayValue ?? []
        guard !rows.isEmpty else { return [Wording.pick("no names", "没有人员姓名和电话")] }
        var table = TextTable([
            Wording.pick("role", "身份"), Wording.pick("name or number", "姓名或电话"),
        ])
        for row in rows {
            table.append([row["role"]?.stringValue ?? "-", row["name"]?.stringValue ?? ""])
        }
        return table.lines(width: nil)
    }
}

/// Findings grouped by severity, with the quoted sentences.
enum FindingText {
    static func lines(_ findings: [JSONValue]) -> [String] {
        guard !findings.isEmpty else { return ["", Wording.pick("No findings", "未发现疑点")] }
        var lines: [String] = []
        for severity in ["high", "medium", "low", "info"] {
            let group = findings.filter { $0["severity"]?.stringValue == severity }
            guard !group.isEmpty else { continue }
            lines.append("")
            lines.append(
                Wording.pick("Findings: \(severity)", "疑点·\(Wording.severity(severity))")
                    + " (\(group.count))"
            )
            for finding in group {
                let rule = finding["rule"]?.stringValue ?? ""
                let print = finding["fingerprint"]?.stringValue ?? ""
                lines.append(
                    "  [\(rule) \(print.prefix(8))] " + (finding["message"]?.stringValue ?? "")
                )
                if let explained = finding["explained"] {
                    let by = explained["by"]?.stringValue.map { "（\($0)）" } ?? ""
                    lines.append(
                        "      " + Wording.pick("explained: ", "已说明：")
                            + (explained["text"]?.stringValue ?? "") + by
                    )
                }
                var quotes: [String] = []
                for place in finding["places"]?.arrayValue ?? [] {
                    guard let quote = place["quote"]?.stringValue, !quotes.contains(quote) else {
                        continue
                    }
                    quotes.append(quote)
                    let single = String(quote.map { $0.isNewline ? " " : $0 })
                    lines.append("      「\(DisplayWidth.truncated(single, to: 100))」")
                }
            }
        }
        return lines
    }
}
