import ReportModel

/// Makes up records with values in every member, from a seed.
struct RecordMaker: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func flag() -> Bool { Bool.random(using: &self) }

    mutating func text() -> String {
        let pieces = [
            "", "万元", "湛江市麻章区总工会", "a", "\"", "\\", "\n", "\t", "\r", "\u{8}", "\u{C}",
            "\u{1}", "\u{1F}", "\u{7F}", "/", "😀", "\u{FB33}", "é", "e\u{301}", "1234567",
            "null", "}],{", "一二三四五六七八九十",
        ]
        return (0..<number(0..<4)).map { _ in pieces[number(0..<pieces.count)] }.joined()
    }

    mutating func maybe() -> String? { flag() ? text() : nil }

    mutating func integer() -> Int {
        [0, 1, -1, 9, 10, 2023, 123_456_789, .max, .min][number(0..<9)]
    }

    mutating func maybeInteger() -> Int? { flag() ? integer() : nil }

    mutating func list<T>(_ make: (inout RecordMaker) -> T) -> [T] {
        (0..<number(0..<3)).map { _ in make(&self) }
    }

    mutating func place() -> Place {
        Place(
            source: integer(),
            block: integer(),
            start: integer(),
            end: integer(),
            quote: text(),
            page: maybeInteger(),
            sheet: maybe(),
            cell: maybe()
        )
    }

    mutating func value(_ depth: Int) -> JSONValue {
        switch number(0..<(depth > 0 ? 6 : 4)) {
        case 0: return .null
        case 1: return .bool(flag())
        case 2: return .integer(integer())
        case 3: return .string(text())
        case 4: return .array((0..<number(0..<3)).map { _ in value(depth - 1) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<number(0..<4) { members[text()] = value(depth - 1) }
            return .object(members)
        }
    }

    /// A record with a key that filings take.
    mutating func record() -> Record {
        var record = Record(parser: text(), rules: text(), kind: text())
        record.key = "2023/湛江市/麻章区/总工会/整体支出"
        record.year = flag() ? 2023 : nil
        record.region = Region(
            code: maybe(),
            province: maybe(),
            city: maybe(),
            district: maybe(),
            local: flag(),
            candidates: list { maker in
                Region(code: maker.maybe(), province: maker.maybe(), district: maker.maybe())
            }
        )
        record.unit = UnitIdentity(
            name: maybe(),
            shortName: maybe(),
            scope: maybe(),
            aliases: list { $0.text() }
        )
        record.title = maybe()
        record.reportDate = maybe()
        record.score = maybe()
        record.grade = maybe()
        record.executionRate = maybe()
        if flag() { record.given = value(3).objectValue ?? ["force": true] }
        addFigures(to: &record)
        addTexts(to: &record)
        return record
    }

    private mutating func addFigures(to record: inout Record) {
        record.amounts = list { maker in
            Amount(
                label: maker.text(),
                role: maker.text(),
                value: maker.text(),
                unit: maker.text(),
                yuan: maker.text(),
                direction: maker.maybe(),
                approximate: maker.flag(),
                year: maker.maybeInteger(),
                functionCode: maker.maybe(),
                project: maker.maybe(),
                part: maker.integer(),
                place: maker.place()
            )
        }
        record.rates = list { maker in
            Rate(
                label: maker.text(),
                role: maker.text(),
                percent: maker.text(),
                direction: maker.maybe(),
                weight: maker.maybe(),
                score: maker.maybe(),
                part: maker.integer(),
                place: maker.place()
            )
        }
        record.indicators = list { maker in
            Indicator(
                level1: maker.maybe(),
                level2: maker.maybe(),
                level3: maker.maybe(),
                target: maker.maybe(),
                actual: maker.maybe(),
                unit: maker.maybe(),
                weight: maker.maybe(),
                score: maker.maybe(),
                note: maker.maybe(),
                project: maker.maybe(),
                part: maker.integer(),
                place: maker.place()
            )
        }
        record.executionLines = list { maker in
            ExecutionLine(
                label: maker.text(),
                percent: maker.maybe(),
                weight: maker.maybe(),
                score: maker.maybe(),
                project: maker.maybe(),
                part: maker.integer(),
                place: maker.place()
            )
        }
        record.staffing = list { maker in
            Staffing(
                role: maker.text(),
                count: maker.text(),
                label: maker.text(),
                unit: maker.maybe(),
                part: maker.integer(),
                place: maker.place()
            )
        }
        record.scores = list { maker in
            TotalScore(
                total: maker.text(),
                full: maker.maybe(),
                grade: maker.maybe(),
                part: maker.integer(),
                place: maker.place()
            )
        }
        record.counts = list { maker in
            StatedCount(
                label: maker.text(),
                count: maker.text(),
                unit: maker.text(),
                stage: maker.maybe(),
                approximate: maker.flag(),
                part: maker.integer(),
                place: maker.place()
            )
        }
    }

    private mutating func addTexts(to record: inout Record) {
        let item = { (maker: inout RecordMaker) in
            ListedItem(text: maker.text(), part: maker.integer(), place: maker.place())
        }
        record.problems = list(item)
        record.improvements = list(item)
        record.projects = list { maker in
            Project(
                name: maker.text(),
                code: maker.maybe(),
                budget: maker.maybe(),
                executed: maker.maybe(),
                unit: maker.maybe(),
                part: maker.integer(),
                place: maker.place()
            )
        }
        record.remarks = list { maker in
            Remark(
                kind: maker.text(),
                label: maker.text(),
                text: maker.text(),
                part: maker.integer(),
                place: maker.place()
            )
        }
        record.sections = list { maker in
            Section(
                number: maker.maybe(),
                title: maker.text(),
                level: maker.integer(),
                place: maker.place()
            )
        }
        record.parts = list { maker in
            Part(
                kind: PartKind.allCases[maker.number(0..<PartKind.allCases.count)],
                title: maker.maybe(),
                source: maker.integer(),
                place: maker.place()
            )
        }
        record.findings = list { maker in
            Finding(
                rule: maker.text(),
                severity: Severity.allCases[maker.number(0..<Severity.allCases.count)],
                message: maker.text(),
                stated: maker.maybe(),
                computed: maker.maybe(),
                places: maker.list { $0.place() },
                fingerprint: maker.text()
            )
        }
        record.sources = list { maker in
            SourceFile(
                name: maker.text(),
                format: maker.text(),
                bytes: maker.integer(),
                sha256: Hash256(hashing: [UInt8(maker.number(0..<256))]).hex,
                encoding: maker.maybe(),
                pages: maker.maybeInteger(),
                isOptical: maker.flag()
            )
        }
        record.unread = list { maker in
            UnreadItem(
                what: maker.text(),
                reason: maker.text(),
                place: maker.flag() ? maker.place() : nil
            )
        }
    }

    mutating func people() -> [Person] {
        list { Person(name: $0.text(), role: $0.maybe(), place: $0.place()) }
    }
}
