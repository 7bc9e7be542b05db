import Dispatch
import Glibc
import ReportModel
import ReportParsing
import ReportStore
import Synchronization

/// Appends and look-ups in process.
struct StoreBench {
    private let store: Store
    private let template: Record
    private let district: String
    private var keys: [[UInt8]] = []
    private var byteCount = 0
    /// Sum over the bytes read, so that nothing is optimised away.
    private(set) var sum: UInt64 = 0

    /// Bytes of a record as `GET` answers it, on average.
    var meanByteCount: Int { byteCount / max(1, keys.count) }

    /// Makes an empty store.
    /// - Parameters:
    ///   - directory: a folder that does not exist.
    ///   - district: district of the filings.
    /// - Throws: ``ReportError`` when the store cannot be made.
    init(directory: String, district: String = "麻章区") throws {
        self.district = district
        store = try Store.open(directory: directory)
        let text = ReportText(byteCount: 2_200).utf8
        template = try Parser.parse(ParsingInput(name: "report.txt", bytes: text)).record
    }

    /// Appends made-up filings, one commit a batch.
    ///
    /// The filings have no source files, so that the store writes the bytes that its peer writes.
    /// Filings are made in portions outside the time that counts.
    /// - Parameters:
    ///   - count: filings.
    ///   - batch: filings a call of `appendBatch`.
    ///   - callers: threads that call it; with two, one batch is prepared while another is written.
    /// - Returns: filings a second within `appendBatch`, fsync included.
    /// - Throws: ``ReportError`` of the store.
    mutating func append(count: Int, batch: Int, callers: Int) throws -> Double {
        var seconds = 0.0
        var index = 0
        while index < count {
            let portion = try (index..<min(count, index + 20 * batch)).map(filing)
            index += portion.count
            let batches = stride(from: 0, to: portion.count, by: batch).map {
                Array(portion[$0..<min(portion.count, $0 + batch)])
            }
            let next = Mutex(0)
            let failures = Mutex<[ReportError]>([])
            let started = monotonicSeconds()
            DispatchQueue.concurrentPerform(iterations: callers) { [store] _ in
                while true {
                    let number = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard number < batches.count else { return }
                    do throws(ReportError) {
                        for result in try store.appendBatch(batches[number]) {
                            _ = try result.get()
                        }
                    } catch {
                        failures.withLock { $0.append(error) }
                    }
                }
            }
            seconds += monotonicSeconds() - started
            if let failure = failures.withLock({ $0.first }) { throw failure }
            keys += portion.map { Array($0.key.text.utf8) }
        }
        return Double(count) / seconds
    }

    private func filing(_ index: Int) throws -> Filing {
        let years = 2019...2024
        let key = try ReportKey(
            year: years.lowerBound + index % years.count,
            city: "湛江市",
            district: district,
            unit: "第\(index / years.count + 1)服务中心",
            kind: .overall
        )
        var record = template
        record.key = key.text
        record.year = key.year
        record.unit.name = "湛江市\(district)\(key.unit)"
        record.sources = []
        for amount in record.amounts.indices {
            let whole = 100 + (index &* 31 + amount) % 900
            record.amounts[amount].value = "\(whole).\(10 + index % 90)"
        }
        return Filing(key: key, record: record, sources: [])
    }

    /// Looks every key up in random order, one snapshot each.
    /// - Returns: the median of the rounds, look-ups a second.
    mutating func get(rounds: Int) throws -> Double {
        var generator = SmallGenerator()
        let order = keys.shuffled(using: &generator)
        var rates: [Double] = []
        for _ in 0..<rounds {
            let started = monotonicSeconds()
            for key in order {
                let count = try key.withUnsafeBytes { key throws(ReportError) in
                    try store.withCurrentRecord(key: key) { $0.byteCount }
                }
                guard let count else { throw ReportError(.internal, "a key is missing") }
                sum &+= UInt64(count)
            }
            rates.append(Double(order.count) / (monotonicSeconds() - started))
        }
        return rates.sorted()[rounds / 2]
    }

    /// Writes keys and records, as `GET` answers them, for the peers.
    ///
    /// - Parameter path: the file: length of key 4, length of value 4 (little endian), key, value.
    /// - Throws: ``ReportError`` when a record is missing or the file cannot be written.
    mutating func dump(to path: String) throws {
        guard let file = fopen(path, "w") else {
            throw ReportError(.internal, "cannot write \(path)")
        }
        defer { fclose(file) }
        for key in keys {
            let lookup = try Lookup(parsing: String(decoding: key, as: UTF8.self))
            let value = try store.getNow(lookup, body: .record).bytes
            byteCount += value.count
            for length in [key.count, value.count] {
                withUnsafeBytes(of: UInt32(length).littleEndian) {
                    _ = fwrite($0.baseAddress, 1, 4, file)
                }
            }
            _ = fwrite(key, 1, key.count, file)
            _ = fwrite(value, 1, value.count, file)
        }
    }

    /// Closes the store.
    func close() { store.close() }
}

/// SplitMix64 with a fixed seed.
struct SmallGenerator: RandomNumberGenerator {
    private var state: UInt64 = 7

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
