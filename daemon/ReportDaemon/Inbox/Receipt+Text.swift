import ReportIntake
import ReportModel

extension Receipt {
    /// The receipt for people, line by line.
    var lines: [String] {
        var lines = [ReceiptWords.headline + outcome.folderName, ""]
        lines.append("文件：" + FileName.display(name))
        if let files = submitted.files {
            let rest = files.total - files.read
            let unread = rest > 0 ? "，\(rest) 个没有读出，也已保存" : ""
            lines.append("内含：共 \(files.total) 个文件，读取 \(files.read) 个" + unread)
        }
        lines.append("结果：" + result)
        lines.append("时间：" + ReceiptWords.time(time) + "（北京时间）")
        if outcome == .accepted || outcome == .duplicate { lines += identity }
        if outcome == .accepted { lines.append(ReceiptWords.cityLabel + "等待中，市级收到后本回执会自动补充") }
        if let record = submitted.record, outcome == .accepted {
            lines += changes
            lines += Self.findings(record.findings)
            lines += Self.list("报告中没有的内容：", ReceiptLacks.lines(record))
            lines += Self.list(
                "没有读出的内容：",
                record.unread.map { ReceiptWords.line($0.what + "：" + $0.reason) }
            )
        }
        if outcome == .pending { lines += missing }
        lines += ["", "下一步："] + advice.map { "　" + $0 }
        if outcome == .pending { lines += [""] + form.lines }
        return lines
    }

    private var result: String {
        switch outcome {
        case .accepted:
            let number = submitted.version?.number ?? 0
            return submitted.isSupplement
                ? "已接收，并入原有记录，存为第 \(number) 版。" : "已接收，存为第 \(number) 版。"
        case .duplicate:
            return "与已有的第 \(submitted.version?.number ?? 0) 版完全相同，没有再存一版。"
        case .rejected, .pending:
            return submitted.error.map { ErrorAdvice($0).reason } ?? "文件没有被接收。"
        }
    }

    private var identity: [String] {
        var lines = [""]
        let record = submitted.record
        let unknown = "（未写明）"
        lines.append("单位：" + (record?.unit.name ?? record?.unit.shortName ?? unknown))
        lines.append("年度：" + (record?.year.map { String($0) } ?? unknown))
        let region = record?.region.description ?? ""
        lines.append("地区：" + (region.isEmpty ? unknown : region))
        lines.append("类型：" + (record?.kind ?? unknown))
        if let version = submitted.version {
            lines.append("版本：第 \(version.number) 版（编号 \(version.id)）")
            lines.append("存入：" + ReceiptWords.time(version.recordedAt) + "（北京时间）")
            lines.append("记录：" + version.key)
            if !version.conflict.isEmpty {
                lines.append("注意：这条记录有互相并列的版本：" + version.conflict.joined(separator: "、"))
            }
        }
        return lines.map { ReceiptWords.clean($0, limit: InboxLimits.maximumTextScalarCount) }
    }

    private var changes: [String] {
        if submitted.isSupplement {
            return ["", "说明：本文件是补充材料，原有各部分仍然保留，新的一版包含原有部分和本文件。"]
        }
        let titles = submitted.droppedParts.map { ReceiptWords.line($0) }
        return Self.list("上一版中有而本版没有的部分（如需保留，请把完整材料重新提交）：", titles)
    }

    private var missing: [String] {
        let details = submitted.error?.details ?? [:]
        let words = ["year": "年度", "region": "地区", "unit": "单位", "kind": "类型"]
        let names = (details["missing"]?.arrayValue ?? []).compactMap(\.stringValue)
        var lines = Self.list("不能确定的内容：", names.map { words[$0] ?? ReceiptWords.line($0) })
        let candidates = (details["candidates"]?.arrayValue ?? []).map { candidate in
            var names: [String] = []
            for level in ["province", "city", "district"] {
                if let name = candidate[level]?.stringValue, names.last != name {
                    names.append(name)
                }
            }
            return ReceiptWords.line(names.joined())
        }
        lines += Self.list("同名的地区有几个，请选定一个，照下面的写法填写：", candidates)
        lines += Self.list("填写的内容有问题：", form.problems(divisions))
        if let record = submitted.record {
            var known: [String] = []
            if let year = record.year { known.append("年度 \(year)") }
            if record.region.city != nil, !InboxRegions.isOutside(submitted.error) {
                known.append("地区 \(record.region)")
            }
            if let unit = record.unit.name ?? record.unit.shortName { known.append("单位 \(unit)") }
            known.append("类型 \(record.kind)")
            lines += Self.list("已经知道的内容（不必填写）：", known.map { ReceiptWords.line($0) })
        }
        return lines
    }

    private var advice: [String] {
        switch outcome {
        case .accepted:
            let counts = FindingCounts(submitted.record?.findings ?? [])
            guard counts.high + counts.medium + counts.low > 0 else {
                return ["无需再做什么。如需更正，请把改好的文件再放入收件文件夹，会存为新的一版，旧版保留。"]
            }
            return [
                "请核对上面列出的问题。确有错误的，请改好后把新文件再放入收件文件夹，会存为新的一版，旧版保留；",
                "情况属实的，请向审核人员说明原因。",
            ]
        case .duplicate:
            return ["无需再做什么。如果本想提交修改后的文件，请确认放入的是修改后的那一份。"]
        case .rejected:
            return [submitted.error.map { ErrorAdvice($0).advice } ?? "请与管理员联系，并提供本回执。"]
        case .pending where InboxRegions.isOutside(submitted.error):
            return [
                "放错收件夹的，请把原文件移到该地区的收件夹；",
                "地区写错或认错的，请在本回执末尾“地区”的冒号后面填写正确的地区，然后保存（不要改文件名）；",
                "确属外地区、仍要从这里上报的，先请上级把该地区加入对本单位的授权，再填写该地区；"
                    + "否则以后的报告都报不上去。",
            ]
        case .pending:
            return [
                "在本回执末尾的冒号后面填写所缺的内容，然后保存（不要改文件名），系统会自动重新处理；",
                "或者把原文件移到收件文件夹中按所缺内容命名的文件夹里，如“2023”或“麻章区”。",
            ]
        }
    }

    private static func list(_ title: String, _ items: [String]) -> [String] {
        guard !items.isEmpty else { return [] }
        var lines = ["", title] + items.prefix(listLimit).map { "　· " + $0 }
        if items.count > listLimit { lines.append("　……另有 \(items.count - listLimit) 项") }
        return lines
    }

    private static func findings(_ findings: [Finding]) -> [String] {
        let counts = FindingCounts(findings)
        guard !findings.isEmpty else { return ["", "核对结果：没有发现前后不一致之处。"] }
        var lines = [
            "",
            "核对结果：高 \(counts.high) 项，中 \(counts.medium) 项，低 \(counts.low) 项，"
                + "提示 \(counts.info) 项",
        ]
        var number = 0
        for severity in [Severity.high, .medium, .low, .info] {
            let group = findings.filter { $0.severity == severity }
            let room = InboxLimits.maximumQuotedFindingCount - number
            guard !group.isEmpty, room > 0 else { continue }
            lines.append("【\(ReceiptWords.severity(severity))】")
            for finding in group.prefix(room) {
                number += 1
                lines.append("　\(number). " + ReceiptWords.line(finding.message))
                for place in finding.places.prefix(InboxLimits.maximumQuoteCount) {
                    let quote = ReceiptWords.line(
                        place.quote,
                        limit: InboxLimits.maximumQuoteScalarCount
                    )
                    if !quote.isEmpty { lines.append("　　 原文：“\(quote)”") }
                }
            }
        }
        if findings.count > number { lines.append("　……另有 \(findings.count - number) 项未列出") }
        return lines
    }
}
