import ReportModel

/// Rows of `list`, of candidates and of histories as a table.
enum RecordTable {
    /// The rows, with a column for what reviewers said where they said something.
    static func lines(_ rows: [JSONValue], width: Int?) -> [String] {
        let isJudged = rows.contains { $0["comment"] != nil }
        var table = TextTable(
            [
                Wording.pick("key", "编号"), Wording.pick("version", "版本"),
                Wording.pick("status", "状态"), Wording.pick("score", "得分"),
                Wording.pick("findings", "疑点"), Wording.pick("unit", "单位"),
            ] + (isJudged ? [Wording.pick("comment", "意见")] : [])
        )
        for row in rows {
            let isWithheld = row["withheld"]?.boolValue == true
            let absent = Wording.pick("(erased, or not sent here)", "（已依法删除或未收到）")
            table.append(
                [
                    row["key"]?.stringValue ?? "",
                    row["version"]?.integerValue.map { String($0) } ?? "",
                    Wording.status(row["status"]?.stringValue ?? ""),
                    isWithheld ? "?" : row["score"]?.stringValue ?? "-",
                    isWithheld ? "?" : findings(row["findings"]),
                    isWithheld ? absent : row["unit"]?.stringValue ?? "-",
                ] + (isJudged ? [row["comment"]?.stringValue ?? "-"] : [])
            )
        }
        return table.lines(width: width)
    }

    /// `2 high 1 low`, or `-` for none.
    static func findings(_ counts: JSONValue?) -> String {
        let words = ["high", "medium", "low", "info"].compactMap { word -> String? in
            guard let count = counts?[word]?.integerValue, count > 0 else { return nil }
            return Wording.isChinese
                ? "\(Wording.severity(word))\(count)" : "\(count) \(word)"
        }
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }

    static func history(_ items: [JSONValue], width: Int?) -> [String] {
        var table = TextTable([
            Wording.pick("version", "版本"), Wording.pick("entry", "记录"),
            LocalTime.title("recorded", "登记时间"), Wording.pick("node", "节点"),
            Wording.pick("by", "经办"), Wording.pick("status", "状态"),
            Wording.pick("findings", "疑点"), Wording.pick("files, or what was said", "文件或内容"),
        ])
        for item in items {
            let files = item["sources"]?.arrayValue?.compactMap(\.stringValue) ?? []
            let isVersion = item["number"]?.integerValue != 0
            let detail = item["detail"]
            table.append([
                isVersion
                    ? item["id"]?.stringValue ?? ""
                    : EntryWords.about(item).map { "(\($0))" } ?? "-",
                EntryWords.kind(item["kind"]?.stringValue ?? ""),
                LocalTime.stamp(item["recordedAt"]?.stringValue ?? ""),
                item["node"]?.stringValue ?? "", EntryWords.author(detail) ?? "-",
                EntryWords.status(item) ?? "-",
                findings(item["findings"]),
                isVersion
                    ? files.joined(separator: ", ") + EntryWords.origin(detail)
                    : EntryWords.saying(item),
            ])
        }
        return table.lines(width: width)
    }
}

/// Times as people in the office read them.
enum LocalTime {
    /// `2024-05-30 16:01:02` of a UTC time as stored; other text stays.
    ///
    /// For cells of a column whose ``title(_:_:)`` says the zone.
    static func text(_ utc: String) -> String {
        Timestamp(parsing: utc)?.officeText ?? utc
    }

    /// ``text(_:)`` of the stamp of an entry, with a word when it is more than 24 hours ahead of this clock.
    static func stamp(_ utc: String) -> String { text(utc) + flag(utc) }

    /// ``zoned(_:)`` of the stamp of an entry, with a word when it is more than 24 hours ahead of this clock.
    static func zonedStamp(_ utc: String) -> String { zoned(utc) + flag(utc) }

    private static func flag(_ utc: String) -> String {
        guard Timestamp(parsing: utc)?.isAhead(of: .now) == true else { return "" }
        return Wording.pick(" (ahead of the clock)", "（超前于本机时间）")
    }

    /// `2024-05-30 16:01:02 +08:00` of a UTC time as stored; other text stays.
    static func zoned(_ utc: String) -> String {
        Timestamp(parsing: utc)?.zonedOfficeText ?? utc
    }

    /// The title of a column of times, with their zone.
    static func title(_ english: String, _ chinese: String) -> String {
        "\(Wording.pick(english, chinese)) \(Timestamp.officeZone)"
    }
}
