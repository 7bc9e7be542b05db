/// A made-up report of about a wanted size; the same for the same size.
struct ReportText {
    /// The text in UTF-8.
    let utf8: [UInt8]

    /// Makes a report.
    /// - Parameter byteCount: wanted bytes; the text ends with the section that reaches them.
    init(byteCount: Int) {
        var text = ReportText.opening
        var project = 1
        while text.utf8.count < byteCount {
            text += ReportText.section(project)
            project += 1
        }
        utf8 = Array((text + ReportText.ending).utf8)
    }

    private static let opening = """
        2023年度部门整体支出绩效自评报告

        单位名称：湛江市麻章区总工会
        评价年度：2023年度
        填报日期：2024年4月2日

        一、部门基本情况

        （一）机构职能。
        湛江市麻章区总工会负责全区职工的维权、帮扶和文化活动，内设办公室、组织部和权益保障部。
        （二）人员情况。
        核定编制12名，年末在职人员11人，退休人员4人。

        二、部门整体支出情况

        2023年度收入总计216.40万元，其中：一般公共预算财政拨款收入198.40万元，事业收入6.00万元，年初结转和结余12.00万元。
        2023年度支出总计216.40万元，其中：基本支出151.20万元，项目支出65.20万元。
        2023年部门整体预算228.00万元，决算216.40万元，预算执行率94.91%。
        经自评，本单位2023年度整体支出绩效自评得分97分，等级为优。

        三、项目情况


        """

    private static func section(_ number: Int) -> String {
        """
        （\(number)）职工服务项目\(number)
        该项目年初预算\(20 + number % 70).50万元，实际支出\(19 + number % 70).25万元，预算执行率\(90 + number % 9).36%。\
        项目按季度安排，全年举办培训\(number % 50 + 3)场，慰问困难职工\(number % 200 + 20)人次，按期完成验收。

        | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析 |
        |---|---|---|---|---|---|---|---|
        | 产出指标 | 数量指标 | 培训场次 | ≥\(number % 50 + 2)场 | \(number % 50 + 3)场 | 30 | 30 | |
        | 效益指标 | 社会效益指标 | 慰问职工人次 | ≥\(number % 200 + 10)人次 | \(number % 200 + 20)人次 | 60 | 58 | 个别职工外出 |
        | 满意度指标 | 服务对象满意度指标 | 职工满意度 | ≥90% | 93% | 10 | 9 | |

        """
    }

    private static let ending = """

        四、存在问题

        1.预算编制不够精细，部分活动经费测算依据不足。
        2.个别绩效指标设置偏低，未能反映活动实效。

        五、改进措施

        1.年初逐项测算活动成本，细化到场次和村居。
        2.参照前三年实际完成情况设置指标值。

        湛江市麻章区总工会
        2024年4月2日
        """
}
