import ReportModel

/// What filters and figures need of a key, in a form that is read without decoding JSON.
///
/// Source: docs/format.md section 3.4.
struct FactRow: Sendable {
    /// Number of the key.
    var key: UInt64
    var status: UInt8
    var isConflict: Bool
    /// Whether the record is not here.
    var isWithheld: Bool
    var recordedAt: Timestamp
    /// When the first version was recorded.
    var filedAt: Timestamp
    var arrivedAt: Timestamp
    /// Six digits as a number; 0 when there is no code.
    var regionCode: UInt32
    /// Bits by index in ``ReportModel/PartKind``.
    var partKinds: UInt16
    var findings: FindingCounts
    var indicatorCount: Int
    var problemCount: Int
    /// What ``tail(province:unitName:numbers:)`` makes of the record.
    var tail: [UInt8]

    /// Bytes before the texts.
    static let fixedByteCount = 8 + 1 + 1 + 8 + 8 + 8 + 4 + 2 + 8 + 2 + 2

    /// The stored bytes, without the checksum.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.fixedByteCount + tail.count)
        bytes.appendBigEndian(key)
        bytes.append(status)
        bytes.append((isConflict ? 1 : 0) | (isWithheld ? 2 : 0))
        bytes.appendBigEndian(recordedAt.milliseconds)
        bytes.appendBigEndian(filedAt.milliseconds)
        bytes.appendBigEndian(arrivedAt.milliseconds)
        bytes.appendBigEndian(regionCode)
        bytes.appendBigEndian(partKinds)
        for count in [findings.high, findings.medium, findings.low, findings.info] {
            bytes.appendBigEndian(UInt16(clamping: count))
        }
        bytes.appendBigEndian(UInt16(clamping: indicatorCount))
        bytes.appendBigEndian(UInt16(clamping: problemCount))
        bytes.append(contentsOf: tail)
        return bytes
    }

    /// The texts and numbers of a row, which follow from the record alone.
    /// - Parameters:
    ///   - province: name of the province; empty when it is not known.
    ///   - unitName: the unit as printed.
    ///   - numbers: numbers with their names, each name once.
    /// - Returns: the bytes behind those of fixed size.
    static func tail(
        province: String,
        unitName: String,
        numbers: [NamedNumber]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + province.utf8.count + unitName.utf8.count + 8 * numbers.count)
        append(province, to: &bytes)
        append(unitName, to: &bytes)
        append(numbers, to: &bytes)
        return bytes
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var end = text.utf8.startIndex
        var count = 0
        for scalar in text.unicodeScalars {
            let width = UTF8.width(scalar)
            guard count + width <= StoreLimits.maximumFactTextByteCount else { break }
            count += width
            end = text.utf8.index(end, offsetBy: width)
        }
        bytes.append(UInt8(clamping: count))
        bytes.append(contentsOf: text.utf8[..<end])
    }

    private static func append(_ numbers: [NamedNumber], to bytes: inout [UInt8]) {
        var coded = numbers.indices.map { index -> (code: UInt8, name: String, index: Int) in
            let code = FactNames.code(of: numbers[index])
            // Only names without a code share one, and stand by their letters.
            return (code, code == 0 ? numbers[index].name : "", index)
        }
        coded.sort { ($0.code, $0.name) < ($1.code, $1.name) }
        coded.removeSubrange(min(coded.count, StoreLimits.maximumFactNumberCount)...)
        bytes.appendBigEndian(UInt16(coded.count))
        for (code, name, index) in coded {
            bytes.append(code)
            if code == 0 { append(name, to: &bytes) }
            let value = numbers[index].value
            let trimmed = value.trimmed
            bytes.append(UInt8(clamping: trimmed.places))
            let coefficient = trimmed.coefficient
            // Leading bytes that only repeat the sign are left out.
            let significant = coefficient < 0 ? ~coefficient : coefficient
            let count = (128 - significant.leadingZeroBitCount) / 8 + 1
            bytes.append(UInt8(count))
            for index in (0..<count).reversed() {
                bytes.append(UInt8(truncatingIfNeeded: coefficient >> (8 * index)))
            }
        }
    }
}
