import ReportModel

/// Files of inboxes as people read them.
enum InboxText {
    static func word(_ outcome: String) -> String {
        switch outcome {
        case "accepted": Wording.pick("accepted", "已接收")
        case "duplicate": Wording.pick("duplicate", "重复")
        case "rejected": Wording.pick("rejected", "未接收")
        case "pending": Wording.pick("pending", "待处理")
        default: Wording.pick("waiting", "等待中")
        }
    }

    /// One file with everything that is known of it; several as a table.
    static func lines(_ answer: InboxQuestion.Answer, width: Int?) -> [String] {
        if answer.rows.count == 1, let row = answer.rows.first { return details(row) }
        guard !answer.rows.isEmpty else {
            return [Wording.pick("no file has an outcome yet", "还没有处理过文件")]
        }
        var table = TextTable([
            LocalTime.title("time", "时间"), Wording.pick("outcome", "结果"),
            Wording.pick("file", "文件"),
            LocalTime.title("city", "市级收件"), Wording.pick("record or reason", "记录或原因"),
        ])
        for row in answer.rows {
            table.append([
                row.time.map { String(LocalTime.text($0.description).prefix(16)) } ?? "–",
                word(row.outcome), row.file, city(row), summary(row),
            ])
        }
        return table.lines(width: width)
    }

    private static func city(_ row: InboxRow) -> String {
        guard row.outcome == "accepted" else { return "–" }
        guard let time = row.cityReceivedAt else { return Wording.pick("not yet", "尚未") }
        return String(LocalTime.text(time).prefix(16))
    }

    private static func summary(_ row: InboxRow) -> String {
        var words: [String] = []
        if let key = row.key, row.outcome == "accepted" || row.outcome == "duplicate" {
            words.append(key + (row.version.map { "@\($0)" } ?? ""))
        }
        if row.review["status"]?.stringValue == "returned" {
            words.append(Wording.pick("RETURNED", "已退回"))
        }
        if let reason = row.reason { words.append(reason) }
        return words.joined(separator: "  ")
    }

    private static func details(_ row: InboxRow) -> [String] {
        var lines: [String] = []
        func add(_ label: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append(DisplayWidth.padded(label, to: 10) + "  " + value)
        }
        add(Wording.pick("file", "文件"), row.file)
        add(Wording.pick("outcome", "结果"), word(row.outcome))
        add(Wording.pick("time", "时间"), row.time?.zonedOfficeText)
        add(Wording.pick("record", "记录"), row.key)
        add(
            Wording.pick("version", "版本"),
            row.version.map { "\($0)" + (row.id.map { " (\($0))" } ?? "") }
        )
        if !row.findings.isNull {
            add(Wording.pick("findings", "疑点"), RecordTable.findings(row.findings))
        }
        if row.outcome == "accepted" {
            add(
                Wording.pick("city", "市级收件"),
                row.cityReceivedAt.map {
                    LocalTime.zoned($0) + (row.cityName.map { "  \($0)" } ?? "")
                }
                    ?? Wording.pick("has not signed for it yet", "市级尚未签收")
            )
        }
        if let status = row.review["status"]?.stringValue {
            let by = row.review["by"]?.stringValue ?? ""
            let comment = row.review["comment"]?.stringValue.map { "  “\($0)”" } ?? ""
            add(Wording.pick("review", "审核"), Wording.status(status) + "  " + by + comment)
        }
        add(Wording.pick("reason", "原因"), row.reason)
        add(Wording.pick("to do", "怎么办"), row.advice)
        add(
            Wording.pick("lies in", "所在位置"),
            row.inbox + (row.folder.map { "/" + $0 } ?? "")
        )
        return lines
    }
}
