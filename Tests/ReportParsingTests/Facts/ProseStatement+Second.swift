extension ProseStatement {
    static let second: [ProseStatement] = [
        ProseStatement(
            in: .finalAccount,
            "本部门2023年度财政拨款收支总计各为3,456.78万元，比上年各减少123.45万元，下降3.45%。",
            """
            A 3456.78|财政拨款收支总计|final-grand-total
            A 123.45|财政拨款收支总计减少|yoy-delta|down
            R 3.45|财政拨款收支总计下降|growth|down
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年度“三公”经费支出决算中，因公出国（境）费支出决算0万元，占0%；公务用车购置及运行维护费支出决算4.46万元，占70.24%；公务接待费支出决算1.89万元，占29.76%。",
            """
            A 0|因公出国（境）费支出决算|three-public-part
            A 4.46|公务用车购置及运行维护费支出决算|three-public-part
            A 1.89|公务接待费支出决算|three-public-part
            R 70.24|公务用车购置及运行维护费占|share
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "因公出国（境）费、公务用车购置及运行费、公务接待费分别为0、6.3、3.5万元。",
            """
            A 0|因公出国（境）费|three-public-part
            A 6.3|公务用车购置及运行费|three-public-part
            A 3.5|公务接待费|three-public-part
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "其中：公务用车购置支出0.00万元，本年度购置公务用车0辆；公务用车运行支出6.30万元，主要用于车辆燃油、维修，年末公务用车保有量3辆。",
            """
            A 0.00|公务用车购置支出|three-public-part
            A 6.30|公务用车运行支出|three-public-part
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "我单位2023年度无国有资本经营预算财政拨款支出，政府性基金预算财政拨款支出为0元。",
            """
            A 0|政府性基金预算财政拨款支出|final-expenditure-total,final-expenditure-part
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年年末一般公共预算财政拨款结转结余为-3.25万元。",
            """
            A 3.25|一般公共预算财政拨款结转结余|closing-carry-over|down
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "住房保障支出（类）88.5万元，占8.85%，主要用于住房公积金支出88.5万元。",
            """
            A 88.5|住房保障支出（类）|final-expenditure-function
            A 88.5|住房公积金支出|final-expenditure-item,final-expenditure-part
            R 8.85|住房保障支出（类）占|share
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "教育（类）普通教育（款）小学教育（项）支出年初预算812.3万元，支出决算798.65万元，完成年初预算的98.32%；决算数与预算数的差异主要原因是教师调动。",
            """
            A 812.3|教育（类）普通教育（款）小学教育（项）年初预算|budget-initial-item
            A 798.65|教育（类）普通教育（款）小学教育（项）支出决算|final-expenditure-item
            R 98.32|教育（类）普通教育（款）小学教育（项）完成年初预算|execution
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年机关运行经费支出138.79 万元，较2022年的120.79万元增加18万元，增长14.9个百分点。",
            """
            A 138.79|机关运行经费支出|operating-funds
            A 120.79|机关运行经费|prior-final,operating-funds
            A 18|机关运行经费增加|yoy-delta|up
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年度，我局资产总额12,345,678.90元，其中流动资产2,345,678.90元，固定资产净值10,000,000.00元。",
            """
            A 12345678.90|资产总额|assets
            A 2345678.90|流动资产|assets
            A 10000000.00|固定资产净值|assets
            """
        ),
        ProseStatement(
            in: .department,
            "根据县委编办核定，我局共有编制86个，其中行政编制20个，事业编制66个；现有在职职工83人（行政19人、事业64人），离休1人，退休45人，遗属补助人员3人。",
            """
            S 86|共有编制|authorised
            S 20|行政编制|authorised-administrative
            S 66|事业编制|authorised-institution
            S 83|在职职工|serving
            S 19|行政|serving-administrative
            S 64|事业|serving-institution
            S 1|离休|retired
            S 45|退休|retired
            S 3|遗属补助人员|other
            """
        ),
        ProseStatement(
            in: .department,
            "全局在职在编干部职工45名，聘用人员8名，公益性岗位3名，政府购买服务人员2名。",
            """
            S 45|在职在编干部职工|serving
            S 8|聘用人员|contract
            S 3|公益性岗位|contract
            S 2|政府购买服务人员|contract
            """
        ),
        ProseStatement(
            in: .department,
            "截止2023年12月31日，全年累计支出912.4万元，其中：人员经费支出610.3万元，占总支出的66.89%；公用经费支出82.1万元，占9.00%；项目经费支出220万元，占24.11%。",
            """
            A 912.4|累计支出|executed-expenditure-total,executed-expenditure-part
            A 610.3|人员经费支出|executed-expenditure-part
            A 82.1|公用经费支出|executed-expenditure-part
            A 220|项目经费支出|executed-project,executed-project-total
            """
        ),
        ProseStatement(
            in: .department,
            "2023年预算安排专项资金150万元，实际到位150万元，实际支出142.6万元，结余7.4万元，预算执行率为95.07%。",
            """
            A 150|专项资金|budget,budget-project
            A 150|实际到位|funds-received
            A 142.6|实际支出|executed
            A 7.4|结余|closing-carry-over
            R 95.07|预算执行率|execution
            """
        ),
        ProseStatement(
            in: .department,
            "按照每人每月200元的标准，为56名村医发放补助13.44万元；对投资100万元以上的项目开展评审。",
            """
            A 13.44|村医发放补助|executed,other
            """
        ),
        ProseStatement(
            in: .department,
            "自评结论：我单位2023年度部门整体支出绩效自评得分为93分，等级为“优”。",
            """
            G 93|优
            """
        ),
        ProseStatement(
            in: .department,
            "综上所述，本部门整体支出绩效评价得分88.6分，评定等次为“良”。",
            """
            G 88.6|良
            """
        ),
        ProseStatement(
            in: .department,
            "按照评价指标体系打分，我镇2023年度部门整体支出绩效自评总得分：97分（满分100分），自评等级：优秀。",
            """
            G 97|优秀
            """
        ),
        ProseStatement(
            in: .department,
            "部门整体支出绩效自评得分90.5分，综合评价结果为“优秀”等次。",
            """
            G 90.5|优秀
            """
        ),
        ProseStatement(
            in: .department,
            "2023年财政拨款收入2100.35万元，比2022年的1985.2万元增加115.15万元，增长5.80%。",
            """
            A 2100.35|财政拨款收入|
            A 1985.2|财政拨款收入|
            A 115.15|财政拨款收入增加|yoy-delta|up
            R 5.80|财政拨款收入增长|growth|up
            """
        ),
        ProseStatement(
            in: .department,
            "上年结转资金45.6万元，本年收入合计980万元，本年支出合计1000.6万元，年末结转结余25万元。",
            """
            A 45.6|上年结转资金|opening-carry-over
            A 980|本年收入合计|
            A 1000.6|本年支出合计|executed-expenditure-total
            A 25|年末结转结余|closing-carry-over
            """
        ),
        ProseStatement(
            in: .department,
            "项目支出300万元，主要用于：1.河道清淤120万元；2.水库除险加固150万元；3.防汛物资采购30万元。",
            """
            A 300|项目支出|executed-project-total,executed-expenditure-part
            A 120|河道清淤|executed-project
            A 150|水库除险加固|executed-project
            A 30|防汛物资采购|executed-project
            """
        ),
        ProseStatement(
            in: .department,
            "“三公”经费预算数为8万元，实际支出6.5万元，控制率81.25%，同比下降12.5%。",
            """
            A 8|三公经费预算数|three-public-budget
            A 6.5|三公经费实际支出|three-public-total
            R 81.25|控制率|control
            """
        ),
        ProseStatement(
            in: .project,
            "项目预算资金50.00万元，全部为县级财政资金，全年支出49.35万元，预算执行率98.7%，按时完成率100%。",
            """
            A 50.00|项目预算资金|budget-project
            A 49.35|全年支出|executed-project
            R 98.7|预算执行率|execution
            """
        ),
        ProseStatement(
            in: .project,
            "2023年中央财政下达我县农村危房改造补助资金356万元，县级配套44万元，合计400万元；截至年底已拨付398.2万元，拨付率99.55%。",
            """
            A 356|农村危房改造补助资金|
            A 44|县级配套|
            A 400|合计|
            A 398.2|已拨付|executed-project-part,executed-project
            R 99.55|拨付率|execution
            """
        ),
    ]
}
