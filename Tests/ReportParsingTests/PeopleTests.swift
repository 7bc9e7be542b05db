import ReportModel
import Testing

@testable import ReportParsing

@Suite("People in running text")
struct PeopleTests {
    private static func names(_ text: String) -> [String] {
        let scalars = text.scalarArray
        return PeopleLabels.values(in: scalars).map { scalars[$0.range].string }
    }

    private static func numbers(_ text: String) -> [String] {
        let scalars = text.scalarArray
        return PhoneNumber.all(in: scalars).map { scalars[$0].string }
    }

    @Test(
        "telephone numbers are known by their form",
        arguments: [
            ("经办人：李四光，联系电话：13812345679。", ["13812345679"]),
            ("手机 138 1234 5679", ["138 1234 5679"]),
            ("手机：138-1234-5679、159－8765－4321", ["138-1234-5679", "159－8765－4321"]),
            ("请致电１３８１２３４５６７９核实", ["１３８１２３４５６７９"]),
            ("（电话0759-3300032）", ["0759-3300032"]),
            ("电话(0759)3300032转801，", ["(0759)3300032转801"]),
            ("（0759）3300032", ["（0759）3300032"]),
            ("0759—3300032/3300033", ["0759—3300032", "3300033"]),
            ("010-89351234、023－71421234", ["010-89351234", "023－71421234"]),
            ("0991-230 1234", ["0991-230 1234"]),
            ("电话：0898 65331234", ["0898 65331234"]),
            ("+86-13812345679", ["+86-13812345679"]),
            ("+86 138 1234 5679", ["+86 138 1234 5679"]),
            ("0571-87651234-8012", ["0571-87651234-8012"]),
            ("13812345679/0759-3300032", ["13812345679", "0759-3300032"]),
            ("张三丰13812345679李四光19912345678", ["13812345679", "19912345678"]),
            ("联系电话：0759-3300032，+86", ["0759-3300032"]), ("0759-3300032，+86-", ["0759-3300032"]),
            ("0759-3300032，＋86 ", ["0759-3300032"]), ("13812345679\t0086", ["13812345679"]),
            ("1234567890\t0086", []), ("+", []), ("(", []), ("（0", []), ("+86(0759", []),
        ]
    )
    func phones(_ text: String, _ expected: [String]) {
        #expect(Self.numbers(text) == expected)
    }

    @Test(
        "amounts, counts, codes, dates and parts of longer numbers are no telephone numbers",
        arguments: [
            "电话费 12345.00 元", "共支出0.75 万元", "文号2023-3300032", "档案2023-3300032", "13812345679.50元",
            "拨付13812345679元", "合计13812345679.00", "账号：13812345679", "统一社会信用代码：13812345679",
            "身份证号码440811198001013812", "6222021381234567901", "2023年12月31日", "20231231-20240331",
            "项目编码 440811-0759-3300032", "A13812345679", "第13812345679号", "〔2023〕0759-3300032",
            "收款账户为13812345679", "138 1234 5679 12", "12 138 1234 5679", "1381234567",
            "138123456790",
            "0759-330003", "0759-330003212", "0759-1300032", "0501 2050201", "功能科目2010301 2080101",
            "12 3456 7890", "0.759-3300032", "13812345679 万元", "02-3300032", "103,138,123,456.79",
            "13812345679%",
            "覆盖13812345679人次", "0759-3300032.5", "1:13812345679,000",
        ]
    )
    func noPhones(_ text: String) {
        #expect(Self.numbers(text).isEmpty)
    }

    @Test(
        "labels are found anywhere, with a colon or without one",
        arguments: [
            ("我局共6人，联系人：王小明，联系电话：0759-3300032。", ["王小明", "0759-3300032"]),
            ("经办人：李四光，联系电话：13812345679", ["李四光", "13812345679"]),
            ("项目由负责人张三丰（电话0759-3300032）统筹", ["张三丰", "0759-3300032"]),
            ("本单位联系人:赵敏、周芷若；", ["赵敏", "周芷若"]),
            ("单位负责人（签字）：罗小平  填表人（盖章）：邱芸", ["罗小平", "邱芸"]),
            ("联系人 王小明  电话 3301234", ["王小明", "3301234"]),
            ("审核人：欧阳建国；复核人：阿卜杜·热西提", ["欧阳建国", "阿卜杜·热西提"]),
            ("联系人：王　明", ["王　明"]),
            ("填报人：王小明联系电话：3301234、3301235", ["王小明", "3301234", "3301235"]),
            ("评价组成员：王小明（办公室）、李四光（财务股）", ["王小明", "李四光"]),
            ("联系人：扎西次仁，联系电话：0891-6331234", ["扎西次仁", "0891-6331234"]),
            ("负责人（张三丰，0759-3300032）", ["张三丰"]),
            ("负责人高强（13812345679）", ["高强"]), ("填表人：邱小芸    填报日期：2023-02-17", ["邱小芸"]),
            ("联系人是王小明。", ["王小明"]),
            ("填报人：任重远、党建国", ["任重远", "党建国"]), ("项目负责人李四光负责验收", ["李四光"]),
        ]
    )
    func labels(_ text: String, _ expected: [String]) {
        #expect(Self.names(text) == expected)
    }

    @Test(
        "words, counts, amounts and offices behind a label are nobody",
        arguments: [
            "填表人：填报日期：2023-02-17", "负责人3名，联系人员8人", "主要负责人用车0辆", "电话费 12345.00 元", "电话费1234567元",
            "负责人高度重视，安排专人",
            "项目负责人：高度重视", "负责人：安全，", "联系人：各股室", "审核人：卫生院", "负责人：项目", "经办人和审核人分离",
            "负责人严格审核", "负责人员培训12人", "联系人及电话", "手机银行支付1234567.89元", "电话1234567户", "安装电话12部",
            "审核人数120人", "联系电话：", "联系人：无", "电话会议12次，覆盖3300032人", "负责人：", "负责人方面",
            "项目负责人管理制度", "报告人时间", "经办人（签字）", "成员：各班子成员、农技站", "审核：通过", "填报人员13812345元",
        ]
    )
    func nobody(_ text: String) {
        #expect(Self.names(text).isEmpty)
    }

    private static let report = """
        2023年度部门整体支出绩效自评报告
        单位名称：湛江市麻章区财政局
        一、部门基本情况
        本单位编制6名，在职6人，联系人：王小明，联系电话：0759-3300032。2023年度预算138.79万元，支出134.92万元。
        二、存在的问题
        1.项目资料由经办人李四光一人保管，电话13812345679，存在风险隐患。
        2.负责人张三丰（电话0759-3300032）统筹不足，电话费 12345.00 元超预算，负责人3名未到位。
        三、改进措施
        1.由王 小 明和李四光轮岗，合同编号2023-3300032，致电 (0759)3300032。
        """

    @Test("names and numbers of running text stand among the people and nowhere in the record")
    func record() throws {
        let output = try IdentityTests.parse(Self.report)
        let names = Set(output.people.map(\.name))
        #expect(
            names == ["王小明", "0759-3300032", "李四光", "13812345679", "张三丰", "(0759)3300032"]
        )
        let stored = String(decoding: output.record.canonicalBytes, as: UTF8.self)
        for name in names { #expect(!stored.contains(name)) }
        #expect(
            output.record.problems.map(\.text) == [
                "项目资料由经办人＊＊＊一人保管，电话＊＊＊＊＊＊＊＊＊＊＊，存在风险隐患。",
                "负责人＊＊＊（电话＊＊＊＊＊＊＊＊＊＊＊＊）统筹不足，电话费 12345.00 元超预算，负责人3名未到位。",
            ]
        )
        #expect(
            output.record.improvements.map(\.text) == [
                "由＊＊＊＊＊和＊＊＊轮岗，合同编号2023-3300032，致电 ＊＊＊＊＊＊＊＊＊＊＊＊＊。"
            ]
        )
        #expect(output.record.amounts.contains { $0.value == "12345.00" })
        #expect(try Record(json: output.record.json) == output.record)
    }

    @Test("masked texts keep their places")
    func places() throws {
        let output = try IdentityTests.parse(Self.report)
        let document = try Extractors.extract(Array(Self.report.utf8)).document
        let places =
            output.record.problems.map(\.place) + output.record.improvements.map(\.place)
            + output.record.amounts.map(\.place)
        for place in places {
            let printed = document.blocks[place.block].text.scalarArray[place.start..<place.end]
            let isSame = zip(printed, place.quote.scalarArray).allSatisfy { $0 == $1 || $1 == "＊" }
            #expect(isSame && printed.count == place.quote.unicodeScalars.count)
        }
        for person in output.people {
            #expect(person.place.quote == person.name)
        }
    }

    @Test("a cell of an indicator table is masked, its figures are not")
    func cells() throws {
        let text = """
            项目支出绩效自评表
            （2023年度）
            项目名称\t困难职工帮扶\t主管部门\t湛江市麻章区总工会
            项目负责人\t王小明\t联系电话\t0759-3300032
            一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因及改进措施
            产出指标\t数量指标\t慰问户数\t≥100户\t120户\t20\t20\t由王小明（13812345679）核实
            产出指标\t数量指标\t热线来电\t≥3300032次\t3300033次\t20\t20\t
            """
        let output = try IdentityTests.parse(text)
        let rows = output.record.indicators
        #expect(rows.map(\.note) == ["由＊＊＊（＊＊＊＊＊＊＊＊＊＊＊）核实", nil])
        #expect(rows.map(\.actual) == ["120户", "3300033次"])
        #expect(rows.last?.target == "≥3300032次")
        #expect(
            Set(output.people.map(\.name)) == ["王小明", "0759-3300032", "13812345679"]
        )
    }

    @Test("a known number is masked however it is divided, and never within another")
    func otherSpellings() {
        let place = Place(source: 0, block: 0, start: 0, end: 0, quote: "")
        let mask = NameMask(
            ["王明", "138 1234 5679", "3300032"].map { Person(name: $0, place: place) }
        )
        #expect(mask.masked("王　明，１３８－１２３４－５６７９") == "＊＊＊，＊＊＊＊＊＊＊＊＊＊＊＊＊")
        #expect(mask.masked("电话3300032。") == "电话＊＊＊＊＊＊＊。")
        for text in [
            "2023-3300032", "3300032.00", "3300032元", "13300032", "33000321", "王明村道路",
            "13812345679.00",
            "3300032 万元", "1,3300032",
        ] {
            let masked = mask.masked(text)
            #expect(masked == nil)
        }
    }

    @Test("a name that only stands before a telephone number is found")
    func beforeNumbers() throws {
        for (text, name) in [
            ("如有疑问请联系王小明（13812345679）。", "王小明"), ("咨询：李四光 0759-3300032", "李四光"),
            ("财务股股长赵敏，电话：0759-3300032", "赵敏"),
        ] {
            let scalars = text.scalarArray
            let number = try #require(PhoneNumber.all(in: scalars).first)
            let range = try #require(PeopleLabels.name(in: scalars, before: number.lowerBound))
            #expect(scalars[range].string == name)
        }
        for text in [
            "领导重视，电话0759-3300032", "财务室 0759-3300032", "方便群众（13812345679）", "纪检组：0759-3300032",
        ] {
            let scalars = text.scalarArray
            let number = try #require(PhoneNumber.all(in: scalars).first)
            let range = PeopleLabels.name(in: scalars, before: number.lowerBound)
            #expect(range == nil)
        }
    }
}
