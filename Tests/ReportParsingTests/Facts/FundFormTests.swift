import ReportModel
import Testing

@testable import ReportParsing

@Suite("Money, rates and staff of tables in many forms")
struct FundFormTests {
    private func record(
        _ rows: [[String]],
        _ kind: PartKind,
        before: [String] = ["单位：万元"],
        year: Int? = nil
    ) -> Record {
        FactTesting.draft(of: FactTesting.table(rows, before: before), kind: kind, year: year)
            .record
    }

    private func amounts(_ record: Record) -> [String] {
        record.amounts.map { amount in
            FactTesting.describe(amount) + (amount.functionCode.map { " " + $0 } ?? "")
        }
    }

    @Test("the execution line carries its points, also when its figures are empty")
    func executionLine() {
        let full = record(
            [
                ["项目资金", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
                ["^", "年度资金总额", "50", "60", "57", "10", "95%", "9.5"],
                ["^", "其中：财政拨款", "50", "60", "57", "10", "95%", "9.5"],
            ],
            .projectSelfEvaluationTable
        )
        #expect(full.executionLines.map(\.label) == ["年度资金总额"])
        #expect(full.executionLines.map(\.percent) == ["95"])
        #expect(full.rates.map(\.weight) == ["10", nil])
        #expect(full.rates.map(\.score) == ["9.5", nil])
        let empty = record(
            [
                ["整体资金", "项目", "全年预算数", "全年执行数", "执行率", "分值", "得分"],
                ["^", "合计", "", "", "", "10", "10"],
                ["^", "（1）财政拨款", "30", "30", "100%", "－", "－"],
            ],
            .overallSelfEvaluationTable
        )
        #expect(empty.executionLines.map(\.label) == ["合计"])
        #expect(empty.executionLines.map(\.weight) == ["10"])
        #expect(empty.executionLines.map(\.score) == ["10"])
        #expect(empty.executionLines.map(\.percent) == [nil])
        #expect(empty.rates.map(\.weight) == [nil])
    }

    @Test("twenty points times the rate stand in the heading; names of the form's own columns")
    func points() {
        let hubei = record(
            [
                ["预算执行情况（20分）", "", "预算数（A）", "执行数（B）", "执行率（B/A）", "得分（20分×执行率）"],
                ["^", "部门整体支出总额", "800", "760", "95%", "19"],
            ],
            .overallSelfEvaluationTable
        )
        #expect(hubei.executionLines.map(\.weight) == ["20"])
        #expect(hubei.executionLines.map(\.score) == ["19"])
        let chongqing = record(
            [
                ["部门预算执行情况", "年初预算数", "全年（调整）预算数", "全年执行数", "执行率（%）", "执行率权重", "执行率得分"],
                ["总金额", "1,250.00", "1,325.40", "1,298.89", "98.00", "10", "9.80"],
            ],
            .overallSelfEvaluationTable
        )
        #expect(chongqing.executionLines.map(\.score) == ["9.80"])
        #expect(chongqing.executionRate == "98.00")
    }

    @Test("carried-over funds of a project form are parts of its budget")
    func carryOver() {
        let found = record(
            [
                ["项目资金（万元）", "", "全年预算数（A）", "全年执行数（B）", "执行率（B/A）"],
                ["^", "年度资金总额：", "140", "135.5", "96.79%"], ["^", "其中：本年财政拨款", "120", "118.5", ""],
                ["^", "上年结转资金", "20", "17", ""],
            ],
            .projectSelfEvaluationTable,
            before: []
        )
        #expect(
            amounts(found) == [
                "年度资金总额 全年预算数=140万元 budget-project", "年度资金总额 全年执行数=135.5万元 executed-project",
                "本年财政拨款 全年预算数=120万元 budget-project-part",
                "本年财政拨款 全年执行数=118.5万元 executed-project-part",
                "上年结转资金 全年预算数=20万元 budget-project-part",
                "上年结转资金 全年执行数=17万元 executed-project-part",
            ]
        )
    }

    @Test("adjustments and what is left over stand in columns of their own")
    func adjustments() {
        let found = record(
            [
                ["资金情况（元）", "年初预算", "年中调整", "预算总额", "执行数", "执行率", "结余"],
                ["年度资金总额", "2,000.00", "-100.00", "1,900.00", "1,850.00", "97.37%", "50.00"],
            ],
            .projectSelfEvaluationTable,
            before: []
        )
        #expect(
            amounts(found) == [
                "年度资金总额 年初预算=2000.00元 budget-initial-project", "年度资金总额 年中调整=100.00元 other",
                "年度资金总额 预算总额=1900.00元 budget-project", "年度资金总额 执行数=1850.00元 executed-project",
                "年度资金总额 结余=50.00元 closing-carry-over",
            ]
        )
        #expect(found.amounts.map(\.direction) == [nil, "down", nil, nil, nil])
    }

    @Test("posts by kind stand below a merged heading")
    func posts() {
        let found = record(
            [
                ["单位名称", "编制人数", "<", "<", "实有人数", "<", "<", "退休人员"],
                ["^", "小计", "行政", "事业", "小计", "行政", "事业", "^"],
                ["区残联机关", "18", "8", "10", "17", "8", "9", "4"],
            ],
            .overallSelfEvaluationReport
        ).staffing.map { "\($0.role) \($0.count)" }
        #expect(
            found == [
                "authorised 18", "authorised-administrative 8", "authorised-institution 10",
                "serving 17", "serving-administrative 8", "serving-institution 9", "retired 4",
            ]
        )
    }

    @Test("a label and its number may share a cell")
    func inline() {
        let found = record(
            [
                ["年度预算申请（万元）", "", "年初预算数", "全年预算数", "全年执行数"],
                ["^", "年度资金总额", "1000", "1200", "1150"], ["^", "按收入性质分：", "<", "按支出性质分：", "<"],
                ["^", "其中：一般公共预算：1150", "<", "其中：基本支出：800", "<"],
                ["^", "政府性基金拨款：50", "<", "项目支出：400", "<"],
                ["编制人数：25", "<", "<", "实有人数：23", "<"],
            ],
            .overallSelfEvaluationTable,
            before: []
        )
        #expect(
            amounts(found).dropFirst(3) == [
                "一般公共预算=1150万元 budget-income-part", "基本支出=800万元 budget-expenditure-part",
                "政府性基金拨款=50万元 budget-income-part", "项目支出=400万元 budget-expenditure-part",
            ]
        )
        let staff = found.staffing.map { "\($0.role) \($0.count)" }
        #expect(staff == ["authorised 25", "serving 23"])
    }

    @Test("an open table of expenditure: totals, functions and items by row and column")
    func expenditure() {
        let found = record(
            [
                ["项目", "<", "<", "<", "本年支出合计", "基本支出", "项目支出"],
                ["功能分类科目编码", "<", "<", "科目名称", "^", "^", "^"],
                ["类", "款", "项", "栏次", "1", "2", "3"],
                ["^", "^", "^", "合计", "90.50", "60.50", "30.00"],
                ["208", "<", "<", "社会保障和就业支出", "12.50", "12.50", ""],
                ["20805", "<", "<", "行政事业单位养老支出", "12.50", "12.50", ""],
                ["2080505", "<", "<", "机关事业单位基本养老保险缴费支出", "12.50", "12.50", ""],
            ],
            .finalAccountExplanation
        )
        #expect(
            amounts(found) == [
                "合计 本年支出合计=90.50万元 final-expenditure-total",
                "合计 基本支出=60.50万元 final-expenditure-part",
                "合计 项目支出=30.00万元 final-expenditure-part",
                "社会保障和就业支出 本年支出合计=12.50万元 final-expenditure-function 208",
                "社会保障和就业支出 基本支出=12.50万元 final-expenditure-part 208",
                "行政事业单位养老支出 本年支出合计=12.50万元 final-expenditure-function 20805",
                "行政事业单位养老支出 基本支出=12.50万元 final-expenditure-part 20805",
                "机关事业单位基本养老保险缴费支出 本年支出合计=12.50万元 final-expenditure-item 2080505",
                "机关事业单位基本养老保险缴费支出 基本支出=12.50万元 final-expenditure-part 2080505",
            ]
        )
    }

    @Test("an open table of income, and codes in three cells")
    func income() {
        let found = record(
            [
                ["科目编码", "<", "<", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"],
                ["类", "款", "项", "合计", "88", "80", "8"],
                ["213", "01", "04", "事业运行", "88", "80", "8"],
            ],
            .finalAccountExplanation
        )
        #expect(
            amounts(found) == [
                "合计 本年收入合计=88万元 final-income-total", "合计 财政拨款收入=80万元 final-income-part",
                "合计 其他收入=8万元 final-income-part",
                "事业运行 本年收入合计=88万元 final-income-part 2130104",
                "事业运行 财政拨款收入=80万元 final-income-part 2130104",
                "事业运行 其他收入=8万元 final-income-part 2130104",
            ]
        )
    }

    @Test("economic items stand in three tables side by side")
    func sideBySide() {
        let found = record(
            [
                ["人员经费", "<", "<", "公用经费", "<", "<"],
                ["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"],
                ["301", "工资福利支出", "70.00", "302", "商品和服务支出", "15.00"],
                ["30101", "基本工资", "30.00", "30201", "办公费", "5.00"],
                ["人员经费合计", "<", "70.00", "公用经费合计", "<", "15.00"],
            ],
            .finalAccountExplanation
        )
        #expect(
            found.amounts.map(\.value) == ["70.00", "15.00", "30.00", "5.00", "70.00", "15.00"]
        )
        #expect(found.amounts.allSatisfy { $0.role == "final-expenditure-part" })
        #expect(found.amounts.allSatisfy { $0.functionCode == nil })
    }

    @Test("“三公” heads of three rows name budget and final columns")
    func threePublic() {
        let found = record(
            [
                ["预算数", "<", "<", "<", "<", "决算数", "<", "<", "<", "<"],
                [
                    "合计", "因公出国（境）费", "公务用车购置及运行费", "<", "公务接待费", "合计", "因公出国（境）费",
                    "公务用车购置及运行费", "<", "公务接待费",
                ],
                ["^", "^", "购置费", "运行费", "^", "^", "^", "购置费", "运行费", "^"],
                ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
                ["9", "0", "0", "6", "3", "7.5", "0", "0", "5.5", "2"],
            ],
            .finalAccountExplanation
        )
        #expect(
            found.amounts.map { "\($0.label) \($0.value) \($0.role)" } == [
                "三公经费合计 预算数 9 three-public-budget", "因公出国(境)费 预算数 0 three-public-budget",
                "公务用车购置及运行费购置费 预算数 0 three-public-budget",
                "公务用车购置及运行费运行费 预算数 6 three-public-budget", "公务接待费 预算数 3 three-public-budget",
                "三公经费合计 决算数 7.5 three-public-total", "因公出国(境)费 决算数 0 three-public-part",
                "公务用车购置及运行费购置费 决算数 0 three-public-part",
                "公务用车购置及运行费运行费 决算数 5.5 three-public-part", "公务接待费 决算数 2 three-public-part",
            ]
        )
    }

    @Test("rows below the project expenditure of a base data table are projects")
    func baseProjects() {
        let found = record(
            [
                ["经费控制情况", "2020年决算数", "2021年预算数", "2021年决算数"],
                ["2、出国经费", "0", "0", "0"], ["项目支出：", "230", "260", "251.3"],
                ["资产清查", "150", "180", "175"], ["2、运行维护", "80", "80", "76.3"],
                ["公用经费", "85.2", "90", "82.1"], ["其中：办公经费", "30", "32", "28"],
            ],
            .baseDataTable,
            year: 2021
        )
        #expect(found.projects.map(\.name) == ["资产清查", "运行维护"])
        #expect(found.projects.map(\.budget) == ["180", "80"])
        #expect(found.projects.map(\.executed) == ["175", "76.3"])
        #expect(found.amounts.allSatisfy { $0.functionCode == nil })
        #expect(
            amounts(found).prefix(3) == [
                "出国经费 2020年决算数=0万元 three-public-part", "出国经费 2021年预算数=0万元 three-public-budget",
                "出国经费 2021年决算数=0万元 three-public-part",
            ]
        )
    }

    @Test("staff by kind of post, changes against last year, and a list of projects")
    func others() {
        let staff = record(
            [
                ["人员类别", "编制数", "年末实有人数", "退休人数"], ["行政人员", "20", "18", "5"],
                ["事业人员", "10", "9", "2"], ["合计", "30", "27", "7"],
            ],
            .overallSelfEvaluationReport
        ).staffing.map { "\($0.role) \($0.count)" }
        #expect(
            staff == [
                "authorised-administrative 20", "serving-administrative 18", "retired 5",
                "authorised-institution 10", "serving-institution 9", "retired 2", "authorised 30",
                "serving 27", "retired 7",
            ]
        )
        let change = record(
            [
                ["项目", "上年决算数", "本年决算数", "增减额", "增减率（%）"],
                ["基本支出", "100", "95", "-5", "-5.00"],
            ],
            .finalAccountExplanation
        )
        #expect(
            amounts(change) == [
                "基本支出 上年决算数=100万元 prior-final", "基本支出 本年决算数=95万元 final-expenditure-part",
                "基本支出 增减额=5万元 yoy-delta",
            ]
        )
        #expect(change.amounts.map(\.direction) == [nil, nil, "down"])
        #expect(
            change.rates.map { "\($0.role) \($0.percent) \($0.direction ?? "-")" } == [
                "growth 5.00 down"
            ]
        )
        let list = record(
            [
                ["序号", "项目名称", "预算数（元）", "执行数（元）", "执行率"],
                ["1", "道路养护", "1,150,000.00", "1,100,000.00", "95.65%"],
                ["2", "桥梁检测", "300,000.00", "300,000.00", "100%"],
                ["合计", "<", "1,450,000.00", "1,400,000.00", "96.55%"],
            ],
            .overallSelfEvaluationReport
        )
        #expect(list.projects.map(\.name) == ["道路养护", "桥梁检测"])
        #expect(list.projects.map(\.unit) == ["元", "元"])
        #expect(list.amounts.map(\.project) == ["道路养护", "道路养护", "桥梁检测", "桥梁检测", nil, nil])
    }

    @Test("two forms in one grid have two projects, two totals and a grade each")
    func twoForms() {
        func form(_ name: String, _ budget: String, _ score: String, _ grade: String) -> [[String]]
        {
            [
                ["项目支出绩效自评表", "<", "<", "<", "<", "<"], ["项目名称", name, "<", "<", "<", "<"],
                ["项目资金（万元）", "预算数", "执行数", "分值", "执行率", "得分"],
                ["年度资金总额", budget, budget, "10", "100%", "10"],
                ["一级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
                ["产出指标", "补助人数", "100人", "100人", "90", score], ["总分", "<", "<", "<", "100", score],
                ["自评等级", grade, "<", "<", "<", "<"],
            ]
        }
        let found = record(
            form("助学", "5", "90", "优") + form("助残", "6", "85", "良"),
            .projectSelfEvaluationTable
        )
        #expect(found.projects.map(\.name) == ["助学", "助残"])
        #expect(found.projects.map(\.budget) == ["5", "6"])
        #expect(found.indicators.map(\.project) == ["助学", "助残"])
        #expect(found.scores.map(\.grade) == ["优", "良"])
        #expect(found.executionLines.map(\.project) == ["助学", "助残"])
    }
}
