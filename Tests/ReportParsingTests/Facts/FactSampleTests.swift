import ReportModel
import Testing

@testable import ReportParsing

@Suite("Facts of the shared samples", .enabled(if: Samples.areThere, "../shared is missing"))
struct FactSampleTests {
    /// Roles that the record schema maps to its own list.
    static let nearest: [String: String] = [
        "final-total": "final-grand-total", "final-fiscal-grand-total": "final-grand-total",
        "vehicle-purchase": "three-public-part", "reception-item": "three-public-part",
        "chart-series": "other", "activity": "other",
    ]
    static let staffRoles: [String: String] = [
        "actual": "serving", "governmentEmployees": "contract", "temporary": "contract",
        "servingOffice": "serving-administrative", "servingLogistics": "other",
    ]

    static func bigrams(_ text: String) -> Set<String> {
        let letters = Array(text.unicodeScalars.filter { $0.value > 0x2F && !$0.isBlank })
        guard letters.count > 1 else { return [text] }
        return Set(letters.indices.dropLast().map { "\(letters[$0])\(letters[$0 + 1])" })
    }

    static func overlap(_ found: String, _ truth: String) -> Bool {
        let (left, right) = (bigrams(found), bigrams(truth))
        return left.intersection(right).count * 2 >= min(left.count, right.count)
    }

    static func digits(_ text: String) -> String {
        String(text.filter { $0.isASCII && ($0.isNumber || $0 == ".") })
    }

    static func squeezed(_ text: String) -> String {
        Array(text.unicodeScalars).compact.string
    }

    /// Whether an amount stands in the line of the truth: by the quotation, or the whole cell.
    static func stands(_ place: Place, quote: JSONValue?, in draft: Draft, lines: [String]) -> Bool
    {
        let text = squeezed(draft.document.blocks[place.block].text)
        if let line = quote?["line"]?.integerValue, lines.indices.contains(line - 1) {
            let printed = squeezed(lines[line - 1])
            if printed.isEmpty { return false }
            return printed == text || text.contains(printed) || printed.contains(text)
        }
        return false
    }

    static func roleMatches(_ found: String, _ truth: String) -> Bool {
        let wanted = nearest[truth] ?? truth
        if found == wanted { return true }
        return found.hasPrefix("budget-initial-") && "budget-" + found.dropFirst(15) == wanted
    }

    @Test("amounts are found with their values, names and roles", arguments: FactSamples.names)
    func amounts(name: String) throws {
        let draft = try FactSamples.draft(of: name)
        let truth = try FactSamples.truth(of: name)
        let lines = FactSamples.lines(of: name)
        var free = draft.record.amounts
        var (missed, labels, roles): ([String], [String], [String]) = ([], [], [])
        let wanted = truth["amounts"]?.arrayValue ?? []
        for item in wanted {
            let value = Self.digits(item["value"]?.stringValue ?? "")
            let label = item["label"]?.stringValue ?? ""
            let candidates = free.indices.filter {
                free[$0].value == value && free[$0].unit == item["unit"]?.stringValue
                    && Self.stands(free[$0].place, quote: item["quote"], in: draft, lines: lines)
            }
            let best = candidates.first { Self.overlap(free[$0].label, label) } ?? candidates.first
            guard let best else {
                missed.append("\(label) \(value)")
                continue
            }
            let amount = free.remove(at: best)
            if !Self.overlap(amount.label, label) { labels.append("\(label) <- \(amount.label)") }
            let role = item["role"]?.stringValue ?? ""
            if !Self.roleMatches(amount.role, role) {
                roles.append("\(label): \(role) <- \(amount.role)")
            }
        }
        let count = wanted.count
        #expect(missed.isEmpty)
        #expect(labels.count * 100 <= count * 7, "\(labels)")
        #expect(roles.count * 100 <= count * 7, "\(roles)")
        #expect(free.count * 10 <= count + 9, "\(free.map(\.label))")
    }

    @Test("thresholds and list numbers are no amounts", arguments: FactSamples.names)
    func notAmounts(name: String) throws {
        let draft = try FactSamples.draft(of: name)
        for item in try FactSamples.truth(of: name)["notAmounts"]?.arrayValue ?? [] {
            let quote = item["quote"]?["text"]?.stringValue ?? ""
            for amount in draft.record.amounts {
                let text = draft.document.blocks[amount.place.block].text
                #expect(!text.contains(quote) || !quote.contains("\(amount.value)万"))
            }
        }
    }

    @Test("staff is found with its roles", arguments: FactSamples.names)
    func staff(name: String) throws {
        let draft = try FactSamples.draft(of: name)
        var free = draft.record.staffing.map { ($0.role, $0.count, $0.label) }
        var missed: [String] = []
        for item in try FactSamples.truth(of: name)["staffing"]?.arrayValue ?? [] {
            let key = item["key"]?.stringValue ?? ""
            let role = Self.staffRoles[key] ?? key
            let count = item["value"]?.stringValue ?? ""
            if let index = free.firstIndex(where: { $0.0 == role && $0.1 == count }) {
                free.remove(at: index)
            } else {
                missed.append("\(key) \(count)")
            }
        }
        #expect(missed.isEmpty)
        #expect(free.isEmpty)
    }

    @Test("indicator rows are found with all their cells", arguments: FactSamples.names)
    func indicators(name: String) throws {
        let draft = try FactSamples.draft(of: name)
        let rows = (try FactSamples.truth(of: name)["indicatorTables"]?.arrayValue ?? [])
            .flatMap { $0["rows"]?.arrayValue ?? [] }
        #expect(draft.record.indicators.count == rows.count)
        for (row, found) in zip(rows, draft.record.indicators) {
            func cell(_ name: String) -> String? {
                row[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
            }
            #expect(found.level1 == cell("level1"))
            #expect(found.level2 == cell("level2"))
            #expect(found.level3 == cell("level3"))
            #expect(found.target == cell("target"))
            #expect(found.actual == cell("actual"))
            #expect(found.weight == cell("weight"))
            #expect(found.score == cell("score"))
        }
    }

    @Test("rates of execution, shares and growth are found", arguments: FactSamples.names)
    func rates(name: String) throws {
        let draft = try FactSamples.draft(of: name)
        let truth = try FactSamples.truth(of: name)
        var free = draft.record.rates
        var missed: [String] = []
        func take(_ role: String?, _ percent: String, _ label: String) {
            let match = free.firstIndex {
                $0.percent == percent && (role == nil || $0.role == role)
                    && Self.overlap($0.label, label)
            }
            if let match { free.remove(at: match) } else { missed.append("\(label) \(percent)") }
        }
        for item in truth["yearOverYear"]?.arrayValue ?? [] {
            take(
                "growth",
                Self.digits(item["statedPercent"]?.stringValue ?? ""),
                item["label"]?.stringValue ?? ""
            )
        }
        for item in truth["shares"]?.arrayValue ?? [] {
            take("share", item["stated"]?.stringValue ?? "", item["label"]?.stringValue ?? "")
        }
        for item in truth["executionRates"]?.arrayValue ?? [] {
            take(nil, item["stated"]?.stringValue ?? "", item["label"]?.stringValue ?? "")
        }
        #expect(missed.isEmpty)
    }

    @Test("score and grade are those of the report", arguments: FactSamples.names)
    func scores(name: String) throws {
        let draft = try FactSamples.draft(of: name)
        let truth = try FactSamples.truth(of: name)
        #expect(draft.record.score == truth["score"]?["total"]?.stringValue)
        #expect(draft.record.grade == truth["grade"]?.stringValue)
    }
}
