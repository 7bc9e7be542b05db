import ReportClient
import ReportIntake
import ReportModel

/// What today's rules find in a stored record, with what was said about it.
struct StoredFindings {
    var key: String
    var findings: [Finding]
    /// Explanations that hold, by fingerprint.
    var explanations: [String: NoteItem]

    /// Gets a record, its notes and last year's filing, and applies the rules.
    /// - Throws: ``ReportError`` of the service or of the worker.
    static func load(
        _ lookup: String,
        from service: any ReportService,
        workers: WorkerPool
    ) async throws(ReportError) -> StoredFindings {
        let current = try await record(lookup, from: service)
        let key = current.key ?? lookup
        let previous = try await lastYear(key, from: service)
        let findings = try await workers.check(current, previous: previous)
        return StoredFindings(
            key: key,
            findings: findings,
            explanations: NoteItem.holding(try await service.notes(key))
        )
    }

    /// The same unit's filing of the year before; nil when there is none.
    private static func lastYear(
        _ text: String,
        from service: any ReportService
    ) async throws(ReportError) -> Record? {
        guard let key = try? ReportKey(parsing: text) else { return nil }
        let wanted = "\(key.year - 1)" + text.drop { $0 != "/" }
        do throws(ReportError) {
            let found = try await record(wanted, from: service)
            return found.key == wanted ? found : nil
        } catch {
            // A lookup of a key that is not there may meet others.
            guard [.notFound, .erased, .ambiguous].contains(error.code) else { throw error }
            return nil
        }
    }

    private static func record(
        _ lookup: String,
        from service: any ReportService
    ) async throws(ReportError) -> Record {
        let reply = try await service.get(lookup, body: .record, at: .now)
        let json = try Answer.json(reply.bytes)
        do throws(RecordError) {
            return try Record(json: json)
        } catch {
            throw ReportError(.internal, "the stored record is not understood: \(error)")
        }
    }

    /// The findings as objects; explained ones have `explained`.
    var json: [JSONValue] {
        findings.map { finding in
            guard let item = explanations[finding.fingerprint] else { return finding.json }
            var members = finding.json.objectValue ?? [:]
            members["explained"] = [
                "text": .string(item.note.text), "by": .optional(item.note.author),
                "at": .string(item.recordedAt.description), "node": .string(item.node),
            ]
            return .object(members)
        }
    }

    /// The fingerprint that a rule or the beginning of a fingerprint names.
    /// - Throws: ``ReportError`` `not-found` or `ambiguous` with what there is.
    func fingerprint(of name: String) throws(ReportError) -> String {
        let matches = findings.filter {
            $0.rule == name.uppercased()
                || name.utf8.count >= 4 && $0.fingerprint.hasPrefix(name.lowercased())
        }
        if matches.count == 1 { return matches[0].fingerprint }
        // What was explained and is found no more can still be withdrawn.
        if matches.isEmpty, explanations[name] != nil { return name }
        let known = (matches.isEmpty ? findings : matches).map { "\($0.rule) \($0.fingerprint)" }
        throw ReportError(
            matches.isEmpty ? .notFound : .ambiguous,
            matches.isEmpty
                ? "\(key) has no finding \(name)" : "\(name) names \(matches.count) findings",
            hint: known.isEmpty ? nil : "one of: " + known.joined(separator: ", ")
        )
    }
}
