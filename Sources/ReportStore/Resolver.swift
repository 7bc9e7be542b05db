import LMDB
import ReportModel

/// Finds the keys that a lookup means.
///
/// Source: DESIGN section 3, paragraph on lookups: the first stage with a hit decides.
struct Resolver: Sendable {
    /// A key that was found.
    struct Hit: Hashable, Sendable {
        var key: ReportKey
        var number: UInt64
    }

    let tables: Tables
    let divisions: Divisions

    private var keys: KeyRows { KeyRows(tables: tables) }

    /// Hits of the first stage that has one, in ascending order of key.
    /// - Parameters:
    ///   - lookup: what was asked.
    ///   - transaction: the snapshot.
    ///   - isThere: whether a key counts, for reads of another moment.
    /// - Returns: the stage and its hits; nil when no stage has one.
    /// - Throws: ``ReportError`` `integrity`; what `isThere` throws.
    func hits<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        _ transaction: borrowing T,
        isThere: (UInt64) throws -> Bool
    ) throws -> (stage: Lookup.Stage, hits: [Hit])? {
        if let hit = try whole(lookup, transaction), try isThere(hit.number) {
            return (.whole, [hit])
        }
        let alternatives = lookup.expanded(by: divisions)
        for stage in Lookup.Stage.allCases {
            var found: Set<Hit> = []
            for alternative in alternatives {
                for hit in try candidates(alternative, stage: stage, transaction)
                where try isThere(hit.number) {
                    found.insert(hit)
                    guard found.count < StoreLimits.maximumCountedHitCount else { break }
                }
            }
            if !found.isEmpty { return (stage, found.sorted { $0.key < $1.key }) }
        }
        return nil
    }

    func whole<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        _ transaction: borrowing T
    ) throws -> Hit? {
        guard let key = lookup.key, let number = try keys.number(of: key.text, transaction) else {
            return nil
        }
        return Hit(key: key, number: number)
    }

    func candidates<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        stage: Lookup.Stage,
        _ transaction: borrowing T
    ) throws -> [Hit] {
        switch stage {
        case .whole: return try whole(lookup, transaction).map { [$0] } ?? []
        case .beginning: return try beginning(with: lookup.text + "/", transaction)
        case .gaps: return try withGaps(lookup, transaction)
        }
    }

    /// Keys that begin with a text.
    func beginning<T: ReadOperations & ~Copyable>(
        with text: String,
        limit: Int = StoreLimits.maximumCountedHitCount,
        _ transaction: borrowing T
    ) throws -> [Hit] {
        var hits: [Hit] = []
        guard text.utf8.count <= ReportKey.maximumByteCount else { return [] }
        _ = try transaction.forEach(in: tables.keys, prefix: Array(text.utf8), limit: limit) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            hits.append(try Self.hit(key, value))
            return .continue
        }
        return hits
    }

    /// Reads one row of the table `keys`.
    static func hit(_ key: RawSpan, _ value: RawSpan) throws -> Hit {
        let bytes = key.withUnsafeBytes { Array($0) }
        let number = value.withUnsafeBytes { Array($0) }
        var reader = ByteReader(number[...])
        guard let number = reader.integer(UInt64.self),
            let reportKey = try? ReportKey(parsing: String(decoding: bytes, as: UTF8.self))
        else { throw Sealed.damaged("keys", bytes) }
        return Hit(key: reportKey, number: number)
    }

    private func withGaps<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        _ transaction: borrowing T
    ) throws -> [Hit] {
        let words = lookup.parts.filter { !ReportKind.reservedWords.contains($0) }
        guard let part = words.first ?? lookup.parts.first,
            part.utf8.count <= ReportKey.maximumByteCount
        else { return [] }
        var numbers: [UInt64] = []
        _ = try transaction.forEach(
            in: tables.nameParts,
            prefix: RowKey.namePart(part, year: lookup.year),
            limit: StoreLimits.maximumCountedHitCount
        ) { (key: RawSpan, _: RawSpan) throws -> ScanStep in
            let tail = key.withUnsafeBytes { Array($0.suffix(8)) }
            var reader = ByteReader(tail[...])
            if let number = reader.integer(UInt64.self) { numbers.append(number) }
            return .continue
        }
        var hits: [Hit] = []
        for number in numbers {
            guard let text = try keys.text(of: number, transaction),
                let key = try? ReportKey(parsing: text), lookup.matches(key, stage: .gaps)
            else { continue }
            hits.append(Hit(key: key, number: number))
        }
        return hits
    }

    /// Keys that are close to a lookup that found nothing: other years, other regions, near spellings.
    func nearMisses<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        _ transaction: borrowing T
    ) throws -> [String] {
        var ranked: [(rank: Int, key: String)] = []
        var scanned = 0
        _ = try transaction.forEach(
            in: tables.keys,
            limit: StoreLimits.maximumNearMissScanCount
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            scanned += 1
            let hit = try Self.hit(key, value)
            if let rank = Self.distance(lookup, hit.key) { ranked.append((rank, hit.key.text)) }
            return .continue
        }
        ranked.sort { ($0.rank, $0.key) < ($1.rank, $1.key) }
        return ranked.prefix(StoreLimits.maximumNearMissCount).map(\.key)
    }

    /// How far a key is from a lookup; nil when it is not near.
    private static func distance(_ lookup: Lookup, _ key: ReportKey) -> Int? {
        guard !lookup.parts.isEmpty else { return nil }
        let parts = key.parts.dropFirst().map { String($0) }
        var missing = 0
        for part in lookup.parts where !parts.contains(part) {
            let isSimilar = parts.contains { other in
                other.contains(part) || part.contains(other) || isOneEditApart(part, other)
            }
            // The same unit with another kind of report is near; another unit is not.
            missing += isSimilar ? 1 : ReportKind.reservedWords.contains(part) ? 2 : 3
        }
        let years = abs(key.year - lookup.year)
        guard missing <= lookup.parts.count, missing < 3, years <= 20 else { return nil }
        return missing * 20 + years
    }

    /// Whether two names differ by one scalar changed, added or left out.
    private static func isOneEditApart(_ left: String, _ right: String) -> Bool {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        guard left.count > 1, abs(left.count - right.count) <= 1 else { return false }
        let head = zip(left, right).prefix { $0 == $1 }.count
        let tail = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        return max(left.count, right.count) - min(head + tail, min(left.count, right.count)) <= 1
    }
}
