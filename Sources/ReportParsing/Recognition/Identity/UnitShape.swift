import ReportModel

/// What the name of a unit looks like.
enum UnitShape {
    /// Endings of names, long before short.
    private static let endingList = [
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
    /// Endings that running text has in other words too.
    private static let looseEndingList = [
        "中队", "事务部", "工委", "党工委", "指挥部", "陵园", "植物园", "动物园", "苗圃", "剧院", "剧团", "乐团",
        "研究室", "图书室", "档案室", "监测站", "实验室", "厂", "宫", "圃", "院部", "联社", "合作社", "总社", "招待所", "气象局",
        "军分区",
        "纪委", "监委", "党委", "支部", "联络部", "旗委", "州委", "盟委", "省委", "人大", "政协", "法制办", "社保局", "工商联合会",
        "红会", "青联", "贸促会", "文联", "社科联", "计生协", "侨办", "台办", "网信办", "巡察办", "行政公署", "公署", "苏木", "嘎查",
        "管护中心", "林业站", "中学部", "高中", "初中", "完小", "职中", "职教中心", "教学点", "特校", "学堂", "美术院", "保健所",
        "防治院",
        "血站", "急救站", "疾控", "稽查队", "执法队", "服务队", "巡查队", "训练基地", "基地", "总站", "总场", "牧场", "茶场", "渔场",
        "站点", "营业所", "储备库", "粮库",
    ]
    static let endings = Words(endingList + looseEndingList)
    private static let placeholders = [
        "XX", "××", "某", "本单位", "我单位", "各单位", "本部门", "我局", "我会", "本级", "……", "名称",
    ]
    private static let foreignMarks: ScalarSet = "，。；：？！《》“”、/=%％\n\t,;≥"
    /// Endings that may stop a name in running text without cutting a longer word.
    private static let firmEndings = Words(
        endingList.filter { $0.unicodeScalars.count >= 2 }
            + ["局", "厅", "中队", "指挥部", "工委", "纪委", "监委", "巡察办", "网信办", "招待所", "合作社", "苏木"]
    )
    private static let followers: Words = [
        "员会", "办公室", "幼儿园", "监察委员会", "委员会", "执行局", "分局", "支队", "大队", "中队", "派出所",
    ]

    /// Whether a squeezed text can be a unit's whole name.
    static func isUnit(_ text: String) -> Bool { unitName(text) != nil }

    /// The name without codes and 本级 of a squeezed text that can be a unit's whole name.
    static func unitName(_ text: String) -> String? {
        // No scalar has more than four bytes.
        guard text.utf8.count <= 160 else { return nil }
        let count = text.unicodeScalars.count
        guard count >= 3, count <= 40 else { return nil }
        guard !text.unicodeScalars.contains(where: { foreignMarks.contains($0) }) else {
            return nil
        }
        guard LineShape.enumerator(text) == nil else { return nil }
        let name = UnitName.name(of: text)
        let core = TextSearch.withoutBrackets(name)
        let letters = core.scalarArray
        let isUnit =
            letters.count >= 3 && endings.end(letters) && !commonWords.end(letters)
            && !core.holds(anyOf: placeholders) && YearMark.scan(letters).isEmpty
        return isUnit ? name : nil
    }

    /// Words that end as names do and name nothing.
    private static let commonWords: Words = [
        "单位", "部门", "财政局审核", "主管部门", "各部门", "下属单位", "基本情况", "全社会", "党委会", "评价小组", "领导小组办公室",
        "全委会",
        "代表大会", "座谈会", "党组会", "推进会", "培训会", "会议室", "有限公司部", "机关工会", "基层工会", "上级部门", "下属机关",
        "有关部门",
        "业务主管部门", "项目主管部门", "职能部门", "行政机关", "工作队", "预算部", "通知书所", "报告厅", "以上机关",
    ]

    /// One past the end of the unit's name that begins at a scalar of running text.
    ///
    /// The first firm ending decides; an ending directly behind it goes with it.
    static func end(in scalars: [Unicode.Scalar], from start: Int) -> Int? {
        let limit = min(scalars.count, start + 32)
        var index = start + 1
        while index < limit {
            if foreignMarks.contains(scalars[index]) || scalars[index] == "的" { return nil }
            if let length = firmEndings.length(in: scalars, at: index), index + length <= limit {
                var end = index + length
                while let more = followers.length(in: scalars, at: end), end + more <= limit {
                    end += more
                }
                return end
            }
            index += 1
        }
        return nil
    }
}
