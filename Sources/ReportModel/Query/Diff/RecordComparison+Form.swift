extension RecordComparison {
    private static let paths = [
        "key", "year", "kind", "title", "reportDate", "score", "grade", "executionRate",
        "unit.name", "unit.shortName", "unit.scope", "region.code", "region.province",
        "region.city", "region.district", "region.local", "parser", "rules", "schema",
    ]

    /// Fields that a record has once.
    var fields: [JSONValue] {
        Self.paths.compactMap { path in
            let (left, right) = (Self.value(path, old), Self.value(path, new))
            guard left != right else { return nil }
            var members: [String: JSONValue] = [
                "field": .string(path), "from": Self.clipped(left), "to": Self.clipped(right),
                "change": "changed", "fromPlace": Self.place(of: path, left, in: old),
                "toPlace": Self.place(of: path, right, in: new),
            ]
            if path == "score" || path == "executionRate" {
                members["difference"] = Self.difference(left, right)["difference"]
            }
            return .object(members)
        }
    }

    private static func value(_ path: String, _ record: JSONValue) -> JSONValue {
        var value = record
        for step in path.split(separator: ".") { value = value[String(step)] ?? .null }
        return value
    }

    /// Where a score or a rate stands: the first place that states the same.
    private static func place(
        of path: String,
        _ value: JSONValue,
        in record: JSONValue
    ) -> JSONValue {
        let (list, field) =
            switch path {
            case "score": ("scores", "total")
            case "grade": ("scores", "grade")
            case "executionRate": ("rates", "percent")
            default: ("", "")
            }
        guard !value.isNull else { return .null }
        let found = record[list]?.arrayValue?.first { $0[field] == value }
        return found?["place"].map { clipped($0) } ?? .null
    }

    var parts: [JSONValue] {
        let (before, after) = lists("parts")
        let match = ListMatch(
            before,
            after,
            by: [Self.name(["kind", "title"]), Self.name(["kind"])]
        )
        return changes(
            "parts",
            match,
            shown: ["kind", "title"],
            compared: ["kind", "title"],
            label: ["kind"]
        )
    }

    /// Headings: new, gone, renamed or with another number; and those with changed facts below.
    func sections(_ facts: [JSONValue]) -> [JSONValue] {
        let (before, after) = lists("sections")
        let match = ListMatch(
            before,
            after,
            by: [
                Self.name(["title", "number", "level"]), Self.name(["title", "level"]),
                Self.name(["title"]),
            ],
            likeness: { section in section["title"]?.stringValue.map { ("", $0) } }
        )
        var counts: [String: Int] = [:]
        for fact in facts {
            if let title = fact["section"]?.stringValue { counts[title, default: 0] += 1 }
        }
        var result = changes(
            "sections",
            match,
            shown: ["number", "title", "level"],
            compared: ["number", "title", "level"],
            label: ["title"]
        ).map { change -> JSONValue in
            var members = change.objectValue ?? [:]
            let title = members["title"]?.stringValue ?? ""
            members["section"] = nil
            members["facts"] = .integer(counts.removeValue(forKey: title) ?? 0)
            return .object(members)
        }
        for section in after {
            guard let title = section["title"]?.stringValue,
                let count = counts.removeValue(forKey: title)
            else { continue }
            result.append([
                "change": "facts", "title": .string(title), "facts": .integer(count), "from": nil,
                "to": nil,
            ])
        }
        return result
    }

    /// Findings by fingerprint: new, gone, and still there.
    var findings: [JSONValue] {
        let (before, after) = lists("findings")
        let match = ListMatch(
            before,
            after,
            by: [Self.name(["fingerprint", "message"]), { $0["fingerprint"]?.stringValue }]
        )
        func entry(_ word: String, _ finding: JSONValue) -> JSONValue {
            var members: [String: JSONValue] = ["change": .string(word)]
            for field in ["rule", "severity", "message", "stated", "computed", "fingerprint"] {
                members[field] = Self.clipped(finding[field] ?? .null)
            }
            let quotes = (finding["places"]?.arrayValue ?? []).compactMap { $0["quote"] }
            members["quotes"] = .array(quotes.prefix(4).map { Self.clipped($0) })
            return .object(members)
        }
        return match.added.map { entry("new", after[$0]) }
            + match.removed.map { entry("gone", before[$0]) }
            + match.pairs.map { entry("still", after[$0.new]) }
    }

    var sources: [JSONValue] {
        let (before, after) = lists("sources")
        let match = ListMatch(before, after, by: [Self.name(["sha256"]), Self.name(["name"])])
        return changes(
            "sources",
            match,
            shown: ["name", "format", "bytes", "sha256", "pages"],
            compared: ["name", "sha256"],
            label: ["name"]
        )
    }

    var unread: [JSONValue] {
        let (before, after) = lists("unread")
        let match = ListMatch(before, after, by: [Self.name(["what", "reason"])])
        return changes(
            "unread",
            match,
            shown: ["what", "reason"],
            compared: ["what", "reason"],
            label: ["what"]
        )
    }
}
