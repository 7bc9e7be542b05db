/// Names of the 类 of the functional classification and of the items that small units use.
///
/// Source: domain description, section 4; 政府收支分类科目 of the years 2014 to 2025.
enum ClassNames {
    /// A name of a 类 with the years in which it was valid.
    struct Name {
        let code: String
        let name: String
        let from: Int
        let through: Int

        init(_ code: String, _ name: String, _ from: Int = 0, _ through: Int = 9999) {
            self.code = code
            self.name = name
            self.from = from
            self.through = through
        }
    }

    /// Every 类, without the ending 支出.
    static let classes: [Name] = [
        Name("201", "一般公共服务"), Name("202", "外交"), Name("203", "国防"), Name("204", "公共安全"),
        Name("205", "教育"), Name("206", "科学技术"), Name("207", "文化体育与传媒", 0, 2018),
        Name("207", "文化旅游体育与传媒", 2019), Name("208", "社会保障和就业"), Name("209", "社会保险基金"),
        Name("210", "医疗卫生", 0, 2013), Name("210", "医疗卫生与计划生育", 2014, 2018),
        Name("210", "卫生健康", 2019), Name("211", "节能环保"), Name("212", "城乡社区"),
        Name("212", "城乡社区事务", 0, 2013), Name("213", "农林水"), Name("213", "农林水事务", 0, 2013),
        Name("214", "交通运输"), Name("215", "资源勘探信息等", 0, 2019),
        Name("215", "资源勘探工业信息等", 2020), Name("216", "商业服务业等"), Name("217", "金融"),
        Name("219", "援助其他地区"), Name("220", "国土海洋气象等", 0, 2018),
        Name("220", "自然资源海洋气象等", 2019), Name("221", "住房保障"), Name("222", "粮油物资储备"),
        Name("223", "国有资本经营预算"), Name("224", "灾害防治及应急管理", 2019), Name("227", "预备费"),
        Name("229", "其他"), Name("230", "转移性"), Name("231", "债务还本"), Name("232", "债务付息"),
        Name("233", "债务发行费用"), Name("234", "抗疫特别国债安排的"),
    ]

    /// Items of 款 whose list is short and stable, without the ending 支出.
    static let items: [String: Set<String>] = [
        "行政事业单位医疗": ["行政单位医疗", "事业单位医疗", "公务员医疗补助", "其他行政事业单位医疗"],
        "住房改革": ["住房公积金", "提租补贴", "购房补贴"],
        "群众团体事务": ["行政运行", "一般行政管理事务", "机关服务", "工会事务", "厂务公开", "事业运行", "其他群众团体事务"],
        "行政事业单位养老": [
            "行政单位离退休", "事业单位离退休", "离退休人员管理机构", "未归口管理的行政单位离退休", "机关事业单位基本养老保险缴费",
            "机关事业单位职业年金缴费", "对机关事业单位基本养老保险基金的补助", "对机关事业单位职业年金的补助", "其他行政事业单位养老",
            "归口管理的行政单位离退休",
        ],
    ]

    /// Names of 项 that nearly every unit has, by code, without the ending 支出.
    static let coded: [String: String] = [
        "2080505": "机关事业单位基本养老保险缴费", "2080506": "机关事业单位职业年金缴费", "2101101": "行政单位医疗",
        "2101102": "事业单位医疗", "2101103": "公务员医疗补助", "2210201": "住房公积金", "2210202": "提租补贴",
        "2210203": "购房补贴", "2012901": "行政运行", "2012906": "工会事务",
    ]

    /// The plain name of a 类: without 支出, list number, blanks and marks.
    static func plain(_ printed: String) -> String {
        var name = RuleText.normalised(printed)
        while let first = name.unicodeScalars.first,
            first == "十" || RuleText.numeral(first) != nil, !name.begins("一般")
        {
            name.unicodeScalars.removeFirst()
        }
        for ending in ["支出类", "类支出", "支出", "类"] where name.ends(ending) {
            return String(name.unicodeScalars.dropLast(ending.unicodeScalars.count))
        }
        return name
    }

    /// The printed name without what stands behind a blank: a cell's label goes on with the words
    /// of its column.
    static func head(of printed: Substring) -> String {
        let head = printed.unicodeScalars.drop(while: \.isWhiteSpace)
            .prefix { !$0.isWhiteSpace }
        return head.isEmpty ? String(printed) : String(head)
    }

    /// The code of a plain name of any year.
    static func code(of name: String) -> String? { codes[name] }

    private static let codes = Dictionary(
        classes.map { ($0.name, $0.code) },
        uniquingKeysWith: { first, _ in first }
    )

    /// What is said about a name of a 类 in a year.
    enum Verdict: Equatable {
        case known, unknown
        /// Valid in other years only; the name of the year.
        case dated(String)
    }

    /// Looks up a plain name.
    static func verdict(_ name: String, year: Int?) -> Verdict {
        let longer = name + "等"
        let shorter = name.ends("等") ? String(name.unicodeScalars.dropLast()) : name
        let same = classes.filter {
            $0.name == name || $0.name == shorter || $0.name == longer
        }
        guard let first = same.first else { return .unknown }
        guard let year, !same.contains(where: { $0.from <= year && year <= $0.through }) else {
            return .known
        }
        let right = classes.first { $0.code == first.code && $0.from <= year && year <= $0.through }
        return right.map { .dated($0.name) } ?? .known
    }
}
