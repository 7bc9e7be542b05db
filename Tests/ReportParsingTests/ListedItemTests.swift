import ReportModel
import ReportParsing
import Testing

/// The end of a report with the problems and improvements that it lists.
struct ListedItems: Sendable, CustomTestStringConvertible {
    var text: String
    var problems: [String]
    var improvements: [String]

    var testDescription: String { String(text.prefix(24)) }

    init(_ text: String, _ problems: [String], _ improvements: [String] = []) {
        self.text = text
        self.problems = problems
        self.improvements = improvements
    }

    static let all = [
        ListedItems(
            """
            五、存在的问题
            （一）预算编制不够精细。
            部分项目编制时调研不充分，年中调整较多。
            （二）资金支付进度偏慢。
            上半年执行率较低，年底集中支付。
            """,
            [
                "预算编制不够精细。\n部分项目编制时调研不充分，年中调整较多。", "资金支付进度偏慢。\n上半年执行率较低，年底集中支付。",
            ]
        ),
        ListedItems(
            """
            5、存在的问题
            一是制度执行不够严格；二是业务培训不够系统。
            6、下一步改进措施
            1.提前谋划项目。成熟一个申报一个。
            2.强化结果应用。与下年预算挂钩。
            """,
            ["制度执行不够严格", "业务培训不够系统。"],
            ["提前谋划项目。成熟一个申报一个。", "强化结果应用。与下年预算挂钩。"]
        ),
        ListedItems(
            """
            五、存在问题及建议
            （一）存在问题
            （1）专业人才缺乏，信息化水平不高。
            （2）调查覆盖面偏窄，样本较少。
            （二）相关建议
            1、建立通报制度。对进度滞后的股室进行约谈。
            2、加强业务培训。提高财务人员能力。
            3、开展资产盘点。做到账实相符。
            六、其他需要说明的情况
            无。
            """,
            ["专业人才缺乏，信息化水平不高。", "调查覆盖面偏窄，样本较少。"],
            ["建立通报制度。对进度滞后的股室进行约谈。", "加强业务培训。提高财务人员能力。", "开展资产盘点。做到账实相符。"]
        ),
        ListedItems(
            """
            五、存在的主要问题
            主要表现在：首先，绩效管理意识有待增强。其次，资料归档不及时。最后，固定资产管理不够规范。
            六、改进措施
            下一步，第一，组织专题培训，压实责任。第二，完善档案管理，做到归档完整。
            """,
            ["绩效管理意识有待增强。", "资料归档不及时。", "固定资产管理不够规范。"],
            ["组织专题培训，压实责任。", "完善档案管理，做到归档完整。"]
        ),
        ListedItems(
            """
            五、还有哪些不足
            1、水费增长较快，年初预算偏低；
            2、验收资料归档不及时。
            六、以后怎么办
            1、按实际用量测算；
            2、完工后按时归档。
            """,
            ["水费增长较快，年初预算偏低", "验收资料归档不及时。"],
            ["按实际用量测算", "完工后按时归档。"]
        ),
        ListedItems(
            """
            五、存在的问题
            无。
            六、有关建议
            暂无。
            """,
            []
        ),
        ListedItems(
            """
            一、部门概况
            （1）负责污染防治监督管理。
            （2）落实生态环境保护督察整改。
            一年来，我局坚持稳中求进工作总基调，办理建议提案9件。
            """,
            []
        ),
    ]
}

@Suite("Problems and improvements")
struct ListedItemTests {
    @Test("every item of a list is found, whatever numbers it", arguments: ListedItems.all)
    func items(_ items: ListedItems) throws {
        let title = "衡南县农业农村局2023年度部门整体支出绩效自评报告\n"
        let record = try IdentityTests.parse(title + items.text).record
        #expect(record.problems.map(\.text) == items.problems)
        #expect(record.improvements.map(\.text) == items.improvements)
    }
}
