import ReportIntake
import ReportModel
import Synchronization

@testable import ReportDaemon

/// An intake that does what the text of a file says.
///
/// `ok …` is stored; `needs year region unit` is stored when all of these are given;
/// `of CITY DISTRICT` is of that region unless another is forced; `code <code>` is rejected; `half …` without `END` is truncated; `throw <code>` fails as long as
/// the store is ill.
final class FakeStore: Sendable {
    private struct State {
        var versions: [[UInt8]: VersionInfo] = [:]
        var isIll = false
        var submissions: [(name: String, given: GivenFacts)] = []
        var running = 0
        var mostRunning = 0
        var waiters: [(count: Int, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    static let log = LogID([UInt8](repeating: 7, count: 16))

    var versionCount: Int { state.withLock { $0.versions.count } }
    var submissions: [(name: String, given: GivenFacts)] { state.withLock { $0.submissions } }
    var mostRunning: Int { state.withLock { $0.mostRunning } }
    func waitForSubmissions(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.submissions.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    func setIll(_ isIll: Bool) { state.withLock { $0.isIll = isIll } }

    func submit(
        _ name: String,
        _ bytes: [UInt8],
        _ given: GivenFacts,
        _ check: @Sendable (ReportKey) throws(ReportError) -> Void = { _ in }
    ) async throws(ReportError) -> SubmitOutcome {
        let waiters = state.withLock { state in
            state.submissions.append((name, given))
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
            let count = state.submissions.count
            defer { state.waiters.removeAll { $0.count <= count } }
            return state.waiters.filter { $0.count <= count }.map(\.1)
        }
        for waiter in waiters { waiter.resume() }
        defer { state.withLock { $0.running -= 1 } }
        await Task.yield()
        let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        let isIll = state.withLock { $0.isIll }
        switch words.first {
        case "throw" where isIll:
            throw ReportError(
                ReportError.Code(rawValue: String(words[1])) ?? .internal,
                "the store is ill"
            )
        case "code":
            let code = ReportError.Code(rawValue: String(words[1])) ?? .internal
            return SubmitOutcome(file: name, outcome: .rejected, error: ReportError(code, "no"))
        case "half" where words.last != "END":
            return SubmitOutcome(
                file: name,
                outcome: .rejected,
                error: ReportError(.truncated, "cut")
            )
        case "needs":
            let missing = words.dropFirst().filter { word in
                switch word {
                case "year": given.year == nil
                case "region": given.region == nil
                case "unit": given.unit == nil
                default: false
                }
            }
            if !missing.isEmpty { return Self.noKey(name, missing.map(String.init)) }
        case "of":
            let path = given.force ? given.region ?? "" : words[1...2].joined(separator: "/")
            do throws(ReportError) {
                guard let key = try? ReportKey(parsing: "2023/\(path)/总工会/整体支出") else {
                    throw ReportError(.internal, "no key")
                }
                try check(key)
            } catch {
                return SubmitOutcome(
                    file: name,
                    outcome: .rejected,
                    record: Self.record(given),
                    error: error
                )
            }
        default: break
        }
        return store(name, bytes, given)
    }

    private static func noKey(_ name: String, _ missing: [String]) -> SubmitOutcome {
        SubmitOutcome(
            file: name,
            outcome: .rejected,
            record: record(GivenFacts()),
            error: ReportError(
                .noKey,
                "the document does not say",
                details: [
                    "missing": .strings(missing),
                    "candidates": [
                        ["province": "江苏省", "city": "南京市", "district": "鼓楼区"],
                        ["province": "福建省", "city": "福州市", "district": "鼓楼区"],
                    ],
                ]
            )
        )
    }

    static func record(_ given: GivenFacts) -> Record {
        var record = Record(
            parser: "1",
            rules: "1",
            region: Region(code: "440811", province: "广东省", city: "湛江市", district: "麻章区"),
            unit: UnitIdentity(name: "湛江市麻章区总工会", shortName: "总工会"),
            kind: "整体支出"
        )
        record.year = given.year
        return record
    }

    private func store(_ name: String, _ bytes: [UInt8], _ given: GivenFacts) -> SubmitOutcome {
        state.withLock { state in
            if let version = state.versions[bytes] {
                return SubmitOutcome(
                    file: name,
                    outcome: .duplicate,
                    version: version,
                    record: Self.record(given)
                )
            }
            guard let log = Self.log else { return SubmitOutcome(file: name, outcome: .rejected) }
            let number = state.versions.count + 1
            let version = VersionInfo(
                key: "2023/湛江市/麻章区/总工会/整体支出",
                number: number,
                hash: Hash256(hashing: bytes),
                parents: [],
                log: log,
                sequence: UInt64(number),
                recordedAt: .now,
                arrivedAt: .now,
                node: "test"
            )
            state.versions[bytes] = version
            return SubmitOutcome(
                file: name,
                outcome: .stored,
                version: version,
                record: Self.record(given)
            )
        }
    }
}

/// A journal in memory that outlives the inboxes which use it.
final class MemoryJournal: InboxJournal {
    private let rows = Mutex<[[UInt8]: [UInt8]]>([:])
    private let fault = Mutex<ReportError?>(nil)

    func setFault(_ error: ReportError?) { fault.withLock { $0 = error } }

    func count(_ letter: Unicode.Scalar) -> Int {
        rows.withLock { $0.keys.count { $0.first == UInt8(ascii: letter) } }
    }

    func get(_ key: [UInt8]) async throws(ReportError) -> [UInt8]? {
        if let error = fault.withLock({ $0 }) { throw error }
        return rows.withLock { $0[key] }
    }

    func write(_ changes: [InboxJournalChange]) async throws(ReportError) {
        if let error = fault.withLock({ $0 }) { throw error }
        rows.withLock { rows in
            for change in changes {
                switch change {
                case .put(let key, let value):
                    precondition(key.count <= 100)
                    rows[key] = value
                case .delete(let key): rows[key] = nil
                }
            }
        }
    }

    func scan(
        prefix: [UInt8],
        after key: [UInt8]?,
        limit: Int
    ) async throws(ReportError) -> [InboxJournalRow] {
        if let error = fault.withLock({ $0 }) { throw error }
        let found = rows.withLock { rows in
            rows.filter { row in
                row.key.starts(with: prefix)
                    && (key.map { $0.lexicographicallyPrecedes(row.key) } ?? true)
            }
        }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .prefix(limit).map { InboxJournalRow(key: $0.key, value: $0.value) }
    }
}
