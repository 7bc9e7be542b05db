import ReportModel

/// Hand-made records as counties file them, in which everything adds up.
enum CleanRecords {
    static let all: [(name: String, record: Record)] = [
        ("prose report", proseReport), ("report with rate and uses", reportWithUses),
        ("fund table with indicators", fundTable),
        ("Hubei 20 + 80 without weights", withoutWeights),
        ("Sichuan 10 + 90, execution in the fund block", executionElsewhere),
        ("final account", finalAccount), ("final account with carry-over", carryOver),
        ("final account of an institution", institution), ("amounts in yuan", yuan),
        ("above the initial budget", aboveInitial), ("transfer payment without weights", transfer),
        ("base data", baseData), ("three public expenses", threePublic),
        ("several project tables", projectTables), ("bundle of table and report", bundle),
        ("summary with subordinate units", summary), ("approximate numbers", approximate),
        ("trailing zeros dropped", droppedZeros), ("nothing of nothing", zeros),
        ("empty", Record.empty),
        ("two years side by side", twoYears), ("rounded shares", roundedShares),
    ]

    private static let proseReport = build { b in
        b.part(.overallEvaluationReport, "2023年东湖区总工会整体支出绩效评价报告")
        b.staff("authorised", "7", "编制")
        b.staff("serving", "7", "实有在职人员")
        b.line()
        b.money("决算收入总额", "final-income-total", "168.20")
        b.money("一般公共预算财政拨款收入", "final-income-part", "147.88")
        for label in ["政府性基金预算财政拨款收入", "上级补助收入", "事业收入", "其他收入"] {
            b.money(label, "final-income-part", "0.00", "元")
        }
        b.money("年初结转和结余", "opening-carry-over", "20.32")
        b.line()
        b.money("决算支出总额", "final-expenditure-total", "168.20")
        b.money("一般公共服务支出", "final-expenditure-function", "120.10", code: "201")
        b.money("社会保障和就业支出", "final-expenditure-function", "32.47", code: "208")
        b.money("卫生健康支出", "final-expenditure-function", "5.20", code: "210")
        b.money("住房保障支出", "final-expenditure-function", "10.43", code: "221")
        b.total("95", grade: "优")
        b.record.reportDate = "2024-04"
    }

    private static let reportWithUses = build { b in
        b.part(.overallSelfEvaluationReport, "整体绩效自评报告")
        b.money("整体收支预算", "budget-total", "238.79")
        b.money("决算", "final-grand-total", "231.92")
        b.rate("execution", "97.12", "完成预算")
        b.line()
        b.money("整体收入预算", "budget-income-total", "238.79")
        b.money("整体支出预算", "budget-expenditure-total", "238.79")
        b.line()
        b.money("整体收入决算", "final-income-total", "231.92")
        b.rate("execution", "97.12", "完成预算")
        b.money("整体支出决算", "final-expenditure-total", "231.92")
        b.rate("execution", "97.12", "完成预算")
        for value in ["0.58", "2", "0.17"] { b.money("工作使用", "executed-project", value) }
        b.total("96", grade: "优")
    }

    private static let fundTable = build { b in
        b.usualTable(execution: nil)
        b.row(nil, "资金总额", "10", "9.72")
        b.rate("execution", "97.21", "年度资金总额 执行率")
        b.cell("支出合计 全年预算数", "budget-expenditure-total", "299.59")
        b.cell("支出合计 全年执行数", "executed-expenditure-total", "299.59")
        b.cell("（1）基本支出 全年执行数", "executed-expenditure-part", "254.85")
        b.cell("其中：人员支出 全年执行数", "executed-expenditure-part", "233.48")
        b.cell("公用支出 全年执行数", "executed-expenditure-part", "21.37")
        b.cell("（2）项目支出 全年执行数", "executed-expenditure-part", "44.74")
        b.total("99.72", full: "100", grade: "优")
    }

    private static let withoutWeights = build { b in
        b.part(.overallSelfEvaluationTable, "2023年度部门整体绩效自评表")
        b.rate("execution", "95.5", "执行率")
        b.row("产出指标", "新建工会", nil, "40", target: "10家", actual: "12家", level2: "数量指标")
        b.row("效益指标", "带动就业", nil, "28")
        b.row("满意度指标", "职工满意度", nil, "10", target: "≥90%", actual: "96%")
        b.total("97.1", full: "100", grade: "优")
    }

    private static let executionElsewhere = build { b in
        b.part(.projectSelfEvaluationTable)
        b.cell("预算数", "budget-project", "58.1")
        b.cell("执行数", "executed-project", "58.1")
        b.line()
        b.rate("execution", "100", "执行率")
        for index in 0..<4 { b.row("产出指标", "任务\(index)", "22.5", "22.5") }
        b.total("100", full: "100")
    }

    private static let finalAccount = build { b in
        b.part(.finalAccountExplanation, "2023年度部门决算公开说明")
        b.money("收入、支出总计", "final-grand-total", "197.57")
        b.money("各减少", "yoy-delta", "0.41", direction: "down")
        b.rate("growth", "0.21", "下降", "down")
        b.line()
        b.money("本年收入合计", "final-income-total", "197.57")
        b.money("一般公共预算财政拨款收入", "final-income-part", "197.57")
        b.rate("share", "100", "占")
        b.money("事业收入", "final-income-part", "0")
        b.rate("share", "0", "占")
        b.line()
        b.money("本年支出合计", "final-expenditure-total", "197.57")
        b.money("基本支出", "final-expenditure-part", "139.47")
        b.rate("share", "70.59", "占")
        b.money("项目支出", "final-expenditure-part", "58.1")
        b.rate("share", "29.41", "占")
        b.line()
        b.money("一般公共预算财政拨款支出", "final-expenditure-total", "197.57")
        b.money("一般公共服务支出", "final-expenditure-function", "161.52", code: "201")
        b.rate("share", "81.76", "占")
        b.money("社会保障和就业支出", "final-expenditure-function", "36.05", code: "208")
        b.rate("share", "18.24", "占")
        b.line()
        b.money("机关运行经费", "operating-funds", "14.93")
        b.money("增加", "yoy-delta", "1.28", direction: "up")
        b.rate("growth", "9.38", "增长", "up")
    }

    private static let carryOver = build { b in
        b.part(.finalAccountExplanation)
        b.money("收入、支出总计", "final-grand-total", "520.00")
        b.line()
        b.money("本年收入合计", "final-income-total", "480.00")
        b.money("财政拨款收入", "final-income-part", "450.00")
        b.money("其他收入", "final-income-part", "30.00")
        b.line()
        b.money("本年支出合计", "final-expenditure-total", "500.00")
        b.money("基本支出", "final-expenditure-part", "300.00")
        b.money("项目支出", "final-expenditure-part", "200.00")
        b.line()
        b.money("年初结转和结余", "opening-carry-over", "40.00")
        b.money("年末结转和结余", "closing-carry-over", "20.00")
    }

    private static let institution = build { b in
        b.part(.finalAccountExplanation)
        b.staff("authorised", "30", "编制")
        b.staff("authorised-administrative", "5", "行政编制")
        b.staff("authorised-institution", "25", "事业编制")
        b.line()
        b.money("本年支出合计", "final-expenditure-total", "650.00")
        b.money("基本支出", "final-expenditure-part", "300.00")
        b.money("项目支出", "final-expenditure-part", "250.00")
        b.money("经营支出", "final-expenditure-part", "100.00")
        b.line()
        b.money("公用经费", "final-expenditure-part", "40.00")
        b.money("机关运行经费", "operating-funds", "12.00")
    }

    private static let yuan = build { b in
        b.part(.finalAccountExplanation)
        b.money("本年支出合计", "final-expenditure-total", "1975700.25", "元")
        b.money("基本支出", "final-expenditure-part", "1394700.10", "元")
        b.money("项目支出", "final-expenditure-part", "581000.15", "元")
        b.line()
        b.part(.overallSelfEvaluationReport)
        b.money("整体支出", "executed-expenditure-total", "197.57")
        b.money("基本支出", "executed-expenditure-part", "139.47")
        b.money("项目支出", "executed-project-total", "58.10")
    }

    private static let aboveInitial = build { b in
        b.part(.finalAccountExplanation)
        b.money("年初预算", "budget-initial-expenditure", "180.00")
        b.money("支出决算", "final-expenditure-total", "197.57")
        b.rate("execution", "109.76", "完成年初预算的")
        b.line()
        b.money("年初预算", "budget-initial", "0")
        b.money("支出决算", "executed", "2.10")
        b.rate("execution", "0", "完成年初预算的")
    }

    private static let transfer = build { b in
        b.part(.projectSelfEvaluationTable, "2023年度转移支付区域绩效自评表")
        b.cell("年度资金总额 全年预算数", "budget-project", "120.00")
        b.cell("年度资金总额 全年执行数", "executed-project", "90.00")
        b.line()
        b.rate("execution", "75", "年度资金总额 执行率")
        b.row("产出指标", "救助人数", nil, nil, target: "100人", actual: "80人", level2: "数量指标")
        b.row("产出指标", "合格率", nil, nil, target: "100%", actual: "100%")
    }

    private static let baseData = build { b in
        b.part(.baseDataTable)
        b.staff("authorised", "12", "编制数")
        b.staff("serving", "11", "实际在职人数")
        b.rate("control", "91.67", "在职人员控制率")
        b.cell("三公经费", "three-public-total", "2.35")
        b.cell("1.公务用车购置和运行维护费", "three-public-part", "2.00")
        b.cell("公务用车购置", "three-public-part", "0")
        b.cell("公务用车运行维护", "three-public-part", "2.00")
        b.cell("2.出国（境）经费", "three-public-part", "0")
        b.cell("3.公务接待", "three-public-part", "0.35")
    }

    private static let threePublic = build { b in
        b.part(.threePublicExplanation)
        b.money("“三公”经费支出决算", "three-public-total", "7.35")
        b.money("减少", "yoy-delta", "0.65", direction: "down")
        b.rate("growth", "8.13", "下降", "down")
        b.money("因公出国（境）费", "three-public-part", "0")
        b.money("公务用车购置及运行维护费", "three-public-part", "7.00")
        b.rate("share", "95.24", "占")
        b.money("公务接待费", "three-public-part", "0.35")
        b.rate("share", "4.76", "占")
    }

    private static let projectTables = build { b in
        for score in ["98", "91", "85"] {
            b.usualTable()
            b.record.parts[b.record.parts.count - 1].kind = .projectSelfEvaluationTable
            b.record.indicators[b.record.indicators.count - 1].score =
                String(10 - (100 - (Int(score) ?? 100)) % 10)
            let last = b.record.indicators.suffix(5).compactMap(\.score).compactMap(Int.init)
            let sum = last.reduce(0, +)
            b.record.indicators[b.record.indicators.count - 1].note = "说明"
            b.total(String(sum), full: "100", grade: sum >= 90 ? "优" : "良")
        }
    }

    private static let bundle = build { b in
        b.usualTable()
        b.staff("authorised", "6", "编制")
        b.staff("serving", "6", "实有人数")
        b.cell("（1）基本支出 全年执行数", "executed-expenditure-part", "139.47")
        b.cell("（2）项目支出 全年执行数", "executed-expenditure-part", "58.10")
        b.total("100", full: "100", grade: "优")
        b.part(.overallSelfEvaluationReport)
        b.staff("authorised", "6", "编制")
        b.staff("serving", "6")
        b.money("基本支出总计", "executed-expenditure-part", "139.5")
        b.money("实际专项支出总共", "executed-project-total", "58.1")
        b.total("100", grade: "优")
        b.part(.projectSelfEvaluationReport)
        b.money("全年预算数", "budget-project", "39", project: "工会经费")
        b.money("执行数", "executed-project", "39", project: "工会经费")
        b.rate("execution", "100", "完成预算的")
    }

    private static let summary = build { b in
        b.record.unit.scope = "汇总"
        b.part(.overallSelfEvaluationReport)
        for (authorised, serving) in [("10", "9"), ("25", "24"), ("8", "8")] {
            b.staff("authorised", authorised, "编制")
            b.staff("serving", serving)
        }
        b.part(.finalAccountExplanation)
        b.money("本年支出合计", "final-expenditure-total", "900.00")
        b.part(.overallSelfEvaluationReport)
        b.money("整体支出", "executed-expenditure-total", "310.00")
    }

    private static let approximate = build { b in
        b.part(.overallSelfEvaluationReport)
        b.money("整体支出", "executed-expenditure-total", "300", approximate: true)
        b.money("基本支出", "executed-expenditure-part", "254.85")
        b.money("项目支出", "executed-expenditure-part", "30.00")
        b.line()
        b.money("慰问金", "executed-project", "120", approximate: true)
        b.money("专项支出", "executed-project-total", "10.00")
        b.money("活动", "executed-project", "2.00")
        b.money("培训", "executed-project", "7.50")
    }

    private static let droppedZeros = build { b in
        b.part(.overallSelfEvaluationReport)
        b.money("实际专项支出总共", "executed-project-total", "44.55")
        for value in ["9.6", "17.9935", "12.952", "4"] {
            b.money("使用经费", "executed-project", value)
        }
    }

    private static let zeros = build { b in
        b.part(.finalAccountExplanation)
        b.money("“三公”经费财政拨款支出决算", "three-public-total", "0")
        b.rate("execution", "0", "完成预算")
        b.money("较上年度增加/减少", "yoy-delta", "0")
        b.rate("growth", "0", "增长/下降")
        b.money("因公出国（境）费", "three-public-part", "0")
        b.rate("share", "0", "占")
        b.money("公务用车购置及运行维护费", "three-public-part", "0")
        b.rate("share", "0", "占")
        b.money("公务接待费", "three-public-part", "0")
        b.rate("share", "100", "占")
    }

    private static let twoYears = build { b in
        b.part(.finalAccountExplanation)
        b.money("2022年收入、支出总计", "final-grand-total", "197.98", year: 2022)
        b.money("2023年收入、支出总计", "final-grand-total", "197.57", year: 2023)
        b.money("减少", "yoy-delta", "0.41", direction: "down")
        b.rate("growth", "0.21", "下降", "down")
        b.line()
        b.money("上年基本支出", "prior-final", "100.00", year: 2022)
        b.money("基本支出", "final-expenditure-part", "139.47", year: 2023)
    }

    private static let roundedShares = build { b in
        b.part(.finalAccountExplanation)
        b.money("本年支出合计", "final-expenditure-total", "300.00")
        for (label, code) in [("教育支出", "205"), ("卫生健康支出", "210"), ("住房保障支出", "221")] {
            b.money(label, "final-expenditure-function", "100.00", code: code)
            b.rate("share", "33.33", "占")
        }
    }
}

extension Record {
    /// A record without facts.
    static var empty: Record { Record(parser: "", rules: "") }
}
