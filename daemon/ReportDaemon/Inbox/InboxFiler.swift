import ReportIntake
import ReportModel

/// Takes one file to its outcome; a crash between any two steps loses nothing and doubles nothing.
///
/// The steps are: read, note in the journal, submit, note the decision, write the receipts, move
/// the file, forget the note. A file with a note goes on where the note says.
struct InboxFiler: Sendable {
    let configuration: InboxConfiguration
    let disk: InboxDisk
    var work = BlockingWork()
    let journal: any InboxJournal
    let submit: Inbox.Submit
    let prove: Inbox.Prove
    let now: @Sendable () -> Timestamp
    let failpoint: @Sendable (InboxFailpoint) throws -> Void
    let reservations = NameReservations()
    let claims = VersionClaims()

    var keys: JournalKey { JournalKey(path: configuration.path) }

    /// Makes one attempt.
    @concurrent
    func process(_ job: FileJob) async -> FileResult {
        do throws(FilerProblem) {
            return try await attempt(job)
        } catch {
            return .problem(error)
        }
    }

    func pass(_ point: InboxFailpoint) throws(FilerProblem) {
        do { try failpoint(point) } catch { throw .crashed }
    }

    func onDisk<T: Sendable>(
        _ body: @escaping @Sendable (InboxDisk) throws(FileFault) -> T
    ) async throws(FilerProblem) -> T {
        let disk = disk
        do throws(FileFault) {
            return try await work.run { () throws(FileFault) in try body(disk) }
        } catch {
            throw .file(error)
        }
    }

    func write(_ changes: [InboxJournalChange]) async throws(FilerProblem) {
        do throws(ReportError) { try await journal.write(changes) } catch { throw .report(error) }
    }

    func value(_ key: [UInt8]) async throws(FilerProblem) -> [UInt8]? {
        do throws(ReportError) { return try await journal.get(key) } catch { throw .report(error) }
    }

    private func attempt(_ job: FileJob) async throws(FilerProblem) -> FileResult {
        let path = job.path
        let held = try await value(keys.note(path)).flatMap { FileNote(bytes: $0) }
        if let held, let decision = held.decision {
            reservations.insert(decision.target)
            return try await finish(held, decision, bytes: nil)
        }
        if path.isInPendingFolder, reservations.contains(path) { return .changed }
        switch try await onDisk({ disk throws(FileFault) in try disk.read(path) }) {
        case .gone:
            try await forget(path, hasNote: held != nil)
            return .gone
        case .changed: return .changed
        case .link: return try await skip(path, .link, hasNote: held != nil)
        case .special: return try await skip(path, .special, hasNote: held != nil)
        case .tooLarge(let stamp):
            guard job.stamp == nil || job.stamp?.file == stamp else { return .changed }
            let error = ReportError(.tooLarge, "the file has more than 64 MiB")
            let note = FileNote(path: path, stamp: stamp, attempts: 1, notedAt: now())
            let given = FolderFacts(configuration: configuration).facts(for: path)
            return try await decide(
                note,
                SubmitOutcomeFacts(error: error),
                outcome: .rejected,
                bytes: nil,
                given: given
            )
        case .file(let bytes, let stamp):
            guard job.stamp == nil || job.stamp?.file == stamp else { return .changed }
            guard !Self.isReceipt(bytes) else {
                return try await skip(path, .receipt, hasNote: held != nil)
            }
            return try await submit(job, bytes: bytes, stamp: stamp, held: held)
        }
    }

    private func skip(
        _ path: InboxPath,
        _ reason: WaitingFile.Reason,
        hasNote: Bool
    ) async throws(FilerProblem) -> FileResult {
        if hasNote { try await write([.delete(key: keys.note(path))]) }
        return .skipped(reason)
    }

    /// Whether a file is a receipt or a page of ours under another name, such as a copy made by a clerk.
    private static func isReceipt(_ bytes: [UInt8]) -> Bool {
        if YearPageFile.isOurs(bytes) { return true }
        let headline = Array(ReceiptWords.headline.utf8)
        if bytes.starts(with: headline) || bytes.dropFirst(3).starts(with: headline) { return true }
        guard bytes.starts(with: Array("{\"bytes\":".utf8)), bytes.count <= 1 << 20,
            let json = try? JSONValue(parsing: bytes)
        else { return false }
        return json["schema"] == "reportd.receipt/1"
    }

    private func submit(
        _ job: FileJob,
        bytes: [UInt8],
        stamp: FileStamp,
        held: FileNote?
    ) async throws(FilerProblem) -> FileResult {
        let path = job.path
        try pass(.afterReading)
        let hash = Hash256(hashing: bytes)
        var given = FolderFacts(configuration: configuration).facts(for: path)
        var form: OpenForm?
        if path.isInPendingFolder {
            let open = try await openForm(of: path)
            if open.isTried(with: hash) {
                if held != nil { try await write([.delete(key: keys.note(path))]) }
                return .unchanged(LookStamp(file: stamp, form: open.stamp))
            }
            given = open.facts(over: given, configuration.divisions)
            form = open
        }
        var note = FileNote(path: path, hash: hash, stamp: stamp, attempts: 1, notedAt: now())
        if let held, held.hash == hash {
            note.attempts = held.attempts + 1
            note.notedAt = held.notedAt
        }
        try await write([.put(key: keys.note(path), value: note.json.canonicalBytes)])
        try pass(.afterNote)
        let outcome = try await handIn(path, bytes, &given, form)
        try pass(.afterSubmit)
        let facts = SubmitOutcomeFacts(
            version: outcome.version,
            record: outcome.record,
            isSupplement: outcome.isSupplement,
            droppedParts: outcome.droppedParts,
            files: outcome.files,
            error: outcome.error
        )
        switch try await meaning(of: outcome, note: note, isYoung: job.isYoung) {
        case .incomplete(let code):
            try await write([.delete(key: keys.note(path))])
            return .incomplete(code)
        case .outcome(.pending) where form != nil:
            return try await keepPending(note, facts, given: given, form: form ?? OpenForm())
        case .outcome(let outcome):
            return try await decide(note, facts, outcome: outcome, bytes: bytes, given: given)
        }
    }

    /// Hands a file in; a region that the clerk wrote in the form decides against the document's.
    private func handIn(
        _ path: InboxPath,
        _ bytes: [UInt8],
        _ given: inout GivenFacts,
        _ form: OpenForm?
    ) async throws(FilerProblem) -> SubmitOutcome {
        let name = FileName.display(path.name)
        do throws(ReportError) {
            let regions = InboxRegions(configuration, given)
            let outcome = try await submit(
                name,
                bytes,
                given,
                { key throws(ReportError) in try regions.check(key) }
            )
            let inbox = FolderFacts(configuration: configuration).facts(for: path)
            guard InboxRegions.isOutside(outcome.error), let form, form.decidesRegion(over: inbox)
            else { return outcome }
            given = InboxRegions.deciding(given, used: outcome.record?.given ?? [:])
            return try await submit(
                name,
                bytes,
                given,
                { key throws(ReportError) in try regions.check(key) }
            )
        } catch {
            throw .report(error)
        }
    }

    private enum Meaning {
        case outcome(InboxOutcome)
        case incomplete(ReportError.Code)
    }

    private func meaning(
        of outcome: SubmitOutcome,
        note: FileNote,
        isYoung: Bool
    ) async throws(FilerProblem) -> Meaning {
        switch outcome.outcome {
        case .stored:
            if let version = outcome.version {
                _ = claims.take(VersionPlace(version), for: note.path)
            }
            return .outcome(.accepted)
        case .duplicate:
            guard let version = outcome.version else { return .outcome(.duplicate) }
            let isOwn = try await isOwn(version, note)
            return .outcome(isOwn ? .accepted : .duplicate)
        case .rejected:
            let error = outcome.error ?? ReportError(.internal, "refused without a reason")
            guard error.code.isAboutDocument else { throw .report(error) }
            if error.code == .noKey { return .outcome(.pending) }
            let isCutOff: [ReportError.Code] = [.empty, .truncated, .unreadable]
            guard isYoung, isCutOff.contains(error.code) else { return .outcome(.rejected) }
            return .incomplete(error.code)
        }
    }

    /// Whether a version that is there already was stored by an earlier attempt at this very file.
    ///
    /// That is so when it came after the first attempt began and no other file has its receipt.
    private func isOwn(
        _ version: VersionInfo,
        _ note: FileNote
    ) async throws(FilerProblem) -> Bool {
        guard note.attempts > 1, version.arrivedAt >= note.notedAt else { return false }
        let place = VersionPlace(version)
        // Taken before the journal is asked: another file gives its claim back once the journal knows.
        guard claims.take(place, for: note.path) else { return false }
        for isComplete in [false, true] {
            do throws(ReportError) {
                let prefix = JournalKey.receipts(place, isComplete: isComplete)
                let rows = try await journal.scan(prefix: prefix, after: nil, limit: 1)
                guard rows.isEmpty else {
                    claims.release(place, of: note.path)
                    return false
                }
            } catch {
                throw .report(error)
            }
        }
        return true
    }
}
