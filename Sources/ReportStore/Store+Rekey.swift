import LMDB
public import ReportModel

extension Store {
    /// Moves a version to the key where it belongs; see ``WorkflowStoring``.
    public func rekey(_ command: RekeyCommand) async throws(ReportError) -> JSONValue {
        try await self.command { [self] transaction in
            let target = try target(command.lookup, transaction)
            guard target.key != command.key else {
                throw ReportError(.conflict, "the version stands under this key already")
            }
            guard target.state.judgement?.kind != .rekey else {
                throw ReportError(.conflict, "the version was moved already")
            }
            try checkMayJudge([target.stored], transaction)
            try checkIsTaken(target.stored, transaction)
            let filing = try moved(target, to: command.key, transaction)
            let outcome = try append(filing, transaction)
            guard case .stored(let version) = outcome else {
                throw ReportError(
                    .conflict,
                    "\(command.key.text) has these files already: version \(outcome.version.number)",
                    hint: "take the other one back: reportctl retract"
                )
            }
            let log = try ownRow(transaction).descriptor.id
            let detail: JSONValue = [
                "from": .string("\(target.key.text)@\(target.version.number)"),
                "to": .string("\(version.key)@\(version.number)"),
                "reason": .string(command.reason), "by": .optional(command.by),
            ]
            let appended = try append(
                Statement(
                    kind: .rekey,
                    keyHash: target.stored.entry.keyHash,
                    subjects: [target.stored.hash, version.hash],
                    bodies: [Self.detail(detail, about: target.key)],
                    referred: target.referred(own: log) + [version.recordedAt]
                ),
                transaction
            )
            let from = try judged(
                target.stored,
                target.key,
                appended.entry,
                appended.hash,
                transaction
            )
            let to = JudgedVersion(
                version: version,
                entry: version.hash,
                recordedAt: version.recordedAt
            )
            return ["from": from.json, "to": to.json]
        }
    }

    /// The filing that a version makes under another key.
    private func moved(
        _ target: Target,
        to key: ReportKey,
        _ transaction: borrowing WriteTransaction
    ) throws -> PreparedFiling {
        let bodies = BodyRows(tables)
        let judgements = JudgementRows(tables: tables)
        let place = try judgements.reading(target.state, transaction) ?? target.stored.place
        let entry = try EntryRows(tables: tables).required(at: place, transaction).entry
        guard let body = try bodies.body(at: place, index: 0, transaction),
            let json = try? JSONValue(parsing: body.bytes), var record = try? Record(json: json)
        else { throw try withheld("the record", target.stored, index: 0, transaction) }
        var people: [Person] = []
        if let index = entry.bodies.firstIndex(where: { $0.kind == .people }),
            let body = try bodies.body(at: place, index: index, transaction)
        {
            let elements = (try? JSONValue(parsing: body.bytes))?.arrayValue ?? []
            people = elements.compactMap { try? Person(json: $0) }
        }
        record.move(to: key, divisions: divisions)
        let own = target.stored.entry.bodies
        let sources = own.indices.filter { own[$0].kind == .source }.map {
            Filing.Source.held(entry: target.stored.hash, body: $0)
        }
        var plain = Filing(key: key, record: record, people: people, sources: sources)
        plain.isRecordOnly = sources.isEmpty && !record.sources.isEmpty
        var filing = try PreparedFiling(plain)
        filing.subjects = [target.stored.hash]
        return filing
    }
}

extension Record {
    /// Puts year, region, unit and kind of a key in place of what was read, and says so in `given`.
    fileprivate mutating func move(to key: ReportKey, divisions: Divisions) {
        var used = given
        var overridden = given["overridden"]?.objectValue ?? [:]
        func note(_ field: String, _ old: JSONValue, _ new: JSONValue) {
            used[field] = new
            if !old.isNull { overridden[field] = old }
        }
        let path = ([key.city] + (key.district.map { [$0] } ?? [])).joined(separator: "/")
        if year != key.year {
            note("year", .optional(year), .integer(key.year))
            year = key.year
        }
        if region.city != key.city || region.district != key.district {
            note("region", .string(region.description), .string(path))
            region =
                divisions.resolve(path, year: key.year)
                ?? Region(city: key.city, district: key.district)
        }
        let suffix = "（\(UnitScope.consolidated.rawValue)）"
        let isConsolidated = key.unit.hasSuffix(suffix)
        let short = isConsolidated ? String(key.unit.dropLast(suffix.count)) : key.unit
        let wasConsolidated = unit.scope == UnitScope.consolidated.rawValue
        if unit.shortName != short || isConsolidated != wasConsolidated {
            note("unit", .optional(unit.name), .string(key.unit))
            if unit.shortName != short {
                if let name = unit.name, !unit.aliases.contains(name) {
                    unit.aliases.insert(name, at: 0)
                }
                unit.name = (key.district ?? key.city) + short
                unit.shortName = short
            }
            unit.scope = isConsolidated ? UnitScope.consolidated.rawValue : nil
        }
        if kind != key.kind.text {
            note("kind", .string(kind), .string(key.kind.text))
            kind = key.kind.text
        }
        used["origin"] = "rekey"
        if !overridden.isEmpty { used["overridden"] = .object(overridden) }
        given = used
        self.key = key.text
    }
}
