import Glibc
import ReportModel
import ReportStore
import Synchronization

/// Indexing and searching in process.
final class SearchBench: Sendable {
    private struct Text {
        var corpus: SearchCorpus
        var byteCount = 0
        var folder: String
    }

    private let store: Store
    private let directory: String
    private let count: Int
    private let text: Mutex<Text>
    private let words: [String]
    private let lags = Mutex<[UInt64]>([])

    /// Makes an empty store.
    /// - Parameters:
    ///   - directory: a folder that does not exist.
    ///   - count: reports.
    ///   - byteCount: bytes of the text of one.
    ///   - files: folder that gets the texts as files.
    /// - Throws: ``ReportError`` when the store cannot be made.
    init(directory: String, count: Int, byteCount: Int, files: String) throws {
        self.directory = directory
        self.count = count
        store = try Store.open(directory: directory)
        let corpus = SearchCorpus(byteCount: byteCount)
        words = corpus.words
        text = Mutex(Text(corpus: corpus, folder: files))
        mkdir(files, 0o755)
    }

    /// Runs everything.
    /// - Parameter seconds: how long reports are appended steadily.
    /// - Returns: figures.
    /// - Throws: ``ReportError``.
    func run(seconds: Int) async throws -> [String: JSONValue] {
        var figures: [String: JSONValue] = [:]
        let steady = min(count, 300 * seconds)
        let indexer = SearchIndexer(store)
        let task = Task { await indexer.run() }
        let drained = try await appendSteadily(steady)
        task.cancel()
        await task.value
        figures["steadyReports"] = .integer(steady)
        figures["steadyPerSecond"] = .integer(300)
        figures["greatestLag"] = .integer(Int(lags.withLock { $0.max() ?? 0 }))
        figures["drainMilliseconds"] = .integer(Int(drained * 1000))
        try append(steady..<count)
        let cpu = cpuSeconds()
        let started = monotonicSeconds()
        try await indexer.catchUp()
        let indexed = monotonicSeconds() - started
        figures["indexPerSecond"] = .integer(Int(Double(count - steady) / max(indexed, 0.001)))
        try await indexer.settle()
        figures["settleMilliseconds"] = .integer(
            Int((monotonicSeconds() - started - indexed) * 1000)
        )
        figures["indexCPUMilliseconds"] = .integer(Int((cpuSeconds() - cpu) * 1000))
        let textBytes = text.withLock { $0.byteCount }
        var status = stat()
        stat(directory + "/search/data.mdb", &status)
        figures["textBytes"] = .integer(textBytes)
        figures["indexBytes"] = .integer(Int(status.st_blocks) * 512)
        figures["words"] = .array(try queries())
        figures["privateKilobytes"] = .integer(privateKilobytes())
        store.close()
        return figures
    }

    /// Appends 300 reports a second.
    /// - Returns: seconds until the index had them all, after the last one.
    private func appendSteadily(_ count: Int) async throws -> Double {
        let started = monotonicSeconds()
        var index = 0
        while index < count {
            let due = min(count, Int((monotonicSeconds() - started) * 300))
            if due > index {
                try append(index..<due)
                index = due
            }
            let position = try store.searchPosition()
            lags.withLock {
                $0.append(position.position - min(position.position, position.indexedUpTo))
            }
            try await Task.sleep(for: .milliseconds(30))
        }
        let ended = monotonicSeconds()
        while true {
            let position = try store.searchPosition()
            if position.indexedUpTo >= position.position { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        return monotonicSeconds() - ended
    }

    private func append(_ range: Range<Int>) throws {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, start + 100)
            let filings = try text.withLock { text in
                try (start..<end).map { index in
                    let (filing, bytes) = try text.corpus.next(index)
                    text.byteCount += bytes.count
                    try Self.write(bytes, index, text.folder)
                    return filing
                }
            }
            for result in try store.appendBatch(filings) { _ = try result.get() }
            start = end
        }
    }

    private static func write(_ bytes: [UInt8], _ index: Int, _ folder: String) throws {
        let part = "\(folder)/\(index / 1000)"
        if index % 1000 == 0 { mkdir(part, 0o755) }
        guard let file = fopen("\(part)/\(index).txt", "w") else {
            throw ReportError(.internal, "cannot write in \(part)")
        }
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
    }

    /// Times the first page for words of every frequency.
    private func queries() throws -> [JSONValue] {
        let two = words.filter { $0.unicodeScalars.count == 2 }
        let ranks = (0..<30).map {
            min(two.count - 1, Int(pow(Double(two.count), Double($0) / 29)))
        }
        var rows: [JSONValue] = []
        for word in ranks.map({ two[$0] }) + [two[3] + two[5], words[0] + words[1]] {
            let query = try SearchQuery(word)
            _ = try store.searchNow(query)
            var times: [Double] = []
            var total = 0
            for _ in 0..<9 {
                let started = monotonicSeconds()
                let page = try store.searchNow(query)
                times.append(monotonicSeconds() - started)
                total = page.total
            }
            rows.append([
                "word": .string(word), "total": .integer(total),
                "microseconds": .integer(Int(times.sorted()[4] * 1e6)),
            ])
        }
        return rows
    }
}

/// Seconds of processor time of this process.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Anonymous memory of this process.
func privateKilobytes() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
        let text = String(
            decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        if text.hasPrefix("RssAnon:") {
            return Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
        }
    }
    return 0
}
