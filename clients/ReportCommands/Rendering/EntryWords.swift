import ReportModel

/// What entries of histories and audits say, in a few words for people.
enum EntryWords {
    /// The kind of an entry.
    static func kind(_ word: String) -> String {
        guard Wording.isChinese else { return word }
        return [
            "submit": "上报", "review": "审核", "retract": "撤回", "note": "说明", "reparse": "重新识别",
            "rekey": "改报", "erase": "依法删除", "override": "强制改写",
        ][word] ?? word
    }

    /// A part of a record's contents that can be erased.
    static func part(_ word: String) -> String {
        guard Wording.isChinese else { return word }
        return ["record": "登记内容", "people": "人员姓名和电话", "sources": "源文件", "notes": "说明和意见"][word]
            ?? word
    }

    /// Parts of contents, divided by commas.
    static func parts(_ words: JSONValue?) -> String {
        (words?.arrayValue ?? []).compactMap(\.stringValue).map(part)
            .joined(separator: Wording.pick(", ", "、"))
    }

    /// Who says what an entry says; nil when nobody is named.
    static func author(_ detail: JSONValue?) -> String? {
        detail?["by"]?.stringValue ?? detail?["author"]?.stringValue
    }

    /// The versions that an entry speaks of: one in full, several by their numbers.
    static func about(_ item: JSONValue) -> String? {
        let ids = (item["about"]?.arrayValue ?? []).compactMap(\.stringValue)
        guard ids.count > 1 else { return ids.first }
        var shown: [String] = []
        for id in ids {
            // A note has no number of its own.
            let number = id.prefix { $0 != "-" }
            let text = number == "0" ? id : "@" + number
            if !shown.contains(text) { shown.append(text) }
        }
        return shown.joined(separator: ", ")
    }

    /// The status of a version, or that which a judgement gives; nil for other entries.
    static func status(_ item: JSONValue) -> String? {
        guard item["detail"]?["verdict"] != "undo" else { return Wording.pick("undone", "意见撤销") }
        let isJudged = ["review", "retract", "rekey"].contains(item["kind"]?.stringValue)
        guard item["number"]?.integerValue != 0 || isJudged else { return nil }
        return Wording.status(item["status"]?.stringValue ?? "")
    }

    /// What an entry about versions says: words, finding, new key, parts, law.
    static func saying(_ item: JSONValue) -> String {
        let detail = item["detail"]
        var words: [String] = []
        switch item["kind"]?.stringValue {
        case "note":
            let text = detail?["text"]?.stringValue ?? ""
            let finding = detail?["fingerprint"]?.stringValue.map { "[\($0.prefix(8))] " } ?? ""
            guard detail?["text"] != nil else { break }
            words.append(
                finding + (text.isEmpty ? Wording.pick("note withdrawn", "说明已撤回") : text)
            )
        case "erase":
            words.append(parts(detail?["parts"]))
            words.append(detail?["reason"]?.stringValue ?? "")
            words.append(detail?["authority"]?.stringValue ?? "")
        default:
            words.append(detail?["to"]?.stringValue.map { "→ " + $0 } ?? "")
            words.append(change(detail, "parser", Wording.pick("parser", "解析程序")))
            words.append(change(detail, "rules", Wording.pick("rules", "规则")))
            words.append((detail?["comment"] ?? detail?["reason"])?.stringValue ?? "")
            words.append(forced(detail?["overridden"]))
        }
        return words.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// From where a version was moved, and why; nothing for one that was filed.
    static func origin(_ detail: JSONValue?) -> String {
        guard let from = detail?["from"]?.stringValue else { return "" }
        let reason = detail?["reason"]?.stringValue.map { "; " + $0 } ?? ""
        return "  ← " + from + reason
    }

    /// `parser 1 → 2` of a new reading; nothing when it stayed.
    private static func change(_ detail: JSONValue?, _ member: String, _ name: String) -> String {
        guard let from = detail?[member]?["from"], let to = detail?[member]?["to"], from != to
        else { return "" }
        return "\(name) \(text(from)) → \(text(to))"
    }

    private static func text(_ value: JSONValue) -> String {
        value.stringValue ?? (value.isNull ? "–" : value.canonicalText)
    }

    /// What was forced, with what the document said.
    private static func forced(_ overridden: JSONValue?) -> String {
        let members = overridden?.objectValue ?? [:]
        guard !members.isEmpty else { return "" }
        let fields = members.keys.sorted().map { name in
            field(name) + " " + text(members[name] ?? .null)
        }
        return Wording.pick("document said: ", "原文：")
            + fields.joined(separator: Wording.pick(", ", "、"))
    }

    private static func field(_ name: String) -> String {
        guard Wording.isChinese else { return name }
        return [
            "year": "年度", "province": "省", "city": "市", "district": "县区", "unit": "单位",
            "kind": "类型", "project": "项目", "region": "地区",
        ][name] ?? name
    }
}
