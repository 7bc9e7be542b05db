/// Text as Unicode scalars, the unit in which places are counted.
typealias Scalars = [Unicode.Scalar]

extension Unicode.Scalar {
    /// Whether this prints as nothing: spaces of all widths, tabs, carriage returns, marks.
    var isBlank: Bool {
        switch value {
        case 0x20, 0x09, 0x0D, 0x0B, 0x0C, 0xA0, 0x3000, 0x2002...0x200F, 0xFEFF, 0x202F, 0x205F:
            true
        default: false
        }
    }

    /// Whether Unicode counts this as white space.
    ///
    /// Source: Unicode Character Database, property White_Space.
    var isWhiteSpace: Bool {
        switch value {
        case 0x20, 0x09...0x0D, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
            0x205F, 0x3000:
            true
        default: false
        }
    }

    /// The digit of 0...9 or ０...９.
    var digit: UInt8? {
        switch value {
        case 0x30...0x39: UInt8(truncatingIfNeeded: value - 0x30)
        case 0xFF10...0xFF19: UInt8(truncatingIfNeeded: value - 0xFF10)
        default: nil
        }
    }

    /// Whether this is a Chinese character.
    var isHan: Bool { (0x3400...0x9FFF).contains(value) }
}

extension String {
    /// The Unicode scalars of the text, decoded in one pass.
    var scalarArray: Scalars { scalarArray(upTo: .max) }

    /// The first Unicode scalars of the text.
    func scalarArray(upTo limit: Int) -> Scalars {
        // Of an empty array the standard library writes the count into storage that all of them share.
        guard limit > 0, !utf8.isEmpty else { return [] }
        let decoded = utf8.withContiguousStorageIfAvailable { bytes in
            Scalars(unsafeUninitializedCapacity: min(bytes.count, limit)) { buffer, count in
                var index = 0
                while index < bytes.count, count < limit {
                    let first = UInt32(bytes[index])
                    var value = first
                    var length = 1
                    if first >= 0xE0, first < 0xF0, index + 2 < bytes.count {
                        value =
                            (first & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6
                            | UInt32(bytes[index + 2] & 0x3F)
                        length = 3
                    } else if first >= 0xF0, index + 3 < bytes.count {
                        value =
                            (first & 0x07) << 18 | UInt32(bytes[index + 1] & 0x3F) << 12
                            | UInt32(bytes[index + 2] & 0x3F) << 6
                            | UInt32(bytes[index + 3] & 0x3F)
                        length = 4
                    } else if first >= 0xC0, index + 1 < bytes.count {
                        value = (first & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F)
                        length = 2
                    }
                    // A string's bytes are valid UTF-8; the mark stands for what cannot be.
                    buffer[count] = Unicode.Scalar(value) ?? "\u{FFFD}"
                    count += 1
                    index += length
                }
            }
        }
        return decoded ?? Array(unicodeScalars.prefix(limit))
    }
}

extension Array where Element == Unicode.Scalar {
    /// The scalars without white space, full-width letters, digits and brackets being made plain.
    var squeezed: Scalars {
        var result: Scalars = []
        result.reserveCapacity(count)
        for scalar in self where !LineShape.isBlank(scalar) {
            result.append(TextSearch.plain(scalar))
        }
        return result
    }

    /// The text without blanks and line feeds, with full-width ASCII made half-width.
    var compact: Scalars {
        let isCompact = allSatisfy { scalar in
            !scalar.isBlank && scalar != "\n" && !(0xFF01...0xFF5E).contains(scalar.value)
        }
        if isCompact { return self }
        var result: Scalars = []
        result.reserveCapacity(count)
        for scalar in self where !scalar.isBlank && scalar != "\n" {
            if (0xFF01...0xFF5E).contains(scalar.value),
                let narrow = Unicode.Scalar(scalar.value - 0xFEE0)
            {
                result.append(narrow)
            } else {
                result.append(scalar)
            }
        }
        return result
    }
}

extension RandomAccessCollection where Element == Unicode.Scalar, Index == Int {
    /// The scalars as a string, encoded in one pass.
    var string: String {
        // The exact size keeps short texts out of memory of their own.
        let size = reduce(0) { size, scalar in
            let value = scalar.value
            return size + (value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x1_0000 ? 3 : 4)
        }
        return String(unsafeUninitializedCapacity: size) { bytes in
            var end = 0
            for scalar in self {
                let value = scalar.value
                if value < 0x80 {
                    bytes[end] = UInt8(truncatingIfNeeded: value)
                    end += 1
                } else if value < 0x800 {
                    bytes[end] = UInt8(truncatingIfNeeded: 0xC0 | value >> 6)
                    bytes[end + 1] = UInt8(truncatingIfNeeded: 0x80 | value & 0x3F)
                    end += 2
                } else if value < 0x1_0000 {
                    bytes[end] = UInt8(truncatingIfNeeded: 0xE0 | value >> 12)
                    bytes[end + 1] = UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F)
                    bytes[end + 2] = UInt8(truncatingIfNeeded: 0x80 | value & 0x3F)
                    end += 3
                } else {
                    bytes[end] = UInt8(truncatingIfNeeded: 0xF0 | value >> 18)
                    bytes[end + 1] = UInt8(truncatingIfNeeded: 0x80 | value >> 12 & 0x3F)
                    bytes[end + 2] = UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F)
                    bytes[end + 3] = UInt8(truncatingIfNeeded: 0x80 | value & 0x3F)
                    end += 4
                }
            }
            return end
        }
    }
}
