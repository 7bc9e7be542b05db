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
            ("联系人：江　华　电话：0759-3300032", ["江　华", "0759-3300032"]),
            ("联系人：江华电话：0759-3300032", ["江华", "0759-3300032"]),
            ("负责人黄梅，电话13800138000", ["黄梅", "13800138000"]),
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
    func maskedPlaces() throws {
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
            ("财务股股长赵敏，电话：0759-3300032", "赵敏"), ("科员黄梅 13800138000", "黄梅"),
        ] {
            let scalars = text.scalarArray
            let number = try #require(PhoneNumber.all(in: scalars).first)
            let range = try #require(PeopleLabels.name(in: scalars, before: number.lowerBound))
            #expect(scalars[range].string == name)
        }
        for text in [
            "领导重视，电话0759-3300032", "财务室 0759-3300032", "方便群众（13812345679）", "纪检组：0759-3300032",
            "监督电话：武汉 027-82222222", "郑州 0371-66666666", "请联系郑州 0371-66666666", "黄梅 0713-3330032",
        ] {
            let scalars = text.scalarArray
            let number = try #require(PhoneNumber.all(in: scalars).first)
            let range = PeopleLabels.name(in: scalars, before: number.lowerBound)
            #expect(range == nil)
        }
    }

    private static func mask(_ names: [String]) -> NameMask {
        let place = Place(source: 0, block: 0, start: 0, end: 0, quote: "")
        return NameMask(names.map { Person(name: $0, place: place) })
    }

    @Test("a name before a title is masked, one that begins the name of a place is not")
    func titles() {
        let mask = Self.mask(["李强", "王建国", "陈刚", "黄梅"])
        for (text, masked) in [
            ("李强县长牵头", "＊＊县长牵头"), ("王建国区长", "＊＊＊区长"), ("由李强县委书记牵头", "由＊＊县委书记牵头"),
            ("陈刚镇长、李强副县长", "＊＊镇长、＊＊副县长"), ("陈刚村支书", "＊＊村支书"), ("陈刚乡党委书记", "＊＊乡党委书记"),
            ("李强市人大代表", "＊＊市人大代表"), ("李强县副县长", "＊＊县副县长"), ("陈刚路长", "＊＊路长"),
            ("陈刚村会计", "＊＊村会计"), ("陈刚村民小组长", "＊＊村民小组长"), ("李强市公安局局长", "＊＊市公安局局长"),
            ("李强县城建局局长", "＊＊县城建局局长"), ("李强市道路运输局", "＊＊市道路运输局"), ("李强镇干部", "＊＊镇干部"),
            ("李强街道办主任", "＊＊街道办主任"), ("陈刚乡镇卫生院院长", "＊＊乡镇卫生院院长"), ("黄梅县长", "＊＊县长"),
        ] {
            #expect(mask.masked(text) == masked)
        }
        for text in [
            "李强村道路", "李强村村长", "陈刚镇", "王建国路12号", "李强县城", "李强街道，", "黄梅县财政局",
        ] {
            let masked = mask.masked(text)
            #expect(masked == nil, "\(text)")
        }
    }

    @Test("numbers divided by a comma are masked, and those without their extension")
    func rowsOfNumbers() {
        let mask = Self.mask([
            "13800138000", "13900139000", "3300032", "0759-3300033转801", "0571-87651234-8012",
        ])
        for (text, masked) in [
            ("13800138000,13900139000", "＊＊＊＊＊＊＊＊＊＊＊,＊＊＊＊＊＊＊＊＊＊＊"),
            ("13800138000,13900139000,3300032", "＊＊＊＊＊＊＊＊＊＊＊,＊＊＊＊＊＊＊＊＊＊＊,＊＊＊＊＊＊＊"),
            ("电话0759-3300033。", "电话＊＊＊＊＊＊＊＊＊＊＊＊。"), ("0759-3300033转801", "＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊"),
            ("(0571)87651234", "＊＊＊＊＊＊＊＊＊＊＊＊＊＊"), ("0571-87651234-8012", "＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊"),
        ] {
            #expect(mask.masked(text) == masked)
        }
        for text in ["1,3300032", "0759,3300032", "13800138001,3300032", "8012"] {
            let masked = mask.masked(text)
            #expect(masked == nil, "\(text)")
        }
    }

    private static func leaders(_ text: String) -> [String] {
        let scalars = text.scalarArray
        return PersonName.inSentence(scalars).map { scalars[$0.range].string }
    }

    @Test(
        "a name before 同志 or 任组长 is believed though it begins like a word",
        arguments: [
            ("史志强同志负责。", ["史志强"]), ("由高新民任组长", ["高新民"]), ("文明同志", ["文明"]), ("，江河任组长", ["江河"]),
            ("局长高新民任组长，江河、史志强为成员", ["高新民", "江河", "史志强"]), ("高强任组长", ["高强"]),
            ("，和王明同志", ["王明"]), ("武强同志", ["武强"]), ("会同王明同志", ["王明"]), ("黄石林同志", ["黄石林"]),
            ("陈明和江华同志", ["江华"]), ("干部江华同志", ["江华"]), ("副局长江华任组长", ["江华"]),
            ("于成龙同志", ["于成龙"]), ("于向东任组长", ["于向东"]), ("局长于江涛同志、", ["于江涛"]),
            ("王明、于金龙同志", ["王明", "于金龙"]), ("由于王明同志请假", ["王明"]), ("任局长时王明同志", ["王明"]),
            ("向王明同志学习", ["王明"]), ("向江涛任组长", ["向江涛"]),
            ("用于王明同志医疗救助", ["王明"]), ("有利于王明同志", ["王明"]), ("党员于江涛同志", ["于江涛"]), ("局长金华同志", ["金华"]),
        ]
    )
    func marked(_ text: String, _ expected: [String]) {
        #expect(Self.leaders(text) == expected)
    }

    @Test(
        "words before 同志 and 任组长 are nobody",
        arguments: [
            "全体同志", "党员同志", "关心同志", "安排同志参加", "10余名同志", "单位任组长", "党委任组长", "负责同志", "5万余名同志",
            "农业口同志", "石家庄同志", "党政主要负责同志", "云南省同志", "各单位任成员", "方便同志", "安全员同志",
            "江西的同志", "麻章的同志", "从麻章来的同志", "石家庄的同志", "江苏籍同志", "内蒙古籍同志", "江苏省同志",
            "接待江西同志", "江西同志反映",
        ]
    )
    func unmarked(_ text: String) {
        #expect(Self.leaders(text).isEmpty)
    }

    @Test("every name of a long list is found")
    func longLists() {
        let given = Array("一二三四五六七八九十".unicodeScalars)
        let names = given.flatMap { first in given.map { "王\(first)\($0)" } } + ["李明", "李四光"]
        #expect(Self.names("成员：" + names.joined(separator: "、")) == names)
        #expect(Self.leaders(names.joined(separator: "、") + "为成员") == names)
        // A run of labels names nobody, however long it is.
        let run = String(repeating: "负责人", count: 20_000)
        #expect(Self.names(run).isEmpty)
    }

    @Test("places without their level word are no names, but where something asks for one")
    func places() {
        for place in [
            "万州", "江津", "白云", "云阳", "武陵", "麻章", "江门", "雷州", "楚雄", "江苏", "宁夏", "石家庄", "马鞍山", "湛江",
            "江苏省", "江西的", "江苏籍",
        ] {
            let letters = place.scalarArray
            #expect(!PersonName.isName(letters[...]), "\(place)")
        }
        for name in ["黄石林", "江山丽", "王州", "文安邦"] {
            let letters = name.scalarArray
            #expect(PersonName.isName(letters[...]), "\(name)")
        }
        #expect(Self.names("联系人：武强，电话3301234") == ["武强", "3301234"])
        for text in ["负责人江门统筹", "负责人云阳。", "负责人江华统筹", "负责人黄梅，共3301234元"] {
            #expect(Self.names(text).isEmpty, "\(text)")
        }
    }
}
