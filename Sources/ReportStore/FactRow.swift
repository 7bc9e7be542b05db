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
    var province: String
    var unitName: String
    /// Numbers by name.
    var numbers: [String: ExactDecimal]

    /// Bytes before the texts.
    static let fixedByteCount = 8 + 1 + 1 + 8 + 8 + 8 + 4 + 2 + 8 + 2 + 2

    /// The stored bytes, without the checksum.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.fixedByteCount + 64 + 8 * numbers.count)
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
        Self.append(province, to: &bytes)
        Self.append(unitName, to: &bytes)
        appendNumbers(to: &bytes)
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

    private func appendNumbers(to bytes: inout [UInt8]) {
        let named = numbers.map { (code: FactNames.code(of: $0.key), name: $0.key, $0.value) }
            .sorted { ($0.code, $0.name) < ($1.code, $1.name) }
            .prefix(StoreLimits.maximumFactNumberCount)
        bytes.appendBigEndian(UInt16(named.count))
        for (code, name, value) in named {
            bytes.append(code)
            if code == 0 { Self.append(name, to: &bytes) }
            let trimmed = value.trimmed
            bytes.append(UInt8(clamping: trimmed.places))
            var coefficient: [UInt8] = []
            coefficient.appendBigEndian(trimmed.coefficient)
            let sign: UInt8 = trimmed.coefficient < 0 ? 0xFF : 0
            // Leading bytes that only repeat the sign are left out.
            while coefficient.count > 1, coefficient[0] == sign, coefficient[1] >> 7 == sign >> 7 {
                coefficient.removeFirst()
            }
            bytes.append(UInt8(coefficient.count))
            bytes.append(contentsOf: coefficient)
        }
    }
}
