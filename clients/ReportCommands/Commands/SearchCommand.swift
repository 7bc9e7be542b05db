import ArgumentParser
import Glibc
import ReportClient
import ReportModel
import ReportStore

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search the text of reports: their records and files.",
        discussion: """
            reportctl search 困难职工
            reportctl search '困难职工 -慰问 unit:总工会 year:2023' 2023/湛江市

            Terms have two or more characters and must all stand in the report; -term
            must not. "…" keeps blanks. Conditions, numbers also as 80..90 or >=80:
            \(conditions)
            """
    )

    /// The conditions as they are typed.
    static let conditions = SearchQuery.Field.allCases.map { $0.rawValue + ":" }
        .joined(separator: " ")

    @Argument(help: "What is looked for; the last argument may be a year and parts of a key.")
    var text: [String]

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, json or jsonl.")
    var output: OutputFormat = .text

    @Option(help: "Most rows.")
    var limit: Int?
    @Option(help: ArgumentHelp("Continue after this place.", valueName: "token"))
    var after: String?
    @Flag(help: "Search versions that are no longer current as well.")
    var allVersions = false

    func run() async throws {
        let format = try output.require([.text, .json, .jsonl])
        let query = try query()
        let service = try await service.open()
        if let local = service as? LocalService { try await catchUp(local) }
        let page = try await service.answer(.search(query))
        await service.close()
        switch format {
        case .json: Output.line(page.canonicalText)
        case .jsonl:
            page["rows"]?.arrayValue?.forEach { Output.line($0.canonicalText) }
        default: SearchText(page).lines.forEach(Output.line)
        }
        guard format != .json else { return }
        Output.flush()
        SearchText(page).notes.forEach(Output.error)
        guard page["total"] == 0 else { return }
        query.terms.compactMap(Self.note(on:)).forEach(Output.error)
    }

    /// That a term looks like a condition and is none; nil for other terms.
    private static func note(on term: SearchQuery.Term) -> String? {
        let name = term.text.prefix { $0.isLetter }
        guard (1...10).contains(name.count),
            [":", "："].contains(term.text.dropFirst(name.count).first)
        else { return nil }
        return Wording.pick(
            "note: \(name): is no condition and was looked for as text; conditions: \(conditions)",
            "注意：“\(name)”不是条件，已按文字搜索；条件有：\(conditions)"
        )
    }

    /// The search; of several arguments the last one that is a lookup is one.
    private func query() throws(ReportError) -> SearchQuery {
        var words = text
        var within: Lookup?
        if words.count > 1, let last = words.last, let lookup = try? Lookup(parsing: last) {
            within = lookup
            words.removeLast()
        }
        if let limit, !(1...SearchQuery.maximumLimit).contains(limit) {
            throw ReportError(
                .usage,
                "--limit must be a number from 1 to \(SearchQuery.maximumLimit)"
            )
        }
        return try SearchQuery(
            words.joined(separator: " "),
            within: within,
            limit: limit ?? SearchQuery.defaultLimit,
            after: after,
            allVersions: allVersions
        )
    }

    /// Brings the index of a store on this disk up to date when that is soon done.
    private func catchUp(_ service: LocalService) async throws {
        guard let store = service.store as? Store else { return }
        let (indexed, position) = try store.searchPosition()
        guard indexed < position, position - indexed <= SearchLimits.smallLag else { return }
        do {
            try await ProgressLine.run(Wording.pick("indexing", "建立索引")) { show in
                try await SearchIndexer(store, texts: LocalWorkers.texts()).catchUp { done, total in
                    show(Int(clamping: done), Int(clamping: total))
                    return true
                }
            }
        } catch {
            // A folder that may only be read is searched as far as it is indexed.
        }
    }
}

/// What a page of a search looks like.
struct SearchText {
    private let page: JSONValue
    private let isColoured: Bool

    init(_ page: JSONValue, isColoured: Bool = isatty(STDOUT_FILENO) == 1) {
        self.page = page
        self.isColoured = isColoured
    }

    /// Each row with its snippets.
    var lines: [String] {
        var lines: [String] = []
        for row in page["rows"]?.arrayValue ?? [] {
            if !lines.isEmpty { lines.append("") }
            let key = row["key"]?.stringValue ?? ""
            let version = row["version"]?.integerValue ?? 0
            lines.append(bold("\(key)@\(version)"))
            let unit = row["unit"]?.stringValue ?? ""
            let title = row["title"]?.stringValue ?? ""
            let facts = [unit, title, row["score"]?.stringValue.map { $0 + Wording.pick("", "分") }]
                .compactMap { $0 }.filter { !$0.isEmpty }
            if !facts.isEmpty { lines.append("  " + facts.joined(separator: "  ")) }
            for snippet in (row["snippets"]?.arrayValue ?? []).compactMap({
                SearchSnippet(json: $0)
            }) {
                let place = [Self.name(snippet.field), snippet.section].compactMap { $0 }
                    .joined(separator: " · ")
                lines.append("  [\(place)] " + marked(snippet))
            }
        }
        return lines
    }

    /// How many there are, how to go on, and how far the index is.
    var notes: [String] {
        let total = page["total"]?.integerValue ?? 0
        let isExact = page["totalIsExact"]?.boolValue ?? false
        let indexed = page["indexedUpTo"]?.integerValue ?? 0
        let position = page["position"]?.integerValue ?? 0
        let extent = Wording.pick(" up to position \(indexed)", "（检索至位置 \(indexed)）")
        var notes = [
            (isExact
                ? Wording.pick("\(total) found", "共 \(total) 条")
                : Wording.pick("at least \(total) found", "至少 \(total) 条"))
                + extent
        ]
        if let next = page["next"]?.stringValue {
            notes.append(Wording.pick("more: --after ", "后续：--after ") + next)
        }
        if indexed < position {
            notes.append(
                Wording.pick(
                    "indexed up to \(indexed) of \(position): what came later is not searched yet",
                    "索引至 \(indexed)，共 \(position)：其后的内容尚未纳入检索"
                )
            )
        }
        return notes
    }

    private func bold(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    /// The text with its marks.
    private func marked(_ snippet: SearchSnippet) -> String {
        let scalars = Array(snippet.text.unicodeScalars)
        let (open, close) = isColoured ? ("\u{1B}[1;31m", "\u{1B}[0m") : ("「", "」")
        var text = String.UnicodeScalarView()
        var place = 0
        for mark in snippet.marks
        where mark.lowerBound >= place && mark.upperBound <= scalars.count {
            text.append(contentsOf: scalars[place..<mark.lowerBound])
            text.append(contentsOf: open.unicodeScalars)
            text.append(contentsOf: scalars[mark])
            text.append(contentsOf: close.unicodeScalars)
            place = mark.upperBound
        }
        text.append(contentsOf: scalars[place...])
        return String(text)
    }

    private static func name(_ field: String) -> String {
        let names = [
            "key": "编号", "title": "标题", "unit": "单位", "region": "地区", "kind": "类型",
            "sections": "标题", "problems": "问题", "improvements": "改进措施", "remarks": "说明",
            "indicators": "指标", "amounts": "金额", "rates": "比率", "counts": "数量",
            "staffing": "人员", "projects": "项目", "scores": "得分", "executionLines": "执行",
            "quotes": "原文", "text": "正文",
        ]
        return Wording.pick(field, names[field] ?? field)
    }
}
