import ReportModel
import ReportStore

/// The same work in a small and in a large store, of records of about 500 bytes.
struct GrowthBench {
    private let store: Store

    /// Makes an empty store.
    /// - Parameter directory: a folder that does not exist.
    /// - Throws: ``ReportError`` when the store cannot be made.
    init(directory: String) throws { store = try Store.open(directory: directory) }

    /// Fills the store and measures at both sizes.
    ///
    /// - Parameters:
    ///   - small: records of the small store.
    ///   - large: records of the large store.
    /// - Returns: microseconds of a get, a list of 50 and an append at each size.
    /// - Throws: ``ReportError``.
    func run(small: Int, large: Int) async throws -> JSONValue {
        defer { store.close() }
        var members: [String: JSONValue] = [:]
        var count = 0
        for (name, size) in [("small", small), ("large", large)] {
            // Every append counts between half of the size and the size: bulk moves are among them.
            _ = try append(from: count, to: count + (size - count) / 2)
            let half = count + (size - count) / 2
            let seconds = try append(from: half, to: size)
            let appended = size - half
            count = size
            members[name] = .object([
                "append": .integer(Int(seconds / Double(appended) * 1e9)),
                "get": .integer(try get(size)),
                "list": .integer(try await list(size)),
                "records": .integer(size),
            ])
        }
        return .object(members)
    }

    private func key(_ index: Int) throws -> ReportKey {
        // A million units in two hundred districts, filed in no order of their names.
        let unit = (index &* 7_919) % 1_000_003
        return try ReportKey(
            year: 2020 + index % 5,
            city: "湛江市",
            district: "第\(unit % 200)区",
            unit: "第\(index)服务中心",
            kind: .overall
        )
    }

    private func append(from: Int, to: Int) throws -> Double {
        var seconds = 0.0
        var index = from
        while index < to {
            let filings = try (index..<min(to, index + 100)).map { index in
                let key = try key(index)
                var record = Record(parser: "bench", rules: "bench", kind: key.kind.text)
                record.key = key.text
                record.year = key.year
                record.title = key.unit
                return Filing(key: key, record: record, sources: [])
            }
            index += filings.count
            let started = monotonicSeconds()
            let results = try store.appendBatch(filings)
            seconds += monotonicSeconds() - started
            for result in results { _ = try result.get() }
        }
        return seconds
    }

    private func get(_ size: Int) throws -> Int {
        var generator = SmallGenerator()
        let keys = try (0..<20_000).map { _ in
            Array(try key(Int.random(in: 0..<size, using: &generator)).text.utf8)
        }
        var best = Double.infinity
        var sum = 0
        for _ in 0..<3 {
            let started = monotonicSeconds()
            for key in keys {
                sum &+=
                    try key.withUnsafeBytes { key throws(ReportError) in
                        try store.withCurrentRecord(key: key) { $0.byteCount }
                    } ?? 0
            }
            best = min(best, monotonicSeconds() - started)
        }
        return sum == 0 ? 0 : Int(best / Double(keys.count) * 1e9)
    }

    private func list(_ size: Int) async throws -> Int {
        var generator = SmallGenerator()
        var starts: [String] = []
        for _ in 0..<200 {
            starts.append(try key(Int.random(in: 0..<size, using: &generator)).text)
        }
        let started = monotonicSeconds()
        for start in starts {
            _ = try await store.list(ListFilter(limit: 50, after: start), at: .now)
        }
        return Int((monotonicSeconds() - started) / Double(starts.count) * 1e9)
    }
}
