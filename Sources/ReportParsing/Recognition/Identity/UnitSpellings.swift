import ReportModel

/// The ways in which a document prints one unit's name.
struct UnitSpellings {
    /// One spelling.
    struct Spelling: Hashable {
        /// The name as printed.
        var text: String
        /// Scalars of the region in front: the more, the more complete.
        var regionLength: Int
    }

    private let lead: String
    private let rest: String
    private let prefixes: [String]
    private let level: String?

    /// Makes the search for a unit.
    /// - Parameters:
    ///   - lead: what stands before the region, such as 中共.
    ///   - rest: the name behind the region.
    ///   - region: the unit's region.
    init(lead: String, rest: String, region: Region) {
        self.lead = lead
        self.rest = TextSearch.withoutBrackets(rest)
        let lowest = region.district ?? region.city ?? region.province ?? ""
        level = lowest.unicodeScalars.last.map { String($0) }
        prefixes = UnitSpellings.prefixes(of: region)
    }

    /// Finds the spellings in a document.
    /// - Parameter document: the document.
    /// - Returns: different spellings in the order of their first appearance.
    func find(in document: Document) -> [Spelling] {
        guard rest.unicodeScalars.count >= 2 else { return [] }
        var found: [Spelling] = []
        var seen: Set<String> = []
        for block in document.blocks.prefix(20_000) where block.text.holds(rest) {
            let bytes = Array(block.text.utf8)
            for start in occurrences(in: bytes) {
                guard let spelling = spelling(bytes, at: start), seen.insert(spelling.text).inserted
                else { continue }
                found.append(spelling)
                if found.count >= 16 { return found }
            }
        }
        return found
    }

    private func occurrences(in bytes: [UInt8]) -> [Int] {
        let needle = Array(rest.utf8)
        var starts: [Int] = []
        bytes.withUnsafeBufferPointer { text in
            needle.withUnsafeBufferPointer { needle in
                var start = 0
                while starts.count < 200, let at = ByteSearch.first(needle, in: text, from: start) {
                    starts.append(at)
                    start = at + needle.count
                }
            }
        }
        return starts
    }

    private func spelling(_ bytes: [UInt8], at start: Int) -> Spelling? {
        for prefix in prefixes where ends(bytes[..<start], with: prefix) {
            let front = start - prefix.utf8.count
            let hasLead = !lead.isEmpty && ends(bytes[..<front], with: lead)
            return Spelling(
                text: (hasLead ? lead : "") + prefix + rest,
                regionLength: prefix.unicodeScalars.count
            )
        }
        guard let level, ends(bytes[..<start], with: level) else { return nil }
        let front = start - level.utf8.count
        let before = String(decoding: bytes[max(0, front - 3)..<front], as: UTF8.self)
            .unicodeScalars
        if let last = before.last, TextSearch.isHan(last),
            !"由在向对与和经按据为是及的到从给将把请被让使以令年导归".unicodeScalars.contains(last)
        {
            return nil
        }
        return Spelling(text: level + rest, regionLength: 1)
    }

    private func ends(_ bytes: ArraySlice<UInt8>, with text: String) -> Bool {
        let length = text.utf8.count
        return bytes.count >= length && bytes.suffix(length).elementsEqual(text.utf8)
    }

    /// The region's names with and without what is above them, the longest first.
    private static func prefixes(of region: Region) -> [String] {
        func forms(_ name: String?) -> [String] {
            guard let name else { return [""] }
            let stem = name.unicodeScalars.dropLast()
            return stem.count >= 2 ? [name, String(stem)] : [name]
        }
        let isOwnCity = region.city == region.province
        let above = isOwnCity ? [""] : forms(region.province) + [""]
        let city = region.city == nil ? [""] : forms(region.city)
        var result: [String] = []
        for province in above {
            for city in region.district == nil ? city : city + [""] {
                for district in region.district == nil ? [""] : forms(region.district) {
                    let prefix = province + city + district
                    if !prefix.isEmpty, !result.contains(prefix) { result.append(prefix) }
                }
            }
        }
        return result.sorted { left, right in
            let (longer, shorter) = (left.utf8.count, right.utf8.count)
            return longer == shorter ? left > right : longer > shorter
        }
    }
}
