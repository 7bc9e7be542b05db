import ReportModel

/// What the name of a unit looks like.
enum UnitShape {
    /// Endings of names, long before short.
    static let endings = [
        "总工会", "联合会", "委员会", "人民政府", "办公室", "工商联", "红十字会", "基金会", "管委会", "居委会", "村委会", "协会", "学会",
        "中心", "小学", "中学", "学校", "幼儿园", "大学", "学院", "医院", "卫生院", "卫生室", "保健院", "街道办事处", "办事处", "法院",
        "检察院", "研究院", "研究所", "派出所", "司法所", "监督所", "事务所", "管理所", "图书馆", "文化馆", "博物馆", "档案馆", "体育馆",
        "纪念馆", "科技馆", "美术馆", "方志馆", "电视台", "党校", "团委", "管理局", "分局", "支队", "大队", "总队", "消防队", "管理处",
        "服务处",
        "管理站", "服务站", "工作站", "兽医站", "推广站", "福利院", "敬老院", "养老院", "救助站", "林场", "农场", "水库", "公园", "景区",
        "融媒体", "公司", "集团", "报社", "宣传部", "组织部", "统战部", "武装部", "政法委", "纪委监委", "编办", "县委", "区委", "市委",
        "信访局", "档案局", "老干部局", "街道", "社区", "机关", "军休所", "干休所", "科协", "文联", "残联", "妇联", "作协", "侨联",
        "台联",
        "局", "厅", "委", "办", "镇", "乡", "所", "站", "院", "馆", "校", "部", "会", "园", "队", "处", "场", "库",
        "社", "台",
    ]
    private static let placeholders = [
        "XX", "××", "某", "本单位", "我单位", "各单位", "本部门", "我局", "我会", "本级", "……", "名称",
    ]
    private static let foreignMarks: Set<Unicode.Scalar> = [
        "，", "。", "；", "：", "？", "！", "《", "》", "“", "”", "、", "/", "=", "%", "％", "\n", "\t", ",",
        ";", "≥",
    ]
    /// Endings that may stop a name in running text without cutting a longer word.
    private static let firmEndings = endings.filter { $0.unicodeScalars.count >= 2 } + ["局", "厅"]

    /// Whether a squeezed text can be a unit's whole name.
    static func isUnit(_ text: String) -> Bool {
        let count = text.unicodeScalars.count
        guard count >= 3, count <= 40 else { return false }
        guard !text.unicodeScalars.contains(where: { foreignMarks.contains($0) }) else {
            return false
        }
        guard LineShape.enumerator(text) == nil else { return false }
        let name = UnitName.name(of: text)
        let core = TextSearch.withoutBrackets(name)
        guard core.unicodeScalars.count >= 3, !core.holds(anyOf: placeholders) else { return false }
        guard YearMark.scan(Array(core.unicodeScalars)).isEmpty else { return false }
        return endings.contains(where: core.hasSuffix) && !isCommonWord(core)
    }

    /// Words that end as names do and name nothing.
    private static func isCommonWord(_ text: String) -> Bool {
        let words = [
            "单位", "部门", "财政局审核", "主管部门", "各部门", "下属单位", "基本情况", "全社会", "党委会", "评价小组", "领导小组办公室",
            "全委会",
            "代表大会", "座谈会", "党组会", "推进会", "培训会", "会议室", "有限公司部", "机关工会", "基层工会", "上级部门", "下属机关",
            "有关部门",
            "业务主管部门", "项目主管部门", "职能部门", "行政机关", "工作队", "预算部",
        ]
        return words.contains(where: text.hasSuffix)
    }

    /// One past the end of the unit's name that begins at a scalar of running text.
    ///
    /// The first firm ending decides; an ending directly behind it goes with it.
    static func end(in scalars: [Unicode.Scalar], from start: Int) -> Int? {
        let limit = min(scalars.count, start + 32)
        var index = start + 1
        while index < limit {
            if foreignMarks.contains(scalars[index]) || scalars[index] == "的" { return nil }
            if let length = ending(scalars, at: index, limit) {
                var end = index + length
                while let more = trailing(scalars, at: end, limit) { end += more }
                return end
            }
            index += 1
        }
        return nil
    }

    private static func ending(_ scalars: [Unicode.Scalar], at index: Int, _ limit: Int) -> Int? {
        matches(firmEndings, scalars, at: index, limit)
    }

    private static func trailing(_ scalars: [Unicode.Scalar], at index: Int, _ limit: Int) -> Int? {
        matches(["办公室", "幼儿园", "监察委员会", "委员会", "执行局"], scalars, at: index, limit)
    }

    private static func matches(
        _ words: [String],
        _ scalars: [Unicode.Scalar],
        at index: Int,
        _ limit: Int
    ) -> Int? {
        for word in words {
            let letters = word.unicodeScalars
            if index + letters.count <= limit,
                scalars[index..<(index + letters.count)].elementsEqual(letters)
            {
                return letters.count
            }
        }
        return nil
    }
}
