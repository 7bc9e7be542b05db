import ReportModel

/// Hides names and telephone numbers in a record.
///
/// Source: record schema: quotations in the record mask them.
struct NameMask {
    private let names: Needles
    /// Digits of the numbers, half-width and without what divides them.
    private let numbers: Set<Scalars>
    private let mark: Unicode.Scalar = "＊"
    private static let longestNumber = 24

    /// Prepares the search.
    /// - Parameter people: the names and numbers.
    init(_ people: [Person]) {
        var names: Set<String> = []
        var numbers: Set<Scalars> = []
        for person in people {
            let letters = person.name.scalarArray.squeezed
            if letters.count(where: { $0.digit != nil }) >= 7 {
                let whole = person.name.scalarArray
                for number in [whole, PhoneNumber.withoutExtension(whole)] {
                    let plain = number.filter { $0.digit != nil }.map(TextSearch.plain)
                    numbers.insert(plain)
                    if plain.count > 12, plain.starts(with: "86".scalarArray) {
                        numbers.insert(Array(plain.dropFirst(2)))
                    }
                }
            } else if letters.count >= 2, names.count < 20_000 {
                names.formUnion([person.name, letters.string])
                for gap in letters.count <= 3 ? [" ", "  ", "\u{3000}"] : [] {
                    names.insert(letters.map { [$0][...].string }.joined(separator: gap))
                }
            }
        }
        self.names = Needles(
            names.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
        )
        self.numbers = numbers
    }

    /// Replaces every scalar of names and numbers by `＊`, wherever they stand in texts.
    ///
    /// Values, codes, dates, the key and the unit stay as they are.
    /// - Parameters:
    ///   - record: the record.
    ///   - people: the names and numbers.
    /// - Returns: the record with masked texts; places keep their ranges.
    static func apply(_ record: Record, hiding people: [Person]) -> Record {
        guard !people.isEmpty else { return record }
        let mask = NameMask(people)
        var record = record
        mask.hideFacts(of: &record)
        mask.hideTexts(of: &record)
        return record
    }

    private func hideFacts(of record: inout Record) {
        for index in record.staffing.indices {
            hide(&record.staffing[index].label)
            hide(&record.staffing[index].place)
        }
        for index in record.amounts.indices {
            hide(&record.amounts[index].label)
            hide(&record.amounts[index].project)
            hide(&record.amounts[index].place)
        }
        for index in record.rates.indices {
            hide(&record.rates[index].label)
            hide(&record.rates[index].place)
        }
        for index in record.indicators.indices {
            hide(&record.indicators[index].level1)
            hide(&record.indicators[index].level2)
            hide(&record.indicators[index].level3)
            hide(&record.indicators[index].target)
            hide(&record.indicators[index].actual)
            hide(&record.indicators[index].note)
            hide(&record.indicators[index].project)
            hide(&record.indicators[index].place)
        }
        for index in record.executionLines.indices {
            hide(&record.executionLines[index].label)
            hide(&record.executionLines[index].project)
            hide(&record.executionLines[index].place)
        }
        for index in record.scores.indices { hide(&record.scores[index].place) }
        for index in record.projects.indices {
            hide(&record.projects[index].name)
            hide(&record.projects[index].place)
        }
        for index in record.counts.indices {
            hide(&record.counts[index].label)
            hide(&record.counts[index].place)
        }
    }

    private func hideTexts(of record: inout Record) {
        hide(&record.title)
        for index in record.parts.indices {
            hide(&record.parts[index].title)
            hide(&record.parts[index].place)
        }
        for index in record.remarks.indices {
            hide(&record.remarks[index].label)
            hide(&record.remarks[index].text)
            hide(&record.remarks[index].place)
        }
        for index in record.problems.indices {
            hide(&record.problems[index].text)
            hide(&record.problems[index].place)
        }
        for index in record.improvements.indices {
            hide(&record.improvements[index].text)
            hide(&record.improvements[index].place)
        }
        for index in record.sections.indices {
            hide(&record.sections[index].title)
            hide(&record.sections[index].place)
        }
        for index in record.findings.indices {
            hide(&record.findings[index].message)
            for place in record.findings[index].places.indices {
                hide(&record.findings[index].places[place])
            }
        }
        for index in record.unread.indices {
            hide(&record.unread[index].what)
            hide(&record.unread[index].reason)
            if var place = record.unread[index].place {
                hide(&place)
                record.unread[index].place = place
            }
        }
    }

    private func hide(_ place: inout Place) { hide(&place.quote) }

    private func hide(_ text: inout String?) {
        if let value = text, let masked = masked(value) { text = masked }
    }

    private func hide(_ text: inout String) {
        if let masked = masked(text) { text = masked }
    }

    /// The text with its names and numbers masked; nil when there are none.
    func masked(_ text: String) -> String? {
        let hasNames = !names.words.isEmpty && names.occur(in: text)
        guard hasNames || !numbers.isEmpty && holdsManyDigits(text) else { return nil }
        var scalars = text.scalarArray
        var ranges: [Range<Int>] = numberRanges(in: scalars)
        if hasNames { ranges += nameRanges(in: text, scalars) }
        guard !ranges.isEmpty else { return nil }
        for range in ranges { for index in range { scalars[index] = mark } }
        return scalars.string
    }

    private func nameRanges(in text: String, _ scalars: Scalars) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        _ = text.utf8.withContiguousStorageIfAvailable { bytes in
            var byte = 0
            var scalar = 0
            names.scan(bytes) { word, offset in
                scalar += ByteText.scalars(bytes, byte, offset)
                byte = offset
                let name = names.words[word]
                let count = name.count { $0 & 0xC0 != 0x80 }
                let range = scalar..<(scalar + count)
                if NameMask.isPlace(scalars, range) { return }
                ranges.append(range)
            }
        }
        return ranges
    }

    /// What makes the name of a place of a name.
    private static let placeEnds: ScalarSet = "省市县区镇乡村街路"
    /// What makes a title of a level behind a name: 李强县长, 李强县委书记.
    private static let titleBeginnings: ScalarSet = "长委政级人副书主支党纪常"
    /// Levels below a county, whose roads are named with them: 李强村道路.
    private static let lowLevels: ScalarSet = "镇乡村"
    private static let roads: ScalarSet = "道街路"
    /// What ends the name of a place behind its level word: 李强县城, 李强街道.
    private static let lastLetters: ScalarSet = "城道"

    /// Whether a name begins the name of a place; in doubt it is a name.
    ///
    /// Behind a level word most titles go on: 李强县财政局局长, 李强村会计, 李强街道办主任.
    private static func isPlace(_ text: Scalars, _ name: Range<Int>) -> Bool {
        let level = name.upperBound
        guard level < text.count, placeEnds.contains(text[level]) else { return false }
        let next = level + 1
        guard isWithinClause(text, next) else { return true }
        if text[next] == text[level] { return true }
        if lowLevels.contains(text[level]), roads.contains(text[next]) { return true }
        if lastLetters.contains(text[next]), !isWithinClause(text, next + 1) { return true }
        let place = text[name.lowerBound..<next].string
        return !titleBeginnings.contains(text[next])
            && !Divisions.standard.divisions(named: place).isEmpty
    }

    private static func isWithinClause(_ text: Scalars, _ index: Int) -> Bool {
        index < text.count && TextSearch.isHan(text[index])
    }

    private func numberRanges(in text: Scalars) -> [Range<Int>] {
        guard !numbers.isEmpty else { return [] }
        var ranges: [Range<Int>] = []
        var index = 0
        while index < text.count {
            guard text[index].digit != nil else {
                index += 1
                continue
            }
            // Behind a number and a comma stands the next of a row.
            let isNext = index > 1 && text[index - 1] == "," && ranges.last?.upperBound == index - 1
            if isNext || isFree(text, index), let end = numberEnd(text, index) {
                var start = index
                // The bracket of an area code goes with its number.
                if start > 0, text[start - 1] == "(" || text[start - 1] == "（",
                    text[start..<min(end, start + 6)].contains(where: { $0 == ")" || $0 == "）" })
                {
                    start -= 1
                }
                ranges.append(start..<end)
                index = end
            } else {
                while index < text.count, text[index].digit != nil { index += 1 }
            }
        }
        return ranges
    }

    private func isFree(_ text: Scalars, _ start: Int) -> Bool {
        guard start > 1 else { return true }
        let last = text[start - 1]
        guard PhoneNumber.isDash(last) || last == "." || last == "," else { return true }
        return text[start - 2].digit == nil
    }

    /// End of the longest known number that begins at a digit.
    private func numberEnd(_ text: Scalars, _ start: Int) -> Int? {
        var digits: Scalars = []
        var end: Int?
        var index = start
        while index < text.count, index - start < NameMask.longestNumber {
            if text[index].digit != nil {
                digits.append(TextSearch.plain(text[index]))
                let isLast = index + 1 >= text.count || text[index + 1].digit == nil
                if isLast, numbers.contains(digits), PhoneNumber.isClosed(text, index + 1) {
                    end = index + 1
                }
            } else if !divides(text[index]) {
                break
            }
            index += 1
        }
        return end
    }

    private func divides(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "(", ")", "（", "）", "转": true
        default: PhoneNumber.isDash(scalar) || LineShape.isBlank(scalar)
        }
    }

    private func holdsManyDigits(_ text: String) -> Bool {
        var count = 0
        for byte in text.utf8 where (0x30...0x39).contains(byte) || byte == 0xBC { count += 1 }
        return count >= 7
    }
}
