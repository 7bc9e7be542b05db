import Testing

@testable import ReportParsing

@Suite("Number formats of spreadsheets")
struct NumberFormatTests {
    static func shown(_ stored: String, _ code: String, is1904: Bool = false) throws -> String {
        let number = try #require(SheetDecimal(stored: stored))
        return NumberFormat(code: code).shown(number, is1904: is1904)
    }

    @Test(
        "a number shows as its format says, rounded in decimal",
        arguments: [
            ("0.97750000000000004", "0.00%", "97.75%"), ("0.285", "0%", "29%"),
            ("2.675", "0.00", "2.68"), ("1.005", "0.00", "1.01"), ("0.125", "0.00", "0.13"),
            ("-0.125", "0.00", "-0.13"), ("28.499999999999996", "0", "29"),
            ("3.3000000000000003", "0.0000000000000000", "3.3000000000000000"),
            ("1234567.891", "#,##0.00", "1,234,567.89"), ("999.995", "#,##0.00", "1,000.00"),
            ("0", "#,##0.00", "0.00"), ("0.5", "#.##", ".5"), ("5", "0.##", "5"),
            ("7", "000", "007"), ("1234", "#,##0_ ", "1,234"), ("12", "0.0E+00", "1.2E+01"),
            ("0.00012", "0.00E+00", "1.20E-04"), ("99999", "0.0E+00", "1.0E+05"),
            ("12345", "##0.0E+0", "12.3E+03"), ("0.25", "# ?/?", "0.25"),
            ("9.95", "0.0", "10.0"), ("0.004", "0.00", "0.00"), ("1e3", "0", "1000"),
        ]
    )
    func digits(_ stored: String, _ code: String, _ expected: String) throws {
        let text = try Self.shown(stored, code)
        #expect(text == expected)
    }

    @Test(
        "a cell without a format shows the shortest number of at most eleven characters",
        arguments: [
            ("44.745500000000003", "44.7455"), ("0.1", "0.1"), ("100", "100"), ("-3.50", "-3.5"),
            ("0", "0"), ("-0", "0"), ("1234567.891234", "1234567.891"),
            ("0.123456789012", "0.123456789"), ("12345678901", "12345678901"),
            ("123456789012", "1.23457E+11"), ("0.00001234", "1.234E-05"), ("0.0001", "0.0001"),
            ("0.3333333333333333", "0.333333333"), ("99999999999.9", "1E+11"),
            ("1e300", "1E+300"), ("5e-324", "5E-324"),
        ]
    )
    func general(_ stored: String, _ expected: String) throws {
        let text = try Self.shown(stored, "General")
        #expect(text == expected)
    }

    @Test(
        "sections, conditions, scaling, literals and currencies",
        arguments: [
            ("-12.5", "0.00;(0.00)", "(12.50)"), ("0", "0;-0;\"-\"", "-"), ("0", "0;-0;;@", ""),
            ("-3", "[Red]0;[Blue]-0", "-3"), ("123456", "0!.0,", "12.3"),
            ("123456", "0\\.0,", "12.3"), ("1317800", "0!.0000", "131.7800"),
            ("12345678", "0.00,,", "12.35"), ("5000", "0,", "5"),
            ("150", "[>=100]\"多\"0;[<100]\"少\"0", "多150"),
            ("50", "[>=100]\"多\"0;[<100]\"少\"0", "少50"),
            ("-50", "[>=100]0;[<0]\"负\"0;\"其他\"0", "负50"),
            ("95", "0\"分\"", "95分"), ("95", "0分", "95分"), ("12.5", "[$¥-804]#,##0.00", "¥12.50"),
            ("12.5", "\"¥\"* #,##0.00_ ", "¥12.50"),
            ("-12.5", "_ * #,##0.00_ ;_ * -#,##0.00_ ", "-12.50"),
            ("3", "\"第\"General\"期\"", "第3期"), ("3", "G/通用格式\"人\"", "3人"),
            ("123", "[DBNum1][$-804]General", "一百二十三"), ("2023", "[DBNum1]0", "二〇二三"),
            ("1050", "[DBNum2]General", "壹仟零伍拾"), ("8", "@", "8"), ("1", "\"是\"", "是"),
        ]
    )
    func sections(_ stored: String, _ code: String, _ expected: String) throws {
        let text = try Self.shown(stored, code)
        #expect(text == expected)
    }

    @Test(
        "days and times as Chinese spreadsheets show them",
        arguments: [
            ("45291", "yyyy\"年\"m\"月\"d\"日\"", "2023年12月31日"), ("45291", "yyyy/m/d", "2023/12/31"),
            ("45291", "yyyy-mm-dd;@", "2023-12-31"), ("45291", "m\"月\"d\"日\"", "12月31日"),
            ("45291.5", "yyyy/m/d h:mm", "2023/12/31 12:00"), ("0.75", "h:mm AM/PM", "6:00 PM"),
            ("0.75", "上午/下午h\"时\"mm\"分\"", "下午6时00分"), ("1.5", "[h]:mm:ss", "36:00:00"),
            ("59", "yyyy-m-d", "1900-2-28"), ("60", "yyyy-m-d", "1900-2-29"),
            ("61", "yyyy-m-d", "1900-3-1"), ("45291", "[$-F800]dddd\\,\\ mmmm\\ dd", "2023年12月31日"),
            ("45291", "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"", "二〇二三年十二月三十一日"),
            ("45291", "aaaa", "星期日"), ("45291", "d-mmm-yy", "31-Dec-23"),
            ("45350.999999", "yyyy/m/d h:mm:ss", "2024/2/29 0:00:00"),
            ("45350", "yyyy/m/d", "2024/2/28"), ("2958465", "yyyy/m/d", "9999/12/31"),
            ("2958466", "yyyy/m/d", "2958466"), ("-1", "yyyy/m/d", "-1"),
        ]
    )
    func days(_ stored: String, _ code: String, _ expected: String) throws {
        let text = try Self.shown(stored, code)
        #expect(text == expected)
    }

    @Test("a workbook of 1904 counts its days from 1904")
    func days1904() throws {
        let text = try Self.shown("43829", "yyyy/m/d", is1904: true)
        #expect(text == "2023/12/31")
    }

    @Test("text passes through the section for text only")
    func texts() {
        #expect(NumberFormat(code: "0.00;-0.00;0;\"项目：\"@").shown("道路") == "项目：道路")
        #expect(NumberFormat(code: "0.00").shown("道路") == "道路")
        #expect(NumberFormat(code: "@").shown("007") == "007")
    }

    @Test("what is no number is none, and no format traps on any number")
    func hostile() throws {
        for text in ["", "abc", "nan", "inf", "0x10", "1e999", "--1", "1 2"] {
            #expect(SheetDecimal(stored: text) == nil)
        }
        let codes = [
            "", ";", ";;;;;;", "[", "[<", "[>=x]0", "\"", "\\", "_", "*", "0E", "0E+", "e", "%%%%%",
            String(repeating: "0", count: 600), String(repeating: "0,", count: 300), "0.0.0", ",,,",
            "[DBNum1]", "[h", "yyyyyyyyyyyy", "?/?", "@@@@;@;@;@", "0;0;0;0;0", "[$-F800]", "#,#,#",
            "E+E+E+0", "mmmmmm:ss.000", "[ss].00", "aaaaaaaa", "G/", ".", "0!", "[<0][>0]0;0",
        ]
        let numbers = [
            "0", "-1", "1e308", "-5e-324", "123456789.123456789", "0.5", "2958465.99999",
        ]
        for code in codes {
            for stored in numbers {
                let text = try Self.shown(stored, code)
                #expect(text.utf8.count < 4000)
            }
        }
    }
}
