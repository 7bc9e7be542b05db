import ReportModel

/// Names of people in running text.
enum PersonName {
    /// A name with what the sentence says of it.
    struct Found: Equatable {
        /// Scalars of the name.
        var range: Range<Int>
        /// 组长, 副组长, 成员 or nil.
        var role: String?
    }

    static let surnames = Set(
        """
        王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆\
        汪范金石廖贾夏韦付傅方白邹孟熊秦邱丘江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄\
        聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆\
        农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝\
        冼植卿粟谌阙禤劳揭鄢亓仝雍漆晁闻戈匡竺郗邰郜邢隋麴逄甯敬淳佘操畅储楚暴鲜郇撒蔺亢敖稂暨
        """.unicodeScalars.filter { $0 != "\n" }
    )
    /// Surnames that begin too many words to be believed in running text.
    static let doubtful: ScalarSet = "成全和时明应路文关向安高方单管党任连商师项关解查边麻化华"
    static let compound = ["欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙"]
    private static let notNames: Set<String> = ["习近平", "毛泽东", "邓小平", "江泽民", "胡锦涛", "雷锋", "周恩来"]
    /// Words that begin like names.
    private static let words: Words = [
        "安全", "安排", "安置", "安监", "安装", "方案", "方法", "方式", "方面", "方便", "方向", "成立", "成果", "成本", "成效",
        "成绩", "高度", "高质", "高效", "高级",
        "高新", "高中", "高标", "时间", "时候", "时效", "应当", "应急", "应用", "应付", "应由", "应对", "明确", "明显", "和谐",
        "全面", "全部", "全县", "全年", "全体",
        "全市", "全额", "全程", "项目", "单独", "单价", "单一", "关于", "关键", "关系", "关注", "关爱", "党员", "党政", "党建",
        "党务", "任务", "任职", "任何", "任期", "任命",
        "施工", "施行", "施策", "万元", "万人", "段落", "路面", "路线", "路灯", "余额", "水利", "水务", "水平", "管理", "管护",
        "管控", "管委", "向上",
        "江河", "田间", "田地", "史料", "史志", "石油", "石材", "龙头", "马上", "马路", "金额", "金融", "白天", "温度",
        "温馨", "康复", "文件", "文化", "文明",
        "文字", "文物", "文旅", "文体", "文广", "文教", "牛羊", "易地", "易于", "章程", "左右", "包括", "包含", "尚未", "符合",
        "纪律", "纪检", "纪要", "童年", "毕业",
        "季度", "游客", "房屋", "房产", "房建", "解决", "解除", "解读", "尤其", "阳光", "农业", "农村", "农民", "农资", "农技",
        "农机", "农林", "司法", "司机", "卓越",
        "车辆", "车间", "连续", "连接", "连同", "费用", "卫生", "卫健", "卫计", "宗旨", "宗教", "荣誉", "师资", "师生", "商品",
        "商务", "商贸", "仲裁", "查看",
        "查询", "查处", "边境", "陈述", "陈旧", "张贴", "周期", "周边", "周转", "周末", "何时", "林业", "林地", "林场",
        "许可", "曾经", "于是", "杜绝",
        "程序", "程度", "陆续", "范围", "夏季", "付款", "付出", "顾客", "顾问", "严格", "严重", "严禁", "严肃",
        "武装", "武警", "苗木", "苗圃",
        "艾滋", "简介", "简单", "简要", "简称", "汇总", "宣传", "常务", "经费", "和各", "和财", "和经", "和项", "和单",
        "和相", "和其", "向县", "向市", "向财",
        "储备", "畅通", "敬请", "敬老", "鲜活", "操作", "闻讯", "劳动", "劳务", "植树", "植物", "雍容", "隋唐", "戈壁",
        "申请", "申报", "申诉",
        "廖廖", "华南", "华东", "华北", "达到", "钱款", "贺信", "游览", "祝贺", "强化", "强调", "党委", "党组", "冷链", "席位",
        "费率", "古建", "古树", "曲线",
        "黎族", "满族", "池塘", "麦田", "桑田", "花卉", "景区", "景观", "景点",
        "丰富", "盛夏", "向社", "向上级",
        "严控", "尚需", "终止", "左侧", "步骤", "谷物", "谷雨", "乐观", "万余", "万名", "余名", "余位", "万户", "元旦", "洪水",
        "洪灾", "洪涝", "齐全",
        "齐抓", "欧洲", "庄稼", "习惯",
    ]
    /// Ends of the names of offices.
    private static let officeEnds: ScalarSet = "办站所院馆厅队"
    private static let notGiven: ScalarSet = "组会部门长员局处室股工位务级区县市"

    /// What stands in every text with names.
    static let hints = ["组长", "同志", "组员"]

    /// Ends of what only begins like a name.
    private static let wordEnds: ScalarSet = "量性化科委校员类等率度的及并名口"

    /// What stands behind the stem of a division and is no given name with it.
    private static let placeEnds: ScalarSet = "省州盟旗镇乡村街路人的籍"
    /// Letters of the longest place that is looked for before 同志.
    private static let longestPlace = 6
    /// Words that are names as well where a sentence says so.
    private static let wordsAndNames: Words = [
        "江河", "文明", "阳光", "卓越", "温馨", "谷雨", "乐观",
    ]

    /// Whether some scalars are one whole name.
    /// - Parameters:
    ///   - scalars: what stands between marks, or a part of it.
    ///   - isLabelled: whether a label with its colon asks for a name, so that 方向东 is believed.
    ///   - mayBePlace: whether what stands beside it says that two letters are a name though a
    ///     division is called so, such as 江华.
    /// - Returns: false for words that begin like names.
    static func isName(
        _ scalars: ArraySlice<Unicode.Scalar>,
        isLabelled: Bool = false,
        mayBePlace: Bool = false
    ) -> Bool {
        guard scalars.count >= 2, scalars.count <= 4 || scalars.contains("·"),
            scalars.count <= longestName,
            let first = scalars.first, let last = scalars.last
        else { return false }
        let hasSurname = surnames.contains(first)
        guard hasSurname || scalars.count > 2 else { return false }
        let text = scalars.string
        if notNames.contains(text) { return false }
        if words.length(in: Array(scalars), at: 0) != nil,
            !isLabelled || scalars.count != 3 || wordEnds.contains(last)
        {
            return false
        }
        if isPlace(scalars, text), scalars.count > 2 || !(isLabelled || mayBePlace) { return false }
        if scalars.count == 3, officeEnds.contains(last) { return false }
        if scalars.dropFirst().contains(where: { notGiven.contains($0) }) { return false }
        if compound.contains(where: text.begins) { return true }
        return hasSurname && scalars.count <= 3 || scalars.contains("·")
    }

    /// Whether some scalars are a division without its level word, or one with 省 and its like.
    private static func isPlace(_ scalars: ArraySlice<Unicode.Scalar>, _ text: String) -> Bool {
        if Divisions.standard.isStem(text) { return true }
        guard scalars.count > 2, let last = scalars.last, placeEnds.contains(last) else {
            return false
        }
        return Divisions.standard.isStem(scalars.dropLast().string)
    }

    /// Names before 任组长, 同志 and their like, lists of names included.
    static func inSentence(_ scalars: [Unicode.Scalar]) -> [Found] {
        var found: [Found] = []
        for (marker, role) in [
            ("任组长", "组长"), ("担任组长", "组长"), ("为组长", "组长"), ("任副组长", "副组长"), ("为副组长", "副组长"),
            ("担任副组长", "副组长"), ("为成员", "成员"), ("任成员", "成员"), ("同志", nil), ("为组员", "成员"),
        ] as [(String, String?)] {
            let word = marker.scalarArray
            var index = 0
            while index + word.count <= scalars.count {
                if scalars[index] == word[0],
                    scalars[index..<(index + word.count)].elementsEqual(word)
                {
                    found += names(scalars, before: index, role)
                    index += word.count
                } else {
                    index += 1
                }
            }
        }
        var seen: Set<Int> = []
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
            .filter { seen.insert($0.range.lowerBound).inserted }
    }

    private static func names(_ scalars: [Unicode.Scalar], before end: Int, _ role: String?)
        -> [Found]
    {
        var result: [Found] = []
        var end = end
        while end > 1, !isNobody(scalars, before: end) {
            guard
                let length = [3, 2].first(where: { length in
                    end >= length
                        && isNamed(scalars, (end - length)..<end, isLeader: role != nil)
                })
            else { break }
            result.append(Found(range: (end - length)..<end, role: role))
            end -= length
            guard end > 0, scalars[end - 1] == "、" || scalars[end - 1] == "，" else { break }
            end -= 1
        }
        return result
    }

    /// Whether a place or 的 ends here, so that its last letters are no name: 麻章的同志, 内蒙古籍同志.
    private static func isNobody(_ text: Scalars, before end: Int) -> Bool {
        if text[end - 1] == "的" { return true }
        return (3...longestPlace).contains { length in
            guard end >= length else { return false }
            let letters = text[(end - length)..<end]
            return isPlace(letters, letters.string)
        }
    }

    /// Whether letters before 任组长 or 同志 are a name.
    ///
    /// These words are as good as a label when the name does not go on to the left.
    private static func isNamed(_ text: Scalars, _ range: Range<Int>, isLeader: Bool) -> Bool {
        let name = text[range]
        guard let first = name.first, name.allSatisfy(TextSearch.isHan) else { return false }
        let isDoubtful = doubtful.contains(first)
        let isLed = PeopleLabels.leads.length(in: text, endingAt: range.lowerBound) != nil
        // 接待江西同志: a province or a city is a name only where more than 同志 says so.
        let mayBePlace = isLeader || isLed || !Divisions.standard.isLargeStem(name.string)
        if range.count == 3, joins(text, range.lowerBound, isLeader: isLeader),
            isName(name.dropFirst(), mayBePlace: true)
        {
            return false
        }
        if !isDoubtful, isName(name, mayBePlace: mayBePlace) { return true }
        let start = range.lowerBound
        guard start == 0 || !TextSearch.isHan(text[start - 1]) || isLed, mayBePlace else {
            return false
        }
        if range.count == 2, wordsAndNames.contain(Array(name)) { return true }
        return isName(name, isLabelled: true) && (!isDoubtful || isLeader || range.count == 3)
    }

    /// Whether a letter joins the name behind it to the sentence, though it is a surname as well.
    ///
    /// A clause that begins with 于 or 时 before a name begins with a surname. One that begins with
    /// 向 or 应 does so only before 任组长: 向王明同志学习 is the rule.
    private static func joins(_ text: Scalars, _ index: Int, isLeader: Bool) -> Bool {
        let isFirst = index == 0 || !TextSearch.isHan(text[index - 1])
        return switch text[index] {
        case "和": true
        case "向", "应": !isFirst || !isLeader
        case "时": !isFirst
        // 用于, 由于, 归功于: a surname only where a title or the like ends before it.
        case "于":
            !isFirst
                && (text[index - 1] == "由"
                    || PeopleLabels.leads.length(in: text, endingAt: index) == nil)
        default: false
        }
    }
}

extension PersonName {
    /// Words behind a name that goes on without a mark.
    private static let followers: Words = [
        "联系电话", "电话", "联系", "手机", "负责", "同志", "先生", "女士", "担任", "职务", "科长", "局长", "主任", "股长", "院长",
        "所长", "站长",
        "校长", "会计", "出纳", "填报", "填表", "审核", "复核", "经办", "制表", "日期", "签字", "签名", "签章", "牵头", "组织",
        "统一", "表示", "介绍", "提供",
    ]
    /// What also stands behind a name of three letters.
    private static let links: ScalarSet = "一等在对向及和与已未将因兼为是从"
    private static let longestGap = 4
    /// Scalars of a name with middle dots; what goes on longer is looked at no further.
    private static let longestName = 40

    /// End of the Han characters and middle dots from a place on.
    static func runEnd(_ text: Scalars, _ start: Int, to limit: Int) -> Int {
        var end = start
        while end < limit, TextSearch.isHan(text[end]) || text[end] == "·" || text[end] == "•" {
            end += 1
        }
        return end
    }

    /// End of a name that is all the Han characters at a place, letters spread by blanks included.
    static func wholeEnd(
        _ text: Scalars,
        at start: Int,
        to limit: Int,
        isLabelled: Bool = false,
        mayBePlace: Bool = false
    ) -> Int? {
        func isWhole(_ name: ArraySlice<Unicode.Scalar>) -> Bool {
            isName(name, isLabelled: isLabelled, mayBePlace: mayBePlace)
        }
        let end = runEnd(text, start, to: min(limit, start + longestName + 1))
        if end - start >= 2 {
            return isWhole(text[start..<end]) ? end : nil
        }
        guard end - start == 1, start == 0 || !TextSearch.isHan(text[start - 1]) else { return nil }
        var letters: Scalars = [text[start]]
        var index = end
        var last = end
        while letters.count < 3 {
            var next = index
            while next < limit, next - index < longestGap, LineShape.isBlank(text[next]) {
                next += 1
            }
            guard next > index, runEnd(text, next, to: limit) == next + 1 else { break }
            letters.append(text[next])
            index = next + 1
            last = index
        }
        return letters.count >= 2 && isWhole(letters[...]) ? last : nil
    }

    /// End of a name at a place, before a mark or before a word that stands behind names.
    ///
    /// Two letters by which a division is called as well are a name here; the caller judges them.
    static func end(_ text: Scalars, at start: Int, isLabelled: Bool) -> Int? {
        let whole = wholeEnd(
            text,
            at: start,
            to: text.count,
            isLabelled: isLabelled,
            mayBePlace: true
        )
        if let whole { return whole }
        let run = runEnd(text, start, to: min(text.count, start + longestName))
        for length in [3, 2, 4] where start + length < run {
            if length == 4, !compound.contains(where: text[start..<(start + 4)].string.begins) {
                continue
            }
            if isName(text[start..<(start + length)], mayBePlace: true),
                followers.length(in: text, at: start + length) != nil
                    || length == 3 && links.contains(text[start + length])
            {
                return start + length
            }
        }
        return nil
    }
}
