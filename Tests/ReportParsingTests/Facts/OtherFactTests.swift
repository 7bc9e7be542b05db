import ReportModel
import Testing

@testable import ReportParsing

@Suite("Staff, rates, scores and grades in running text")
struct OtherFactTests {
    private func draft(_ text: String, _ kind: PartKind = .overallSelfEvaluationReport) -> Draft {
        FactTesting.draft(of: FactTesting.document([text]), kind: kind)
    }

    @Test(
        "counts of staff are found with their roles",
        arguments: [
            (
                "我局核定编制25名，其中行政编制10名、事业编制15名。年末实有在职人员23人，退休12人。",
                "authorised 25,authorised-administrative 10,authorised-institution 15,serving 23,retired 12"
            ),
            (
                "人员编制 48 个，在职职工 45 人，其中：行政人员 20 人，事业人员 25 人；离休1人。",
                "authorised 48,serving 45,serving-administrative 20,serving-institution 25,retired 1"
            ),
            (
                "截至2022年12月31日，单位共有编制12个，实有人数11人，临聘人员5名，劳务派遣3人，遗属2人。",
                "authorised 12,serving 11,contract 5,contract 3,other 2"
            ),
            ("现有在编在职人员7人，编外聘用人员2人。", "serving 7,contract 2"),
            ("慰问退休职工50人，培训在职职工300人次。", ""),
            ("服务群众8000人，帮扶困难职工120人，发展会员2061人。", ""),
            ("内设机构5个，下属单位2个。", ""),
            ("有7名在职人员和2名退休人员。", "serving 7,retired 2"),
            ("参照公务员法管理事业编制 6 名，工勤编制1名。", "authorised-institution 6,authorised 1"),
            ("年末实有人员编制20人，在职在编实有事业人员18人。", "authorised 20,serving-institution 18"),
            ("财政供养人员31人，公益性岗位4人。", "serving 31,contract 4"),
            ("年末在职人员为１８人", "serving 18"),
            ("至少新增在职会员500人以上。", ""),
            ("核定聘任制员额40名，到岗38人。", "authorised 40,serving 38"),
            ("现有员额法官20名，新引进人才到岗3人。", ""),
        ]
    )
    func staff(text: String, expected: String) {
        let found = draft(text).record.staffing.map { "\($0.role) \($0.count)" }
        #expect(found.joined(separator: ",") == expected)
    }

    @Test(
        "percentages are found with their roles and names",
        arguments: [
            ("全年预算执行率为98.13%。", "全年预算执行率 98.13 execution"),
            (
                "基本支出400万元，占66.67%；项目支出200万元，占33.33％。",
                "基本支出占 66.67 share,项目支出占 33.33 share"
            ),
            (
                "支出决算5万元，完成年初预算的104.2%，较上年增长3.1%。",
                "支出决算完成年初预算 104.2 execution,支出决算较上年增长 3.1 growth up"
            ),
            ("“三公”经费控制率为85%，在职人员控制率92%。", "“三公”经费控制率 85 control,在职人员控制率 92 control"),
            ("满意度达到95%以上，合格率不低于98%。", ""),
            ("执行率提高2.5个百分点。", "执行率提高 2.5 growth up"),
            ("比2020年下降0.4％", "比2020年下降 0.4 growth down"),
            ("增长/下降0%", "增长/下降 0 growth"),
            ("结余率大于10%的项目共计0个。", ""),
            (
                "收入合计80万元，其中其他收入3万元，占3.75%。与上年相比，收入合计增加2万元，增长2.56%。",
                "其他收入占 3.75 share,收入合计增长 2.56 growth up"
            ),
            (
                "部门预算50万元，实际支出49万元，预算执行率98%。", "预算执行率 98 execution"
            ),
            ("资金到位率100%。", "资金到位率 100 other"),
        ]
    )
    func rates(text: String, expected: String) {
        let found = draft(text).record.rates.map {
            "\($0.label) \($0.percent) \($0.role)" + ($0.direction.map { " " + $0 } ?? "")
        }
        #expect(found.joined(separator: ",") == expected)
    }

    @Test(
        "total scores and grades are found, parts of a score are not",
        arguments: [
            ("经自评，我单位得分95分。", "95", "-"), ("自评得分为90.5分，评价等级为“优”。", "90.5", "优"),
            ("综合评价得分 92.35 分，等次为优秀。", "92.35", "优秀"), ("自评总分98分，满分100分。", "98", "-"),
            ("预算执行得10分，产出指标得分48分，效益指标得分30分，总得分98分。", "98", "-"),
            ("自评分数96分，等级优良。", "96", "优良"), ("2022年履职情况良好，自评结果良好。", "-", "-"),
            ("绩效自评得分：88分（良）。", "88", "良"), ("得分在90分以上的为优。", "-", "-"),
            ("90-100分为优，80-90分为良。", "-", "-"), ("根据指标体系评分，最终得分为93分，评定为“优”等级。", "93", "优"),
            ("自评总得分97.5分，自评等级为：优。", "97.5", "优"), ("该项得分5分，扣分2分。", "-", "-"),
            ("评价结论为“中”。", "-", "中"), ("年末考评等级良好", "-", "良好"), ("自评得 分９４ 分", "-", "-"),
            ("总体评价得分94.00", "94.00", "-"), ("会议用时95分钟，得分95分钟。", "-", "-"),
            ("全部9个项目完成自评，平均得分93.4分。", "-", "-"), ("三次评分后平均得分93.4分。", "93.4", "-"),
        ]
    )
    func scores(text: String, score: String, grade: String) {
        let record = draft(text).record
        #expect(record.score ?? "-" == score)
        #expect(record.grade ?? "-" == grade)
    }

    @Test("a list number before an amount is not part of it")
    func listNumbers() {
        let document = FactTesting.document([
            "1.整体情况良好", "2.100万以上项目", "3.150万元用于道路建设", "4.2.5万元用于绿化",
        ])
        let draft = FactTesting.draft(of: document, kind: .overallSelfEvaluationReport)
        #expect(draft.record.amounts.map { "\($0.value)\($0.unit)" } == ["150万元", "2.5万元"])
        let plain = FactTesting.document(["2.15万元用于绿化"])
        let single = FactTesting.draft(of: plain, kind: .overallSelfEvaluationReport)
        #expect(single.record.amounts.map(\.value) == ["2.15"])
    }

    @Test("glossaries, notes of the template and titles hold no amounts")
    func leftOut() {
        let document = FactTesting.document([
            "（注：单位价值50万元为例）", "第四部分 名词解释", "一、财政拨款：如拨款100万元。", "附件1", "使用资金3万元。",
            "填报说明：金额以万元为单位，如12.5万元", "2.基本支出：指支出20万元",
        ])
        let draft = FactTesting.draft(of: document, kind: .overallSelfEvaluationReport)
        #expect(draft.record.amounts.map(\.value) == ["3"])
    }

    @Test("cached numbers of a chart have the role other")
    func chart() {
        let document = FactTesting.document([
            "全年支出12.5万元。", "2022年支出\t2021年支出\t12.5\t11\t2022年支出\t2021年支出\t1",
            "销售额\t基本支出\t项目支出\t0.7\t0.3",
        ])
        let amounts = FactTesting.draft(of: document, kind: .finalAccountExplanation).record.amounts
        #expect(
            amounts.map { "\($0.label) \($0.value) \($0.role)" }.dropFirst() == [
                "2022年支出 12.5 other", "2021年支出 11 other",
            ]
        )
    }

    @Test("random garbage never traps and gives places within their blocks")
    func garbage() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33) % bound
        }
        let pieces = [
            "1", "２", "3.5", ",", "，", ".", "万元", "元", "%", "％", "（", "）", "(", ")", "《", "》",
            "[bookmark: ", "]", "年",
            "2022", "支出", "决算", "预算", "三公", "占", "比", "上年", "增加", "/", "减少", "、", "。", "；", "：",
            "得分", "分", "等级", "优",
            "编制", "人", "个", "余", "约", " ", "\t", "\n", "\u{3000}", "一、", "（项）", "（类）", "指标1：",
            "三级指标", "二级指标", "目标值", "得分",
            "分值", "执行数", "预算数", "合计", "总分", "—", "\\", "单位：万元", "“", "”", "等", "对", "项目",
            "\u{10FFFF}", "\u{0}", "e\u{301}",
        ]
        for round in 0..<300 {
            func text(_ longest: Int) -> String {
                (0..<random(longest)).map { _ in pieces[random(pieces.count)] }.joined()
            }
            var document = FactTesting.table(
                (0..<random(8)).map { _ in
                    (0..<(1 + random(7))).map { _ in
                        ["^", "<", text(4), text(4), text(30)][random(5)]
                    }
                },
                before: (0..<random(6)).map { _ in text(60) }
            )
            if round % 7 == 0, !document.tables.isEmpty {
                document.tables[0].cells.append(Table.Cell(block: 9999, row: 0, column: 0))
            }
            let draft = FactTesting.draft(of: document, kind: PartKind.allCases[round % 9])
            for place in draft.record.amounts.map(\.place) + draft.record.rates.map(\.place)
                + draft.record.staffing.map(\.place) + draft.record.scores.map(\.place)
            {
                let block = document.blocks[place.block].text.unicodeScalars
                #expect(place.start <= place.end && place.end <= block.count)
            }
        }
    }
}
