/// A total score or a grade stated in running text.
struct StatedScore: Sendable {
    /// Points, nil for a grade alone.
    var total: String?
    /// Full marks when stated in the same sentence.
    var full: String?
    /// Grade when stated.
    var grade: String?
    /// First scalar.
    var start: Int
    /// One past the last scalar.
    var end: Int
}

/// Finds total scores and grades in a sentence: 得分95分, 等级为优.
enum ScoreReader {
    private static let names: Words = [
        "得分", "总分", "分数", "评分", "总评分", "得分为", "总得分", "自评分", "评价分", "得分是", "打分", "分值合计", "综合分", "评为",
        "自评结果", "评价结果", "评定结果", "评审结果", "自评", "给予",
        "得",
        "成绩",
    ]
    private static let links: Words = [
        "为", "是", "：", ":", "共", "合计", "总计", "达", "达到", "结果", "均为", "（", "(", "“", "获得", "获", "最终",
        "约",
    ]
    private static let partial: Words = [
        "执行", "产出", "效益", "满意度", "投入", "过程", "决策", "部分", "数量", "质量", "时效", "成本", "履职", "该项", "此项",
        "指标得",
        "指标自评得", "扣", "每", "本项", "管理得", "加分", "管理情况得", "权重", "可持续", "三级指标", "二级指标", "一级指标", "单项",
    ]
    private static let system: Words = ["指标体系"]
    private static let fullNames: Words = ["满分", "总分值", "满分为", "满分值", "总分为满分"]
    private static let gradeNames: Words = [
        "属于", "等级", "评级", "级别", "档次", "等次", "评定为", "评为", "结论为", "结果为", "评价为", "定级", "等级评定", "等级为",
        "结论",
        "结果",
        "自评为", "认定为", "评定等级",
    ]
    private static let strongNames: Words = [
        "属于",
        "等级", "评级", "级别", "档次", "等次", "评定为", "评为", "定级", "自评为", "认定为",
    ]
    private static let gradeWords: Words = [
        "优秀", "优良", "良好", "合格", "不合格", "较差", "一般", "优", "良", "中", "差",
    ]
    private static let gradeLinks: Words = [
        "为", "是", "：", ":", "“", "\"", "属于", "达到", "「", "『", "‘", "均为", "属", "【", "（", "(", "评定",
    ]
    private static let gradeEnds: ScalarSet = "”\"。，；,;、）)」』’】级等档!！ \t\n（("

    /// The scores and grades of a block.
    /// - Parameters:
    ///   - text: the block.
    ///   - marks: its numbers.
    /// - Returns: scores in order, then grades that stand far from any score.
    static func read(_ text: Scalars, marks: [NumberMark]) -> [StatedScore] {
        var scores: [StatedScore] = []
        for mark in marks {
            if let score = score(mark, in: text) { scores.append(score) }
        }
        for (start, end) in grades(in: text) {
            let grade = Array(text[start..<end]).string
            let near =
                scores.lastIndex { $0.end <= start && start - $0.end < 40 }
                ?? scores.lastIndex { $0.start >= end && $0.start - end < 40 }
            if let near, scores[near].grade == nil {
                scores[near].grade = grade
            } else if near == nil {
                scores.append(StatedScore(grade: grade, start: start, end: end))
            }
        }
        return scores
    }

    private static func score(_ mark: NumberMark, in text: Scalars) -> StatedScore? {
        switch mark.kind {
        case .points: break
        case .other:
            guard mark.end == text.count || closes(text[mark.end]) else { return nil }
        default: return nil
        }
        guard !mark.isBound, !isRange(mark, in: text), mark.value.count <= 6 else { return nil }
        var end = mark.start
        var matched = false
        while end > 0 {
            if text[end - 1].isBlank { end -= 1; continue }
            if let length = names.length(in: text, endingAt: end) {
                matched = matched || length > 1
                end -= length
            } else if let length = links.length(in: text, endingAt: end) {
                end -= length
            } else {
                break
            }
        }
        guard matched else { return nil }
        if isAverage(before: end, in: text) { return nil }
        let clause = clause(before: mark.start, in: text)
        let before = Array(text[clause..<mark.start])
        if fullNames.occur(in: before) { return nil }
        if given.length(in: text, endingAt: trimmed(mark.start, text)) != nil,
            !judges.occur(in: Array(text[max(0, clause - 40)..<mark.start]))
        {
            return nil
        }
        if partial.occur(in: Array(text[max(clause, end - 8)..<mark.start])),
            !system.occur(in: before)
        {
            return nil
        }
        return StatedScore(
            total: mark.value,
            full: full(around: mark, in: text),
            start: max(clause, end),
            end: mark.end
        )
    }

    private static let average: Words = ["平均"]
    private static let several: Words = ["个项目"]

    /// Whether a score is the mean of those of several projects: 12个项目全部自评，平均得分94分.
    private static func isAverage(before position: Int, in text: Scalars) -> Bool {
        average.length(in: text, endingAt: position) != nil
            && several.lastStart(in: text, from: position - 40, to: position) != nil
    }

    private static let given: Words = ["给予"]
    private static let judges: Words = ["小组", "综合", "整体", "总体", "自评", "年度目标"]

    private static func trimmed(_ position: Int, _ text: Scalars) -> Int {
        var end = position
        while end > 0, text[end - 1].isBlank { end -= 1 }
        return end
    }

    private static func closes(_ scalar: Unicode.Scalar) -> Bool {
        "。，；,;）)\n".unicodeScalars.contains(scalar)
    }

    private static func isRange(_ mark: NumberMark, in text: Scalars) -> Bool {
        let ranges = "-—~～－至到/".unicodeScalars
        if mark.start > 0, ranges.contains(text[mark.start - 1]), text[mark.start - 1] != "到" {
            return true
        }
        let after = mark.numberEnd < text.count ? text[mark.numberEnd] : " "
        return ranges.contains(after) && after != "到"
    }

    private static func clause(before position: Int, in text: Scalars) -> Int {
        var index = position
        while index > 0, position - index < 60, !"。；;，,\n".unicodeScalars.contains(text[index - 1])
        {
            index -= 1
        }
        return index
    }

    /// Full marks within the same sentence: 满分100分.
    private static func full(around mark: NumberMark, in text: Scalars) -> String? {
        let lower = max(0, mark.start - 40)
        let upper = min(text.count, mark.end + 24)
        let window = Array(text[lower..<upper])
        guard let start = fullNames.lastStart(in: window, from: 0, to: window.count) else {
            return nil
        }
        let rest = Array(window[start...])
        return NumberScanner.marks(in: rest).first { $0.start < 8 && $0.kind != .year }?.value
    }

    /// Ranges of grades that are stated as grades.
    private static func grades(in text: Scalars) -> [(Int, Int)] {
        var found: [(Int, Int)] = []
        var index = 0
        while index < text.count {
            guard let length = gradeNames.length(in: text, at: index) else {
                index += 1
                continue
            }
            let isStrong = strongNames.length(in: text, at: index) != nil
            var position = index + length
            var quoted = false
            while position < text.count {
                if text[position].isBlank { position += 1; continue }
                guard let length = gradeLinks.length(in: text, at: position) else { break }
                if "“\"「『‘".unicodeScalars.contains(text[position]) { quoted = true }
                position += length
            }
            index += length
            guard let length = gradeWords.length(in: text, at: position) else { continue }
            let end = position + length
            let ends = end == text.count || gradeEnds.contains(text[end])
            let isLinked = position > index || text[index - 1] == "为"
            if ends, isStrong || quoted || (isLinked && text[position - 1] == "为") {
                found.append((position, end))
                index = end
            }
        }
        return found + scoredGrades(in: text)
    }

    /// Grades right after points: 95分（优秀）, 95分，优.
    private static func scoredGrades(in text: Scalars) -> [(Int, Int)] {
        var found: [(Int, Int)] = []
        for index in text.indices.dropFirst()
        where text[index] == "分" && text[index - 1].digit != nil {
            var position = index + 1
            while position < text.count, position < index + 4,
                "，,（(“\" ".unicodeScalars.contains(text[position])
            {
                position += 1
            }
            guard position > index + 1, let length = gradeWords.length(in: text, at: position)
            else {
                continue
            }
            let end = position + length
            if end == text.count || "）)。，；”\"级等".unicodeScalars.contains(text[end]) {
                found.append((position, end))
            }
        }
        return found
    }
}
