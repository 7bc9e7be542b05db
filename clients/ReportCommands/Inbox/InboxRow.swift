import ReportIntake
import ReportModel

/// One file that was dropped in an inbox, and what became of it; every text is safe to be shown.
struct InboxRow {
    /// The word of files that have no outcome.
    static let waiting = "waiting"

    var inbox: String
    var file: String
    var outcome: String
    /// Name of the folder that the file lies in; nil for one that waits where it was dropped.
    var folder: String?
    var time: Timestamp?
    var key: String?
    var version: Int?
    var id: String?
    var findings: JSONValue = nil
    var cityReceivedAt: String?
    var cityName: String?
    /// The last judgement: `{status, at, by, comment}`.
    var review: JSONValue = nil
    /// Why it was not stored; nil when it was.
    var code: String?
    var reason: String?
    var advice: String?
    /// Whether its receipt is there.
    var hasReceipt: Bool

    /// Names of the columns of a CSV table.
    static let columns = [
        "time", "file", "outcome", "key", "version", "findings.high", "findings.medium",
        "findings.low", "findings.info", "cityReceivedAt", "review.status", "review.comment",
        "code", "reason", "advice", "inbox", "folder",
    ]

    /// A file in an outcome folder.
    init(_ file: OutcomeFile, inbox: String) {
        self.inbox = SafeText.clean(inbox, limit: 4096)
        self.file = file.name
        outcome = file.folder.rawValue
        folder = file.folder.name
        time = file.time
        hasReceipt = file.receipt != nil
        guard let receipt = file.receipt else {
            reason = Wording.pick("the receipt is not there", "回执不在了")
            return
        }
        key = Self.text(receipt["key"])
        version = receipt["version"]?["number"]?.integerValue
        id = Self.text(receipt["version"]?["id"])
        findings = Self.counts(receipt["counts"])
        cityReceivedAt = Self.text(receipt["cityReceivedAt"])
        cityName = Self.text(receipt["cityName"])
        if let review = receipt["review"], !review.isNull {
            self.review = [
                "status": .optional(Self.text(review["status"])),
                "at": .optional(Self.text(review["at"])),
                "by": .optional(Self.text(review["by"])),
                "comment": .optional(Self.text(review["comment"])),
            ]
        }
        guard let error = receipt["error"], !error.isNull else { return }
        explain(ReportError(json: error))
    }

    /// A file without an outcome, as a node's status tells it.
    init(waiting json: JSONValue, inbox: String) {
        self.inbox = SafeText.clean(inbox, limit: 4096)
        file = Self.text(json["file"]) ?? ""
        outcome = Self.waiting
        hasReceipt = false
        code = Self.text(json["reason"])
        let words = WaitingWords(code ?? "", message: Self.text(json["message"]))
        reason = words.reason
        advice = words.advice
    }

    private mutating func explain(_ error: ReportError) {
        code = SafeText.line(error.code.rawValue)
        let words = ErrorAdvice(error)
        reason = Wording.pick(SafeText.line(error.message), words.reason)
        advice = error.hint.map { Wording.pick(SafeText.line($0), words.advice) } ?? words.advice
        guard error.code == .noKey, error.details["elsewhere"] == nil else { return }
        let names = (error.details["missing"]?.arrayValue ?? []).compactMap { Self.text($0) }
        let chinese = ["year": "年度", "region": "地区", "unit": "单位", "kind": "类型"]
        let list = names.map { Wording.pick($0, chinese[$0] ?? $0) }
            .joined(separator: Wording.pick(", ", "、"))
        reason = Wording.pick("missing: ", "缺少：") + list
        advice = Wording.pick(
            "fill in the form at the end of its receipt and save it",
            "在回执末尾填写后保存，系统会自动处理"
        )
    }

    private static func text(_ value: JSONValue?) -> String? {
        value?.stringValue.map { SafeText.line($0) }
    }

    private static func counts(_ value: JSONValue?) -> JSONValue {
        guard let value, !value.isNull else { return nil }
        var members: [String: JSONValue] = [:]
        for name in ["high", "medium", "low", "info"] {
            members[name] = .integer(value[name]?.integerValue ?? 0)
        }
        return .object(members)
    }

    /// The row as an object.
    var json: JSONValue {
        [
            "inbox": .string(inbox), "file": .string(file), "outcome": .string(outcome),
            "folder": .optional(folder), "time": .optional(time?.description),
            "key": .optional(key), "version": .optional(version), "id": .optional(id),
            "findings": findings, "cityReceivedAt": .optional(cityReceivedAt),
            "cityName": .optional(cityName), "review": review, "code": .optional(code),
            "reason": .optional(reason), "advice": .optional(advice),
            "receipt": .bool(hasReceipt),
        ]
    }
}
