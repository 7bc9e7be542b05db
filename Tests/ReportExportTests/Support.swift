import ReportExport
import ReportModel
import ReportStore
import ReportTestKit
import Testing

/// Six entries: versions with people and several files, and a note.
func fill(_ store: Store) async throws {
    let version = try await store.append(
        try Samples.filing(files: ["第一版", "\u{FEFF}附件"], names: ["报告.txt"], people: ["王某"])
    )
    _ = try await store.append(try Samples.filing(files: ["第二版"]))
    _ = try await store.append(try Samples.filing("2023/湛江市/麻章区/红星小学/整体支出", files: ["学校"]))
    let note = try Note(fingerprint: "0123456789abcdef", text: "加分项目不计入总分", author: "财务科")
    _ = try await store.append(note, about: try Lookup(parsing: version.version.key))
    _ = try await store.append(
        try Samples.filing("2024/重庆市/荣昌区/总工会/部门决算", files: [], people: ["李某", "张某"])
    )
    _ = try await store.append(
        try Samples.filing("2024/乐山市/金口河区/总工会/项目支出/工会经费", files: ["\0\u{1}二进制"])
    )
}

/// Sends the log that one store appends to to another.
func sendOwnLog(of source: Store, to target: Store) async throws {
    let log = try await source.ownLog()
    let descriptor = try #require(try await source.logState(log)).descriptor
    let batch = try await source.batch(
        log: log,
        after: 0,
        maximumCount: 1000,
        maximumByteCount: 1 << 24
    )
    _ = try await target.accept(try #require(batch), descriptor: descriptor)
}

/// An export as text.
func exported(
    _ store: Store,
    _ options: EntryExporter.Options = .init()
) async throws -> String {
    var bytes: [UInt8] = []
    _ = try await EntryExporter(store, options: options).run { line throws(ReportError) in
        bytes += line
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Takes an export in.
func imported(_ text: String, into store: Store) async throws -> EntryImporter.Summary {
    var importer = EntryImporter(into: store)
    for (index, line) in text.split(separator: "\n").enumerated() {
        let json = try JSONValue(parsing: Array(line.utf8))
        try await importer.take(json, line: index + 1)
    }
    try importer.finish()
    return importer.summary
}

/// Entries of every log.
func entryCount(_ store: Store) async throws -> Int {
    try await store.logStates().reduce(0) { $0 + Int($1.position.sequence) }
}

/// Expects that a second store holds every log of a first one up to the same position and head.
func expectSameLogs(
    _ first: Store,
    _ second: Store,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    for state in try await first.logStates() where state.position.sequence > 0 {
        let other = try await second.logState(state.descriptor.id)
        #expect(other == state, sourceLocation: sourceLocation)
        for sequence in 1...state.position.sequence {
            let log = state.descriptor.id
            let hash = try await first.entryHash(log: log, sequence: sequence)
            let otherHash = try await second.entryHash(log: log, sequence: sequence)
            #expect(hash == otherHash, sourceLocation: sourceLocation)
        }
    }
}

/// What every reader gets of a store, in one text.
func answers(_ store: Store, people: Bool = false) async throws -> String {
    var text = ""
    let page = try await store.list(ListFilter(limit: 1000), at: .now)
    text += page.json.canonicalText + "\n"
    for row in page.rows {
        let lookup = Lookup(try ReportKey(parsing: row.version.key))
        let answer = try await store.get(lookup, body: .record, at: .now)
        text += String(decoding: answer.bytes, as: UTF8.self)
        for item in try await store.history(lookup) { text += item.json.canonicalText + "\n" }
        for item in try await store.notes(lookup) { text += item.json.canonicalText + "\n" }
        guard people else { continue }
        let names = try await store.get(lookup, body: .people, at: .now)
        text += String(decoding: names.bytes, as: UTF8.self)
    }
    return text
}

/// The error that a body throws; records an issue when it throws none.
func failure(
    _ body: () async throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
) async -> ReportError {
    do {
        try await body()
    } catch let error as ReportError {
        return error
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return ReportError(.partial, "nothing was thrown")
}

/// Expects that a body throws an error with a code; must not stand inside of `#expect`.
func expectFailure(
    _ code: ReportError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    let error = await failure(body, sourceLocation: sourceLocation)
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
}

extension String {
    /// The text with a range replaced, without Foundation.
    func replacingCharacters(_ range: Range<String.Index>, _ replacement: String) -> String {
        String(self[..<range.lowerBound]) + replacement + String(self[range.upperBound...])
    }
}
