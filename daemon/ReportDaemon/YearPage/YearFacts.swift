import ReportIntake
import ReportModel
import Synchronization

/// Looks up what the page of an inbox tells: in the store, in the roster and in the outcome folders.
struct YearFacts: Sendable {
    let store: any ReportStoring
    let inbox: NodeConfiguration.InboxFolder
    /// Name of the node.
    let name: String
    /// Who is to sign for what is filed here.
    let upstreams: [NodeID]
    /// Who is expected to file; nil when nobody is.
    let roster: @Sendable () throws(ReportError) -> Roster?
    /// Files without an outcome.
    let waiting: @Sendable () async -> [WaitingFile]
    private let work = BlockingWork()
    private let remembered = Remembered()

    /// Findings of versions in words, which never change.
    private final class Remembered: Sendable {
        let messages = Mutex<[Hash256: [String]]>([:])
    }

    init(
        store: any ReportStoring,
        inbox: NodeConfiguration.InboxFolder,
        name: String,
        upstreams: [NodeID],
        roster: @escaping @Sendable () throws(ReportError) -> Roster? = {
            () throws(ReportError) in nil
        },
        waiting: @escaping @Sendable () async -> [WaitingFile] = { [] }
    ) {
        self.store = store
        self.inbox = inbox
        self.name = name
        self.upstreams = upstreams
        self.roster = roster
        self.waiting = waiting
    }

    /// The page of a moment.
    /// - Parameter now: the wall clock.
    /// - Returns: the page.
    /// - Throws: ``ReportError`` of the store or of the folder.
    func page(at now: Timestamp) async throws(ReportError) -> YearPage {
        let day = BeijingDay(now)
        var page = YearPage(year: day.year, place: place, day: day.text)
        try await addRecords(to: &page, day)
        try await addMissing(to: &page, day, now)
        page.problems += ReceiptWords.stuck(await waiting())
        try await addFiles(to: &page, day)
        return page
    }

    private var place: String {
        let words = [inbox.region, inbox.unit].compactMap(\.self)
        return words.isEmpty ? name : words.joined(separator: " ")
    }

    // MARK: Records

    /// Whether only what this node recorded is told: without a region, or where others file here.
    private var isOwnOnly: Bool { inbox.region == nil || upstreams.isEmpty }

    private func addRecords(
        to page: inout YearPage,
        _ day: BeijingDay
    ) async throws(ReportError) {
        var own: Set<LogID> = []
        for state in try await store.logStates() where state.descriptor.node == store.node {
            own.insert(state.descriptor.id)
        }
        // What was sent back stays until it is filed again, over the turn of a year too.
        var filter = ListFilter(
            unit: inbox.unit.map { KeyPart.clean($0) },
            since: BeijingDay.start(of: day.year - 1),
            limit: ListFilter.maximumLimit,
            region: inbox.region
        )
        let start = BeijingDay.start(of: day.year)
        let limit = YearPageLimits.maximumFiledCount
        var filed = FirstRows<RecordSummary>(limit: limit) {
            ($0.version.recordedAt, $0.version.key) > ($1.version.recordedAt, $1.version.key)
        }
        var returned = FirstRows<RecordSummary>(limit: limit) { $0.version.key < $1.version.key }
        while true {
            let found = try await store.list(filter, at: .now)
            for row in found.rows where !isOwnOnly || own.contains(row.version.log) {
                switch row.version.status {
                case .retracted: continue
                case .returned: returned.append(row)
                case .submitted, .approved:
                    if row.version.recordedAt >= start { filed.append(row) }
                }
            }
            guard let next = found.next, next != filter.after else { break }
            filter.after = next
        }
        page.returned = returned.rows.map(Self.returned)
        page.moreReturned = returned.moreCount
        page.moreFiled = filed.moreCount
        var signed: [LogID: UInt64] = [:]
        for row in filed.rows {
            let log = row.version.log
            if signed[log] == nil { signed[log] = try await signedSequence(log) }
            page.filed.append(try await self.filed(row, signedUpTo: signed[log] ?? 0))
        }
    }

    /// How far an upstream has signed for a log.
    private func signedSequence(_ log: LogID) async throws(ReportError) -> UInt64 {
        var last: UInt64 = 0
        for upstream in upstreams {
            let signed = try await store.acknowledgement(log: log, from: upstream)
            last = max(last, signed?.position.sequence ?? 0)
        }
        return last
    }

    private static func report(_ row: RecordSummary) -> String { "\(row.year)年度 \(row.kind)" }

    private static func unit(_ row: RecordSummary) -> String {
        row.unit ?? ReportKey(row.version.key)?.unit ?? ""
    }

    private static func returned(_ row: RecordSummary) -> YearPage.Returned {
        YearPage.Returned(
            key: row.version.key,
            unit: unit(row),
            report: report(row),
            version: row.version.number,
            time: BeijingDay.minute(row.version.recordedAt),
            comment: row.version.comment
        )
    }

    private func filed(
        _ row: RecordSummary,
        signedUpTo signed: UInt64
    ) async throws(ReportError) -> YearPage.Filed {
        var filed = YearPage.Filed(
            key: row.version.key,
            unit: Self.unit(row),
            report: Self.report(row),
            version: row.version.number,
            time: BeijingDay.minute(row.version.recordedAt),
            score: row.score,
            isApproved: row.version.status == .approved,
            isErased: row.isWithheld
        )
        if !upstreams.isEmpty {
            filed.city = row.version.sequence <= signed ? .received : .waiting
        }
        let counts = row.findings
        filed.findings = YearPage.Findings(
            high: counts.high,
            medium: counts.medium,
            low: counts.low,
            info: counts.info
        )
        if !row.isWithheld, counts.high + counts.medium + counts.low + counts.info > 0 {
            filed.findings.messages = try await messages(of: row.version)
        }
        return filed
    }

    /// The gravest findings of a version in words.
    private func messages(of version: VersionInfo) async throws(ReportError) -> [String] {
        if let known = remembered.messages.withLock({ $0[version.hash] }) { return known }
        guard let lookup = try? Lookup(parsing: "\(version.key)@\(version.id)") else { return [] }
        let bytes: [UInt8]
        do throws(ReportError) {
            bytes = try await store.get(lookup, body: .record, at: .now).bytes
        } catch {
            // One damaged value must not take the whole page from the clerk.
            if error.code == .integrity { return [Self.damagedText] }
            guard error.code == .erased || error.code == .notFound else { throw error }
            return []
        }
        let findings = (try? JSONValue(parsing: bytes))?["findings"]?.arrayValue ?? []
        let order = ["high", "medium", "low", "info"]
        let ranked = findings.compactMap { finding -> (Int, String)? in
            guard let message = finding["message"]?.stringValue,
                let rank = order.firstIndex(of: finding["severity"]?.stringValue ?? "")
            else { return nil }
            return (rank, ReceiptWords.line(message))
        }
        let sorted = ranked.enumerated().sorted {
            ($0.element.0, $0.offset) < ($1.element.0, $1.offset)
        }
        let messages = sorted.prefix(YearPageLimits.maximumMessageCount).map(\.element.1)
        remembered.messages.withLock { remembered in
            if remembered.count >= YearPageLimits.maximumRememberedCount { remembered = [:] }
            remembered[version.hash] = messages
        }
        return messages
    }

    /// Stands in the place of findings that the disk does not give any more.
    private static let damagedText = "这份记录在本机磁盘上已损坏，读不出来，请告知管理员。"

    // MARK: The roster

    private func addMissing(
        to page: inout YearPage,
        _ day: BeijingDay,
        _ now: Timestamp
    ) async throws(ReportError) {
        let expected: Roster?
        do throws(ReportError) {
            expected = try roster()
        } catch {
            page.problems.append("应报单位名册读不出来：" + ReceiptWords.line(error.message))
            return
        }
        guard let expected else { return }
        let query = MissingQuery(
            years: (day.year - 1)...day.year,
            region: inbox.region,
            day: now
        )
        let answer = try await store.answer(.missing(query), roster: expected)
        var missing: [(row: YearPage.Missing, rank: Int)] = []
        var isExpected = false
        for row in answer["rows"]?.arrayValue ?? [] {
            guard let state = row["state"]?.stringValue, state != "unexpected",
                let unit = row["unit"]?.stringValue, let year = row["year"]?.integerValue,
                inbox.unit.map({ unit.contains($0) || $0.contains(unit) }) ?? true
            else { continue }
            let deadline = row["deadline"]?.stringValue.flatMap { Timestamp(parsing: $0) }
                .map { BeijingDay($0) }
            // This year's work: what falls due in it, and without a deadline last year's reports.
            guard deadline.map({ $0.year <= day.year }) ?? (year == day.year - 1) else { continue }
            isExpected = true
            guard state == "missing" || state == "overdue" else { continue }
            let days = deadline.map { day.number - $0.number }
            missing.append(
                (
                    YearPage.Missing(
                        unit: unit,
                        report: "\(year)年度 \(row["kind"]?.stringValue ?? "绩效报告")",
                        deadline: deadline?.text,
                        days: days
                    ), -(days ?? -100_000)
                )
            )
        }
        guard isExpected else { return }
        let sorted = missing.enumerated()
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        page.missing = sorted.prefix(YearPageLimits.maximumMissingCount).map(\.element.row)
        page.moreMissing = max(0, sorted.count - YearPageLimits.maximumMissingCount)
    }

    // MARK: Files without a record

    private func addFiles(to page: inout YearPage, _ day: BeijingDay) async throws(ReportError) {
        let path = inbox.path
        let start = BeijingDay.start(of: day.year)
        let (pending, refused) = try await work.run { () throws(ReportError) in
            let reader = OutcomeReader(inbox: path)
            let limit = YearPageLimits.maximumFileCount
            let pending = try reader.files(.pending, limit: limit)
            var refused = try reader.files(.rejected, limit: limit)
            // A file that was put right and dropped again under its name is no work any more.
            let names = Set(refused.files.map(\.name))
            var accepted: [String: Timestamp] = [:]
            for file in try reader.files(.accepted, limit: limit, where: names.contains).files {
                accepted[file.name] = file.time
            }
            // The newest come first: behind one of last year are only older ones.
            let isWhole = refused.files.last.map { $0.time < start } ?? true
            refused.files.removeAll { file in
                file.time < start || accepted[file.name].map { $0 >= file.time } ?? false
            }
            if isWhole { refused.more = 0 }
            return (pending, refused)
        }
        page.pending = pending.files.map(Self.pending)
        page.morePending = pending.more
        page.refused = refused.files.map(Self.refused)
        page.moreRefused = refused.more
    }

    private static func pending(_ file: OutcomeFile) -> YearPage.Pending {
        let words = ["year": "年度", "region": "地区", "unit": "单位", "kind": "类型"]
        let missing = (file.receipt?["error"]?["missing"]?.arrayValue ?? [])
            .compactMap { words[$0.stringValue ?? ""] }
        return YearPage.Pending(
            file: file.name,
            time: BeijingDay.minute(file.time),
            missing: missing.isEmpty ? ["见回执"] : missing,
            form: SafeText.name(ReceiptName.text(of: Array(file.name.utf8)))
        )
    }

    private static func refused(_ file: OutcomeFile) -> YearPage.Refused {
        let words = file.receipt?["error"].map { ErrorAdvice(ReportError(json: $0)) }
        return YearPage.Refused(
            file: file.name,
            time: BeijingDay.minute(file.time),
            reason: words?.reason ?? "回执不在了，原因不明。",
            advice: words?.advice ?? "请再放入收件文件夹一次，或与管理员联系。"
        )
    }
}
