import FuzzSupport

/// Changes of XML and HTML that mostly leave it well-formed: text, attributes, elements.
enum MarkupMutator {
    private static let pieces = [
        "<", ">", "&", "\"", "<row>", "</row>", "<c r=\"B2\"/>", "<table>", "<td>",
        "<td rowspan=0>", "<td colspan=9999>",
        "</table>", "<![if", "]>", "<!--", "&#x10FFFF;", "&amp;", "&nbsp;", "<ol start=-5><li>",
        "<pre>\n", "]]>", "<![CDATA[甲]]>",
        "<w:tab/>", "<w:br/>", "<w:p/>", "<w:tbl/>", "<w:tc/>", "<w:tr/>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>", "<br>", "&b;",
        "<w:vMerge/>", "<w:gridSpan w:val=\"1000000\"/>",
        "<w:numPr><w:ilvl w:val=\"8\"/><w:numId w:val=\"1\"/></w:numPr>",
        "<mergeCell ref=\"A1:XFD1048576\"/>", "<w:fldChar w:fldCharType=\"begin\"/>",
        "<w:del><w:r><w:t>甲</w:t></w:r></w:del>",
    ]
    private static let values = [
        "", "0", "-1", "1", "2", "9", "64", "513", "16384", "1048576", "99999999999",
        "9223372036854775807", "-9223372036854775808", "1e308",
        "-1e308", "nan", "inf", "A1:XFD1048576", "XFD1048576", "A0", "ZZZZZZZZ9", "B2:A1", "s",
        "str", "inlineStr", "restart", "continue",
        "0.00;[Red]-0.00;;@", "[&gt;=10000]0!.0,\"万\"", "yyyy年m月", "M 0 0 L 1e9 1e9 C",
        "g 99999999 1", "0 0 0 0", "../../x", "甲", "none", "begin", "1 0 0 1 NaN 0",
    ]

    /// Changes a few places of markup.
    static func change(
        _ bytes: inout [UInt8],
        other: [UInt8],
        ceiling: Int,
        _ random: inout FuzzGenerator
    ) {
        for _ in 0..<(1 + random.below(8)) {
            if bytes.isEmpty { bytes = Array("<a/>".utf8) }
            step(&bytes, other: other, &random)
        }
        if random.once(in: 60) { nest(&bytes, ceiling: ceiling, &random) }
    }

    private static func step(
        _ bytes: inout [UInt8],
        other: [UInt8],
        _ random: inout FuzzGenerator
    ) {
        let start = random.below(bytes.count)
        switch random.below(10) {
        case 0, 1, 2:
            // The value of an attribute.
            guard let open = bytes[start...].firstIndex(of: 0x22),
                let close = bytes[(open + 1)...].firstIndex(of: 0x22)
            else { return }
            bytes.replaceSubrange((open + 1)..<close, with: random.pick(values).utf8)
        case 3, 4:
            guard let range = text(bytes, from: start) else { return }
            var content = Array(bytes[range])
            TextMutator.change(&content, other: [], ceiling: 0, &random)
            bytes.replaceSubrange(range, with: content.filter { $0 != 0x3C && $0 != 0x26 })
        case 5:
            guard let range = element(bytes, from: start, &random) else { return }
            bytes.insert(contentsOf: Array(bytes[range]), at: range.lowerBound)
        case 6:
            guard let range = element(bytes, from: start, &random) else { return }
            bytes.removeSubrange(range)
        case 7:
            guard let range = element(bytes, from: start, &random),
                let place = bytes[random.below(bytes.count)...].firstIndex(of: 0x3C)
            else { return }
            bytes.insert(contentsOf: Array(bytes[range]), at: place)
        case 8:
            guard let open = bytes[start...].firstIndex(of: 0x3C) else { return }
            bytes.insert(contentsOf: random.pick(pieces).utf8, at: open)
        default:
            guard !other.isEmpty, let open = bytes[start...].firstIndex(of: 0x3C),
                let range = element(other, from: random.below(other.count), &random)
            else { return }
            bytes.insert(contentsOf: other[range], at: open)
        }
    }

    /// Repeats an element many times, or only its opening tag, which nests.
    private static func nest(
        _ bytes: inout [UInt8],
        ceiling: Int,
        _ random: inout FuzzGenerator
    ) {
        guard bytes.count < ceiling,
            let range = element(bytes, from: random.below(bytes.count), &random)
        else { return }
        var block = Array(bytes[range])
        if random.once(in: 3), let end = block.firstIndex(of: 0x3E) {
            block.removeSubrange((end + 1)...)
        }
        guard !block.isEmpty else { return }
        let room = random.once(in: 4) ? ceiling - bytes.count : (ceiling - bytes.count) / 8
        var more: [UInt8] = []
        while more.count < room { more += block }
        bytes.insert(contentsOf: more, at: range.lowerBound)
    }

    /// The text between two tags after a place.
    private static func text(_ bytes: [UInt8], from start: Int) -> Range<Int>? {
        var index = start
        while let close = bytes[index...].firstIndex(of: 0x3E) {
            guard let open = bytes[close...].firstIndex(of: 0x3C) else { return nil }
            if open > close + 1 { return (close + 1)..<open }
            index = open
        }
        return nil
    }

    /// From the opening tag after a place to the end of the first closing tag of its name.
    ///
    /// Inner elements of that name are not counted; one tag when there is no closing tag.
    private static func element(
        _ bytes: [UInt8],
        from start: Int,
        _ random: inout FuzzGenerator
    ) -> Range<Int>? {
        var index = start
        while let open = bytes[index...].firstIndex(of: 0x3C), open + 1 < bytes.count {
            index = open + 1
            guard bytes[index] != 0x2F, bytes[index] != 0x21, bytes[index] != 0x3F,
                let end = bytes[index...].firstIndex(of: 0x3E)
            else { continue }
            let name = bytes[index..<end].prefix { $0 > 0x20 && $0 != 0x2F }
            if bytes[end - 1] == 0x2F || random.once(in: 8) { return open..<(end + 1) }
            let needle = [0x3C, 0x2F] + name + [0x3E]
            var place = end
            while let next = bytes[place...].firstIndex(of: 0x3C) {
                if bytes[next...].starts(with: needle) { return open..<(next + needle.count) }
                place = next + 1
            }
            return open..<(end + 1)
        }
        return nil
    }
}
