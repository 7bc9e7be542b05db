import Crypto
import ReportModel

/// Words of findings: normalised labels, quotations, fingerprints.
enum RuleText {
    /// A label without digits, blanks, punctuation and symbols; at most a bounded length.
    static func normalised(_ label: String) -> String {
        if isNormal(label) { return label }
        return label.scalarArray(upTo: RuleLimits.maximumLabelLength).filter(isKept).string
    }

    /// Whether a short text holds nothing but Chinese characters and letters of ASCII.
    private static func isNormal(_ label: String) -> Bool {
        label.utf8.withContiguousStorageIfAvailable { bytes in
            guard bytes.count <= RuleLimits.maximumLabelLength else { return false }
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte >= 0xE5 && byte <= 0xE9 {
                    index += 3
                } else if (0x61...0x7A).contains(byte | 0x20), byte < 0x80 {
                    index += 1
                } else {
                    return false
                }
            }
            return true
        } ?? false
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        // Nearly everything is Chinese: no look-up of properties for it.
        if (0x4E00...0x9FFF).contains(scalar.value) { return true }
        if scalar.value < 0x80 { return (0x61...0x7A).contains(scalar.value | 0x20) }
        switch scalar {
        case "（", "）", "：", "，", "、", "。", "“", "”", "；", "《", "》": return false
        default: break
        }
        let properties = scalar.properties
        if scalar.isWhiteSpace || properties.numericType == .decimal { return false }
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol,
            .currencySymbol, .modifierSymbol, .otherSymbol, .control, .format:
            return false
        default: return true
        }
    }

    /// The first 16 hexadecimal digits of SHA-256 over rule, labels and ordinal.
    static func fingerprint(rule: String, labels: [String], ordinal: Int) -> String {
        let text = ([rule] + labels.map(normalised) + [String(ordinal)]).joined(separator: "\n")
        var digits: [UInt8] = []
        digits.reserveCapacity(16)
        for byte in SHA256.hash(data: Array(text.utf8)).prefix(8) {
            for half in [byte >> 4, byte & 15] { digits.append(half + (half < 10 ? 0x30 : 0x57)) }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// A quotation with where it stands, such as `“收入合计395.14万元”（第3页）`.
    static func located(_ place: Place) -> String {
        let scalars = place.quote.scalarArray(upTo: RuleLimits.maximumQuoteLength + 1)
        let more = scalars.count > RuleLimits.maximumQuoteLength ? "…" : ""
        let quote = scalars.prefix(RuleLimits.maximumQuoteLength)
            .map { $0.isWhiteSpace ? " " : $0 }
        return "“\(quote.string)\(more)”（\(position(place))）"
    }

    private static func position(_ place: Place) -> String {
        if let sheet = place.sheet { return "工作表“\(sheet)”\(place.cell ?? "")" }
        if let page = place.page, page >= 0, page < Int.max { return "第\(page + 1)页" }
        guard place.block >= 0, place.block < Int.max else { return "位置不详" }
        return "第\(place.block + 1)段"
    }

    /// Whether a text holds one of the words.
    static func has(_ text: String, _ words: [String]) -> Bool {
        text.holds(anyOf: words)
    }

    /// A word that is taken out of labels, with the set of its bytes.
    struct Filler: Sendable {
        let bytes: [UInt8]
        /// A bit for each value of the lower six bits: what tells Chinese characters apart.
        let mask: UInt64

        init(_ word: String) {
            bytes = Array(word.utf8)
            mask = Self.mask(of: bytes)
        }

        static func mask(of bytes: [UInt8]) -> UInt64 {
            bytes.reduce(0) { $0 | 1 << UInt64($1 & 0x3F) }
        }
    }

    /// A text without any occurrence of some words, each removed everywhere before the next.
    static func removing(_ words: [Filler], from text: String) -> String {
        var bytes = Array(text.utf8)
        // Of a word that lacks one of its bytes nothing can be found.
        let mask = Filler.mask(of: bytes)
        for number in words.indices where words[number].mask & ~mask == 0 {
            let word = words[number].bytes
            var start = 0
            while let found = first(word, in: bytes, from: start) {
                bytes.removeSubrange(found..<found + word.count)
                start = found
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func first(_ word: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        word.withUnsafeBufferPointer { word in
            bytes.withUnsafeBufferPointer { ByteSearch.first(word, in: $0, from: start) }
        }
    }

    /// Years from 2000 to 2099 that a text names, `2022`, `２０２２` or `二〇二二`, in order.
    static func years(in text: String) -> [Int] {
        // The digits of a run as one number, of which the latest eight count.
        var (run, length) = (0, 0)
        var years: [Int] = []
        for scalar in text.unicodeScalars.prefix(4 * RuleLimits.maximumLabelLength) {
            if let digit = digit(scalar) {
                run = (run * 10 + digit) % 100_000_000
                length += 1
            } else {
                if length == 4, run / 100 == 20 { years.append(run) }
                (run, length) = (0, 0)
            }
        }
        if length == 4, run / 100 == 20 { years.append(run) }
        return years
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "0"..."9": Int(scalar.value) - 48
        case "０"..."９": Int(scalar.value) - 0xFF10
        case "〇", "○", "零", "Ｏ": 0
        default: numeral(scalar)
        }
    }

    /// The value of 一 to 九.
    static func numeral(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "一": 1
        case "二": 2
        case "三": 3
        case "四": 4
        case "五": 5
        case "六": 6
        case "七": 7
        case "八": 8
        case "九": 9
        default: nil
        }
    }
}

/// A finding before its fingerprint: what a check returns.
struct FindingDraft {
    /// How grave it is.
    var severity: Severity
    /// Plain Chinese.
    var message: String
    /// What the document says.
    var stated: String?
    /// What follows from its other numbers.
    var computed: String?
    /// The quoted places.
    var places: [Place]
    /// Labels that name the facts, for the fingerprint.
    var labels: [String]
}
