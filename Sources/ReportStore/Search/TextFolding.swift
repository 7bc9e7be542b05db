@_spi(_Unicode) import Swift

/// Text as it is compared: what looks the same is the same.
///
/// Letters become small, full-width ASCII becomes ASCII, text is in NFC, what is not seen is left
/// out. White space becomes one blank between Latin words and nothing beside Chinese text. Circled and
/// Roman numbers and the usual squared units become ASCII.
///
/// Source: ReportModel, KeyPart; Unicode Standard Annex 15 for the compatibility mappings.
struct TextFolding {
    /// The folded scalars.
    private(set) var scalars: [UInt32] = []
    /// For each folded scalar the index of the scalar of the text that it came from.
    private(set) var origins: [Int32] = []
    private let tracksOrigins: Bool
    private var isBlankPending = false
    private var blankOrigin: Int32 = 0
    private var origin: Int32 = 0

    /// Makes a folding.
    /// - Parameter tracksOrigins: whether `origins` is filled.
    init(tracksOrigins: Bool = false) {
        self.tracksOrigins = tracksOrigins
    }

    /// Folds a text alone.
    static func folded(_ text: String) -> [UInt32] {
        var folding = TextFolding()
        for scalar in text.unicodeScalars { folding.add(scalar.value) }
        return folding.scalars
    }

    /// Forgets everything.
    mutating func reset() {
        scalars.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        isBlankPending = false
        origin = 0
    }

    /// Folds the inside of a JSON string; bytes that are no UTF-8 are passed over.
    mutating func add(json bytes: UnsafeBufferPointer<UInt8>) {
        var decoder = StringDecoder(bytes)
        while let value = decoder.next() { add(value) }
    }

    /// Folds the next scalar of the text.
    @inline(__always)
    mutating func add(_ value: UInt32) {
        switch value {
        case 0x3400...0x9FFF, 0x3001...0x303F: emit(value)
        case 0x41...0x5A: emit(value + 32)
        case 0x21...0x7E: emit(value)
        case 0xFF01...0xFF5E:
            let ascii = value - 0xFEE0
            emit((0x41...0x5A).contains(ascii) ? ascii + 32 : ascii)
        case 0...0x20, 0x7F...0xA0, 0x3000: addBlank()
        case 0x2010...0x2027, 0x2030...0x205E: emit(value)
        default: addSlowly(value)
        }
        origin &+= 1
    }

    @inline(__always)
    private mutating func emit(_ value: UInt32) {
        if isBlankPending {
            isBlankPending = false
            if value < 0x80, let last = scalars.last, last < 0x80 {
                scalars.append(0x20)
                if tracksOrigins { origins.append(blankOrigin) }
            }
        }
        scalars.append(value)
        if tracksOrigins { origins.append(origin) }
    }

    @inline(__always)
    private mutating func addBlank() {
        if !isBlankPending {
            isBlankPending = true
            blankOrigin = origin
        }
    }

    private mutating func addSlowly(_ value: UInt32) {
        if let ascii = Self.compatible(value) {
            for byte in ascii.utf8 { emit(UInt32(byte)) }
            return
        }
        guard let scalar = Unicode.Scalar(value) else { return }
        let properties = scalar.properties
        if properties.isWhitespace { return addBlank() }
        if properties.isDefaultIgnorableCodePoint { return }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return
        default: break
        }
        if properties.canonicalCombiningClass != .notReordered, !isBlankPending,
            let last = scalars.last, let base = Unicode.Scalar(last)
        {
            return join(base, scalar)
        }
        let small = properties.changesWhenLowercased ? properties.lowercaseMapping : nil
        for normal in (small ?? String(scalar))._nfc { emit(normal.value) }
    }

    /// Puts a mark on the scalar before it.
    private mutating func join(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) {
        var text = String.UnicodeScalarView()
        text.append(base)
        text.append(mark)
        let normal = Array(String(text)._nfc)
        scalars.removeLast()
        let place = tracksOrigins ? origins.removeLast() : 0
        for scalar in normal {
            scalars.append(scalar.value)
            if tracksOrigins { origins.append(place) }
        }
    }

    /// The ASCII form of numbers and units that are one scalar.
    private static func compatible(_ value: UInt32) -> String? {
        let roman = [
            "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
        ]
        return switch value {
        case 0x2460...0x2473: String(value - 0x245F)
        case 0x2160...0x216B: roman[Int(value - 0x2160)]
        case 0x2170...0x217B: roman[Int(value - 0x2170)]
        case 0x338F: "kg"
        case 0x339C: "mm"
        case 0x339D: "cm"
        case 0x339E: "km"
        case 0x33A1: "m2"
        case 0x33A5: "m3"
        default: nil
        }
    }
}

/// Scalars of the inside of a JSON string.
///
/// Source: RFC 8259 section 7; RFC 3629.
struct StringDecoder {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Byte at which the next scalar begins.
    private(set) var offset = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next scalar; nil at the end.
    @inline(__always)
    mutating func next() -> UInt32? {
        while offset < bytes.count {
            let first = bytes[offset]
            if first >= 0xE0, first < 0xF0, offset + 2 < bytes.count {
                let second = UInt32(bytes[offset + 1]) & 0x3F
                let third = UInt32(bytes[offset + 2]) & 0x3F
                let value = UInt32(first & 0x0F) << 12 | second << 6 | third
                offset += 3
                if value >= 0x800, value & 0xF800 != 0xD800 { return value }
                continue
            }
            if first < 0x80, first != UInt8(ascii: "\\") {
                offset += 1
                return UInt32(first)
            }
            if let value = nextSlowly(first) { return value }
        }
        return nil
    }

    private mutating func nextSlowly(_ first: UInt8) -> UInt32? {
        if first == UInt8(ascii: "\\") { return nextEscape() }
        if first >= 0xC2, first < 0xE0, offset + 1 < bytes.count {
            let value = UInt32(first & 0x1F) << 6 | UInt32(bytes[offset + 1]) & 0x3F
            offset += 2
            return value
        }
        if first >= 0xF0, first < 0xF5, offset + 3 < bytes.count {
            var value = UInt32(first & 0x07)
            for index in 1...3 { value = value << 6 | UInt32(bytes[offset + index]) & 0x3F }
            offset += 4
            return (0x10000...0x10FFFF).contains(value) ? value : nil
        }
        offset += 1
        return nil
    }

    private mutating func nextEscape() -> UInt32? {
        guard offset + 1 < bytes.count else {
            offset = bytes.count
            return nil
        }
        let letter = bytes[offset + 1]
        offset += 2
        switch letter {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return 0x20
        case UInt8(ascii: "b"), UInt8(ascii: "f"): return 0x20
        case UInt8(ascii: "u"): return nextUnit()
        default: return UInt32(letter)
        }
    }

    /// Canonical JSON escapes only control characters this way.
    private mutating func nextUnit() -> UInt32? {
        guard offset + 4 <= bytes.count else {
            offset = bytes.count
            return nil
        }
        var value: UInt32 = 0
        for index in 0..<4 {
            let byte = bytes[offset + index]
            let digit: UInt8 =
                switch byte {
                case 0x30...0x39: byte - 0x30
                case 0x41...0x46: byte - 0x37
                case 0x61...0x66: byte - 0x57
                default: 0
                }
            value = value << 4 | UInt32(digit)
        }
        offset += 4
        return Unicode.Scalar(value) == nil ? nil : value
    }
}

/// Two neighbouring scalars as the index knows them.
enum Bigram {
    /// Sixteen bits for a scalar; those beyond the first plane share the codes of surrogates, so what
    /// is found by them must be looked at again.
    @inline(__always)
    static func code(_ scalar: UInt32) -> UInt32 {
        scalar < 0x10000 ? scalar : 0xD800 | (scalar & 0x7FF)
    }

    @inline(__always)
    static func make(_ first: UInt32, _ second: UInt32) -> UInt32 {
        code(first) << 16 | code(second)
    }

    /// The bigrams of a folded term that are in the index; those with a blank are not.
    static func all(in scalars: [UInt32]) -> [UInt32] {
        var seen: Set<UInt32> = []
        var result: [UInt32] = []
        for (first, second) in zip(scalars, scalars.dropFirst())
        where first != 0x20 && second != 0x20 {
            let bigram = make(first, second)
            if seen.insert(bigram).inserted { result.append(bigram) }
        }
        return result
    }

    /// Whether a report that holds the only bigram of a term holds the term.
    static func isExact(_ scalars: [UInt32]) -> Bool {
        scalars.count == 2 && scalars.allSatisfy { $0 < 0x10000 }
    }
}
