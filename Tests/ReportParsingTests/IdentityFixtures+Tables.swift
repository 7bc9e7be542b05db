extension IdentityFixture {
    static let tables: [IdentityFixture] = [
        IdentityFixture(
            name: "an overall table in Markdown with a code before the unit",
            key: "2023/重庆市/荣昌区/卫生健康委员会/整体支出",
            unit: "重庆市荣昌区卫生健康委员会",
            title: "2023年度部门整体绩效自评表",
            parts: ["department-overall-self-evaluation-table"],
            text: """
                # 2023年度部门整体绩效自评表

                | 部门名称 | 301-重庆市荣昌区卫生健康委员会（本级） | 填报人 | 周小川 |
                |---|---|---|---|
                | 年度总体目标 | 保障全区居民健康 | 联系电话 | 023-46771234 |
                | 一级指标 | 二级指标 | 三级指标 | 指标值 |
                | 产出指标 | 数量指标 | 家庭医生签约人数 | ≥12万人 |
                |  |  | 健康讲座场次 | ≥60场 |
                | 效益指标 | 社会效益 | 居民健康素养水平 | ≥28% |
                """
        ),
        IdentityFixture(
            name: "a project table with tabs, codes and a star",
            key: "2023/芜湖市/弋江区/教育局/项目支出/校园安保服务",
            unit: "芜湖市弋江区教育局",
            title: "项目支出绩效自评表",
            parts: ["project-self-evaluation-table"],
            text: """
                项目支出绩效自评表
                （2023年度）
                项目名称\t★校园安保服务
                主管部门\t[035]芜湖市教育局\t实施单位\t[035004]芜湖市弋江区教育局
                一级指标\t二级指标\t三级指标\t分值\t年度指标值\t实际完成值\t得分
                产出指标\t数量指标\t安保人员数量\t20\t≥86人\t88人\t20
                \t质量指标\t持证上岗率\t15\t100%\t100%\t15
                """
        ),
        IdentityFixture(
            name: "two projects make a filing without a project's name",
            key: "2022/黄冈市/蕲春县/民政局/项目支出",
            unit: "黄冈市蕲春县民政局",
            title: "2022年度困难群众救助项目自评表",
            parts: ["project-self-evaluation-table", "project-self-evaluation-table"],
            text: """
                2022年度困难群众救助项目自评表
                单位名称：黄冈市蕲春县民政局
                | 项目名称 | 困难群众救助 |
                | --- | --- |
                | 一级指标 | 二级指标 |
                | 产出指标 | 数量指标 |

                2022年度养老机构补贴项目自评表
                单位名称：黄冈市蕲春县民政局
                | 项目名称 | 养老机构补贴 |
                | --- | --- |
                | 一级指标 | 二级指标 |
                | 产出指标 | 数量指标 |
                """
        ),
        IdentityFixture(
            name: "base data drawn with lines",
            key: "2022/岳阳市/汨罗市/档案馆/基础数据",
            unit: "岳阳市汨罗市档案馆",
            title: "2022年度部门整体支出绩效评价基础数据表",
            parts: ["base-data-table"],
            text: """
                2022年度部门整体支出绩效评价基础数据表
                填报单位：岳阳市汨罗市档案馆
                +----------------+------+----------+
                | 财政供养人员情况 | 编制数 | 年末实有人数 |
                +----------------+------+----------+
                | 合计            | 14   | 13       |
                +----------------+------+----------+
                """
        ),
    ]

    static let accounts: [IdentityFixture] = [
        IdentityFixture(
            name: "a final account with contents and an attachment",
            key: "2022/金华市/义乌市/财政局/部门决算",
            unit: "义乌市财政局",
            title: "义乌市财政局2022年度部门决算",
            parts: [
                "final-account-public-explanation", "department-overall-self-evaluation-report",
            ],
            problems: ["部分项目绩效指标不够量化。"],
            text: """
                义乌市财政局2022年度部门决算

                目  录
                第一部分 概况
                一、部门职责
                第二部分 2022年度部门决算情况说明
                一、收入支出决算总体情况说明
                附件

                第一部分 概况
                一、部门职责
                义乌市财政局主要职责是贯彻执行国家财政税收方针政策，拟订全市财政发展规划并组织实施。
                第二部分 2022年度部门决算情况说明
                一、收入支出决算总体情况说明
                2022年度收、支总计15620.33万元，与2021年度相比增加320.11万元，增长2.09%。
                二、收入决算情况说明
                本年收入合计15200.10万元。
                附件1

                义乌市财政局2022年度部门整体支出绩效自评报告
                一、基本情况
                义乌市财政局现有编制133名，年末在职人员129人，退休人员88人，自评得分96.2分。
                二、存在的不足
                部分项目绩效指标不够量化。
                """
        ),
        IdentityFixture(
            name: "three public expenses",
            key: "2021/昆明市/嵩明县/审计局/三公经费",
            unit: "昆明市嵩明县审计局",
            title: "昆明市嵩明县审计局2021年度“三公”经费决算情况说明",
            parts: ["three-public-explanation"],
            text: """
                昆明市嵩明县审计局2021年度“三公”经费决算情况说明
                2021年度“三公”经费财政拨款支出决算总额为32,150.00元，其中公务接待费支出12,150.00元，接待18批次126人次。
                """
        ),
    ]
}
