public import ReportModel

/// Takes one file, or a zip of files as one filing, to its outcome: parse in a worker, find out what it is, append it.
///
/// The daemon's inboxes, `PUT` over TCP and `submit --store` all come through here.
public struct Intake: Sendable {
    /// How often a supplement is rebuilt when somebody else appended meanwhile.
    static let maximumAttemptCount = 8

    private let store: any ReportStoring
    private let workers: WorkerPool

    /// Makes an intake.
    /// - Parameters:
    ///   - store: where versions go.
    ///   - workers: who parses.
    public init(store: any ReportStoring, workers: WorkerPool) {
        self.store = store
        self.workers = workers
    }

    /// Parses and appends one file; returns after the disk has it.
    ///
    /// Faults of the document are an outcome `rejected`; faults of this machine are thrown, so that
    /// the caller can try again.
    /// - Parameters:
    ///   - name: file name.
    ///   - bytes: the file.
    ///   - given: what the sender says.
    ///   - ifVersion: version that must be the current one; 0: the key must not exist.
    ///   - check: throws when the sender may not file under a key.
    /// - Returns: the outcome.
    /// - Throws: ``ReportError`` of the store or of a worker that cannot be run.
    public func submit(
        name: String,
        bytes: [UInt8],
        given: GivenFacts = GivenFacts(),
        ifVersion: Int? = nil,
        check: @Sendable (ReportKey) throws(ReportError) -> Void = { _ in }
    ) async throws(ReportError) -> SubmitOutcome {
        let parsed: ParsedFile
        do throws(ReportError) {
            parsed = try await workers.parse(name: name, bytes: bytes, given: given)
        } catch {
            guard error.code.isAboutDocument else { throw error }
            return SubmitOutcome(file: name, outcome: .rejected, error: error)
        }
        guard let text = parsed.record.key, let key = try? ReportKey(parsing: text) else {
            return SubmitOutcome(
                file: name,
                outcome: .rejected,
                record: parsed.record,
                files: parsed.isFiling ? FileCount(of: parsed.record) : nil,
                error: Self.noKeyError(parsed.record)
            )
        }
        do throws(ReportError) {
            try check(key)
        } catch {
            return SubmitOutcome(
                file: name,
                outcome: .rejected,
                record: parsed.record,
                error: error
            )
        }
        let files: [[UInt8]] =
            parsed.isFiling ? try await workers.unpack(bytes).map(\.bytes) : [bytes]
        return try await append(parsed, key: key, name: name, files: files, ifVersion: ifVersion)
    }

    private func append(
        _ parsed: ParsedFile,
        key: ReportKey,
        name: String,
        files: [[UInt8]],
        ifVersion: Int?
    ) async throws(ReportError) -> SubmitOutcome {
        for _ in 0..<Self.maximumAttemptCount {
            let plan = try await plan(parsed, key: key, files: files, ifVersion: ifVersion)
            do throws(ReportError) {
                let outcome = try await store.append(plan.filing)
                let isStored = if case .stored = outcome { true } else { false }
                return SubmitOutcome(
                    file: name,
                    outcome: isStored ? .stored : .duplicate,
                    version: outcome.version,
                    record: plan.filing.record,
                    isSupplement: isStored && plan.filing.basis != nil,
                    droppedParts: isStored ? plan.droppedParts : [],
                    files: parsed.isFiling ? FileCount(of: parsed.record) : nil
                )
            } catch {
                guard error.code == .conflict, error.details["stale"] == .bool(true) else {
                    throw error
                }
            }
        }
        throw ReportError(
            .conflict,
            "the record changed again and again while a supplement was joined to it",
            hint: "hand the file in once more"
        )
    }

    private struct Plan {
        var filing: Filing
        var droppedParts: [String]
    }

    /// Decides between replacement and supplement by the head that is there now.
    private func plan(
        _ parsed: ParsedFile,
        key: ReportKey,
        files: [[UInt8]],
        ifVersion: Int?
    ) async throws(ReportError) -> Plan {
        let sources = files.map { Filing.Source.bytes($0) }
        let replacement = Filing(
            key: key,
            record: parsed.record,
            people: parsed.people,
            sources: sources,
            ifVersion: ifVersion
        )
        let heads = try await store.heads(of: key)
        guard let winner = heads.first, let head = try await record(of: winner) else {
            return Plan(filing: replacement, droppedParts: [])
        }
        let held = Set(head.parts.map(\.kind))
        let added = Set(parsed.record.parts.map(\.kind))
        let known = Set(head.sources.map(\.sha256))
        let isHeldFile = parsed.record.sources.contains { known.contains($0.sha256) }
        guard !isHeldFile, !added.isEmpty, !held.isEmpty, held.isDisjoint(with: added) else {
            let dropped = head.parts.filter { !added.contains($0.kind) }
            return Plan(
                filing: replacement,
                droppedParts: dropped.map { $0.title ?? $0.kind.rawValue }
            )
        }
        let merged = try await workers.merge(head: head, supplement: parsed.record)
        let older = head.sources.indices.map {
            Filing.Source.heldFile(entry: winner.hash, number: $0)
        }
        let filing = Filing(
            key: key,
            record: merged,
            people: try await people(of: winner) + parsed.people,
            sources: older + sources,
            ifVersion: ifVersion,
            basis: heads.map(\.hash)
        )
        return Plan(filing: filing, droppedParts: [])
    }

    private func lookup(_ version: VersionInfo) throws(ReportError) -> Lookup {
        guard let lookup = try? Lookup(parsing: "\(version.key)@\(version.id)") else {
            throw ReportError(.internal, "a stored key is no lookup")
        }
        return lookup
    }

    /// The record of a version; nil when its body was erased.
    private func record(of version: VersionInfo) async throws(ReportError) -> Record? {
        do throws(ReportError) {
            let answer = try await store.get(try lookup(version), body: .record, at: .now)
            guard let json = try? JSONValue(parsing: answer.bytes) else { return nil }
            return try? Record(json: json)
        } catch {
            guard error.code == .erased else { throw error }
            return nil
        }
    }

    private func people(of version: VersionInfo) async throws(ReportError) -> [Person] {
        do throws(ReportError) {
            let answer = try await store.get(try lookup(version), body: .people, at: .now)
            let elements = (try? JSONValue(parsing: answer.bytes))?.arrayValue ?? []
            return elements.compactMap { try? Person(json: $0) }
        } catch {
            guard error.code == .erased || error.code == .notFound else { throw error }
            return []
        }
    }

    /// Says which of year, region and unit is unknown or ambiguous.
    static func noKeyError(_ record: Record) -> ReportError {
        var missing: [JSONValue] = []
        if record.year == nil { missing.append("year") }
        if record.region.city == nil { missing.append("region") }
        if record.unit.shortName == nil { missing.append("unit") }
        let words = missing.compactMap(\.stringValue).joined(separator: ", ")
        let candidates = record.region.json["candidates"] ?? []
        let regions = record.region.candidates.map(\.description).joined(separator: ", ")
        return ReportError(
            .noKey,
            regions.isEmpty
                ? "the document does not say: \(words)"
                : "the region's name is shared by several regions: \(regions)",
            hint: "give what is missing with --year, --region, --unit or --kind",
            details: ["missing": .array(missing), "candidates": candidates]
        )
    }
}
