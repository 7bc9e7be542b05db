/// Reports written for these tests.
enum Documents {
    /// A report of a few lines.
    /// - Parameters:
    ///   - unit: the unit with its region in front.
    ///   - year: evaluated year; nil: the document does not say.
    ///   - score: the score.
    /// - Returns: its text.
    static func report(unit: String?, year: Int?, score: String = "97") -> String {
        let yearText = year.map { "\($0)年度" } ?? ""
        var lines = ["\(yearText)部门整体支出绩效自评报告", ""]
        if let unit { lines.append("单位名称：\(unit)") }
        if let year { lines.append("评价年度：\(year)年度") }
        lines += [
            "", "\(yearText)支出总计216.40万元，其中：基本支出151.20万元，项目支出65.20万元。",
            "经自评，本单位\(yearText)整体支出绩效自评得分\(score)分，等级为优。", "",
        ]
        return lines.joined(separator: "\n")
    }

    /// Different units of one district, ten years each: number `index` is always the same report.
    static func numbered(_ index: Int) -> (unit: String, year: Int, text: String) {
        let unit = units[(index / 10) % units.count]
        let year = 2014 + index % 10
        return (unit, year, report(unit: "湛江市麻章区\(unit)", year: year, score: "\(80 + index % 17)"))
    }

    /// Greatest number of different reports.
    static var count: Int { units.count * 10 }

    private static let units: [String] = {
        let places = ["红星", "胜利路", "东街", "西门", "南桥", "北岭", "文明路", "新民", "和平", "建设路"]
        let kinds = ["小学", "中学", "幼儿园", "卫生院", "文化站", "敬老院", "司法所", "水利站", "农技站", "林业站"]
        return places.flatMap { place in kinds.map { place + $0 } }
    }()
}
