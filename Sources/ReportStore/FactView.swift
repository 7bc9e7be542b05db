import ReportModel

/// A stored ``FactRow`` as it lies in the map; valid as long as the bytes are lent.
///
/// Every access is checked: damaged bytes give nil or nothing, and the checksum is looked at first.
struct FactView {
    let key: UInt64
    let status: UInt8
    private let flags: UInt8
    let recordedAt: UInt64
    let filedAt: UInt64
    let arrivedAt: UInt64
    let regionCode: UInt32
    let partKinds: UInt16
    let findings: FindingCounts
    let indicatorCount: Int
    let problemCount: Int
    let province: UnsafeRawBufferPointer
    let unitName: UnsafeRawBufferPointer
    private let numberCount: Int
    private let numbers: UnsafeRawBufferPointer

    var isConflict: Bool { flags & 1 != 0 }
    var isWithheld: Bool { flags & 2 != 0 }

    /// Looks at the bytes behind the checksum; nil when they are no row.
    init?(lending bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= FactRow.fixedByteCount + 4 else { return nil }
        var offset = 0
        func integer<T: FixedWidthInteger>(_: T.Type) -> T {
            defer { offset += MemoryLayout<T>.size }
            return T(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
        }
        key = integer(UInt64.self)
        status = integer(UInt8.self)
        flags = integer(UInt8.self)
        recordedAt = integer(UInt64.self)
        filedAt = integer(UInt64.self)
        arrivedAt = integer(UInt64.self)
        regionCode = integer(UInt32.self)
        partKinds = integer(UInt16.self)
        var counts = FindingCounts()
        counts.high = Int(integer(UInt16.self))
        counts.medium = Int(integer(UInt16.self))
        counts.low = Int(integer(UInt16.self))
        counts.info = Int(integer(UInt16.self))
        findings = counts
        indicatorCount = Int(integer(UInt16.self))
        problemCount = Int(integer(UInt16.self))
        guard let province = Self.text(bytes, at: &offset),
            let unitName = Self.text(bytes, at: &offset), bytes.count >= offset + 2
        else { return nil }
        self.province = province
        self.unitName = unitName
        numberCount = Int(integer(UInt16.self))
        numbers = UnsafeRawBufferPointer(rebasing: bytes[offset...])
    }

    private static func text(
        _ bytes: UnsafeRawBufferPointer,
        at offset: inout Int
    ) -> UnsafeRawBufferPointer? {
        guard offset < bytes.count else { return nil }
        let end = offset + 1 + Int(bytes[offset])
        guard end <= bytes.count else { return nil }
        defer { offset = end }
        return UnsafeRawBufferPointer(rebasing: bytes[(offset + 1)..<end])
    }

    /// Calls a closure with each number until it returns false.
    /// - Returns: false when the bytes end before the numbers do.
    @discardableResult
    func forEachNumber(
        _ body: (_ code: UInt8, _ name: UnsafeRawBufferPointer, _ number: Number) -> Bool
    ) -> Bool {
        var offset = 0
        for _ in 0..<numberCount {
            guard offset < numbers.count else { return false }
            let code = numbers[offset]
            offset += 1
            var name = UnsafeRawBufferPointer(start: nil, count: 0)
            if code == 0 {
                guard let text = Self.text(numbers, at: &offset) else { return false }
                name = text
            }
            guard offset + 2 <= numbers.count else { return false }
            let places = Int(numbers[offset])
            let count = Int(numbers[offset + 1])
            offset += 2
            guard (1...16).contains(count), offset + count <= numbers.count else { return false }
            let digits = UnsafeRawBufferPointer(rebasing: numbers[offset..<(offset + count)])
            offset += count
            guard body(code, name, Number(places: places, bytes: digits)) else { return true }
        }
        return true
    }

    /// A number whose digits are read when they are asked for.
    struct Number {
        var places: Int
        var bytes: UnsafeRawBufferPointer

        var value: ExactDecimal {
            var coefficient: Int128 = bytes.first.map { $0 >= 0x80 ? -1 : 0 } ?? 0
            for byte in bytes { coefficient = coefficient << 8 | Int128(byte) }
            return ExactDecimal(coefficient: coefficient, places: places)
        }
    }
}

/// A measure in the form that is looked for in stored rows.
struct FactMeasure {
    private let code: UInt8
    private let name: [UInt8]
    private let measure: Measure

    init(_ measure: Measure) {
        self.measure = measure
        code = measure.storedName.map { FactNames.code(of: $0) } ?? 0
        name = Array((measure.storedName ?? "").utf8)
    }

    /// The value in a row; nil when its record has none.
    func value(in row: FactView) -> ExactDecimal? {
        switch measure {
        case .indicators: return row.isWithheld ? nil : ExactDecimal(row.indicatorCount)
        case .problems: return row.isWithheld ? nil : ExactDecimal(row.problemCount)
        case .findings(let severity):
            return row.isWithheld ? nil : ExactDecimal(row.findings.count(of: severity))
        default: break
        }
        var found: FactView.Number?
        row.forEachNumber { code, text, number in
            guard code == self.code, code > 0 || name.elementsEqual(text) else { return true }
            found = number
            return false
        }
        return found?.value
    }
}

extension FindingCounts {
    /// Number of findings of one severity, or of all.
    func count(of severity: Severity?) -> Int {
        switch severity {
        case .high: high
        case .medium: medium
        case .low: low
        case .info: info
        case nil: high + medium + low + info
        }
    }

    /// Whether there is a finding of a severity or a graver one.
    func reaches(_ severity: Severity) -> Bool {
        switch severity {
        case .info: high + medium + low + info > 0
        case .low: high + medium + low > 0
        case .medium: high + medium > 0
        case .high: high > 0
        }
    }
}
