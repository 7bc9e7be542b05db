import LMDB
import ReportModel

/// Bodies that several entries share: a supplement and a version under a new key store older files
/// as aliases.
struct BodyAliases: Sendable {
    let tables: Tables

    private var bodies: BodyRows { BodyRows(tables) }
    private var entries: EntryRows { EntryRows(tables: tables) }
    private var heads: HeadRows { HeadRows(tables: tables) }

    /// Removes a body; when others share its bytes, the first of them holds them from now on.
    /// - Returns: whether the body was held.
    func erase(
        _ stored: StoredEntry,
        index: Int,
        _ transaction: borrowing WriteTransaction
    ) throws -> Bool {
        guard let origin = try bodies.origin(of: stored.place, index: index, transaction) else {
            return false
        }
        try tables.pending?.keep(stored.place, index: index) { () throws in
            try bodies.body(at: stored.place, index: index, transaction)
        }
        guard origin.head.codec != .alias else {
            try bodies.remove(at: stored.place, index: index, transaction)
            return true
        }
        let sharers = try aliases(of: stored, index: index, transaction)
        let body = try sharers.first.flatMap { _ throws in
            try bodies.body(at: stored.place, index: index, transaction)
        }
        try bodies.remove(at: stored.place, index: index, transaction)
        guard let first = sharers.first, let body else { return true }
        try bodies.remove(at: first.place, index: first.index, transaction)
        try bodies.put(
            body,
            compressed: BodyRows.compressed(body),
            at: first.place,
            index: first.index,
            transaction
        )
        for other in sharers.dropFirst() {
            try bodies.putAlias(
                of: first,
                kind: body.kind,
                salt: body.salt,
                byteCount: UInt64(body.bytes.count),
                at: other.place,
                index: other.index,
                transaction
            )
        }
        return true
    }

    /// Places whose body is an alias of one, in the order of logs and versions.
    func aliases<T: ReadOperations & ~Copyable>(
        of stored: StoredEntry,
        index: Int,
        _ transaction: borrowing T
    ) throws -> [(place: EntryPlace, index: Int)] {
        let reference = stored.entry.bodies[index]
        guard reference.kind == .source else { return [] }
        var found: [(place: EntryPlace, index: Int)] = []
        for version in try relatives(of: stored, transaction) where version.place != stored.place {
            for (other, body) in version.entry.bodies.enumerated() where body == reference {
                let origin = try bodies.origin(of: version.place, index: other, transaction)
                if let origin, origin.head.codec == .alias, origin.place == stored.place,
                    origin.index == index
                {
                    found.append((version.place, other))
                }
            }
        }
        return found
    }

    /// Versions of the same key, and of keys that versions were moved to or from.
    private func relatives<T: ReadOperations & ~Copyable>(
        of stored: StoredEntry,
        _ transaction: borrowing T
    ) throws -> [StoredEntry] {
        var waiting = [stored.entry.keyHash]
        var seen: Set<Hash256> = [stored.entry.keyHash]
        var versions: [StoredEntry] = []
        while let keyHash = waiting.popLast() {
            guard let key = try KeyRows(tables: tables).number(ofHash: keyHash, transaction) else {
                continue
            }
            for version in try heads.versions(of: key, transaction) {
                versions.append(version)
                var near: [Hash256] = []
                for subject in version.entry.subjects {
                    if let place = try entries.place(of: subject, transaction) {
                        near.append(try entries.required(at: place, transaction).entry.keyHash)
                    }
                }
                for row in try JudgementRows(tables: tables).rows(about: version.hash, transaction)
                where row.kind == .submit { near.append(row.keyHash) }
                for hash in near where seen.insert(hash).inserted { waiting.append(hash) }
            }
        }
        return versions
    }
}
