import ReportModel
import Testing

@testable import ReportParsing

@Suite("Facts of tables in provincial forms")
struct FactTableTests {
    private func draft(
        _ rows: [[String]],
        _ kind: PartKind = .projectSelfEvaluationTable,
        before: [String] = []
    ) -> Draft {
        FactTesting.draft(of: FactTesting.table(rows, before: before), kind: kind)
    }

    private func describe(_ row: Indicator) -> String {
        [
            row.level1, row.level2, row.level3, row.target, row.actual, row.weight, row.score,
            row.note,
        ].map { $0 ?? "-" }.joined(separator: "|")
    }

    private func describe(_ amount: Amount) -> String {
        "\(amount.label)=\(amount.value)\(amount.unit) \(amount.role)"
    }

    @Test("the national project form gives project, funds, rate, rows and total")
    func national() {
        let draft = draft([
            ["项目名称", "道路维修", "<", "<", "<", "<", "<", "<"],
            ["主管部门", "某某局", "<", "实施单位", "某某站", "<", "<", "<"],
            ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
            ["^", "年度资金总额", "100.00", "120.50", "118.00", "10", "97.93%", "9.79"],
            ["^", "其中：当年财政拨款", "100.00", "120.50", "118.00", "—", "97.93%", "—"],
            ["^", "上年结转资金", "—", "—", "—", "—", "", "—"],
            ["年度总体目标", "预期目标", "<", "<", "实际完成情况", "<", "<", "<"],
            ["^", "维修道路，投入100万元", "<", "<", "已完成", "<", "<", "<"],
            ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
            ["产出指标", "数量指标", "维修里程", "≥10公里", "12公里", "25", "25", ""],
            ["^", "质量指标", "验收合格率", "100%", "98%", "25", "24", "一处返工"],
            ["效益指标", "社会效益指标", "出行便利", "显著", "显著", "30", "30", "无"],
            ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "92%", "10", "10", ""],
            ["总分", "<", "<", "<", "<", "100", "98.79", ""],
        ])
        let record = draft.record
        #expect(
            record.indicators.map(describe) == [
                "产出指标|数量指标|维修里程|≥10公里|12公里|25|25|-", "产出指标|质量指标|验收合格率|100%|98%|25|24|一处返工",
                "效益指标|社会效益指标|出行便利|显著|显著|30|30|-",
                "满意度指标|服务对象满意度指标|群众满意度|≥90%|92%|10|10|-",
            ]
        )
        #expect(
            record.amounts.map(describe) == [
                "年度资金总额 年初预算数=100.00万元 budget-initial-project",
                "年度资金总额 全年预算数=120.50万元 budget-project",
                "年度资金总额 全年执行数=118.00万元 executed-project",
                "当年财政拨款 年初预算数=100.00万元 budget-initial-project-part",
                "当年财政拨款 全年预算数=120.50万元 budget-project-part",
                "当年财政拨款 全年执行数=118.00万元 executed-project-part", "维修道路=100万元 executed-project-part",
            ]
        )
        #expect(record.projects.map(\.name) == ["道路维修"])
        #expect(record.projects.first?.budget == "120.50")
        #expect(record.projects.first?.executed == "118.00")
        #expect(record.indicators.allSatisfy { $0.project == "道路维修" })
        #expect(record.scores.map(\.total) == ["98.79"])
        #expect(record.scores.first?.full == "100")
        #expect(record.score == "98.79")
        #expect(record.executionRate == "97.93")
    }

    @Test("weights before targets, codes before names and vertical labels are read by their heads")
    func anhui() {
        let draft = draft([
            ["项目名称", "[340123001]★信息化运维", "<", "<", "<", "<", "<", "<"],
            ["绩效指标", "一级指标", "二级指标", "三级指标", "分值", "年度指标值", "实际完成值", "得分"],
            ["^", "产出指标（50分）", "数量指标", "指标1：运维系统数", "10", "5个", "5个", "10"],
            ["^", "^", "^", "指标2：**", "/", "/", "/", "/"],
            ["^", "效益指标（40分）", "可持续影响指标", "指标1: 系统稳定率", "40", "≥99%", "99.5%", "40"],
            ["^", "合 计", "<", "<", "50", "", "", "50"],
        ])
        #expect(
            draft.record.indicators.map(describe) == [
                "产出指标|数量指标|运维系统数|5个|5个|10|10|-",
                "效益指标|可持续影响指标|系统稳定率|≥99%|99.5%|40|40|-",
            ]
        )
        #expect(draft.record.projects.first?.code == "340123001")
        #expect(draft.record.scores.first?.total == "50")
    }

    @Test("sign, value and unit in three columns are one target")
    func sichuan() {
        let draft = draft([
            ["项目名称", "51110222Y000000123456-工会经费", "<", "<", "<", "<", "<", "<", "<"],
            ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "自评得分"],
            ["产出指标", "数量指标", "活动场次", "≥", "20", "场", "22", "30", "30"],
            ["^", "质量指标", "活动质量", "定性", "优良", "", "优良", "30", "28"],
            ["^", "成本指标", "控制成本", "＝", "39", "万元", "39", "30", "30"],
        ])
        #expect(
            draft.record.indicators.map(describe) == [
                "产出指标|数量指标|活动场次|≥20场|22|30|30|-", "产出指标|质量指标|活动质量|优良|优良|30|28|-",
                "产出指标|成本指标|控制成本|=39万元|39|30|30|-",
            ]
        )
        #expect(draft.record.indicators.map(\.unit) == ["场", nil, "万元"])
        #expect(draft.record.projects.map(\.name) == ["工会经费"])
        #expect(draft.record.projects.first?.code == "51110222Y000000123456")
        #expect(draft.record.amounts.isEmpty)
    }

    @Test("a form with scores but no weights, and adjusted targets")
    func hubeiAndChongqing() {
        let hubei = draft([
            ["年度绩效目标", "一级指标", "二级指标", "三级指标", "年初目标值", "实际完成值", "得分"],
            ["^", "产出指标", "数量指标", "培训人数（20分）", "200人", "180人", "18"],
            ["^", "^", "时效指标", "按时完成率（20）分", "100%", "100%", "20"],
        ])
        #expect(
            hubei.record.indicators.map(describe) == [
                "产出指标|数量指标|培训人数|200人|180人|20|18|-", "产出指标|时效指标|按时完成率（20）分|100%|100%|-|20|-",
            ]
        )
        let chongqing = draft([
            [
                "指标名称", "计量单位", "指标性质", "年初指标值", "调整指标值", "全年完成值", "得分系数", "指标权重", "指标得分",
                "是否核心指标",
            ],
            ["扶持企业数", "家", "≥", "50", "45", "46", "100%", "20", "20", "是"],
            ["资金拨付率", "%", "=", "100", "", "100", "100%", "20", "20", "否"],
        ])
        #expect(
            chongqing.record.indicators.map(describe) == [
                "-|-|扶持企业数|≥45家|46|20|20|-", "-|-|资金拨付率|=100%|100|20|20|-",
            ]
        )
    }

    @Test("a transfer payment form has no weights and several sources")
    func transfer() {
        let draft = draft([
            ["转移支付（项目）名称", "农田建设补助", "<", "<", "<"],
            ["资金情况（万元）", "", "全年预算数(A)", "全年执行数(B)", "预算执行率(B/A)"],
            ["^", "年度资金总额：", "2,300", "2,150.5", "93.5%"],
            ["^", "其中：中央财政资金", "2000", "1900", "95%"],
            ["^", "地方资金", "300", "250.5", "83.5%"],
            ["一级指标", "二级指标", "三级指标", "指标值", "全年实际完成值"],
            ["产出指标", "数量指标", "建设面积", "≥1万亩", "1.1万亩"],
        ])
        #expect(
            draft.record.amounts.map(describe) == [
                "年度资金总额 全年预算数=2300万元 budget-project", "年度资金总额 全年执行数=2150.5万元 executed-project",
                "中央财政资金 全年预算数=2000万元 budget-project-part",
                "中央财政资金 全年执行数=1900万元 executed-project-part",
                "地方资金 全年预算数=300万元 budget-project-part", "地方资金 全年执行数=250.5万元 executed-project-part",
            ]
        )
        #expect(draft.record.rates.map(\.percent) == ["93.5", "95", "83.5"])
        #expect(draft.record.indicators.map(describe) == ["产出指标|数量指标|建设面积|≥1万亩|1.1万亩|-|-|-"])
        #expect(draft.record.projects.first?.budget == "2300")
    }

    @Test("a base data table gives staff, last year and this year")
    func baseData() {
        let draft = draft(
            [
                ["财政供养人员情况", "编制数", "2022年实际在职人数", "控制率"],
                ["^", "25", "23", "92%"],
                ["经费控制情况", "2021年决算数", "2022年预算数", "2022年决算数"],
                ["三公经费", "3.2", "4", "2.8"],
                ["1、公务接待", "1.2", "1.5", "0.8"],
                ["项目支出：", "100", "120", "118.5"],
            ],
            .baseDataTable,
            before: ["部门整体支出绩效评价基础数据表", "单位：万元"]
        )
        #expect(
            draft.record.staffing.map { "\($0.role) \($0.count)" } == [
                "authorised 25", "serving 23",
            ]
        )
        #expect(draft.record.rates.first?.role == "control")
        #expect(
            draft.record.amounts.map(describe) == [
                "三公经费 2021年决算数=3.2万元 three-public-total", "三公经费 2022年预算数=4万元 three-public-budget",
                "三公经费 2022年决算数=2.8万元 three-public-total",
                "公务接待 2021年决算数=1.2万元 three-public-part",
                "公务接待 2022年预算数=1.5万元 three-public-budget",
                "公务接待 2022年决算数=0.8万元 three-public-part",
                "项目支出 2021年决算数=100万元 final-expenditure-part",
                "项目支出 2022年预算数=120万元 budget-expenditure-part",
                "项目支出 2022年决算数=118.5万元 final-expenditure-part",
            ]
        )
        #expect(
            draft.record.amounts.map(\.year) == [
                2021, 2022, 2022, 2021, 2022, 2022, 2021, 2022, 2022,
            ]
        )
    }

    @Test("a final-account table with codes and two sides is read by rows")
    func finalAccount() {
        let draft = draft(
            [
                ["收入", "<", "<", "支出", "<", "<"],
                ["项目", "行次", "金额", "项目", "行次", "金额"],
                ["一、一般公共预算财政拨款收入", "1", "395.14", "一、一般公共服务支出", "31", "161.52"],
                ["本年收入合计", "27", "395.14", "本年支出合计", "57", "395.14"],
                ["年初结转和结余", "28", "0", "年末结转和结余", "58", "0"],
            ],
            .finalAccountExplanation,
            before: ["收入支出决算总表", "金额单位：万元"]
        )
        #expect(
            draft.record.amounts.map(describe) == [
                "一般公共预算财政拨款收入 金额=395.14万元 final-income-part",
                "一般公共服务支出 金额=161.52万元 final-expenditure-function",
                "本年收入合计 金额=395.14万元 final-income-total",
                "本年支出合计 金额=395.14万元 final-expenditure-total",
                "年初结转和结余 金额=0万元 opening-carry-over", "年末结转和结余 金额=0万元 closing-carry-over",
            ]
        )
    }

    @Test("the unit comes from the value, the heading, the table and the document in this order")
    func units() {
        let rows = [["资金来源", "预算数（元）", "执行数"], ["财政拨款", "5000", "0.4亿元"], ["其他资金", "6", "7"]]
        let draft = draft(rows, before: ["单位：千元", "全年使用3万元。"])
        #expect(draft.record.amounts.map(\.unit) == ["万元", "元", "亿元", "元", "千元"])
        let plain = self.draft([["资金来源", "预算数", "执行数"], ["财政拨款", "5", "4"]], before: ["使用3万元。"])
        #expect(plain.record.amounts.map(\.unit) == ["万元", "万元", "万元"])
        let none = self.draft([["资金来源", "预算数", "执行数"], ["财政拨款", "5", "4"]])
        #expect(none.record.amounts.isEmpty)
    }

    @Test("a spreadsheet holds a rate as a fraction of one")
    func sheet() {
        var document = FactTesting.table([
            ["项目支出情况（万元）", "预算数", "执行数", "执行率"], ["基本支出", "100", "97.75", "0.9775"],
        ])
        for index in document.blocks.indices { document.blocks[index].address = "A\(index)" }
        let draft = FactTesting.draft(of: document, kind: .overallSelfEvaluationTable)
        #expect(draft.record.rates.map(\.percent) == ["97.75"])
    }

    @Test("a vertical layout of budget and execution, and a cell for the grade")
    func vertical() {
        let draft = draft(
            [
                ["预算执行情况（万元）", "预算数：", "66.5", "执行数：", "60"],
                ["^", "其中：财政拨款", "66.5", "其中：财政拨款", "60"],
                ["^", "其他资金", "", "其他资金", ""],
                ["自评得分", "92", "评价等级", "优", ""],
            ]
        )
        #expect(
            draft.record.amounts.map(describe) == [
                "预算数=66.5万元 budget-project", "执行数=60万元 executed-project",
                "财政拨款 预算数=66.5万元 budget-project-part", "财政拨款 执行数=60万元 executed-project-part",
            ]
        )
        #expect(draft.record.score == "92")
        #expect(draft.record.grade == "优")
    }
}
