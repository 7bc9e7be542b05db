/// The name of a row as its cell prints it, without numbers and marks before it.
enum TableLabel {
    private static let leads: Words = [
        "其中:", "其中：", "其中", "加:", "减:", "-", "—", "－", "★", "▲", "*", "·", "●",
    ]
    private static let numerals: ScalarSet = "一二三四五六七八九十"

    /// Leaves out 一、 （1） ① 其中： at the head of a name, and a colon behind it.
    /// - Parameter text: the text of the cell without blanks.
    /// - Returns: the name; the text itself when nothing else is in it.
    static func name(_ text: Scalars) -> Scalars {
        var rest = text[...]
        var before = rest.count + 1
        while rest.count < before {
            before = rest.count
            rest = withoutNumber(rest)
            if let length = leads.length(in: Array(rest), at: 0), length < rest.count {
                rest = rest.dropFirst(length)
            }
        }
        while let last = rest.last, ":：".unicodeScalars.contains(last) { rest = rest.dropLast() }
        return rest.isEmpty ? text : Array(rest)
    }

    private static func withoutNumber(_ text: ArraySlice<Unicode.Scalar>)
        -> ArraySlice<Unicode.Scalar>
    {
        guard let first = text.first else { return text }
        if (0x2460...0x249B).contains(first.value), text.count > 1 { return text.dropFirst() }
        let isOpen = first == "(" || first == "（"
        var index = text.startIndex + (isOpen ? 1 : 0)
        let start = index
        while index < text.endIndex, index - start < 3,
            numerals.contains(text[index]) || text[index].digit != nil
        {
            index += 1
        }
        guard index > start, index < text.endIndex - 1 else { return text }
        let mark = text[index]
        let closes = isOpen ? mark == ")" || mark == "）" : "、.．)）".unicodeScalars.contains(mark)
        guard closes, text[index + 1].digit == nil else { return text }
        return text[(index + 1)...]
    }
}
