import Testing

@testable import ReportDaemon

@Suite struct FirstRowsTests {
    @Test("the first of many rows in order, the others counted and not held")
    func first() {
        var rows = FirstRows<Int>(limit: 5, by: >)
        for number in 0..<1000 {
            // 7919 and 1000 have no common divisor: every number below 1000 once.
            rows.append(number * 7919 % 1000)
            #expect(rows.held.count < 10)
        }
        #expect(rows.rows == [999, 998, 997, 996, 995])
        #expect(rows.moreCount == 995)
    }

    @Test("fewer rows than are wanted are all there", arguments: 0...5)
    func few(count: Int) {
        var rows = FirstRows<Int>(limit: 5, by: <)
        for number in (0..<count).reversed() { rows.append(number) }
        #expect(rows.rows == Array(0..<count))
        #expect(rows.moreCount == 0)
    }
}
