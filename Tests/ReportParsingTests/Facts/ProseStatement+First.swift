extension ProseStatement {
    static let first: [ProseStatement] = [
        ProseStatement(
            in: .finalAccount,
            "2023年度收、支总计1234.56万元。与2022年度相比，收、支总计各增加34.56万元，增长2.88%。",
            """
            A 1234.56|收、支总计|final-grand-total
            A 34.56|收、支总计增加|yoy-delta|up
            R 2.88|收、支总计增长|growth|up
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "本年收入合计1,200.00万元，其中：财政拨款收入1,100.00万元，占91.67%；事业收入0万元，占0%；其他收入100.00万元，占8.33%。",
            """
            A 1200.00|本年收入合计|final-income-total
            A 1100.00|财政拨款收入|final-income-part
            A 0|事业收入|final-income-part
            A 100.00|其他收入|final-income-part
            R 91.67|财政拨款收入占|share
            R 0|事业收入占|share
            R 8.33|其他收入占|share
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年度支出合计1,180.20万元，其中：基本支出980.20万元，占83.05%；项目支出200.00万元，占16.95%；上缴上级支出0万元，占0%。",
            """
            A 1180.20|支出合计|final-expenditure-total
            A 980.20|基本支出|final-expenditure-part
            A 200.00|项目支出|final-expenditure-part
            A 0|上缴上级支出|final-expenditure-part
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年度一般公共预算财政拨款支出年初预算为1000万元，调整预算1150万元，支出决算为1120.5万元，完成年初预算的112.05%，完成调整预算的97.43%。",
            """
            A 1000|一般公共预算财政拨款支出年初预算|budget-initial-expenditure-total
            A 1150|一般公共预算财政拨款支出调整预算|budget-expenditure-total
            A 1120.5|一般公共预算财政拨款支出决算|final-expenditure-total
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "1.一般公共服务支出（类）人大事务（款）行政运行（项）。年初预算为320万元，支出决算为318.6万元，完成年初预算的99.56%，决算数小于年初预算数的主要原因是人员减少。",
            """
            A 320|一般公共服务支出（类）人大事务（款）行政运行（项）年初预算|budget-initial-item
            A 318.6|一般公共服务支出（类）人大事务（款）行政运行（项）支出决算|final-expenditure-item
            R 99.56|一般公共服务支出（类）人大事务（款）行政运行（项）完成年初预算|execution
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年度“三公”经费财政拨款支出预算为12.5万元，支出决算为9.8万元，完成预算的78.4%，其中：因公出国（境）费支出决算为0万元，完成预算的0%；公务用车购置及运行费支出决算为6.3万元，完成预算的84%；公务接待费支出决算为3.5万元，完成预算的70%。",
            """
            A 12.5|三公经费财政拨款支出预算|three-public-budget
            A 9.8|三公经费支出决算|three-public-total
            A 0|因公出国（境）费支出决算|three-public-part
            A 6.3|公务用车购置及运行费支出决算|three-public-part
            A 3.5|公务接待费支出决算|three-public-part
            R 78.4|三公经费完成预算|execution
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "（三）公务接待费支出3.5万元，比上年减少0.5万元，下降12.5%。国内公务接待42批次，380人次，共计支出3.5万元。其中外事接待支出0万元。",
            """
            A 3.5|公务接待费支出|three-public-part
            A 0.5|公务接待费减少|yoy-delta|down
            A 3.5|国内公务接待支出|three-public-part
            A 0|外事接待支出|three-public-part
            R 12.5|公务接待费下降|growth|down
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年度机关运行经费支出88.88万元，比上年增加8.08万元，增长10%，主要原因是办公用房维修。",
            """
            A 88.88|机关运行经费支出|operating-funds
            A 8.08|机关运行经费增加|yoy-delta|up
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "2023年度政府采购支出总额210.5万元，其中：政府采购货物支出110.5万元、政府采购工程支出0万元、政府采购服务支出100万元。授予中小企业合同金额180万元，占政府采购支出总额的85.51%，其中：授予小微企业合同金额90万元，占政府采购支出总额的42.76%。",
            """
            A 210.5|政府采购支出总额|procurement
            A 110.5|政府采购货物支出|procurement
            A 0|政府采购工程支出|procurement
            A 100|政府采购服务支出|procurement
            A 180|授予中小企业合同金额|procurement
            A 90|授予小微企业合同金额|procurement
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "截至2023年12月31日，本部门共有车辆3辆，单价100万元以上设备（不含车辆）0台（套），资产总额2345.67万元，其中固定资产1200万元。",
            """
            A 2345.67|资产总额|assets
            A 1200|固定资产|assets
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "年末财政拨款结转和结余20.36万元，较上年减少5.64万元，下降21.69%。年初结转和结余26万元。",
            """
            A 20.36|年末财政拨款结转和结余|closing-carry-over
            A 5.64|年末财政拨款结转和结余减少|yoy-delta|down
            A 26|年初结转和结余|opening-carry-over
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "三公经费由2022年的15万元减少到2023年的12万元，减少3万元，下降20%。",
            """
            A 15|三公经费|prior-final,three-public-total
            A 12|三公经费|three-public-total
            A 3|三公经费减少|yoy-delta|down
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "基本支出、项目支出分别为980.20万元、200.00万元。",
            """
            A 980.20|基本支出|final-expenditure-part
            A 200.00|项目支出|final-expenditure-part
            """
        ),
        ProseStatement(
            in: .finalAccount,
            "人员经费720.5万元，主要包括：基本工资、津贴补贴、奖金、住房公积金；公用经费259.7万元，主要包括：办公费、印刷费、水费。",
            """
            A 720.5|人员经费|final-expenditure-part
            A 259.7|公用经费|final-expenditure-part
            """
        ),
        ProseStatement(
            in: .department,
            "2023年，我单位年初预算批复数为560.4万元，全年预算数612.8万元，全年执行数598.3万元，预算执行率97.63%。",
            """
            A 560.4|年初预算批复数|budget-initial
            A 612.8|全年预算数|budget
            A 598.3|全年执行数|executed
            R 97.63|预算执行率|execution
            """
        ),
        ProseStatement(
            in: .department,
            "全年部门预算总额为896万元，其中基本支出预算596万元，项目支出预算300万元；实际支出880万元，其中基本支出596万元，项目支出284万元，预算执行率为98.21%。",
            """
            A 896|部门预算总额|budget-total
            A 596|基本支出预算|budget-expenditure-part
            A 300|项目支出预算|budget-project,budget-expenditure-part,budget-project-total
            A 880|实际支出|executed
            A 596|基本支出|executed-expenditure-part
            A 284|项目支出|executed-expenditure-part,executed-project-total
            """
        ),
        ProseStatement(
            in: .department,
            "本单位核定行政编制18名、事业编制12名，工勤编制2名；年末实有在职人员29人，其中行政人员17人、事业人员11人、工勤人员1人，退休人员21人，临聘人员5人。",
            """
            S 18|行政编制|authorised-administrative
            S 12|事业编制|authorised-institution
            S 2|工勤编制|authorised
            S 29|实有在职人员|serving
            S 17|行政人员|serving-administrative
            S 11|事业人员|serving-institution
            S 1|工勤人员|other,serving
            S 21|退休人员|retired
            S 5|临聘人员|contract
            """
        ),
        ProseStatement(
            in: .department,
            "编制总数30名，其中：行政编制18名，参公编制5名，事业编制7名。实有人数28人，其中：公务员16人，参公人员5人，事业人员7人。",
            """
            S 30|编制总数|authorised
            S 18|行政编制|authorised-administrative
            S 5|参公编制|authorised-institution
            S 7|事业编制|authorised-institution
            S 28|实有人数|serving
            S 16|公务员|serving-administrative
            S 5|参公人员|serving-institution
            S 7|事业人员|serving-institution
            """
        ),
        ProseStatement(
            in: .department,
            "对照评分标准，我单位2023年度部门整体支出绩效自评综合得分95.5分，评价等级为“优”。",
            """
            G 95.5|优
            """
        ),
        ProseStatement(
            in: .department,
            "自评得分 98 分，自评结论为优秀。",
            """
            G 98|优秀
            """
        ),
        ProseStatement(
            in: .department,
            "经综合评定，2023年部门整体支出绩效评价总分为92.75分，绩效评级为良。",
            """
            G 92.75|良
            """
        ),
        ProseStatement(
            in: .department,
            "其中，预算执行得分9.8分，产出指标得分48分，效益指标得分29分，满意度指标得分10分，总得分96.8分。",
            """
            G 96.8|
            """
        ),
        ProseStatement(
            in: .department,
            "（1）困难职工帮扶支出45.6万元；（2）劳模慰问支出12.3万元；（3）职工文体活动经费8.85万元。",
            """
            A 45.6|困难职工帮扶支出|executed-project,executed-expenditure-part
            A 12.3|劳模慰问支出|executed-project,executed-expenditure-part
            A 8.85|职工文体活动经费|executed-project,other
            """
        ),
        ProseStatement(
            in: .department,
            "结余资金为零，无其他资金。项目资金到位率100%。",
            """
            """
        ),
        ProseStatement(
            in: .department,
            "共投入资金约1.2亿元，发放补贴近300万元，惠及群众5000余人。",
            """
            A 1.2|投入资金|other,executed
            A 300|补贴|executed,other
            """
        ),
        ProseStatement(
            in: .department,
            "项目总投资1 234.5万元，已拨付资金壹佰万元整（￥1000000.00元）。",
            """
            A 1234.5|项目总投资|budget,budget-project
            A 1000000.00|已拨付资金|executed,funds-received,other
            """
        ),
        ProseStatement(
            in: .department,
            "2023年收到财政拨款830万元，较上年增加30万元，增长3.75%；其中：人员经费拨款600万元，公用经费拨款100万元，专项经费拨款130万元。",
            """
            A 830|财政拨款|funds-received
            A 30|财政拨款增加|yoy-delta|up
            A 600|人员经费拨款|
            A 100|公用经费拨款|
            A 130|专项经费拨款|
            """
        ),
        ProseStatement(
            in: .department,
            "全年公用经费控制率为96.5%，在职人员控制率为93.55%，“三公”经费变动率为-8.3%。",
            """
            R 96.5|公用经费控制率|control
            R 93.55|在职人员控制率|control
            R 8.3|三公经费变动率|control,growth
            """
        ),
        ProseStatement(
            in: .department,
            "2023年调整后预算数4321000.50元，实际支出4300000.50元，预算完成率99.51%，年末结余21000.00元。",
            """
            A 4321000.50|调整后预算数|budget
            A 4300000.50|实际支出|executed
            A 21000.00|年末结余|closing-carry-over
            R 99.51|预算完成率|execution
            """
        ),
        ProseStatement(
            in: .department,
            "部门预算收入由年初的500万元调整为560万元。",
            """
            A 500|部门预算收入|budget-initial-income-total,budget-income-total
            A 560|部门预算收入|budget-income-total
            """
        ),
        ProseStatement(
            in: .department,
            "2023年部门支出892.47万元，其中：工资福利支出512.3万元，商品和服务支出210.17万元，对个人和家庭的补助支出88万元，资本性支出82万元。",
            """
            A 892.47|部门支出|executed-expenditure-total
            A 512.3|工资福利支出|executed-expenditure-part
            A 210.17|商品和服务支出|executed-expenditure-part
            A 88|对个人和家庭的补助支出|executed-expenditure-part
            A 82|资本性支出|executed-expenditure-part
            """
        ),
        ProseStatement(
            in: .project,
            "该项目年初预算安排300万元，其中：中央资金200万元，省级资金60万元，县级配套40万元。截至2023年12月底，资金到位300万元，到位率100%，实际支出295.5万元，资金执行率98.5%。",
            """
            A 300|年初预算|budget-initial-project
            A 200|中央资金|budget-initial-project-part,budget-project-part
            A 60|省级资金|budget-initial-project-part,budget-project-part
            A 40|县级配套|budget-initial-project-part,budget-project-part
            A 300|资金到位|funds-received
            A 295.5|实际支出|executed-project
            R 98.5|资金执行率|execution
            """
        ),
        ProseStatement(
            in: .project,
            "项目资金主要用于：道路硬化150.5万元、路灯安装80万元、绿化65万元。",
            """
            A 150.5|道路硬化|executed-project-part
            A 80|路灯安装|executed-project-part
            A 65|绿化|executed-project-part
            """
        ),
    ]
}
