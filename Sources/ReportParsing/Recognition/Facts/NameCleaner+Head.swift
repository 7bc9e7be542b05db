/// What stands before a name in its clause: enumerators, periods, units and linking words.
extension NameCleaner {
    private static let dayMarks: Words = ["月", "日", "底", "末"]
    private static let tails: Words = ["年度", "年底", "年末", "年"]
    private static let pronouns: Words = [
        "我会", "本会", "我局", "本局", "我单位", "本单位", "本部门", "我部门", "我校", "本校", "我委", "本委", "我办",
        "本办", "我院", "本院", "我镇", "我乡", "我街道", "我中心", "本中心", "我县", "我区", "我市",
        "我馆", "我站", "我所", "我厅", "本级", "机关本级",
    ]
    private static let bodies: Words = [
        "局", "委员会", "办公室", "中心", "厅", "学校", "小学", "中学", "总工会", "协会", "联合会", "法院", "检察院",
        "大队", "支队", "政府", "街道办事处", "街道", "本级", "医院", "研究所", "管理所", "图书馆", "文化馆", "单位",
        "学院", "大学", "幼儿园", "服务站", "联社", "党校", "县委", "市委", "区委", "妇联", "团委", "残联",
    ]
    static let financeStarts: Words = [
        "决算", "预算", "年初", "全年", "收入", "支出", "一般公共预算", "政府性基金", "国有资本", "财政", "上级补助",
        "基本支出", "项目支出", "人员经费", "公用经费", "本年", "上年", "年末", "结转", "结余", "“三公", "三公", "\"三公",
        "因公", "公务", "机关运行", "政府采购", "整体", "部门整体", "总收入", "总支出", "资金", "实际", "资产", "固定资产",
        "调整", "当年", "执行", "专项", "日常公用", "本部门", "收支", "预决算", "经费", "其他收入", "事业收入",
    ]
    private static let leads: Words = [
        "其中:", "其中：", "其中", "一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是", "十是", "首先",
        "同时", "另外", "此外", "另", "分别为", "主要是", "主要用于", "包括", "包含", "主要包括", "共计使用", "共使用", "共计", "共",
        ".", "。", "，", ",", "；", ";",
        "用于", "使用", "支付", "发放", "进行", "开展", "投入", "拨付", "列支", "涉及", "实现", "取得", "收到", "完成了",
        "下达", "安排了", "的", "及", "和", "与", "、", "“（", "-", "—", "－", "·", "•", "●", "★", "*", "▲",
        "为", "以及",
        "：", ":", "。", "并", "则", "是", "了", "累计", "截止", "截至", "第一", "第二", "第三", "即", "如", "一、", "二、",
        "三、", "四、", "五、", "六、", "七、", "八、", "九、", "十、", "预计", "计划", "按照", "目前",
    ]
    private static let neverLead: Words = [
        "其他", "用于职工", "进行中", "和谐", "如意", "另行", "及时", "并购", "为民", "为老", "为农", "计划生育", "预计负债",
        "支付率", "支付进度", "使用率", "到位率", "完成率", "拨付率", "涉及资金", "涉及金额", "涉及预算", "投入产出", "是否", "共同",
        "共青团", "共享", "共建", "取得的", "与上", "与20", "累计结余", "累计盈余", "累计完成", "实现利润",
    ]
    private static let levels: Words = ["（类）", "（款）", "（项）", "(类)", "(款)", "(项)"]

    /// Takes off everything at the head that is no part of the name.
    func stripHead(_ text: inout Scalars) {
        var changed = true
        while changed, !text.isEmpty {
            changed = false
            if let length = headLength(text), length > 0 {
                text.removeFirst(length)
                changed = true
            }
        }
    }

    /// Length of one thing at the head that is no part of the name.
    private func headLength(_ text: Scalars) -> Int? {
        if let length = Self.enumerator(text) { return length }
        if let length = Self.period(text) { return length }
        if let length = unitNames.length(in: text, at: 0) ?? Self.pronouns.length(in: text, at: 0),
            text.count > length
        {
            let rest = Array(text[length...])
            let known = unitNames.length(in: text, at: 0) != nil
            if known || Self.financeStarts.begin(rest) || Self.period(rest) != nil { return length }
        }
        if Self.neverLead.length(in: text, at: 0) == nil,
            let length = Self.leads.length(in: text, at: 0)
        {
            return length
        }
        return bodyLength(text)
    }

    /// Length of the name of some public body before a noun of finance.
    private func bodyLength(_ text: Scalars) -> Int? {
        // 其他公立医院支出（项） is the name of an item.
        if Self.levels.occur(in: text) { return nil }
        for start in stride(from: min(text.count - 2, 30), through: 2, by: -1) {
            guard Self.bodies.length(in: text, endingAt: start) != nil else { continue }
            let rest = Array(text[start...])
            if Self.financeStarts.begin(rest) || Self.period(rest) != nil { return start }
        }
        return nil
    }

    /// Length of 2023年度, 本年度, 截至2022年底 and the like at the head.
    static func period(_ text: Scalars) -> Int? {
        var index = 0
        if until.length(in: text, at: 0) != nil { index = 2 }
        let digits = text[index...].prefix { $0.digit != nil }.count
        if digits == 4, text.count > index + 4 {
            var end = index + 4
            if let length = Self.tails.length(in: text, at: end) {
                end += length
                if text.count > end, text[end].digit != nil { return dayLength(text, from: end) }
                return end
            }
        }
        guard index == 0, let length = times.length(in: text, at: 0) else { return nil }
        return keptTimes.length(in: text, at: 0) == nil ? length : nil
    }

    /// Whether a period may begin with a scalar.
    static func mayBePeriod(_ first: Unicode.Scalar) -> Bool {
        first.digit != nil || until.mayBegin(with: first) || times.mayBegin(with: first)
    }

    private static func dayLength(_ text: Scalars, from start: Int) -> Int {
        var end = start
        while end < text.count,
            text[end].digit != nil || Self.dayMarks.length(in: text, at: end) != nil
        {
            end += 1
        }
        return end
    }

    private static let until: Words = ["截止", "截至"]
    private static let times: Words = [
        "今年", "本年度", "去年", "全年", "年度", "同年", "上半年", "下半年", "当年", "年内", "期间", "今年以来", "目前",
    ]
    private static let keptTimes: Words = [
        "全年预算", "全年执行", "当年财政", "全年支出", "全年收入", "年度预算", "全年实际", "年度资金", "全年决算", "当年拨款",
        "年度执行", "年度总", "年内完成",
    ]

    private static let numerals: Words = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百"]

    /// Length of an enumerator at the head: （1）, 1., 2、, ①, （二）.
    static func enumerator(_ text: Scalars) -> Int? {
        guard let first = text.first else { return nil }
        if (0x2460...0x2473).contains(first.value) { return 1 }
        let isOpen = first == "（" || first == "("
        var index = isOpen ? 1 : 0
        let from = index
        while index < text.count,
            text[index].digit != nil || numerals.length(in: text, at: index) != nil
        {
            index += 1
        }
        guard index > from, index - from <= 3, index < text.count else { return nil }
        let mark = text[index]
        if isOpen { return mark == "）" || mark == ")" ? index + 1 : nil }
        if mark == "、" || mark == "）" || mark == ")" { return index + 1 }
        let isPoint = mark == "." || mark == "．"
        let next = index + 1 < text.count ? text[index + 1] : " "
        return isPoint && text[from].digit != nil && next.digit == nil ? index + 1 : nil
    }
}
