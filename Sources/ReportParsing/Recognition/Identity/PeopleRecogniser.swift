import ReportModel

/// Finds printed names and telephone numbers, which are kept apart from the record.
///
/// Source: record schema, `people`; domain description, section 8.
struct PeopleRecogniser: Recogniser {
    static let roles: Set<String> = [
        "填表人", "填报人", "联系人", "负责人", "审核人", "经办人", "单位负责人", "财务负责人", "项目负责人", "编制人", "制表人", "主要负责人",
        "复核人", "填报人员", "填表人员", "部门负责人", "单位负责人签字", "联系人员", "制表", "审核", "报告人", "法定代表人", "财务主管", "组长",
        "副组长", "成员", "评价人", "评价人员", "组员", "主任", "会计", "出纳", "分管领导", "撰写人", "项目联系人", "姓名",
    ]
    static let phones: Set<String> = [
        "联系电话", "电话", "手机", "联系方式", "手机号码", "电话号码", "办公电话", "填表人电话", "联系人电话", "移动电话", "手机号",
    ]

    func recognise(_ draft: inout Draft) {
        var people: [Person] = []
        for value in draft.labelledValues {
            let isRole = PeopleRecogniser.roles.contains(value.label)
            if isRole { people += names(in: value, draft) }
            if isRole || PeopleRecogniser.phones.contains(value.label) {
                people += numbers(in: value, draft)
            }
        }
        for (index, signs) in draft.texts.signs.enumerated() where signs.contains(.people) {
            let scalars = draft.texts.scalars[index]
            for name in PersonName.inSentence(scalars) {
                let text = scalars[name.range].string
                let place = draft.place(
                    block: index,
                    start: name.range.lowerBound,
                    end: name.range.upperBound
                )
                people.append(Person(name: text, role: name.role, place: place))
            }
        }
        var seen: Set<Place> = []
        draft.people += people.filter { seen.insert($0.place).inserted }.prefix(500)
    }

    private func names(in value: LabelledValue, _ draft: Draft) -> [Person] {
        let scalars = draft.texts.scalars[value.block]
        var people: [Person] = []
        var index = value.start
        while index < value.end {
            var end = index
            while end < value.end, TextSearch.isHan(scalars[end]) || scalars[end] == "·" {
                end += 1
            }
            if end > index, PersonName.isName(scalars[index..<end]) {
                people.append(
                    Person(
                        name: scalars[index..<end].string,
                        role: value.label,
                        place: draft.place(block: value.block, start: index, end: end)
                    )
                )
            }
            index = max(end, index + 1)
        }
        return people
    }

    private func numbers(in value: LabelledValue, _ draft: Draft) -> [Person] {
        let scalars = draft.texts.scalars[value.block]
        var people: [Person] = []
        var index = value.start
        while index < value.end {
            var end = index
            var digits = 0
            while end < value.end, LineShape.digit(scalars[end]) != nil || isDash(scalars[end]) {
                if LineShape.digit(scalars[end]) != nil { digits += 1 }
                end += 1
            }
            if digits >= 7, digits <= 13 {
                people.append(
                    Person(
                        name: scalars[index..<end].string,
                        role: "联系电话",
                        place: draft.place(block: value.block, start: index, end: end)
                    )
                )
            }
            index = max(end, index + 1)
        }
        return people
    }

    private func isDash(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar == "－" || scalar == "—"
    }
}

/// Names of people in running text.
enum PersonName {
    /// A name with what the sentence says of it.
    struct Found: Equatable {
        /// Scalars of the name.
        var range: Range<Int>
        /// 组长, 副组长, 成员 or nil.
        var role: String?
    }

    private static let surnames = Set(
        """
        王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆\
        汪范金石廖贾夏韦付傅方白邹孟熊秦邱丘江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄\
        聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆\
        农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝
        """.unicodeScalars.filter { $0 != "\n" }
    )
    /// Surnames that begin too many words to be believed in running text.
    private static let doubtful: ScalarSet = "成全和时明应路文关向安高方单管党任连商师项关解查边麻化华"
    private static let compound = ["欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙"]
    private static let notNames: Set<String> = ["习近平", "毛泽东", "邓小平", "江泽民", "胡锦涛", "雷锋", "周恩来"]
    private static let notGiven: ScalarSet = "组会部门长员局处室股工位务级区县市"

    /// What stands in every text with names.
    static let hints = ["组长", "同志", "组员"]

    /// Whether some scalars are one whole name.
    static func isName(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        guard scalars.count >= 2, scalars.count <= 4 || scalars.contains("·"),
            let first = scalars.first
        else { return false }
        let text = scalars.string
        if notNames.contains(text) { return false }
        if scalars.dropFirst().contains(where: { notGiven.contains($0) }) { return false }
        if compound.contains(where: text.begins) { return true }
        return surnames.contains(first) && scalars.count <= 3 || scalars.contains("·")
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
        while end > 1, result.count < 20 {
            guard
                let length = [3, 2].first(where: { length in
                    guard end >= length else { return false }
                    let name = scalars[(end - length)..<end]
                    guard isName(name), let first = name.first, !doubtful.contains(first) else {
                        return false
                    }
                    return name.allSatisfy(TextSearch.isHan)
                })
            else { break }
            result.append(Found(range: (end - length)..<end, role: role))
            end -= length
            guard end > 0, scalars[end - 1] == "、" || scalars[end - 1] == "，" else { break }
            end -= 1
        }
        return result
    }
}
