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
            "财政拨款收入=3 千元 final-income-part",
            "其他收入=2.5 百万元 final-income-part"
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

    static let more: [AmountCase] = [
        AmountCase(
            .finalAccountExplanation,
            "2020年度本年收入总计5,432,109.87元，其中财政拨款收入5,432,109.87元，占总收入的100%。",
            "本年收入总计=5432109.87 元 final-income-total",
            "财政拨款收入=5432109.87 元 final-income-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "某某区司法局2022年度支出总计1023.45万元，比2021年度增长56.7万元，增长5.87%。",
            "支出总计=1023.45 万元 final-expenditure-total",
            "支出总计比2021年度增长=56.7 万元 yoy-delta+"
        ),
        AmountCase(
            .finalAccountExplanation,
            "其中：上级补助收入0万元，占0%；附属单位上缴收入0万元；其他收入12.3万元。",
            "上级补助收入=0 万元 final-income-part",
            "附属单位上缴收入=0 万元 final-income-part",
            "其他收入=12.3 万元 final-income-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "使用非财政拨款结余0万元，年初结转和结余15.6万元。",
            "非财政拨款结余=0 万元 executed-income-part",
            "年初结转和结余=15.6 万元 opening-carry-over"
        ),
        AmountCase(
            .finalAccountExplanation,
            "2023年度财政拨款支出年初预算为800.5万元，支出决算为812.3万元，完成年初预算的101.47%。",
            "财政拨款支出年初预算=800.5 万元 budget-initial-expenditure-total",
            "财政拨款支出决算=812.3 万元 final-expenditure-total"
        ),
        AmountCase(
            .finalAccountExplanation,
            "教育支出（类）普通教育（款）小学教育（项）支出2,345.67万元，主要用于学校运转。",
            "教育支出（类）普通教育（款）小学教育（项）支出=2345.67 万元 final-expenditure-item"
        ),
        AmountCase(
            .finalAccountExplanation,
            "国内公务接待费2.15万元，国（境）外公务接待费0万元。",
            "国内公务接待费=2.15 万元 three-public-part",
            "国（境）外公务接待费=0 万元 three-public-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "全年会议费支出1.2万元、培训费支出3.4万元。",
            "会议费支出=1.2 万元 final-expenditure-part",
            "培训费支出=3.4 万元 final-expenditure-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "工资福利支出280.1万元，商品和服务支出45万元，对个人和家庭的补助12.3万元，资本性支出0万元。",
            "工资福利支出=280.1 万元 final-expenditure-part",
            "商品和服务支出=45 万元 final-expenditure-part",
            "对个人和家庭的补助=12.3 万元 final-expenditure-part",
            "资本性支出=0 万元 final-expenditure-part"
        ),
        AmountCase(
            .finalAccountExplanation,
            "公务用车运行维护费支出决算数3.5万元，较上年减少1.1万元，主要原因是车辆报废。",
            "公务用车运行维护费支出决算数=3.5 万元 three-public-part",
            "公务用车运行维护费支出决算数较上年减少=1.1 万元 yoy-delta-"
        ),
        AmountCase(.finalAccountExplanation, "较上年增加（减少）0万元，增长（下降）0%。", "较上年增加（减少）=0 万元 yoy-delta"),
        AmountCase(
            .finalAccountExplanation,
            "机关运行经费支出0.00元，与上年持平。",
            "机关运行经费支出=0.00 元 operating-funds"
        ),
        AmountCase(
            .finalAccountExplanation,
            "科学技术支出 30 万元,占 2.5%;城乡社区支出 70.5 万元,占 5.9%。",
            "科学技术支出=30 万元 final-expenditure-function",
            "城乡社区支出=70.5 万元 final-expenditure-function"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "2022 年度，区财政共安排我单位预算资金 1,050.30 万元，其中基本支出 850.30 万元，项目支出 200 万元。",
            "预算资金=1050.30 万元 budget",
            "基本支出=850.30 万元 budget-expenditure-part",
            "项目支出=200 万元 budget-expenditure-part"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "部门整体支出年初预算1500万元，追加预算200万元，全年预算1700万元，决算支出1690万元，结余10万元。",
            "部门整体支出年初预算=1500 万元 budget-initial-expenditure-total",
            "追加预算=200 万元 budget",
            "全年预算=1700 万元 budget",
            "决算支出=1690 万元 final-expenditure-total",
            "结余=10 万元 closing-carry-over"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "固定资产总额560万元，其中房屋300万元。",
            "固定资产总额=560 万元 assets",
            "房屋=300 万元 other"
        ),
        AmountCase(.overallSelfEvaluationReport, "收到上级补助资金35万元。", "上级补助资金=35 万元 funds-received"),
        AmountCase(
            .overallSelfEvaluationReport,
            "A项目12万元、B项目3万元，合计15万元。",
            "A项目=12 万元 executed-project",
            "B项目=3 万元 executed-project",
            "合计=15 万元 executed-project-total"
        ),
        AmountCase(.overallSelfEvaluationReport, "年末无结转结余资金，结余0元。", "结余=0 元 closing-carry-over"),
        AmountCase(
            .overallSelfEvaluationReport,
            "“三公”经费2022年预算数5万元，决算数4.8万元。",
            "“三公”经费2022年预算数=5 万元 three-public-budget",
            "“三公”经费2022年决算数=4.8 万元 three-public-total"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "全年共使用资金１２．５万元（大写：壹拾贰万伍仟元整）。",
            "资金=12.5 万元 executed"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "实现税收3.2亿元，完成固定资产投资12亿元。",
            "税收=3.2 亿元 other",
            "完成固定资产投资=12 亿元 assets"
        ),
        AmountCase(.overallSelfEvaluationReport, "节约资金约3万元左右。", "节约资金=3 万元 other~"),
        AmountCase(
            .overallSelfEvaluationReport,
            "2022年度整体支出158.18万元；2021年度整体支出140万元。",
            "整体支出=158.18 万元 executed-expenditure-total",
            "整体支出=140 万元 executed-expenditure-total"
        ),
        AmountCase(.overallSelfEvaluationReport, "预算安排5万元-10万元的项目须经集体研究，超过20万元的报批。"),
        AmountCase(.overallSelfEvaluationReport, "补助标准为每人1200元，奖励标准2000元/户。"),
        AmountCase(.overallSelfEvaluationReport, "全县3.2万农户受益，完成造林1.5万亩，收集意见200余条。"),
        AmountCase(
            .projectSelfEvaluationReport,
            "本项目预算资金60万元，其中省级资金40万元、县级配套20万元，实际支出58万元。",
            "本项目预算资金=60 万元 budget-project",
            "省级资金=40 万元 budget-project-part",
            "县级配套=20 万元 budget-project-part",
            "实际支出=58 万元 executed-project"
        ),
        AmountCase(
            .projectSelfEvaluationReport,
            "截至年底，已支付工程款85万元，未支付15万元。",
            "已支付工程款=85 万元 executed-project",
            "未支付=15 万元 executed-project"
        ),
        AmountCase(
            .projectSelfEvaluationReport,
            "（一）资金到位情况。中央财政下达资金500万元，地方配套到位100万元。",
            "中央财政下达资金=500 万元 funds-received",
            "地方配套到位=100 万元 funds-received"
        ),
        AmountCase(.baseDataTable, "三公经费合计2.5万元。", "三公经费合计=2.5 万元 three-public-total"),
        AmountCase(
            .overallSelfEvaluationReport,
            "全年接待费用共计0.86万元（其中餐费0.8万元）。",
            "接待费用共计=0.86 万元 three-public-part",
            "餐费=0.8 万元 three-public-part"
        ),
        AmountCase(
            .overallSelfEvaluationReport,
            "工会经费支出3.5万元。",
            "工会经费支出=3.5 万元 executed-expenditure-part"
        ),
    ]
}
