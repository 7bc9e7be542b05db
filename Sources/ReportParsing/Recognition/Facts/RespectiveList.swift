/// Lists of names with a list of numbers: 基本支出、项目支出分别为980万元、200万元.
enum RespectiveList {
    private static let respectively: Words = ["分别", "依次"]
    private static let separators: Words = ["、", "，", ",", "和", "及", "与", "以及"]
    private static let commas: Words = ["、"]
    private static let dividers: Words = ["、", "和", "及", "与", "以及"]

    /// The words that name one number of such a list.
    /// - Parameters:
    ///   - index: index of the number's mark.
    ///   - text: the block.
    ///   - marks: its numbers.
    ///   - floor: first scalar of the sentence.
    /// - Returns: nil when the number stands in no list, or when names and numbers differ in count.
    static func name(of index: Int, in text: Scalars, marks: [NumberMark], floor: Int) -> Scalars? {
        var first = index
        while first > 0, joins(marks[first - 1], marks[first], text) { first -= 1 }
        var last = index
        while last + 1 < marks.count, joins(marks[last], marks[last + 1], text) { last += 1 }
        guard last > first else { return nil }
        let begin = marks[first].start
        guard let word = respectively.lastStart(in: text, from: max(floor, begin - 6), to: begin)
        else { return nil }
        var start = word
        var depth = 0
        while start > floor {
            let scalar = text[start - 1]
            if "）)".unicodeScalars.contains(scalar) { depth += 1 }
            if "（(".unicodeScalars.contains(scalar) {
                if depth == 0 { break }
                depth -= 1
            }
            if depth == 0, "，,：:；;。".unicodeScalars.contains(scalar) { break }
            start -= 1
        }
        // 购置及运行费 is one name: the weaker marks divide only when the comma does not.
        for dividers in [commas, dividers] {
            let names = pieces(Array(text[start..<word]), dividers)
            if names.count == last - first + 1 { return names[index - first] }
        }
        return nil
    }

    /// Whether nothing but a comma stands between two numbers of one kind.
    private static func joins(_ left: NumberMark, _ right: NumberMark, _ text: Scalars) -> Bool {
        guard left.end < right.start, right.start - left.end <= 3, left.kind != .year else {
            return false
        }
        var start = left.end
        var end = right.start
        while start < end, text[start].isBlank { start += 1 }
        while end > start, text[end - 1].isBlank { end -= 1 }
        return separators.length(in: text, at: start) == end - start
    }

    private static func pieces(_ text: Scalars, _ dividers: Words) -> [Scalars] {
        var pieces: [Scalars] = [[]]
        var index = 0
        while index < text.count {
            if let length = dividers.length(in: text, at: index), index > 0 {
                pieces.append([])
                index += length
            } else {
                pieces[pieces.count - 1].append(text[index])
                index += 1
            }
        }
        return pieces
    }
}
