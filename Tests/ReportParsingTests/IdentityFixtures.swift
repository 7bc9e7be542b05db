/// Small documents of many provinces and forms, with what each of them says about itself.
struct IdentityFixture: Sendable, CustomStringConvertible {
    var name: String
    var key: String?
    var unit: String?
    var title: String?
    var date: String?
    var parts: [String]
    var problems: [String] = []
    var improvements: [String] = []
    var text: String
    var description: String { name }

    static let all: [IdentityFixture] = reports + tables + accounts + irregular
}

extension IdentityFixture {
    static let reports: [IdentityFixture] = [
        IdentityFixture(
            name: "a town whose title names it, with ordinals in one paragraph",
            key: "2022/益阳市/赫山区/兰溪镇人民政府/整体支出",
            unit: "益阳市赫山区兰溪镇人民政府",
            title: "益阳市赫山区兰溪镇人民政府2022年度部门整体支出绩效评价报告",
            date: "2023-04-20",
            parts: ["department-overall-evaluation-report"],
            problems: ["预算编制不够精细，部分支出未列入年初预算", "资产登记不够及时，账实核对间隔较长。"],
            improvements: ["加强业务学习，提高预算编制水平", "定期盘点资产，做到账实相符。"],
            text: """
                益阳市赫山区兰溪镇人民政府2022年度部门整体支出绩效评价报告

                一、部门概况
                （一）基本情况
                兰溪镇人民政府为一级预算单位，核定编制62名，年末在职人员58人。
                二、一般公共预算支出情况
                2022年全年支出1523.46万元，其中基本支出980.12万元，项目支出543.34万元，与2021年相比增加12.5万元。
                三、存在的问题及原因分析
                从自评情况看，主要存在以下问题：一是预算编制不够精细，部分支出未列入年初预算；二是资产登记不够及时，账实核对间隔较长。
                四、下一步改进措施
                1、加强业务学习，提高预算编制水平；
                2、定期盘点资产，做到账实相符。
                    益阳市赫山区兰溪镇人民政府
                       2023年4月20日
                """
        ),
        IdentityFixture(
            name: "a cover with wide labels and a month for a date",
            key: "2022/平顶山市/新华区/司法局/整体支出",
            unit: "平顶山市新华区司法局",
            title: "部门整体绩效自评报告",
            date: "2023-03",
            parts: ["department-overall-self-evaluation-report"],
            improvements: ["继续完善内部控制制度，规范经费支出审批流程。"],
            text: """
                部门整体绩效自评报告

                评 价 年 度：2022年度
                单 位 名 称：平顶山市新华区司法局（盖章）
                填 报 日 期：2023 年 3 月

                按照《新华区财政局关于开展2023年度绩效自评工作的通知》（平新财〔2023〕8号）要求，我局开展了自评，现将有关情况报告如下。
                一、基本情况
                新华区司法局内设机构7个，主要负责普法、人民调解、社区矫正和法律援助等工作，年末在职人员31人。
                二、绩效自评工作开展情况
                我局成立自评小组，逐项核对年初设定的绩效目标。
                三、存在问题
                无。
                四、改进建议
                继续完善内部控制制度，规范经费支出审批流程。
                """
        ),
        IdentityFixture(
            name: "Chinese digits in title and date",
            key: "2023/昆明市/盘龙区/审计局/整体支出",
            unit: "昆明市盘龙区审计局",
            title: "昆明市盘龙区审计局二〇二三年度部门整体支出绩效自评报告",
            date: "2024-03-26",
            parts: ["department-overall-self-evaluation-report"],
            problems: ["个别审计项目进度偏慢，影响当年预算执行"],
            improvements: ["倒排工期，按季度通报项目进度"],
            text: """
                昆明市盘龙区审计局二〇二三年度部门整体支出绩效自评报告
                一、部门基本情况
                盘龙区审计局是区人民政府工作部门，主管全区审计工作，二○二三年末在职人员26人。
                二、存在的主要问题和下一步改进措施
                （一）存在的主要问题
                1.个别审计项目进度偏慢，影响当年预算执行；
                （二）改进措施
                1.倒排工期，按季度通报项目进度；
                昆明市盘龙区审计局
                二〇二四年三月二十六日
                """
        ),
        IdentityFixture(
            name: "a city's own unit",
            key: "2022/益阳市/总工会/整体支出",
            unit: "益阳市总工会",
            title: "2022年度部门整体支出绩效自评报告",
            parts: ["department-overall-self-evaluation-report"],
            text: """
                益阳市总工会
                2022年度部门整体支出绩效自评报告
                一、部门概况
                益阳市总工会是市委领导下的群众组织，机关编制38名，2022年末实有在职人员35人，退休人员41人。
                二、部门整体支出情况
                2022年度总支出1280.5万元。
                """
        ),
        IdentityFixture(
            name: "a zone that no table knows",
            key: "2023/岳阳市/南湖新区/财政局/整体支出",
            unit: "岳阳市南湖新区财政局",
            title: "2023年度部门整体支出绩效自评报告",
            parts: ["department-overall-self-evaluation-report"],
            text: """
                2023年度部门整体支出绩效自评报告
                单位名称（盖章）：岳阳市南湖新区财政局
                一、基本情况
                南湖新区财政局负责全区财政收支、国库集中支付和政府采购监管，2023年末实有人员19人。
                """
        ),
        IdentityFixture(
            name: "a party organ and a signature with its date on one line",
            key: "2023/乐山市/金口河区/区委宣传部/整体支出",
            unit: "中共乐山市金口河区委宣传部",
            title: "2023年度部门整体支出绩效自评报告",
            date: "2024-04-08",
            parts: ["department-overall-self-evaluation-report"],
            text: """
                中共乐山市金口河区委宣传部
                2023年度部门整体支出绩效自评报告
                一、部门概况
                中共乐山市金口河区委宣传部是区委主管意识形态方面工作的职能部门，编制9名，在职8人。
                二、自评结论
                自评得分92分，等级为优。
                中共乐山市金口河区委宣传部  2024年4月8日
                """
        ),
        IdentityFixture(
            name: "a filing with subordinate units",
            key: "2021/成都市/武侯区/民政局（汇总）/整体支出",
            unit: "成都市武侯区民政局",
            title: "2021年部门整体支出绩效自评报告",
            date: "2022-05-09",
            parts: ["department-overall-self-evaluation-report"],
            text: """
                2021年部门整体支出绩效自评报告
                预算单位：成都市武侯区民政局（汇总）
                报告日期：2022.5.9
                一、部门基本情况
                武侯区民政局下属二级预算单位4个，包括区救助管理站、区社会福利院等，年末在职人员73人。
                """
        ),
        IdentityFixture(
            name: "a school whose unit stands only in the signature",
            key: "2022/北京市/朝阳区/呼家楼第三小学/项目支出/校舍修缮",
            unit: "北京市朝阳区呼家楼第三小学",
            title: "2022年校舍修缮项目支出绩效自评报告",
            date: "2023-02-28",
            parts: ["project-self-evaluation-report"],
            problems: ["施工安排与教学时间有冲突，工期比计划晚10天"],
            text: """
                2022年校舍修缮项目支出绩效自评报告
                一、项目概况
                （一）项目立项情况。学校建于1986年，部分教室墙面开裂，经区教委批准立项修缮。
                （二）资金安排情况。项目预算120.5万元，实际支出118.2万元。
                二、项目绩效情况
                完成12间教室修缮，验收合格率100%。
                三、存在的问题
                1. 施工安排与教学时间有冲突，工期比计划晚10天；
                北京市朝阳区呼家楼第三小学
                2023/2/28
                """
        ),
    ]

    static let irregular: [IdentityFixture] = [
        IdentityFixture(
            name: "a shared district without a city is never guessed",
            key: nil,
            unit: "鼓楼区总工会",
            title: "鼓楼区总工会2023年度部门整体支出绩效自评报告",
            parts: ["department-overall-self-evaluation-report"],
            text: """
                鼓楼区总工会2023年度部门整体支出绩效自评报告
                一、部门概况
                鼓楼区总工会编制12名，年末在职11人，负责全区工会组织建设和职工维权工作。
                """
        ),
        IdentityFixture(
            name: "a shared district whose city the body names",
            key: "2023/徐州市/鼓楼区/总工会/整体支出",
            unit: "鼓楼区总工会",
            title: "鼓楼区总工会2023年度部门整体支出绩效自评报告",
            parts: ["department-overall-self-evaluation-report"],
            text: """
                鼓楼区总工会2023年度部门整体支出绩效自评报告
                一、部门概况
                鼓楼区总工会编制12名，在徐州市总工会和区委领导下开展工作，年末在职11人。
                """
        ),
        IdentityFixture(
            name: "no title and no cover, only a body",
            key: "2023/宜昌市/夷陵区/林业局/整体支出",
            unit: "宜昌市夷陵区林业局",
            title: nil,
            parts: ["department-overall-self-evaluation-report"],
            text: """
                一、部门基本情况
                宜昌市夷陵区林业局是区政府工作部门，负责全区林业和湿地保护。2023年末在职人员45人。
                二、部门整体支出情况
                2023年部门整体支出2310.77万元，比2022年减少30.1万元，绩效自评得分93.5分。
                三、绩效目标完成情况
                2023年完成造林5200亩，绩效目标全部完成。
                """
        ),
        IdentityFixture(
            name: "a year without its word and a table that is only mentioned",
            key: "2020/衡阳市/衡南县/水利局/整体支出",
            unit: "衡阳市衡南县水利局",
            title: "2020部门整体支出绩效自评报告",
            date: "2021-04-09",
            parts: ["department-overall-self-evaluation-report"],
            improvements: ["强化项目前期工作，细化年度实施计划"],
            text: """
                衡阳市衡南县水利局
                2020部门整体支出绩效自评报告
                一、单位基本概况
                衡南县水利局共有在职人员86人，下设水库管理所3个，负责全县水资源管理和防汛抗旱工作。
                二、整改措施
                （1）强化项目前期工作，细化年度实施计划；
                附件：1.部门整体支出绩效自评表
                2.项目支出绩效自评表
                衡阳市衡南县水利局
                2021.4.9
                """
        ),
    ]
}
