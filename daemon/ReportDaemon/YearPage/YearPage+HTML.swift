import ReportModel

extension YearPage {
    /// What every page begins with; a file that does is one of these pages, wherever it lies.
    static let beginning = "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<!-- reportd 本年情况 -->\n"

    /// The whole page; the same value gives the same bytes.
    var html: String {
        var page = HTMLWriter()
        page.markup(
            """
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="referrer" content="no-referrer">

            """
        )
        page.markup("<title>本年情况 ")
        page.text(place)
        page.markup(" ")
        page.number(year)
        page.markup("</title>\n")
        page.markup(Self.style)
        page.markup("</head>\n<body>\n<main>\n<h1>本年情况</h1>\n<p class=\"sub\">")
        page.text(place)
        page.markup(" · ")
        page.number(year)
        page.markup("年 · 截至")
        page.text(day)
        page.markup("</p>\n")
        writeSummary(to: &page)
        writeProblems(to: &page)
        if returned.isEmpty, pending.isEmpty, missing?.isEmpty ?? true, refused.isEmpty {
            page.markup(
                """
                <section class="calm"><h2>目前没有需要办理的事项</h2>
                <p class="hint">把报告文件放入收件文件夹，几秒后就有回执；本页会自动更新。</p></section>

                """
            )
        }
        writeReturned(to: &page)
        writePending(to: &page)
        writeMissing(to: &page)
        writeRefused(to: &page)
        writeFiled(to: &page)
        page.markup(
            """
            <p class="foot">本页由 reportd 自动生成，请勿修改；重新打开或刷新即可看到最新情况。时间均为北京时间。</p>
            </main>
            </body>
            </html>

            """
        )
        return Self.beginning + page.html
    }

    private func writeSummary(to page: inout HTMLWriter) {
        page.markup("<nav>\n")
        Self.tile(&page, "#filed", "good", filed.count + moreFiled, "已报送")
        Self.tile(
            &page,
            "#returned",
            returned.isEmpty ? "" : "bad",
            returned.count + moreReturned,
            "退回"
        )
        Self.tile(
            &page,
            "#pending",
            pending.isEmpty ? "" : "wait",
            pending.count + morePending,
            "待补充"
        )
        if let missing {
            let hasOverdue = missing.contains { ($0.days ?? -1) > 0 }
            let look: StaticString = missing.isEmpty ? "" : hasOverdue ? "bad" : "wait"
            Self.tile(&page, "#missing", look, missing.count + moreMissing, "未报送")
        }
        Self.tile(
            &page,
            "#refused",
            refused.isEmpty ? "" : "wait",
            refused.count + moreRefused,
            "未接收"
        )
        page.markup("</nav>\n")
    }

    private static func tile(
        _ page: inout HTMLWriter,
        _ link: StaticString,
        _ look: StaticString,
        _ count: Int,
        _ word: StaticString
    ) {
        page.markup("<a href=\"")
        page.markup(link)
        page.markup("\" class=\"")
        page.markup(look)
        page.markup("\"><b>")
        page.number(count)
        page.markup("</b>")
        page.markup(word)
        page.markup("</a>\n")
    }

    private func writeProblems(to page: inout HTMLWriter) {
        guard !problems.isEmpty else { return }
        page.markup("<section class=\"alarm\"><h2>请告诉管理员</h2>\n<ul>\n")
        for problem in problems {
            page.markup("<li>")
            page.text(problem)
            page.markup("</li>\n")
        }
        page.markup("</ul></section>\n")
    }

    /// A section with a table; nothing without rows.
    static func table<Row>(
        _ page: inout HTMLWriter,
        id: StaticString,
        title: StaticString,
        hint: StaticString,
        columns: [StaticString],
        rows: [Row],
        more: Int,
        cells: (Row, inout HTMLWriter) -> Void
    ) {
        guard !rows.isEmpty else { return }
        page.markup("<section id=\"")
        page.markup(id)
        page.markup("\">\n<h2>")
        page.markup(title)
        page.markup("（")
        page.number(rows.count + more)
        page.markup("）</h2>\n<p class=\"hint\">")
        page.markup(hint)
        page.markup("</p>\n<table>\n<thead><tr>")
        for column in columns {
            page.markup("<th>")
            page.markup(column)
            page.markup("</th>")
        }
        page.markup("</tr></thead>\n<tbody>\n")
        for row in rows {
            page.markup("<tr>")
            cells(row, &page)
            page.markup("</tr>\n")
        }
        page.markup("</tbody>\n</table>\n")
        if more > 0 {
            page.markup("<p class=\"hint\">另有 ")
            page.number(more)
            page.markup(" 项没有列出，请向管理员查询。</p>\n")
        }
        page.markup("</section>\n")
    }

    /// A cell, which says on a telephone what its column is.
    static func cell(
        _ page: inout HTMLWriter,
        _ label: StaticString,
        isNumber: Bool = false,
        _ content: (inout HTMLWriter) -> Void
    ) {
        page.markup(isNumber ? "<td class=\"num\" data-label=\"" : "<td data-label=\"")
        page.markup(label)
        page.markup("\">")
        content(&page)
        page.markup("</td>")
    }

    /// A coloured word.
    static func mark(_ page: inout HTMLWriter, _ look: StaticString, _ text: String) {
        page.markup("<span class=\"mark ")
        page.markup(look)
        page.markup("\">")
        page.text(text)
        page.markup("</span>")
    }
}
