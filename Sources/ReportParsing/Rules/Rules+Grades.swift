import ReportModel

extension Rules {
    /// A grade with the points it stands for.
    ///
    /// Source: 优 [90,100], 良 [80,90), 中 [60,80), 差 [0,60) of full marks.
    private enum Grade: String, CaseIterable {
        case excellent = "优"
        case good = "良"
        case fair = "中"
        case poor = "差"

        init?(printed: String) {
            switch printed {
            case "优", "优秀": self = .excellent
            case "良", "良好": self = .good
            case "中", "中等", "一般": self = .fair
            case "差", "较差": self = .poor
            default: return nil
            }
        }

        init(percent: Int128) {
            self =
                switch percent / CheckNumber.scale {
                case 90...: .excellent
                case 80...: .good
                case 60...: .fair
                default: .poor
                }
        }
    }

    /// A grade is one of the four and fits the score.
    static func gradeBand(_ facts: RuleFacts) -> [FindingDraft] {
        facts.record.scores.compactMap { score in
            guard let printed = score.grade, let total = CheckNumber(printed: score.total) else {
                return nil
            }
            let full = score.full.flatMap(CheckNumber.init(printed:)) ?? CheckNumber(100)
            guard let percent = RatioCheck.percent(total.scaled, of: full.scaled) else {
                return nil
            }
            let word = gradeWord(printed)
            let expected = Grade(percent: percent)
            let reason: String
            if let grade = Grade(printed: word) {
                guard grade != expected, !isBetweenBands(percent) else { return nil }
                reason = "与\(score.total)分不符"
            } else if word == "优良" || word == "良优" || word == "中良" || word == "良中" {
                reason = "不是优、良、中、差之一"
            } else {
                return nil
            }
            return FindingDraft(
                severity: .medium,
                message: "等级“\(printed)”\(reason)，\(score.total)分应为“\(expected.rawValue)”。"
                    + "见\(RuleText.located(score.place))。",
                stated: printed,
                computed: expected.rawValue,
                places: [score.place],
                labels: []
            )
        }
    }

    private static func gradeWord(_ printed: String) -> String {
        var word = RuleText.normalised(printed)
        for filler in gradeFillers where word != "中等" {
            word = RuleText.removing([filler], from: word)
        }
        return word
    }

    private static let gradeFillers = ["评价", "自评", "等级", "等次", "结果", "级", "等", "为"].map {
        RuleText.Filler($0)
    }

    /// Whether a score lies within the last point below a bound, where bands in whole points
    /// (80–89, 90–100) leave it undefined.
    private static func isBetweenBands(_ percent: Int128) -> Bool {
        guard percent % CheckNumber.scale != 0 else { return false }
        return [59, 79, 89].contains(percent / CheckNumber.scale)
    }

    /// A score without any grade.
    static func gradeMissing(_ facts: RuleFacts) -> [FindingDraft] {
        guard let score = facts.record.scores.first, facts.record.grade == nil,
            facts.record.scores.allSatisfy({ $0.grade == nil })
        else { return [] }
        return [
            FindingDraft(
                severity: .info,
                message: "有得分\(score.total)分，未列等级（优、良、中、差）。"
                    + "见\(RuleText.located(score.place))。",
                stated: score.total,
                computed: nil,
                places: [score.place],
                labels: []
            )
        ]
    }
}
