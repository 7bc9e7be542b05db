import ReportModel
import Testing

@Suite("Names of units")
struct UnitNameTests {
    struct Row: Sendable, CustomStringConvertible {
        var name: String
        var year: Int?
        var code: String?
        var city: String?
        var district: String?
        var short: String
        var local = false
        var description: String { name }

        init(
            _ name: String,
            _ code: String?,
            _ city: String?,
            _ district: String?,
            _ short: String,
            year: Int? = 2023,
            local: Bool = false
        ) {
            (self.name, self.code, self.city, self.district) = (name, code, city, district)
            (self.short, self.year, self.local) = (short, year, local)
        }
    }

    static let rows: [Row] = [
        // Districts, with and without what is above them.
        Row("乐山市市中区总工会", "511102", "乐山市", "市中区", "总工会"),
        Row("乐山市中区总工会", "511102", "乐山市", "市中区", "总工会"),
        Row("四川省乐山市市中区总工会", "511102", "乐山市", "市中区", "总工会"),
        Row("四川乐山市中区总工会", "511102", "乐山市", "市中区", "总工会"),
        Row("内江市市中区财政局", "511002", "内江市", "市中区", "财政局"),
        Row("青岛市北区教育局", "370203", "青岛市", "市北区", "教育局"),
        Row("麻章区总工会", "440811", "湛江市", "麻章区", "总工会"),
        Row("湛江市麻章区总工会", "440811", "湛江市", "麻章区", "总工会"),
        Row("湛江麻章区总工会", "440811", "湛江市", "麻章区", "总工会"),
        Row("广东省湛江市麻章区总工会", "440811", "湛江市", "麻章区", "总工会"),
        Row("广东麻章区总工会", "440811", "湛江市", "麻章区", "总工会"),
        Row("湖南长沙岳麓区教育局", "430104", "长沙市", "岳麓区", "教育局"),
        Row("湖南省长沙市岳麓区教育局", "430104", "长沙市", "岳麓区", "教育局"),
        Row("岳麓区第一中学", "430104", "长沙市", "岳麓区", "第一中学"),
        Row("湛江市麻章区麻章镇人民政府", "440811", "湛江市", "麻章区", "麻章镇人民政府"),
        Row("金口河区人民政府办公室", "511113", "乐山市", "金口河区", "人民政府办公室"),
        Row("岳麓区委办公室", "430104", "长沙市", "岳麓区", "区委办公室"),
        Row("中共金口河区委宣传部", "511113", "乐山市", "金口河区", "区委宣传部"),
        Row("中共乐山市金口河区委宣传部", "511113", "乐山市", "金口河区", "区委宣传部"),
        Row("中共乐山市委组织部", "511100", "乐山市", nil, "市委组织部"),
        Row("共青团麻章区委员会", "440811", "湛江市", "麻章区", "共青团区委员会"),
        Row("麻章区直机关工委", "440811", "湛江市", "麻章区", "区直机关工委"),
        Row("麻章区直属机关工作委员会", "440811", "湛江市", "麻章区", "直属机关工作委员会"),
        Row("乐山市场监督管理局", "511100", "乐山市", nil, "市场监督管理局"),
        Row("乐山市市场监督管理局", "511100", "乐山市", nil, "市场监督管理局"),
        Row("乐山市民政局", "511100", "乐山市", nil, "民政局"),
        Row("通州区总工会", nil, nil, "通州区", "总工会"),
        Row("南通市通州区总工会", "320612", "南通市", "通州区", "总工会"),
        Row("北京市通州区总工会", "110112", "北京市", "通州区", "总工会"),
        // Municipalities.
        Row("重庆市荣昌区总工会", "500153", "重庆市", "荣昌区", "总工会"),
        Row("荣昌区总工会", "500153", "重庆市", "荣昌区", "总工会"),
        Row("重庆荣昌区总工会", "500153", "重庆市", "荣昌区", "总工会"),
        Row("重庆市总工会", "500000", "重庆市", nil, "总工会"),
        Row("北京市朝阳区财政局", "110105", "北京市", "朝阳区", "财政局"),
        Row("上海市浦东新区教育局", "310115", "上海市", "浦东新区", "教育局"),
        Row("天津市滨海新区总工会", "120116", "天津市", "滨海新区", "总工会"),
        Row("河北区总工会", "120105", "天津市", "河北区", "总工会"),
        Row("重庆市忠县总工会", "500233", "重庆市", "忠县", "总工会"),
        Row("彭水苗族土家族自治县总工会", "500243", "重庆市", "彭水苗族土家族自治县", "总工会"),
        // Provinces and cities of their own.
        Row("四川省总工会", "510000", "四川省", nil, "总工会"),
        Row("广西壮族自治区总工会", "450000", "广西壮族自治区", nil, "总工会"),
        Row("四川省委宣传部", "510000", "四川省", nil, "省委宣传部"),
        Row("益阳市总工会", "430900", "益阳市", nil, "总工会"),
        Row("湖南益阳市总工会", "430900", "益阳市", nil, "总工会"),
        Row("东莞市总工会", "441900", "东莞市", nil, "总工会"),
        Row("中山市小榄镇人民政府", "442000", "中山市", nil, "小榄镇人民政府"),
        Row("济源市总工会", "419001", "济源市", nil, "总工会"),
        Row("湖北省仙桃市总工会", "429004", "仙桃市", nil, "总工会"),
        Row("神农架林区总工会", "429021", "神农架林区", nil, "总工会"),
        Row("海南省琼海市总工会", "469002", "琼海市", nil, "总工会"),
        Row("胡杨河市总工会", "659010", "胡杨河市", nil, "总工会"),
        Row("石河子市财政局", "659001", "石河子市", nil, "财政局"),
        Row("白杨市财政局", "659012", "白杨市", nil, "财政局"),
        Row("嘉峪关市总工会", "620200", "嘉峪关市", nil, "总工会"),
        // Leagues, banners, autonomous units.
        Row("锡林郭勒盟苏尼特右旗财政局", "152524", "锡林郭勒盟", "苏尼特右旗", "财政局"),
        Row("兴安盟总工会", "152200", "兴安盟", nil, "总工会"),
        Row("鄂温克族自治旗总工会", "150724", "呼伦贝尔市", "鄂温克族自治旗", "总工会"),
        Row("凉山彝族自治州西昌市总工会", "513401", "凉山彝族自治州", "西昌市", "总工会"),
        Row("凉山州总工会", "513400", "凉山彝族自治州", nil, "总工会"),
        Row("凉山州西昌市总工会", "513401", "凉山彝族自治州", "西昌市", "总工会"),
        Row("凉山州委办公室", "513400", "凉山彝族自治州", nil, "州委办公室"),
        Row("湘西州吉首市总工会", "433101", "湘西土家族苗族自治州", "吉首市", "总工会"),
        Row("峨边彝族自治县总工会", "511132", "乐山市", "峨边彝族自治县", "总工会"),
        Row("乐山市峨边县总工会", "511132", "乐山市", "峨边彝族自治县", "总工会"),
        Row("北川县总工会", "510726", "绵阳市", "北川羌族自治县", "总工会"),
        Row("东乡族自治县总工会", "622926", "临夏回族自治州", "东乡族自治县", "总工会"),
        Row("阿里地区噶尔县财政局", "542523", "阿里地区", "噶尔县", "财政局"),
        Row("新疆伊犁哈萨克自治州伊宁市总工会", "654002", "伊犁哈萨克自治州", "伊宁市", "总工会"),
        Row("恩施州恩施市总工会", "422801", "恩施土家族苗族自治州", "恩施市", "总工会"),
        Row("内蒙古呼和浩特市新城区总工会", "150102", "呼和浩特市", "新城区", "总工会"),
        Row("内蒙古鄂伦春自治旗总工会", "150723", "呼伦贝尔市", "鄂伦春自治旗", "总工会"),
        Row("内蒙古自治区总工会", "150000", "内蒙古自治区", nil, "总工会"),
        Row("广西南宁市青秀区教育局", "450103", "南宁市", "青秀区", "教育局"),
        Row("双江县财政局", "530925", "临沧市", "双江拉祜族佤族布朗族傣族自治县", "财政局"),
        // Names that begin like others.
        Row("吉林省吉林市船营区总工会", "220204", "吉林市", "船营区", "总工会"),
        Row("吉林市总工会", "220200", "吉林市", nil, "总工会"),
        Row("长春市朝阳区总工会", "220104", "长春市", "朝阳区", "总工会"),
        Row("朝阳市朝阳县总工会", "211321", "朝阳市", "朝阳县", "总工会"),
        Row("义乌市总工会", "330782", "金华市", "义乌市", "总工会"),
        Row("和县总工会", "340523", "马鞍山市", "和县", "总工会"),
        // Zones.
        Row("益阳市高新区财政局", "430900", "益阳市", "高新区", "财政局", local: true),
        Row("长沙高新区总工会", "430100", "长沙市", "高新区", "总工会", local: true),
        Row("苏州工业园区总工会", "320500", "苏州市", "工业园区", "总工会", local: true),
        Row("岳阳市南湖新区财政局", "430600", "岳阳市", "南湖新区", "财政局", local: true),
        Row("南京市江北新区管委会", "320100", "南京市", "江北新区", "管委会", local: true),
        Row("廊坊市经济技术开发区管理委员会", "131000", "廊坊市", "经济技术开发区", "管理委员会", local: true),
        Row("合肥市新站高新技术产业开发区总工会", "340100", "合肥市", "新站高新技术产业开发区", "总工会", local: true),
        Row("常德市西洞庭管理区总工会", "430700", "常德市", "西洞庭管理区", "总工会", local: true),
        Row("济源市产城融合示范区财政局", "419001", "济源市", "产城融合示范区", "财政局", local: true),
        Row("重庆市万盛经济技术开发区总工会", "500000", "重庆市", "万盛经济技术开发区", "总工会", local: true),
        Row("长沙市教育局开发区分局", "430100", "长沙市", nil, "教育局开发区分局"),
        Row("长沙市科技创新区域服务站", "430100", "长沙市", nil, "科技创新区域服务站"),
        Row("长沙市岳麓区高新区管委会", "430104", "长沙市", "岳麓区", "高新区管委会"),
        Row("天津市滨海新区开发区总工会", "120116", "天津市", "滨海新区", "开发区总工会"),
        Row("中山市古镇镇工业园区管理办公室", "442000", "中山市", nil, "古镇镇工业园区管理办公室"),
        // Names of other years.
        Row("东乡县总工会", "361029", "抚州市", "东乡县", "总工会", year: 2014),
        Row("抚州市东乡县总工会", "361029", "抚州市", "东乡县", "总工会"),
        Row("东乡县总工会", nil, nil, nil, "总工会"),
        Row("即墨市总工会", "370282", "青岛市", "即墨市", "总工会", year: 2016),
        Row("即墨区总工会", "370215", "青岛市", "即墨区", "总工会", year: 2020),
        Row("长治市城区总工会", "140402", "长治市", "城区", "总工会", year: 2018),
        Row("长治市城区总工会", "140402", "长治市", "城区", "总工会", year: 2022),
        Row("长治市潞州区总工会", "140403", "长治市", "潞州区", "总工会", year: 2020),
        Row("莱芜市钢城区总工会", "371203", "莱芜市", "钢城区", "总工会", year: 2017),
        Row("钢城区总工会", "370117", "济南市", "钢城区", "总工会", year: 2022),
        Row("崇川区总工会", "320613", "南通市", "崇川区", "总工会", year: 2020),
        Row("桥西区总工会", nil, nil, "桥西区", "总工会", year: 2018),
    ]

    @Test("a unit's name is split into region and short name", arguments: rows)
    func splits(row: Row) {
        let split = Divisions.standard.split(unitName: row.name, year: row.year)
        #expect(split.region?.code == row.code)
        #expect(split.region?.city == row.city)
        #expect(split.region?.district == row.district)
        #expect(split.region?.local == row.local)
        #expect(split.region?.isAmbiguous == (row.city == nil))
        #expect(split.lead + split.printedRegion + split.rest == row.name)
        #expect(UnitName.short(of: row.name, year: row.year) == row.short)
    }

    @Test(
        "a shared name gives its regions and is never guessed",
        arguments: [
            ("鼓楼区总工会", ["南京市", "徐州市", "福州市", "开封市"]),
            ("市中区总工会", ["济南市", "枣庄市", "内江市", "乐山市"]),
            ("四川省市中区总工会", ["内江市", "乐山市"]),
            ("西安区总工会", ["辽源市", "牡丹江市"]),
        ]
    )
    func shared(name: String, cities: [String]) throws {
        let region = try #require(Divisions.standard.split(unitName: name, year: 2023).region)
        #expect(region.city == nil && region.code == nil)
        #expect(region.candidates.compactMap(\.city) == cities)
        #expect(region.candidates.allSatisfy { !$0.isAmbiguous && $0.code != nil })
    }

    @Test("a region known from elsewhere chooses among shared names, holds zones, and fills in")
    func hints() throws {
        let divisions = Divisions.standard
        let nanjing = try #require(divisions.resolve("南京市"))
        let leshan = try #require(divisions.resolve("511100"))
        let district = try #require(divisions.resolve("511113"))
        let sichuan = try #require(divisions.resolve("四川省"))
        func split(_ name: String, _ hint: Region) -> UnitNameSplit {
            divisions.split(unitName: name, year: 2023, within: hint)
        }
        #expect(split("鼓楼区总工会", nanjing).region?.code == "320106")
        #expect(split("市中区总工会", leshan).region?.code == "511102")
        #expect(split("市中区总工会", sichuan).region?.candidates.count == 2)
        #expect(split("高新区财政局", leshan).region?.district == "高新区")
        #expect(split("高新区财政局", leshan).region?.local == true)
        #expect(!split("高新区财政局", sichuan).hasRegion)
        #expect(split("高新区财政局", district).region == district)
        #expect(split("总工会", district).region == district)
        #expect(split("麻章区总工会", leshan).region?.code == "440811")
        #expect(split("鼓楼区总工会", leshan).region?.isAmbiguous == true)
    }

    @Test(
        "names without a region in front stay whole",
        arguments: ["总工会", "麻章镇人民政府", "区总工会", "第一中学", "乐山师范学院", "高新区财政局", "市", "中共", ""]
    )
    func noRegion(name: String) {
        let split = Divisions.standard.split(unitName: name, year: 2023)
        #expect(!split.hasRegion)
        #expect(split.rest == name)
        #expect(split.region == nil)
    }

    @Test(
        "with a known district the short name drops its level word or bare stem",
        arguments: [
            ("区总工会", "总工会"), ("区委宣传部", "区委宣传部"), ("区直机关工委", "区直机关工委"), ("区域发展局", "区域发展局"),
            ("麻章镇人民政府", "麻章镇人民政府"), ("麻章总工会", "总工会"), ("麻章中学", "麻章中学"), ("总工会", "总工会"),
            ("市总工会", "市总工会"), ("麻章区麻章镇人民政府", "麻章镇人民政府"), ("麻章区", ""),
        ]
    )
    func shortWithRegion(name: String, short: String) throws {
        let region = try #require(Divisions.standard.resolve("440811"))
        #expect(UnitName.short(of: name, region: region, year: 2023) == short)
    }

    @Test(
        "codes, 本级 and 汇总 are taken off",
        arguments: [
            ("[601001]乐山市总工会", "乐山市总工会", nil),
            ("［601001］乐山市总工会", "乐山市总工会", nil),
            ("【119】乐山市总工会", "乐山市总工会", nil),
            ("601001-乐山市总工会", "乐山市总工会", nil),
            ("119-001-乐山市总工会", "乐山市总工会", nil),
            ("601001乐山市总工会", "乐山市总工会", nil),
            ("119 乐山市总工会", "乐山市总工会", nil),
            ("乐山市总工会[119001]", "乐山市总工会", nil),
            ("乐山市总工会(119001)", "乐山市总工会", nil),
            ("120急救中心", "120急救中心", nil),
            ("12345热线服务中心", "12345热线服务中心", nil),
            ("乐山市总工会本级", "乐山市总工会", .own),
            ("乐山市总工会（本级）", "乐山市总工会", .own),
            ("119001-乐山市总工会(本级)", "乐山市总工会", .own),
            ("乐山市总工会（机关本级）", "乐山市总工会", .own),
            ("乐山市总工会（汇总）", "乐山市总工会", .consolidated),
            ("乐山市总工会汇总", "乐山市总工会", .consolidated),
            ("乐山市总工会（含下属单位）", "乐山市总工会", .consolidated),
            ("乐 山\u{3000}市总工会", "乐山市总工会", nil),
            ("本级", "本级", nil),
            ("", "", nil),
        ] as [(String, String, UnitScope?)]
    )
    func stripping(printed: String, name: String, scope: UnitScope?) {
        #expect(UnitName.name(of: printed) == name)
        #expect(UnitName.scope(of: printed) == scope)
    }

    @Test("a second name in brackets goes, a campus stays")
    func brackets() {
        #expect(UnitName.short(of: "乐山市市场监督管理局（知识产权局）", year: 2023) == "市场监督管理局")
        #expect(UnitName.short(of: "乐山市第一中学（初中部）", year: 2023) == "第一中学（初中部）")
        #expect(UnitName.short(of: "乐山市人民医院（东院）", year: 2023) == "人民医院（东院）")
        #expect(UnitName.short(of: "麻章区教育局（麻章区体育局）", year: 2023) == "教育局")
        #expect(UnitName.short(of: "[119]中共金口河区委宣传部(本级)", year: 2023) == "区委宣传部")
    }

    @Test("中共 in front goes with and without a region")
    func party() {
        #expect(UnitName.short(of: "中共区委宣传部") == "区委宣传部")
        #expect(UnitName.short(of: "中国共产党乐山市委员会") == "市委员会")
        #expect(UnitName.short(of: "中共麻章区纪律检查委员会") == "区纪律检查委员会")
        #expect(UnitName.short(of: "乐山市中共党史研究室") == "党史研究室")
    }

    @Test("with a known city its level word in front goes, unless it begins a word")
    func cityLevelWord() throws {
        let city = try #require(Divisions.standard.resolve("511100"))
        let state = try #require(Divisions.standard.resolve("513400"))
        #expect(UnitName.short(of: "市总工会", region: city) == "总工会")
        #expect(UnitName.short(of: "市场监督管理局", region: city) == "市场监督管理局")
        #expect(UnitName.short(of: "市政府办公室", region: city) == "政府办公室")
        #expect(UnitName.short(of: "州总工会", region: state) == "总工会")
        #expect(UnitName.short(of: "州委办公室", region: state) == "州委办公室")
        #expect(UnitName.short(of: "县总工会", region: city) == "县总工会")
    }

    @Test("汇总 is part of the key's unit, 本级 is not")
    func keyPart() {
        #expect(UnitName.keyPart(shortName: "总工会", scope: .consolidated) == "总工会（汇总）")
        #expect(UnitName.keyPart(shortName: "总工会", scope: .own) == "总工会")
        #expect(UnitName.keyPart(shortName: "总工会", scope: nil) == "总工会")
    }

    @Test("no name traps, and a split loses nothing")
    func noTrap() {
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<1500 {
            let name = generator.text(maximumCount: 16)
            let split = Divisions.standard.split(unitName: name, year: 2023)
            #expect(split.lead + split.printedRegion + split.rest == KeyPart.clean(name))
            _ = UnitName.short(of: name)
            #expect(UnitName.name(of: UnitName.name(of: name)) == UnitName.name(of: name))
        }
    }
}
