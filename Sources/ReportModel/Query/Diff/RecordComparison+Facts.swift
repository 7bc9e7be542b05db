extension RecordComparison {
    /// Amounts by role and label; the same value first, so that a moved line is no change.
    var amounts: [JSONValue] {
        let (before, after) = lists("amounts")
        let name = ["role", "label", "project", "functionCode"]
        let match = ListMatch(
            before,
            after,
            by: [
                Self.name(name + ["yuan", "year"]), Self.name(name + ["year"]), Self.name(name),
                Self.name(["label", "project", "yuan"]), Self.name(["label", "project"]),
            ],
            likeness: { amount in
                guard let label = amount["label"]?.stringValue else { return nil }
                return (amount["role"]?.stringValue ?? "", label)
            }
        )
        return changes(
            "amounts",
            match,
            shown: ["value", "unit", "yuan", "role", "label", "approximate", "direction"],
            compared: ["yuan", "role", "label", "approximate", "direction"],
            label: ["label", "role", "project"]
        ) { left, right in
            Self.difference(left["yuan"], right["yuan"])
        }
    }

    /// Difference and per cent of two numbers as printed.
    static func difference(_ left: JSONValue?, _ right: JSONValue?) -> [String: JSONValue] {
        guard let old = left?.stringValue.flatMap({ ExactDecimal(printed: $0) }),
            let new = right?.stringValue.flatMap({ ExactDecimal(printed: $0) })
        else { return ["difference": nil, "percent": nil] }
        let difference = new - old
        return [
            "difference": .string(difference.plainText),
            "percent": .optional(difference.percent(of: old)?.plainText),
        ]
    }

    var rates: [JSONValue] {
        let (before, after) = lists("rates")
        let match = ListMatch(
            before,
            after,
            by: [
                Self.name(["role", "label", "percent"]), Self.name(["role", "label"]),
                Self.name(["label"]),
            ],
            likeness: { rate in
                rate["label"]?.stringValue.map { (rate["role"]?.stringValue ?? "", $0) }
            }
        )
        return changes(
            "rates",
            match,
            shown: ["percent", "role", "label", "direction", "weight", "score"],
            compared: ["percent", "role", "label", "direction", "weight", "score"],
            label: ["label", "role"]
        ) { left, right in
            var members = Self.difference(left["percent"], right["percent"])
            members["percent"] = nil
            return members
        }
    }

    var staffing: [JSONValue] {
        let (before, after) = lists("staffing")
        let match = ListMatch(
            before,
            after,
            by: [
                Self.name(["role", "label", "unit", "count"]),
                Self.name(["role", "label", "unit"]), Self.name(["role"]),
            ]
        )
        return changes(
            "staffing",
            match,
            shown: ["count", "unit", "role", "label"],
            compared: ["count", "unit", "role", "label"],
            label: ["label", "role"]
        ) { left, right in
            var members = Self.difference(left["count"], right["count"])
            members["percent"] = nil
            return members
        }
    }

    var scores: [JSONValue] {
        let (before, after) = lists("scores")
        let match = ListMatch(
            before,
            after,
            by: [
                Self.name(["total", "full", "grade", "part"]), Self.name(["part"]), { _ in "" },
            ]
        )
        return changes(
            "scores",
            match,
            shown: ["total", "full", "grade"],
            compared: ["total", "full", "grade"],
            label: []
        )
    }

    var projects: [JSONValue] {
        let (before, after) = lists("projects")
        let match = ListMatch(
            before,
            after,
            by: [
                Self.name(["code", "name"]), Self.name(["name"]),
                { $0["code"]?.stringValue },
            ],
            likeness: { project in project["name"]?.stringValue.map { ("", $0) } }
        )
        return changes(
            "projects",
            match,
            shown: ["name", "code", "budget", "executed", "unit"],
            compared: ["name", "code", "budget", "executed", "unit"],
            label: ["name"]
        )
    }

    /// Rows of indicator tables by the path of their names; renamed rows by likeness.
    var indicators: [JSONValue] {
        let (before, after) = lists("indicators")
        let path = ["level1", "level2", "level3"]
        let match = ListMatch(
            before,
            after,
            by: [
                Self.name(path + ["project", "target"]), Self.name(path + ["project"]),
                Self.name(path), { $0["level3"]?.stringValue.map { Self.normal($0) } },
            ],
            likeness: { row in
                let name = path.reversed().lazy.compactMap { row[$0]?.stringValue }.first
                return name.map { ("", $0) }
            }
        )
        let cells = ["target", "actual", "unit", "weight", "score", "note"]
        return changes(
            "indicators",
            match,
            shown: path + cells,
            compared: path + cells,
            label: path + ["project"]
        ) { left, right in
            var changed: [String: JSONValue] = [:]
            for cell in cells where left[cell] ?? .null != right[cell] ?? .null {
                changed[cell] = [
                    "from": Self.clipped(left[cell] ?? .null),
                    "to": Self.clipped(right[cell] ?? .null),
                ]
            }
            let isRenamed = path.contains { left[$0] ?? .null != right[$0] ?? .null }
            return ["cells": .object(changed), "renamed": .bool(isRenamed)]
        }
    }

    /// Problems or improvements.
    func items(_ name: String) -> [JSONValue] {
        let (before, after) = lists(name)
        let match = ListMatch(
            before,
            after,
            by: [Self.name(["text"])],
            likeness: { item in item["text"]?.stringValue.map { ("", $0) } }
        )
        return changes(name, match, shown: ["text"], compared: ["text"], label: [])
    }
}
