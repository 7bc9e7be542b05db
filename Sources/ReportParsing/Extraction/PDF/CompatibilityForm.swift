/// Radicals and presentation forms that fonts put in the place of common characters.
enum CompatibilityForm {
    /// The character that is meant.
    ///
    /// Only forms that look the same as a common character change; full-width digits and marks stay
    /// as printed.
    /// Source: Unicode blocks Kangxi Radicals and CJK Radicals Supplement, column
    /// Equivalent_Unified_Ideograph.
    static func common(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x2F00...0x2FD5:
            let index = Int(scalar.value - 0x2F00)
            return index < kangxi.count ? kangxi[index] : scalar
        case 0x2E80...0x2EF3:
            return supplement[scalar] ?? scalar
        default:
            return scalar
        }
    }

    /// The common characters of the Kangxi radicals from U+2F00 on.
    private static let kangxi = Array(
        ("一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日"
            + "曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行"
            + "衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠")
            .unicodeScalars
    )

    private static let supplement: [Unicode.Scalar: Unicode.Scalar] = [
        "⻓": "长", "⻔": "门", "⻅": "见", "⻆": "角", "⻋": "车", "⻘": "青", "⻚": "页",
        "⻛": "风", "⻜": "飞", "⻝": "食", "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼",
        "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻬": "齐", "⻮": "齿", "⻰": "龙",
        "⻳": "龟", "⺠": "民", "⺟": "母", "⺝": "月", "⺫": "目", "⻄": "西", "⻉": "贝",
        "⻙": "韦", "⻑": "長", "⺩": "王", "⺬": "示", "⻗": "雨", "⺼": "月", "⺎": "兀",
        "⺪": "疋", "⻁": "虎", "⻂": "衤",
    ]
}
