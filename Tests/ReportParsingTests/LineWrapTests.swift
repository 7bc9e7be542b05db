import ReportModel
import ReportParsing
import Testing

@Suite("Lines broken at a fixed width")
struct LineWrapTests {
    private static let paragraphs = [
        "衡南县水务局2023年度部门整体支出绩效自评报告",
        "　　2023年我局年初预算批复数为1560.40万元，全年预算数1612.80万元，全年执行数1598.30万元，预算执行率99.10%，年末结转结余14.50万元。",
        "　　我局核定行政编制18名、事业编制12名，年末实有在职人员29人，其中行政人员17人、事业人员12人，退休人员21人。",
        "　　河道清淤项目支出120.55万元，水库除险加固项目支出150.25万元，防汛物资采购项目支出30.15万元，合计支出300.95万元。",
        "　　一年来，我局认真落实上级决策部署，全面完成年度目标任务，农村饮水安全得到巩固，群众满意度进一步提高。",
    ]

    private static func wrapped(_ width: Int) -> String {
        var lines: [String] = []
        for paragraph in paragraphs {
            var rest = paragraph[...]
            while !rest.isEmpty {
                lines.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
        }
        return lines.joined(separator: "\n")
    }

    @Test("the facts are those of the text before it was broken", arguments: 26...44)
    func facts(_ width: Int) throws {
        let whole = try IdentityTests.parse(Self.paragraphs.joined(separator: "\n")).record
        let broken = try IdentityTests.parse(Self.wrapped(width)).record
        #expect(broken.amounts.map(\.value) == whole.amounts.map(\.value))
        #expect(broken.amounts.map(\.label) == whole.amounts.map(\.label))
        #expect(broken.staffing.map(\.count) == whole.staffing.map(\.count))
        #expect(broken.rates.map(\.percent) == whole.rates.map(\.percent))
    }

    @Test("paragraphs of different lengths stay apart")
    func unbroken() throws {
        let record = try IdentityTests.parse(
            """
            衡南县水务局2023年度部门整体支出绩效自评报告
            一、部门概况
            我局内设办公室等5个股室。
            二、存在的问题
            预算编制不够精细
            资金支付进度偏慢
            """
        ).record
        #expect(record.problems.map(\.text) == ["预算编制不够精细", "资金支付进度偏慢"])
    }
}
