import ReportModel
import Testing

@testable import ReportParsing

@Suite("Indicator tables of many forms")
struct IndicatorFormTests {
    private func rows(_ table: [[String]], _ kind: PartKind = .projectSelfEvaluationTable)
        -> [String]
    {
        FactTesting.draft(of: FactTesting.table(table), kind: kind).record.indicators
            .map(FactTesting.describe)
    }

    @Test("a head of two rows with the target split by year's start and adjustment")
    func twoRows() {
        let found = rows([
            ["绩效指标", "<", "<", "绩效目标值", "<", "全年完成值", "分值", "自评", "<"],
            ["一级指标", "二级指标", "三级指标", "年初", "调整", "^", "^", "得分", "未完成原因"],
            ["产出指标", "数量指标", "检查次数", "4次", "", "5次", "15", "15", ""],
            ["^", "质量指标", "合格率", "90%", "95%", "93%", "15", "14", "两批不合格"],
        ])
        #expect(
            found == [
                "产出指标|数量指标|检查次数|4次|5次|15|15|-",
                "产出指标|质量指标|合格率|95%|93%|15|14|两批不合格",
            ]
        )
    }

    @Test("a head of three rows, values with sign, number and unit below one heading")
    func threeRows() {
        let found = rows([
            ["绩\n效\n指\n标", "指标体系", "<", "<", "年度指标", "<", "<", "完成情况", "<", "<"],
            ["^", "一级指标", "二级指标", "三级指标", "指标值", "<", "<", "实际完成值", "评分", "<"],
            ["^", "^", "^", "^", "符号", "数值", "单位", "^", "分值", "得分"],
            ["^", "产出指标", "数量指标", "新建公厕", "≥", "12", "座", "12座", "20", "20"],
            ["^", "^", "时效指标", "按期完工率", "＝", "100", "%", "95%", "20", "19"],
            ["^", "满意度指标", "服务对象满意度指标", "居民满意度", "≥", "90", "%", "91%", "10", "10"],
        ])
        #expect(
            found == [
                "产出指标|数量指标|新建公厕|≥12座|12座|20|20|-",
                "产出指标|时效指标|按期完工率|=100%|95%|20|19|-",
                "满意度指标|服务对象满意度指标|居民满意度|≥90%|91%|10|10|-",
            ]
        )
    }

    @Test("a heading over three columns names three levels")
    func mergedName() {
        let found = rows([
            ["绩效指标", "<", "<", "权重(%)", "目标值", "实际值", "得分"],
            ["产出指标(50分)", "数量指标", "救助人数", "50", "300人", "320人", "50"],
            ["效益指标(40)", "社会效益指标", "困难群体覆盖面", "40", "全覆盖", "全覆盖", "38"],
        ])
        #expect(
            found == [
                "产出指标|数量指标|救助人数|300人|320人|50|50|-",
                "效益指标|社会效益指标|困难群体覆盖面|全覆盖|全覆盖|40|38|-",
            ]
        )
    }

    @Test("subtotals are no rows, the head comes again for the next block, 合计 ends the table")
    func subtotals() {
        let draft = FactTesting.draft(
            of: FactTesting.table([
                ["一级指标", "二级指标", "三级指标", "分值", "指标值", "完成值", "得分", "备注"],
                ["产出指标", "数量指标", "植树", "25", "1000株", "1000株", "25", "－"],
                ["^", "质量指标", "成活率", "25", "≥85%", "80%", "22", "干旱"],
                ["小计", "<", "<", "50", "", "", "47", ""],
                ["一级指标", "二级指标", "三级指标", "分值", "指标值", "完成值", "得分", "备注"],
                ["效益指标", "生态效益指标", "绿地面积", "40", "增加", "增加", "40", "/"],
                ["产出效益合计", "<", "<", "90", "", "", "87", ""],
                ["满意度指标", "满意度指标", "群众满意度", "10", "≥90%", "92%", "10", ""],
                ["得分合计", "<", "<", "100", "", "", "97", ""],
                ["备注", "无", "<", "<", "<", "<", "<", "<"],
            ]),
            kind: .projectSelfEvaluationTable
        )
        #expect(
            draft.record.indicators.map(FactTesting.describe) == [
                "产出指标|数量指标|植树|1000株|1000株|25|25|-",
                "产出指标|质量指标|成活率|≥85%|80%|25|22|干旱",
                "效益指标|生态效益指标|绿地面积|增加|增加|40|40|-",
                "满意度指标|满意度指标|群众满意度|≥90%|92%|10|10|-",
            ]
        )
        #expect(draft.record.scores.map(\.total) == ["97"])
        #expect(draft.record.scores.map(\.full) == ["100"])
    }

    @Test("cells that a reader repeated instead of merging give the same rows")
    func repeated() {
        let found = rows([
            ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
            ["绩效指标", "产出指标", "数量指标", "维护路灯", "500盏", "500盏", "30", "30"],
            ["绩效指标", "产出指标", "数量指标", "更换灯杆", "20根", "18根", "20", "18"],
            ["绩效指标", "效益指标", "社会效益指标", "亮灯率", "≥98%", "98.5%", "50", "50"],
            ["总分", "总分", "总分", "总分", "总分", "总分", "100", "98"],
        ])
        #expect(
            found == [
                "产出指标|数量指标|维护路灯|500盏|500盏|30|30|-",
                "产出指标|数量指标|更换灯杆|20根|18根|20|18|-",
                "效益指标|社会效益指标|亮灯率|≥98%|98.5%|50|50|-",
            ]
        )
    }

    @Test("empty lines and dots of the template are no rows; a level that does not apply is one")
    func template() {
        let found = rows([
            ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
            ["产出指标", "数量指标", "指标1：编印资料", "1000册", "1000册", "50", "50"],
            ["^", "^", "指标2：", "", "", "", ""],
            ["^", "^", "……", "", "", "", ""],
            ["^", "质量指标", "**", "/", "/", "/", "/"],
            ["效益指标", "生态效益指标", "指标1：", "\\", "\\", "\\", "\\"],
            ["^", "社会效益指标", "★知晓率", "提高", "提高", "50", "48"],
        ])
        #expect(
            found == [
                "产出指标|数量指标|编印资料|1000册|1000册|50|50|-", "效益指标|生态效益指标|-|-|-|-|-|-",
                "效益指标|社会效益指标|★知晓率|提高|提高|50|48|-",
            ]
        )
    }

    @Test("several goals each with indicators of their own, and a total at the end")
    func goals() {
        let draft = FactTesting.draft(
            of: FactTesting.table([
                ["年度目标1（80分）", "保障机关运转", "<", "<", "<", "<"],
                ["一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"],
                ["产出指标", "数量指标", "保障人数", "12人", "12人", "40"],
                ["年度目标2（20分）", "办好培训", "<", "<", "<", "<"],
                ["一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"],
                ["产出指标", "数量指标", "培训期数", "3期", "2期", "15"],
                ["总分：", "<", "<", "<", "<", "75"],
                ["偏差大或目标未完成原因分析", "一期推迟", "<", "<", "<", "<"],
            ]),
            kind: .overallSelfEvaluationTable
        )
        #expect(
            draft.record.indicators.map(FactTesting.describe) == [
                "产出指标|数量指标|保障人数|12人|12人|-|40|-", "产出指标|数量指标|培训期数|3期|2期|-|15|-",
            ]
        )
        #expect(draft.record.scores.map(\.total) == ["75"])
    }

    @Test("a table that goes on over the page without a head keeps its columns and levels")
    func goesOn() {
        var document = FactTesting.table([
            ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
            ["产出指标", "数量指标", "巡查次数", "≥24次", "26次", "20", "20"],
        ])
        FactTesting.add(
            [
                ["", "质量指标", "问题整改率", "100%", "100%", "20", "20"],
                ["效益指标", "社会效益指标", "事故起数", "0起", "0起", "60", "60"],
                ["合计", "<", "<", "<", "<", "100", "100"],
            ],
            to: &document
        )
        let record = FactTesting.draft(of: document, kind: .projectSelfEvaluationTable).record
        #expect(
            record.indicators.map(FactTesting.describe) == [
                "产出指标|数量指标|巡查次数|≥24次|26次|20|20|-",
                "产出指标|质量指标|问题整改率|100%|100%|20|20|-",
                "效益指标|社会效益指标|事故起数|0起|0起|60|60|-",
            ]
        )
        #expect(record.score == "100")
    }

    @Test("names of two columns, numbered rows, scores of two judges")
    func twoJudges() {
        let found = rows([
            ["序号", "指标类别", "指标名称", "评分标准", "目标值", "完成情况", "标准分", "自评得分", "财政复核得分", "扣分原因"],
            ["1", "产出", "办件量", "每少一件扣1分", "500件", "510件", "60", "60", "58", ""],
            ["2", "效益", "办结及时率", "达到得满分", "100%", "99%", "40", "39", "39", "系统故障"],
        ])
        #expect(
            found == [
                "产出|-|办件量|500件|510件|60|60|-", "效益|-|办结及时率|100%|99%|40|39|系统故障",
            ]
        )
    }

    @Test("points of every level: those behind the names are the rows'")
    func pointsOfLevels() {
        let found = rows(
            [
                [
                    "一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "评价标准", "扣分", "得分", "扣分原因",
                ],
                ["决策", "20", "项目立项", "10", "立项依据", "5", "有依据得满分", "0", "5", ""],
                ["^", "^", "^", "^", "立项程序", "5", "合规得满分", "1", "4", "缺少论证"],
                ["合计", "20", "", "10", "", "10", "", "1", "9", ""],
            ],
            .overallEvaluationReport
        )
        #expect(found == ["决策|项目立项|立项依据|-|-|5|5|-", "决策|项目立项|立项程序|-|-|5|4|缺少论证"])
    }

    @Test("kinds of indicators, rows of four letters below the head, a page end within a row")
    func kinds() {
        var document = FactTesting.table([
            ["指标类别", "指标类型", "指标名称", "指标值", "完成值", "分值", "得分", "备注"],
            ["产出指标", "数量指标", "开展宣传", "43场", "36场", "10", "8", "疫情"],
            ["效益指标", "社会效益", "法治意识", "公众法治意识", "普遍", "10", "10", ""],
        ])
        FactTesting.add(
            [
                ["", "", "", "明显增强", "增强", "", ""],
                ["满意度指标", "服务对象", "群众满意", "≥90%", "95%", "10", "10"],
                ["总分", "<", "<", "<", "<", "30", "28"],
            ],
            to: &document
        )
        let record = FactTesting.draft(of: document, kind: .projectSelfEvaluationTable).record
        #expect(
            record.indicators.map(FactTesting.describe) == [
                "产出指标|数量指标|开展宣传|43场|36场|10|8|疫情",
                "效益指标|社会效益|法治意识|公众法治意识明显增强|普遍增强|10|10|-",
                "满意度指标|服务对象|群众满意|≥90%|95%|10|10|-",
            ]
        )
        #expect(record.score == "28")
    }

    @Test("a level in a row of its own, points merged over rows count once")
    func levelRows() {
        let found = rows([
            ["指标名称", "分值", "年度目标值", "实际完成情况", "得分"],
            ["产出指标（60分）", "<", "<", "<", "<"],
            ["清运垃圾", "60", "3000吨", "3100吨", "60"],
            ["清扫道路", "^", "20公里", "20公里", "^"],
            ["效益指标（40分）", "<", "<", "<", "<"],
            ["环境改善", "40", "明显", "明显", "40"],
        ])
        #expect(
            found == [
                "产出指标|-|清运垃圾|3000吨|3100吨|60|60|-", "产出指标|-|清扫道路|20公里|20公里|-|-|-",
                "效益指标|-|环境改善|明显|明显|40|40|-",
            ]
        )
    }

    @Test(
        "a total score is read in any shape",
        arguments: [
            (["总分", "<", "<", "<", "100", "96.5"], "96.5", "100"),
            (["自评得分合计", "<", "<", "<", "96.5", "<"], "96.5", nil),
            (["总分：96.5分", "<", "<", "<", "<", "<"], "96.5", nil),
            (["", "", "", "合 计", "100.00", "96.50"], "96.50", "100.00"),
            (["总计", "100分", "", "", "", "96.5分"], "96.5", nil),
            (["总分（100分）", "<", "<", "<", "", "96.5"], "96.5", nil),
        ] as [([String], String, String?)]
    )
    func totals(row: [String], total: String, full: String?) {
        let record = FactTesting.draft(
            of: FactTesting.table([
                ["一级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
                ["产出指标", "发放补贴", "20户", "20户", "100", "96.5"], row,
            ]),
            kind: .projectSelfEvaluationTable
        ).record
        #expect(record.scores.map(\.total) == [total])
        if let full { #expect(record.scores.map(\.full) == [full]) }
        #expect(record.indicators.count == 1)
    }

    @Test(
        "a grade is the ticked one",
        arguments: [
            ("优", "优"), ("☑优 □良 □中 □差", "优"), ("优□  良☑  中□  差□", "良"), ("优（√）良（ ）", "优"),
            ("□优秀\n■良好\n□合格", "良好"), ("良级", "良"),
        ]
    )
    func grades(cell: String, grade: String) {
        let record = FactTesting.draft(
            of: FactTesting.table([
                ["一级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
                ["产出指标", "发放补贴", "20户", "20户", "100", "85"],
                ["总分", "<", "<", "<", "100", "85"], ["评价等级", cell, "<", "<", "<", "<"],
            ]),
            kind: .projectSelfEvaluationTable
        ).record
        #expect(record.grade == grade)
        #expect(record.scores.map(\.grade) == [grade])
    }
}
