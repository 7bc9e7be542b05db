import ReportModel

/// Amounts whose role the sentence gives and not their own words.
extension AmountCase {
    static let contexts: [AmountCase] = [
        AmountCase(
            .finalAccountExplanation,
            "本年政府采购支出总额90万元，其中货物50万元、工程30万元、服务10万元。",
            "本年政府采购支出总额=90 万元 procurement",
            "货物=50 万元 procurement",
            "工程=30 万元 procurement",
            "服务=10 万元 procurement"
        ),
        AmountCase(
            .threePublicExplanation,
            "公务用车支出5万元，其中购置费3万元、运行维护费2万元。",
            "公务用车支出=5 万元 three-public-part",
            "购置费=3 万元 three-public-part",
            "运行维护费=2 万元 three-public-part"
        ),
        AmountCase(
            .threePublicExplanation,
            "因公出国（境）费：本年未安排，支出0万元。",
            "因公出国（境）费=0 万元 three-public-part"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "2022年部门收入800万元，比上年的700万元多了100万元。",
            "部门收入=800 万元 final-income-total",
            "部门收入=700 万元 prior-final",
            "部门收入多了=100 万元 yoy-delta+"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "项目支出主要有：高龄津贴65万元，农村改厕30万元。",
            "高龄津贴=65 万元 executed-project",
            "农村改厕=30 万元 executed-project"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "预算批复90万元，项目支出包括：道路维护20万元，路灯10万元。",
            "预算批复=90 万元 budget",
            "道路维护=20 万元 other",
            "路灯=10 万元 other"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "项目支出中：天然林管护补助98万元；退耕还林50万元。",
            "天然林管护补助=98 万元 executed-project",
            "退耕还林=50 万元 executed-project"
        ),
    ]
}
