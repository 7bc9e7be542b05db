import ReportModel
import Testing

@Suite("Exact decimals and money")
struct MoneyTests {
    @Test(
        "a printed number is read with its places",
        arguments: [
            ("138.79", "138.79"), ("0.00", "0.00"), ("6", "6"), ("1,234,567.80", "1234567.80"),
            ("１２，３４５．６", "12345.6"), ("1 38.7 9", "138.79"), ("-0.41", "-0.41"), ("007", "7"),
            ("＋3", "3"), ("254.85\u{3000}", "254.85"), ("0.582139", "0.582139"),
        ]
    )
    func printed(text: String, expected: String) {
        #expect(ExactDecimal(printed: text)?.text == expected)
    }

    @Test(
        "what is no number, or too long, is refused",
        arguments: [
            "", "-", ".", "1.", ".5", "1.2.3", "12a", "--1", "1-2", "万", ",1",
            "1234567890123456789", "0.1234567890123", "９９９９９９９９９９９９９９９９９９９",
        ]
    )
    func refused(text: String) {
        #expect(ExactDecimal(printed: text) == nil)
    }

    @Test("sums keep the finer place and are exact")
    func sums() throws {
        let parts = ["137.86", "0.00", "20.32"].compactMap { ExactDecimal(printed: $0) }
        #expect(parts.reduce(.zero, +).text == "158.18")
        let fine = try #require(ExactDecimal(printed: "17.9935"))
        let coarse = try #require(ExactDecimal(printed: "9.6"))
        #expect((fine + coarse).text == "27.5935")
        #expect((coarse - fine).text == "-8.3935")
        #expect((coarse - fine).magnitude.text == "8.3935")
        #expect(fine.lastPlace.text == "0.0001")
    }

    @Test("values are compared without regard to places")
    func comparison() throws {
        let one = try #require(ExactDecimal(printed: "1"))
        let oneZero = try #require(ExactDecimal(printed: "1.000"))
        #expect(one == oneZero)
        #expect(one.hashValue == oneZero.hashValue)
        #expect(try #require(ExactDecimal(printed: "-0.2")) < .zero)
        #expect(
            try #require(ExactDecimal(printed: "-1.3")) < #require(ExactDecimal(printed: "-1.2"))
        )
        let long = ExactDecimal(coefficient: Int128.max, places: 0)
        let fraction = ExactDecimal(coefficient: Int128.max, places: 18)
        #expect(fraction < long)
        #expect(!(long < fraction))
    }

    @Test(
        "ratios are rounded half up",
        arguments: [
            ("134.92", "138.79", 4, "0.9721"), ("1", "3", 2, "0.33"), ("2", "3", 2, "0.67"),
            ("1", "8", 2, "0.13"), ("-1", "8", 2, "-0.13"), ("161.52", "197.57", 6, "0.817533"),
            ("7", "3", 0, "2"), ("0", "5", 2, "0.00"),
        ]
    )
    func ratios(dividend: String, divisor: String, places: Int, expected: String) throws {
        let left = try #require(ExactDecimal(printed: dividend))
        let right = try #require(ExactDecimal(printed: divisor))
        #expect(left.ratio(to: right, places: places)?.text == expected)
        #expect(left.ratio(to: .zero, places: places) == nil)
    }

    @Test("numbers are rounded half up to fewer places")
    func rounding() throws {
        let number = try #require(ExactDecimal(printed: "81.7553"))
        #expect(number.rounded(toPlaces: 2).text == "81.76")
        #expect(number.rounded(toPlaces: 0).text == "82")
        #expect(number.rounded(toPlaces: 6).text == "81.7553")
    }

    @Test("a power of ten moves the point exactly")
    func scaling() throws {
        let number = try #require(ExactDecimal(printed: "17.9935"))
        #expect(number.scaled(byPowerOfTen: 4).text == "179935")
        #expect(number.scaled(byPowerOfTen: 8).text == "1799350000")
        #expect(number.scaled(byPowerOfTen: -2).text == "0.179935")
        #expect(number.multiplied(by: ExactDecimal(10))?.text == "179.9350")
    }

    @Test("nothing traps at the ends of the range")
    func ends() {
        let big = ExactDecimal(coefficient: Int128.max, places: 0)
        let low = ExactDecimal(coefficient: Int128.min, places: 18)
        #expect((big + big).coefficient > 0)
        #expect((low + low).coefficient < 0)
        #expect((low - big).coefficient < 0)
        #expect(big.scaled(byPowerOfTen: 18).coefficient > 0)
        #expect(big.ratio(to: low, places: 12) == nil)
        #expect(low.multiplied(by: low) == nil || low.coefficient < 0)
        #expect(low.magnitude.coefficient > 0)
        #expect(!low.text.isEmpty)
    }

    @Test(
        "money keeps print and gives exact 元",
        arguments: [
            ("138.79", "万元", "1387900"), ("0.00", "元", "0"), ("15", "万", "150000"),
            ("1,234.5", "元", "1234.5"), ("2.3", "亿元", "230000000"), ("7", "千元", "7000"),
            ("1.5", "百万元", "1500000"), ("0.582139", "万元", "5821.39"), ("0.00001", "万元", "0.1"),
        ]
    )
    func money(printed: String, unit: String, yuan: String) {
        #expect(Money(printed: printed, unit: unit)?.yuan == yuan)
    }

    @Test("an unknown unit is no money")
    func unknownUnit() {
        #expect(Money(printed: "3", unit: "人") == nil)
        #expect(Money(printed: "x", unit: "元") == nil)
    }
}
