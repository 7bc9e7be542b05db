/// The parts of a key's text as it lies in the map, found without making strings.
///
/// Source: DESIGN section 3: the first part after the city that is a kind ends the unit.
struct KeyFields {
    let text: UnsafeRawBufferPointer
    let city: UnsafeRawBufferPointer
    /// Empty when there is none.
    let district: UnsafeRawBufferPointer
    let unit: UnsafeRawBufferPointer
    let kind: UnsafeRawBufferPointer
    /// Empty when there is none.
    let project: UnsafeRawBufferPointer
    let year: Int

    /// Looks at a stored key; nil when it is none.
    init?(_ text: UnsafeRawBufferPointer) {
        var parts: [UnsafeRawBufferPointer] = []
        parts.reserveCapacity(6)
        var start = 0
        for index in 0...text.count where index == text.count || text[index] == 0x2F {
            guard index > start, parts.count < 6 else { return nil }
            parts.append(UnsafeRawBufferPointer(rebasing: text[start..<index]))
            start = index + 1
        }
        guard parts.count >= 4, parts[0].count == 4,
            let kindIndex = (3..<parts.count).first(where: { Self.isKind(parts[$0]) }),
            kindIndex <= 4, parts.count - kindIndex <= 2
        else { return nil }
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        self.text = text
        year = parts[0].reduce(0) { $0 * 10 + Int($1) - 0x30 }
        city = parts[1]
        district = kindIndex == 4 ? parts[2] : none
        unit = parts[kindIndex - 1]
        kind = parts[kindIndex]
        project = kindIndex + 1 < parts.count ? parts[kindIndex + 1] : none
    }

    private static let kinds: [[UInt8]] = ["整体支出", "部门决算", "项目支出", "三公经费", "基础数据", "其他"].map {
        Array($0.utf8)
    }

    private static func isKind(_ part: UnsafeRawBufferPointer) -> Bool {
        (part.count == 12 || part.count == 6) && kinds.contains { $0.elementsEqual(part) }
    }

    /// Whether the unit's part says that subordinate units are in the figures.
    var isConsolidated: Bool {
        let mark = Self.consolidated
        return unit.count > mark.count && unit[(unit.count - mark.count)...].elementsEqual(mark)
    }

    private static let consolidated = Array("（汇总）".utf8)

    /// A part as text.
    static func string(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
