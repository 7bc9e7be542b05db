import Glibc
import ReportModel

/// What changed between two versions, as a reviewer reads it.
struct DiffText {
    private let width: Int?
    private let hasColour: Bool
    private(set) var lines: [String] = []

    /// - Parameter width: columns of the terminal; nil, and no colour, when there is none.
    init(width: Int?) {
        self.width = width
        hasColour = width != nil && getenv("NO_COLOR") == nil
    }

    mutating func add(_ diff: JSONValue) {
        addHead(diff)
        addFields(diff["fields"]?.arrayValue ?? [])
        for name in ["amounts", "rates", "staffing", "scores", "projects"] {
            addValues(name, diff[name]?.arrayValue ?? [])
        }
        addIndicators(diff["indicators"]?.arrayValue ?? [])
        for name in ["problems", "improvements"] { addItems(name, diff[name]?.arrayValue ?? []) }
        addSections(diff["sections"]?.arrayValue ?? [])
        addFindings(diff["findings"]?.arrayValue ?? [])
        for name in ["parts", "sources", "unread"] { addItems(name, diff[name]?.arrayValue ?? []) }
        addText(diff["text"]?.arrayValue)
        for (name, count) in (diff["more"]?.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines.append(
                Wording.pick("… and more \(title(name)): ", "……另有\(title(name))变动：")
                    + CSVText.text(count)
            )
        }
    }

    private mutating func addHead(_ diff: JSONValue) {
        for (side, mark) in [("from", "-"), ("to", "+")] {
            let head = diff[side]
            let recorded = LocalTime.zonedStamp(head?["recordedAt"]?.stringValue ?? "")
            lines.append(
                paint(
                    "\(mark) \(CSVText.text(head?["key"]))@\(CSVText.text(head?["version"]))"
                        + "  \(recorded)  \(CSVText.text(head?["node"]))",
                    as: mark
                )
            )
        }
        if diff["identical"]?.boolValue == true {
            lines.append(Wording.pick("no differences", "没有差异"))
        }
    }

    private mutating func head(_ name: String, _ count: Int) {
        lines.append("")
        lines.append("\(title(name)) (\(count))")
    }

    private mutating func addFields(_ fields: [JSONValue]) {
        guard !fields.isEmpty else { return }
        head("fields", fields.count)
        var table = TextTable(columns + [Wording.pick("change", "变化")])
        for field in fields {
            table.append([
                "~", word(field["field"]?.stringValue ?? ""), cell(field["from"]),
                cell(field["to"]), MeasureText.signed(field["difference"]?.stringValue),
            ])
        }
        append(table, fields) { ($0["fromPlace"], $0["toPlace"]) }
    }

    private var columns: [String] {
        ["", Wording.pick("what", "项目"), Wording.pick("before", "原版"), Wording.pick("now", "新版")]
    }

    /// Amounts, rates, staff, scores, projects: one value a row, with both quotations below.
    private mutating func addValues(_ name: String, _ changes: [JSONValue]) {
        guard !changes.isEmpty else { return }
        head(name, changes.count)
        var table = TextTable(columns + [Wording.pick("difference", "差额"), "%"])
        for change in changes {
            let label = change["label"]?.stringValue ?? change["name"]?.stringValue ?? ""
            let role = change["role"]?.stringValue.map { " [\(roleWord(name, $0))]" } ?? ""
            table.append([
                mark(change), DisplayWidth.truncated(label, to: 40) + role,
                value(name, change["from"]), value(name, change["to"]),
                MeasureText.signed(change["difference"]?.stringValue),
                MeasureText.signed(change["percent"]?.stringValue, "%"),
            ])
        }
        append(table, changes) { ($0["from"]?["place"], $0["to"]?["place"]) }
    }

    private func roleWord(_ name: String, _ role: String) -> String {
        switch name {
        case "amounts": Wording.amountRole(role)
        case "rates": Wording.rateRole(role)
        case "staffing": Wording.staffRole(role)
        default: role
        }
    }

    private func value(_ name: String, _ side: JSONValue?) -> String {
        guard let side, !side.isNull else { return "-" }
        switch name {
        case "amounts":
            let about = side["approximate"]?.boolValue == true ? "约" : ""
            let sign = ["up": "+", "down": "-"][side["direction"]?.stringValue ?? ""] ?? ""
            return about + sign + MeasureText.number(side["yuan"]?.stringValue) + "元"
        case "rates": return CSVText.text(side["percent"]) + "%"
        case "staffing": return CSVText.text(side["count"])
        case "scores":
            return [side["total"], side["grade"]].map { CSVText.text($0) }.filter { !$0.isEmpty }
                .joined(separator: " ")
        default:
            return [side["budget"], side["executed"]].map { cell($0) }.joined(separator: " / ")
        }
    }

    private mutating func addIndicators(_ changes: [JSONValue]) {
        guard !changes.isEmpty else { return }
        head("indicators", changes.count)
        for change in changes {
            let sign = mark(change)
            let names = ["level1", "level2", "level3"].compactMap { change[$0]?.stringValue }
            lines.append(paint("  \(sign) " + names.joined(separator: " › "), as: sign))
            if change["renamed"]?.boolValue == true {
                let old = ["level1", "level2", "level3"].compactMap {
                    change["from"]?[$0]?.stringValue
                }
                lines.append(
                    "      " + Wording.pick("was named ", "原名：") + old.joined(separator: " › ")
                )
            }
            var table = TextTable([
                "", Wording.pick("cell", "栏目"), Wording.pick("before", "原版"),
                Wording.pick("now", "新版"),
            ])
            let cells = ["target", "actual", "unit", "weight", "score", "note"]
            for name in cells {
                let (left, right) =
                    change["change"]?.stringValue == "changed"
                    ? (change["cells"]?[name]?["from"], change["cells"]?[name]?["to"])
                    : (change["from"]?[name], change["to"]?[name])
                guard !CSVText.text(left).isEmpty || !CSVText.text(right).isEmpty else { continue }
                table.append(["", word(name), cell(left), cell(right)])
            }
            let shown = table.lines(width: width.map { $0 - 4 }).dropFirst()
            lines += shown.map { "    " + $0 }
            addQuotes(change, change["from"]?["place"], change["to"]?["place"])
        }
    }

    private mutating func addItems(_ name: String, _ changes: [JSONValue]) {
        guard !changes.isEmpty else { return }
        head(name, changes.count)
        for change in changes {
            for (side, sign) in [("from", "-"), ("to", "+")] {
                guard let value = change[side], !value.isNull else { continue }
                let texts = ["text", "name", "title", "kind", "what", "reason"].compactMap {
                    member in
                    value[member]?.stringValue.map { member == "kind" ? Wording.part($0) : $0 }
                }
                lines.append(paint("  \(sign) " + single(texts.joined(separator: "  ")), as: sign))
            }
        }
    }

    private mutating func addSections(_ changes: [JSONValue]) {
        guard !changes.isEmpty else { return }
        head("sections", changes.count)
        for change in changes {
            let count = change["facts"]?.integerValue ?? 0
            let facts = count == 0 ? "" : Wording.pick("  (\(count) facts)", "  （\(count) 项事实有变）")
            if change["change"]?.stringValue == "facts" {
                lines.append("  ~ " + CSVText.text(change["title"]) + facts)
                continue
            }
            for (side, sign) in [("from", "-"), ("to", "+")] {
                guard let value = change[side], !value.isNull else { continue }
                let number = CSVText.text(value["number"])
                let isLast = sign == "+" || change["to"]?.isNull == true
                lines.append(
                    paint(
                        "  \(sign) \(number) \(CSVText.text(value["title"]))"
                            + (isLast ? facts : ""),
                        as: sign
                    )
                )
            }
        }
    }

    private mutating func addFindings(_ changes: [JSONValue]) {
        guard !changes.isEmpty else { return }
        head("findings", changes.count)
        for (state, sign) in [("gone", "-"), ("new", "+"), ("still", "=")] {
            for change in changes where change["change"]?.stringValue == state {
                let severity = Wording.severity(change["severity"]?.stringValue ?? "")
                lines.append(
                    paint(
                        "  \(sign) [\(severity)] \(CSVText.text(change["rule"])) "
                            + single(CSVText.text(change["message"])),
                        as: sign
                    )
                )
            }
        }
    }

    private mutating func addText(_ changed: [JSONValue]?) {
        guard let changed else { return }
        head("text", changed.count { !$0.isNull })
        for line in changed {
            guard let text = line.stringValue else {
                lines.append("  ⋯")
                continue
            }
            lines.append(paint("  " + text, as: String(text.prefix(1))))
        }
    }

    /// Rows of a table, each with the quotations of both sides below.
    private mutating func append(
        _ table: TextTable,
        _ changes: [JSONValue],
        places: (JSONValue) -> (JSONValue?, JSONValue?)
    ) {
        let shown = table.lines(width: width.map { $0 - 2 })
        lines.append("  " + (shown.first ?? ""))
        for (line, change) in zip(shown.dropFirst(), changes) {
            lines.append(paint("  " + line, as: String(line.prefix(1))))
            let (left, right) = places(change)
            addQuotes(change, left, right)
        }
    }

    /// Quotations of both sides with their places, and the heading under which the change stands.
    private mutating func addQuotes(_ change: JSONValue, _ left: JSONValue?, _ right: JSONValue?) {
        for (place, sign) in [(left, "-"), (right, "+")] {
            guard let quote = place?["quote"]?.stringValue, !quote.isEmpty else { continue }
            let parts = ["page", "sheet", "cell"].compactMap { name in
                place?[name].map { "\(word(name)) \(CSVText.text($0))" }
            }
            let position = parts.isEmpty ? "" : "  (" + parts.joined(separator: ", ") + ")"
            lines.append(paint("      \(sign) 「\(single(quote))」\(position)", as: sign))
        }
        guard let heading = change["section"]?.stringValue, !heading.isEmpty else { return }
        lines.append("      § " + single(heading))
    }

    private func mark(_ change: JSONValue) -> String {
        ["added": "+", "removed": "-"][change["change"]?.stringValue ?? ""] ?? "~"
    }

    private func cell(_ value: JSONValue?) -> String {
        let text = single(CSVText.text(value))
        return text.isEmpty ? "-" : DisplayWidth.truncated(text, to: 48)
    }

    private func single(_ text: String) -> String {
        let line = String(text.map { $0.isNewline ? " " : $0 })
        return width.map { DisplayWidth.truncated(line, to: max(20, $0 - 10)) } ?? line
    }

    private func paint(_ line: String, as mark: String) -> String {
        guard hasColour else { return line }
        let code = ["-": "31", "+": "32", "~": "33"][mark]
        return code.map { "\u{1B}[\($0)m\(line)\u{1B}[0m" } ?? line
    }

    private func title(_ name: String) -> String {
        switch name {
        case "fields": Wording.pick("Fields", "基本信息")
        case "amounts": Wording.pick("Amounts", "金额")
        case "rates": Wording.pick("Rates", "比率")
        case "staffing": Wording.pick("Staff", "人员")
        case "scores": Wording.pick("Scores", "总分")
        case "projects": Wording.pick("Projects", "项目")
        case "indicators": Wording.pick("Indicators", "指标")
        case "problems": Wording.pick("Problems", "存在问题")
        case "improvements": Wording.pick("Improvements", "改进措施")
        case "sections": Wording.pick("Sections", "章节")
        case "findings": Wording.pick("Findings", "疑点")
        case "parts": Wording.pick("Parts", "组成部分")
        case "sources": Wording.pick("Files", "文件")
        case "text": Wording.pick("Lines", "正文")
        default: Wording.pick("Not read", "未能读取")
        }
    }

    private func word(_ name: String) -> String {
        let words = [
            "key": "编号", "year": "年度", "kind": "类型", "title": "标题", "reportDate": "填报日期",
            "score": "得分", "grade": "等级", "executionRate": "执行率", "unit.name": "单位",
            "unit.shortName": "单位简称", "unit.scope": "范围", "region.code": "区划代码",
            "region.province": "省", "region.city": "市", "region.district": "区县",
            "region.local": "本地区划", "parser": "解析版本", "rules": "规则版本", "target": "目标值",
            "actual": "完成值", "unit": "单位", "weight": "分值", "note": "备注", "page": "第页",
            "sheet": "工作表", "cell": "单元格",
        ]
        return Wording.pick(name, words[name] ?? name)
    }
}
