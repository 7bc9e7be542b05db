/// Names of the functional classification with their codes: the common ones.
///
/// Source: domain description section 4; names are those of the yearly classification, with
/// the older 医疗卫生与计划生育 kept for years before 2019.
enum FunctionCodes {
    /// 类: name without 支出.
    static let classes: [String: String] = [
        "一般公共服务": "201", "外交": "202", "国防": "203", "公共安全": "204", "教育": "205", "科学技术": "206",
        "文化旅游体育与传媒": "207", "文化体育与传媒": "207", "社会保障和就业": "208", "卫生健康": "210",
        "医疗卫生与计划生育": "210", "医疗卫生": "210", "节能环保": "211", "城乡社区": "212", "农林水": "213",
        "农林水事务": "213", "交通运输": "214", "资源勘探工业信息等": "215", "资源勘探信息等": "215", "商业服务业等": "216",
        "金融": "217", "援助其他地区": "219", "自然资源海洋气象等": "220", "国土海洋气象等": "220", "住房保障": "221",
        "粮油物资储备": "222", "国有资本经营预算": "223", "灾害防治及应急管理": "224", "其他": "229",
    ]

    /// 款: code by name.
    static let sections: [String: String] = [
        "人大事务": "20101", "政协事务": "20102", "政府办公厅（室）及相关机构事务": "20103", "政府办公厅(室)及相关机构事务": "20103",
        "发展与改革事务": "20104", "统计信息事务": "20105", "财政事务": "20106", "税收事务": "20107", "审计事务": "20108",
        "纪检监察事务": "20111", "商贸事务": "20113", "档案事务": "20126", "民主党派及工商联事务": "20128",
        "群众团体事务": "20129",
        "党委办公厅（室）及相关机构事务": "20131", "党委办公厅(室)及相关机构事务": "20131", "组织事务": "20132", "宣传事务": "20133",
        "统战事务": "20134", "其他共产党事务支出": "20136", "市场监督管理事务": "20138", "信访事务": "20140", "公安": "20402",
        "司法": "20406", "教育管理事务": "20501", "普通教育": "20502", "职业教育": "20503", "进修及培训": "20508",
        "文化和旅游": "20701", "人力资源和社会保障管理事务": "20801", "民政管理事务": "20802", "行政事业单位养老支出": "20805",
        "行政事业单位离退休": "20805", "就业补助": "20807", "抚恤": "20808", "退役安置": "20809", "社会福利": "20810",
        "残疾人事业": "20811", "最低生活保障": "20819", "退役军人管理事务": "20828", "其他社会保障和就业支出": "20899",
        "其他社会保障和就业": "20899", "卫生健康管理事务": "21001", "公共卫生": "21004", "计划生育事务": "21007",
        "行政事业单位医疗": "21011", "环境保护管理事务": "21101", "城乡社区管理事务": "21201", "农业农村": "21301",
        "林业和草原": "21302", "水利": "21303", "公路水路运输": "21401", "住房改革支出": "22102", "住房改革": "22102",
        "应急管理事务": "22401",
    ]

    /// 项 of a 款 beyond the common ones: last two digits by 款 and name.
    static let items: [String: String] = [
        "20129工会事务": "06", "20805机关事业单位基本养老保险缴费": "05", "20805机关事业单位职业年金缴费": "06",
        "20805机关事业单位职业年金": "06", "20805行政单位离退休": "01", "20805事业单位离退休": "02", "20811残疾人就业": "05",
        "20808死亡抚恤": "01", "21011行政单位医疗": "01", "21011事业单位医疗": "02", "21011公务员医疗补助": "03",
        "22102住房公积金": "01", "22102提租补贴": "02", "22102购房补贴": "03", "20502学前教育": "01",
        "20502小学教育": "02",
        "20502初中教育": "03", "20502高中教育": "04", "20508培训": "03",
    ]

    private static let common: [String: String] = [
        "行政运行": "01", "一般行政管理事务": "02", "机关服务": "03", "事业运行": "50",
    ]

    /// Code of a 类 by its name with or without 支出.
    static func code(ofClass name: String) -> String? {
        guard name.utf8.count <= longestClass else { return nil }
        let words = name.scalarArray
        return classes[name] ?? (expenditure.end(words) ? classes[String(name.dropLast(2))] : nil)
    }

    /// Whether a text is the name of a 类 with or without 支出.
    static func isClass(_ name: Scalars) -> Bool { classNames.contain(name) }

    private static let classNames = Words(classes.keys.flatMap { [$0, $0 + "支出"] })
    private static let expenditure: Words = ["支出"]
    /// Bytes of the longest name of a 类 with 支出.
    private static let longestClass = (classes.keys.map(\.utf8.count).max() ?? 0) + 6
    private static let levels: [Words] = [["（类）", "(类)"], ["（款）", "(款)"], ["（项）", "(项)"]]

    /// Code of `名（类）名（款）名（项）`, as far down as the names are standard.
    /// - Parameter label: the name of an amount.
    /// - Returns: 3 digits for a 类, 5 for a 款, 7 for an 项; nil when a named level is not standard.
    static func code(of label: Scalars) -> String? {
        guard label.contains(where: { $0 == "（" || $0 == "(" }) else {
            return isClass(label) ? code(ofClass: label.string) : nil
        }
        var names: [String?] = []
        var start = 0
        for level in levels {
            var index = start
            while index < label.count, level.length(in: label, at: index) == nil { index += 1 }
            guard index < label.count else { names.append(nil); continue }
            names.append(Array(label[start..<index]).string)
            start = index + 3
        }
        guard names.contains(where: { $0 != nil }) else { return code(ofClass: label.string) }
        guard let section = names[1] else {
            return names[2] == nil ? names[0].flatMap { code(ofClass: $0) } : nil
        }
        guard let code = sections[section] ?? sections[section + "支出"] else { return nil }
        guard let item = names[2] else { return code }
        return itemCode(item, in: section, code: code)
    }

    private static func itemCode(_ item: String, in section: String, code: String) -> String? {
        if let suffix = items[code + item] { return code + suffix }
        if item.hasSuffix("支出"), let suffix = items[code + item.dropLast(2)] {
            return code + suffix
        }
        if let suffix = common[item] { return code + suffix }
        let other = section.hasPrefix("其他") ? section : "其他" + section
        let standard = other.hasSuffix("支出") ? String(other.dropLast(2)) : other
        let name = item.hasSuffix("支出") ? String(item.dropLast(2)) : item
        return name == standard ? code + "99" : nil
    }
}
