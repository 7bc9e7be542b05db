import ReportModel

/// The sections of the page, what is to be done first.
extension YearPage {
    func writeReturned(to page: inout HTMLWriter) {
        Self.table(
            &page,
            id: "returned",
            title: "退回",
            hint: "请按审核意见改好后，把新文件再放入收件文件夹：会存为新的一版，旧版保留，这里就不再列出。",
            columns: ["单位", "报告", "审核意见", "退回的版本"],
            rows: returned,
            more: moreReturned
        ) { row, page in
            Self.unit(&page, row.unit, row.key)
            Self.cell(&page, "报告") { $0.text(row.report) }
            Self.cell(&page, "审核意见") { page in
                page.markup("<span class=\"quote\">")
                page.text(row.comment ?? "（没有写意见，请与审核人员联系）")
                page.markup("</span>")
            }
            Self.cell(&page, "退回的版本") { page in
                page.text("第 \(row.version) 版，\(row.time) 报送")
            }
        }
    }

    func writePending(to page: inout HTMLWriter) {
        Self.table(
            &page,
            id: "pending",
            title: "待补充",
            hint: """
                这些文件能读，但缺少下列信息，还没有存入。请打开“待处理”文件夹里的回执，在末尾填写后保存，系统会自动处理。
                """,
            columns: ["文件", "缺少的信息", "要填写的回执", "放入时间"],
            rows: pending,
            more: morePending
        ) { row, page in
            Self.cell(&page, "文件") { $0.text(row.file) }
            Self.cell(&page, "缺少的信息") { page in
                for word in row.missing {
                    Self.mark(&page, "amber", word)
                    page.markup(" ")
                }
            }
            Self.cell(&page, "要填写的回执") { $0.text(row.form) }
            Self.cell(&page, "放入时间", isNumber: true) { $0.text(row.time) }
        }
    }

    func writeMissing(to page: inout HTMLWriter) {
        guard let missing else { return }
        Self.table(
            &page,
            id: "missing",
            title: "未报送",
            hint: "按应报单位名册，下列报告还没有收到。",
            columns: ["单位", "报告", "截止日期", "期限"],
            rows: missing,
            more: moreMissing
        ) { row, page in
            Self.cell(&page, "单位") { $0.text(row.unit) }
            Self.cell(&page, "报告") { $0.text(row.report) }
            Self.cell(&page, "截止日期", isNumber: true) { $0.text(row.deadline ?? "没有规定") }
            Self.cell(&page, "期限", isNumber: true) { page in
                guard let days = row.days else { return page.text("–") }
                if days > 0 {
                    Self.mark(&page, "red", "已逾期 \(days) 天")
                } else {
                    Self.mark(&page, days > -8 ? "amber" : "", days == 0 ? "今天截止" : "还剩 \(-days) 天")
                }
            }
        }
    }

    func writeRefused(to page: inout HTMLWriter) {
        Self.table(
            &page,
            id: "refused",
            title: "未接收的文件",
            hint: "这些文件没有存入，原件在“未接收”文件夹里。改好后把新文件放入收件文件夹；不再需要的可以从“未接收”中删去，这里就不再列出。",
            columns: ["文件", "原因", "怎么办", "时间"],
            rows: refused,
            more: moreRefused
        ) { row, page in
            Self.cell(&page, "文件") { $0.text(row.file) }
            Self.cell(&page, "原因") { $0.text(row.reason) }
            Self.cell(&page, "怎么办") { $0.text(row.advice) }
            Self.cell(&page, "时间", isNumber: true) { $0.text(row.time) }
        }
    }

    func writeFiled(to page: inout HTMLWriter) {
        guard !filed.isEmpty else {
            page.markup(
                "<section id=\"filed\"><h2>已报送（0）</h2><p class=\"hint\">本年还没有收到报告。</p></section>\n"
            )
            return
        }
        let hasCity = filed.contains { $0.city != .none }
        Self.table(
            &page,
            id: "filed",
            title: "已报送",
            hint: "每份报告只列当前的一版。如需更正，请把改好的文件再放入收件文件夹。",
            columns: ["单位", "报告", "报送时间", "得分", "核对结果"] + (hasCity ? ["市级收件"] : []),
            rows: filed,
            more: moreFiled
        ) { row, page in
            Self.unit(&page, row.unit, row.key)
            Self.cell(&page, "报告") { page in
                page.text(row.report)
                if row.isApproved {
                    page.markup(" ")
                    Self.mark(&page, "green", "审核已通过")
                }
            }
            Self.cell(&page, "报送时间") { page in
                page.text(row.time)
                if row.version > 1 { page.text("（第 \(row.version) 版）") }
            }
            Self.cell(&page, "得分", isNumber: true) { $0.text(row.score ?? "没有写") }
            Self.cell(&page, "核对结果") { page in
                if row.isErased {
                    page.text("内容已依法删除")
                } else {
                    Self.findings(&page, row.findings)
                }
            }
            guard hasCity else { return }
            Self.cell(&page, "市级收件") { page in
                switch row.city {
                case .none: page.text("–")
                case .waiting: Self.mark(&page, "amber", "等待中")
                case .received: Self.mark(&page, "green", "已收到")
                }
            }
        }
    }

    private static func unit(_ page: inout HTMLWriter, _ unit: String, _ key: String) {
        cell(&page, "单位") { page in
            page.text(unit)
            page.markup("<div class=\"key\">")
            page.text(key)
            page.markup("</div>")
        }
    }

    private static func findings(_ page: inout HTMLWriter, _ findings: Findings) {
        let counts: [(StaticString, String, Int)] = [
            ("red", "高", findings.high), ("amber", "中", findings.medium), ("", "低", findings.low),
            ("", "提示", findings.info),
        ]
        let total = counts.reduce(0) { $0 + $1.2 }
        guard total > 0 else { return mark(&page, "green", "没有发现问题") }
        for (look, word, count) in counts where count > 0 {
            mark(&page, look, "\(word) \(count) 项")
            page.markup(" ")
        }
        guard !findings.messages.isEmpty else { return }
        page.markup("<ul>")
        for message in findings.messages {
            page.markup("<li>")
            page.text(message)
            page.markup("</li>")
        }
        if total > findings.messages.count {
            page.markup("<li>另有 ")
            page.number(total - findings.messages.count)
            page.markup(" 项，见回执</li>")
        }
        page.markup("</ul>")
    }
}
