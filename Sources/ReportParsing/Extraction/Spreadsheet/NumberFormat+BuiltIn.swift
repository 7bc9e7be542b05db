extension NumberFormat {
    /// The code of a built-in format as a Chinese spreadsheet shows it.
    /// - Parameter identifier: `numFmtId` below 164.
    /// - Returns: nil for numbers without a format of their own, which show as General.
    ///
    /// Source: ECMA-376 part 1, 18.8.30 (numFmt), tables for all languages and for zh-cn.
    static func builtIn(_ identifier: Int) -> String? {
        if let code = common[identifier] { return code }
        switch identifier {
        case 27, 36, 50, 52, 57: return "yyyy\"年\"m\"月\""
        case 28, 29, 51, 53, 54, 58: return "m\"月\"d\"日\""
        case 30: return "m-d-yy"
        case 31: return "yyyy\"年\"m\"月\"d\"日\""
        case 32: return "h\"时\"mm\"分\""
        case 33: return "h\"时\"mm\"分\"ss\"秒\""
        case 34, 55: return "上午/下午h\"时\"mm\"分\""
        case 35, 56: return "上午/下午h\"时\"mm\"分\"ss\"秒\""
        default: return nil
        }
    }

    private static let common: [Int: String] = [
        1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
        5: "\"¥\"#,##0;\"¥\"\\-#,##0", 6: "\"¥\"#,##0;[Red]\"¥\"\\-#,##0",
        7: "\"¥\"#,##0.00;\"¥\"\\-#,##0.00", 8: "\"¥\"#,##0.00;[Red]\"¥\"\\-#,##0.00",
        9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
        14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
        18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
        37: "#,##0;\\-#,##0", 38: "#,##0;[Red]\\-#,##0",
        39: "#,##0.00;\\-#,##0.00", 40: "#,##0.00;[Red]\\-#,##0.00",
        41: "_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"_ ;_ @_ ",
        42: "_ \"¥\"* #,##0_ ;_ \"¥\"* \\-#,##0_ ;_ \"¥\"* \"-\"_ ;_ @_ ",
        43: "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
        44: "_ \"¥\"* #,##0.00_ ;_ \"¥\"* \\-#,##0.00_ ;_ \"¥\"* \"-\"??_ ;_ @_ ",
        45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
    ]
}
