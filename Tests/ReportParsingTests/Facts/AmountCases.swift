import ReportModel
import Testing

/// Sentences in the manner of many provinces with the amounts that they state.
///
/// An amount is written `name=value unit role`, with `+` or `-` for a direction and `~` for an
/// approximate one.
struct AmountCase: Sendable, CustomTestStringConvertible {
    let text: String
    let kind: PartKind
    let amounts: [String]

    init(_ kind: PartKind, _ text: String, _ amounts: String...) {
        self.text = text
        self.kind = kind
        self.amounts = amounts
    }

    var testDescription: String { text }

    static let finalAccounts: [AmountCase] = [
        AmountCase(
            .finalAccountExplanation,
            "2022年度收、支总计512.36万元。与2021年度相比，收、支总计各增加18.2万元，增长3.68%。",
            "收、支总计=512.36 万元 final-grand-total",
            "收、支总计增加=18.2 万元 yoy-delta+"
        ),
        AmountCase(
            .finalAccountExplanation,
            "某某县教育局2023年度收入总计、支出总计均为8,120.50万元，较上年减少300万元，下降3.56%。",
            "收入总计、支出总计=8120.50 万元 final-grand-total",
            "收入总计、支出总计较上年减少=300 万元 yoy-delta-"
        ),
        AmountCase(
            .finalAccountExplanation,
            "本年收入合计１，２３４．５０万元，其中：财政拨款收入1,200.00万元，占97.2%；事业收入34.5万元，占2.8%。",
            "本年收入合计=1234.50 万元 final-income-total",
            "财政拨款收入=1200.00 万元 final-income-part",
            "事业收入=34.5 万元 final-income-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "本年支出合计 600.12 万元，其中：基本支出 400.12 万元，占 66.67%；项目支出 200 万元，占 33.33%；经营支出 0 万元。",
            "本年支出合计=600.12 万元 final-expenditure-total",
            "基本支出=400.12 万元 final-expenditure-part",
            "项目支出=200 万元 final-expenditure-part",
            "经营支出=0 万元 final-expenditure-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "2021年度一般公共预算财政拨款支出3264115.27元，占本年支出合计的100%。",
            "一般公共预算财政拨款支出=3264115.27 元 final-expenditure-total"
        ),
        AmountCase(
            .finalAccountExplanation,
            "一般公共服务（类）支出120.5万元，占60%；教育（类）支出80.33万元，占40%。",
            "一般公共服务（类）支出=120.5 万元 final-expenditure-function",
            "教育（类）支出=80.33 万元 final-expenditure-function"
        ),
        AmountCase(
            .finalAccountExplanation,
            "1.一般公共服务支出（类）财政事务（款）行政运行（项）：年初预算为300.00万元，支出决算为310.25万元，完成年初预算的103.42%。",
            "一般公共服务支出（类）财政事务（款）行政运行（项）年初预算=300.00 万元 budget-initial-item",
            "一般公共服务支出（类）财政事务（款）行政运行（项）=310.25 万元 final-expenditure-item"
        ),
        AmountCase(
            .finalAccountExplanation,
            "社会保障和就业支出(类)行政事业单位养老支出(款)机关事业单位基本养老保险缴费支出(项)。年初预算20.5万元，支出决算20.5万元，完成年初预算的100%。",
            "社会保障和就业支出(类)行政事业单位养老支出(款)机关事业单位基本养老保险缴费支出(项)年初预算=20.5 万元 budget-initial-item",
            "社会保障和就业支出(类)行政事业单位养老支出(款)机关事业单位基本养老保险缴费支出(项)=20.5 万元 final-expenditure-item"
        ),
        AmountCase(
            .finalAccountExplanation,
            "年初财政拨款结转和结余35.2万元，年末财政拨款结转和结余0万元。",
            "年初财政拨款结转和结余=35.2 万元 opening-carry-over",
            "年末财政拨款结转和结余=0 万元 closing-carry-over"
        ),
        AmountCase(
            .finalAccountExplanation,
            "2023年度“三公”经费财政拨款支出预算为6.5万元，支出决算为5.2万元，完成预算的80%，比上年减少0.3万元，下降5.45%。",
            "“三公”经费财政拨款支出预算=6.5 万元 three-public-budget",
            "“三公”经费财政拨款支出决算=5.2 万元 three-public-total",
            "“三公”经费财政拨款支出决算比上年减少=0.3 万元 yoy-delta-"
        ),
        AmountCase(
            .finalAccountExplanation,
            "公务用车购置及运行费支出4.1万元。其中：公务用车购置支出0万元；公务用车运行支出4.1万元，主要用于燃料费、维修费。",
            "公务用车购置及运行费支出=4.1 万元 three-public-part",
            "公务用车购置支出=0 万元 three-public-part",
            "公务用车运行支出=4.1 万元 three-public-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "公务接待费支出决算1.1万元，共接待12批次、86人次；其中外事接待支出0元。",
            "公务接待费支出决算=1.1 万元 three-public-part",
            "外事接待支出=0 元 three-public-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "本部门2022年机关运行经费支出45.67万元，比2021年增加2.3万元，增长5.3%。",
            "机关运行经费支出=45.67 万元 operating-funds",
            "机关运行经费支出比2021年增加=2.3 万元 yoy-delta+"
        ),
        AmountCase(
            .finalAccountExplanation,
            "政府采购支出总额88.8万元，其中：政府采购货物支出10万元、政府采购工程支出0万元、政府采购服务支出78.8万元。授予中小企业合同金额70万元，占政府采购支出总额的78.8%。",
            "政府采购支出总额=88.8 万元 procurement",
            "政府采购货物支出=10 万元 procurement",
            "政府采购工程支出=0 万元 procurement",
            "政府采购服务支出=78.8 万元 procurement",
            "授予中小企业合同金额=70 万元 procurement"
        ),
        AmountCase(
            .finalAccountExplanation,
            "单位价值50万元以上通用设备0台（套），单价100万元（含）以上专用设备1台（套）。"
        ),
        AmountCase(
            .finalAccountExplanation,
            "人员经费310.5万元，主要包括：基本工资、津贴补贴；公用经费62.13万元，主要包括：办公费、水费。",
            "人员经费=310.5 万元 final-expenditure-part",
            "公用经费=62.13 万元 final-expenditure-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "政府性基金预算财政拨款年初结转和结余0万元，本年收入26.7万元，本年支出26.7万元，年末结转和结余0万元。",
            "政府性基金预算财政拨款年初结转和结余=0 万元 opening-carry-over",
            "本年收入=26.7 万元 final-income-total",
            "本年支出=26.7 万元 final-expenditure-total",
            "年末结转和结余=0 万元 closing-carry-over"
        ),
        AmountCase(
            .finalAccountExplanation,
            "截至2022年12月31日，本单位固定资产原值合计235.6万元。",
            "固定资产原值合计=235.6 万元 assets"
        ),
        AmountCase(
            .finalAccountExplanation,
            "因公出国（境）费支出0万元，占0%，较上年增加/减少0万元。",
            "因公出国（境）费支出=0 万元 three-public-part",
            "因公出国（境）费支出较上年增加/减少=0 万元 yoy-delta"
        ),
        AmountCase(
            .threePublicExplanation,
            "2022年度一般公共预算财政拨款“三公”经费支出决算总额为12,345.60元，其中：公务接待费5,000.00元，公务用车运行维护费7,345.60元。",
            "一般公共预算财政拨款“三公”经费支出决算总额=12345.60 元 three-public-total",
            "公务接待费=5000.00 元 three-public-part",
            "公务用车运行维护费=7345.60 元 three-public-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "住房保障支出（类）住房改革支出（款）住房公积金（项）:支出决算为30.1万元。",
            "住房保障支出（类）住房改革支出（款）住房公积金（项）=30.1 万元 final-expenditure-item"
        ),
        AmountCase(
            .finalAccountExplanation,
            "与2020年度决算数相比，收入减少25.17万元，主要是人员调出。",
            "收入减少=25.17 万元 yoy-delta-"
        ),
        AmountCase(
            .finalAccountExplanation,
            "国有资本经营预算财政拨款支出0万元。",
            "国有资本经营预算财政拨款支出=0 万元 final-expenditure-total"
        ),
        AmountCase(
            .finalAccountExplanation,
            "卫生健康支出5.6万元，占4.5 %；农林水支出1 234.56万元，占12%。",
            "卫生健康支出=5.6 万元 final-expenditure-function",
            "农林水支出=1234.56 万元 final-expenditure-function"
        ),
    ]

    static let reports: [AmountCase] = [
        AmountCase(
            .overallSelfEvaluationReport,
            "2022年年初预算数为320.5万元，调整后预算数为356.78万元，实际支出350.11万元，预算执行率98.13%。",
            "年初预算数=320.5 万元 budget-initial",
            "调整后预算数=356.78 万元 budget",
            "实际支出=350.11 万元 executed"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "2023年度我局部门整体支出预算总额1.25亿元，实际执行1.2亿元。",
            "部门整体支出预算总额=1.25 亿元 budget-expenditure-total",
            "部门整体支出实际执行=1.2 亿元 executed-expenditure-total"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "全年基本支出254.3万元，其中：人员经费220万元、公用经费34.3万元。",
            "基本支出=254.3 万元 executed-expenditure-part",
            "人员经费=220 万元 executed-expenditure-part",
            "公用经费=34.3 万元 executed-expenditure-part"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "上年结转结余12.6万元，年末结转和结余3万元。",
            "上年结转结余=12.6 万元 opening-carry-over",
            "年末结转和结余=3 万元 closing-carry-over"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "全年共争取上级资金约1500余万元，发放救助金近80万元。",
            "争取上级资金=1500 万元 other~",
            "救助金=80 万元 executed~"
        ),
        AmountCase(.overallSelfEvaluationReport, "对100万元以上的项目开展了重点评价，50万元（含）以下的由单位自评。"),
        AmountCase(.overallSelfEvaluationReport, "按照每人每月500元/人的标准发放补贴，惠及3万人。"),
        AmountCase(.overallSelfEvaluationReport, "根据《某某市500万元以下工程项目管理办法》执行。"),
        AmountCase(
            .overallSelfEvaluationReport,
            "（3）扶贫专项资金20万元；（4）信息化建设经费15.6万元。",
            "扶贫专项资金=20 万元 executed-project",
            "信息化建设经费=15.6 万元 other"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "一是用于办公楼维修，支出经费12万元；二是购置办公设备，使用资金3.5万元。",
            "办公楼维修=12 万元 executed-project",
            "购置办公设备=3.5 万元 executed-project"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "2021年收入预算 410.00 万元，支出预算 410.00 万元；收入决算 400.50 万元，支出决算 398.20 万元。",
            "收入预算=410.00 万元 budget-income-total",
            "支出预算=410.00 万元 budget-expenditure-total",
            "收入决算=400.50 万元 final-income-total",
            "支出决算=398.20 万元 final-expenditure-total"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "区财政局批复我单位2022年部门预算268.4万元，实际支出260万元，执行率为96.87%。",
            "部门预算=268.4 万元 budget",
            "实际支出=260 万元 executed"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "“三公”经费支出2.18万元，较上年下降0.4万元，控制在预算3万元以内。",
            "“三公”经费支出=2.18 万元 three-public-total",
            "“三公”经费支出较上年下降=0.4 万元 yoy-delta-"
        ),
        AmountCase(
            .overallEvaluationReport,
            "2022年县残联决算支出总额为88.08万元，其中：社会保障和就业支出80万元，住房保障支出8.08万元。",
            "决算支出总额=88.08 万元 final-expenditure-total",
            "社会保障和就业支出=80 万元 final-expenditure-function",
            "住房保障支出=8.08 万元 final-expenditure-function"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "财政拨款收入3千元，其他收入2.5百万元。",
            "财政拨款收入=3 千元 executed-income-part",
            "其他收入=2.5 百万元 executed-income-part"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "12万元用于慰问困难职工，8万元用于开展培训。",
            "慰问困难职工=12 万元 executed",
            "培训=8 万元 executed"
        ),
        AmountCase(.overallSelfEvaluationReport, "服务群众3.5万人次，植树2万亩，发放资料10万份，全市有1.2亿人。"),
        AmountCase(.overallSelfEvaluationReport, "2023元旦春节期间开展慰问活动，3元素协同推进。"),
    ]

    static let projects: [AmountCase] = [
        AmountCase(
            .projectSelfEvaluationReport,
            "文化惠民项目全年预算数50万元，执行数为48.5万元，完成预算的97％。",
            "文化惠民项目全年预算数=50 万元 budget-project",
            "文化惠民项目执行数=48.5 万元 executed-project"
        ),
        AmountCase(
            .projectSelfEvaluationReport,
            "项目资金到位120万元，资金到位率100%，实际使用118.6万元。",
            "项目资金到位=120 万元 funds-received",
            "项目资金实际使用=118.6 万元 executed-project"
        ),
        AmountCase(
            .projectSelfEvaluationReport,
            "该项目年初预算安排30万元，其中：中央资金20万元，县级资金10万元。",
            "该项目年初预算安排=30 万元 budget-initial-project",
            "中央资金=20 万元 budget-project-part",
            "县级资金=10 万元 budget-project-part"
        ),
        AmountCase(
            .projectSelfEvaluationReport,
            "其中15万上缴上级，24万本级使用。",
            "上缴上级=15 万 executed-project-part",
            "本级=24 万 executed-project-part"
        ),
        AmountCase(
            .projectSelfEvaluationReport,
            "项目总投资2,300.00万元，截至2022年底累计支付1 980.5万元。",
            "项目总投资=2300.00 万元 budget-project",
            "累计支付=1980.5 万元 executed-project"
        ),
    ]
}
