import LMDB
import ReportModel

/// One search within a snapshot of the index and a snapshot of the store that is not older.
struct SearchRun {
    let store: Store
    let query: SearchQuery
    let plan: SearchPlan
    let database: SearchDatabase
    let state: SearchState

    private struct Found {
        var version: VersionInfo
        var record: [UInt8]
        var json: JSONValue
        /// Whether the text of its files is kept and may be shown.
        var hasText: Bool
    }

    private var tables: Tables { store.tables }

    /// Answers the search.
    /// - Parameters:
    ///   - index: snapshot of the index.
    ///   - main: snapshot of the store.
    /// - Returns: the page.
    /// - Throws: ``ReportError``; ``SearchDamage``.
    func page(
        _ index: borrowing ReadTransaction,
        _ main: borrowing ReadTransaction
    ) throws -> SearchPage {
        let position = try Metadata(tables).counter(.arrival, main)
        var page = SearchPage(indexedUpTo: state.indexedUpTo, position: position)
        let after = try query.after.map { try SearchRank.parse($0) }
        var heap = CandidateHeap(try candidates(index, main))
        let found = heap.count
        let countsAll = plan.isUncertain && found <= SearchLimits.exactTotalCount
        let limit = min(max(1, query.limit), SearchQuery.maximumLimit)
        var reader = DocumentReader(database)
        var maker = SnippetMaker(plan.wanted.map(\.scalars))
        var last: SearchRank?
        var checked = 0
        var rejected = 0
        var accepted = countsAll ? 0 : after?.count ?? 0
        while checked < SearchLimits.maximumVerifiedCount, let candidate = heap.next() {
            let isBefore = after.map { candidate.rank <= $0.rank } ?? false
            if isBefore, !countsAll { continue }
            let isFull = page.rows.count == limit
            if isFull, !countsAll {
                page.next = last?.token(count: accepted)
                break
            }
            checked += 1
            guard let hit = try verify(candidate.document, &reader, index, main) else {
                rejected += 1
                continue
            }
            if isFull, page.next == nil {
                page.next = last?.token(count: accepted)
            }
            accepted += 1
            guard !isBefore, !isFull else { continue }
            last = candidate.rank
            let text =
                hit.hasText ? try TextRows(database).text(of: candidate.document, index) : nil
            let snippets = maker.snippets(hit.record, text)
            page.rows.append(
                SearchHit(
                    summary: RecordSummary(row: hit.json, version: hit.version),
                    snippets: snippets
                )
            )
        }
        if page.next == nil, checked == SearchLimits.maximumVerifiedCount, heap.count > 0 {
            page.next = last?.token(count: accepted)
        }
        let isCaughtUp = state.indexedUpTo >= position
        if plan.isUncertain {
            page.total = accepted
            page.totalIsExact = isCaughtUp && (countsAll || heap.count == 0 && page.next == nil)
        } else {
            page.total = found - rejected
            page.totalIsExact = isCaughtUp
        }
        return page
    }

    /// What the index finds, with what it needs to be put in order.
    private func candidates(
        _ index: borrowing ReadTransaction,
        _ main: borrowing ReadTransaction
    ) throws -> [CandidateHeap.Candidate] {
        let keys = try query.within.map { try self.keys(within: $0, main) }
        if let keys, keys.isEmpty { return [] }
        let list = try matches(index)
        var reader = DocumentReader(database)
        var candidates: [CandidateHeap.Candidate] = []
        candidates.reserveCapacity(list.documents.count)
        for (document, score) in zip(list.documents, list.weights) {
            let flags = try reader.flags(document, index)
            guard flags.contains(.indexed), !flags.contains(.erased),
                query.allVersions || flags.contains(.current)
            else { continue }
            let row = try reader.row(document, index)
            if let keys, !keys.contains(row.key) { continue }
            if !plan.years.isEmpty, !plan.accepts(year: Int(row.year)) { continue }
            candidates.append(
                CandidateHeap.Candidate(
                    rank: SearchRank(score: score, row),
                    document: document
                )
            )
        }
        return candidates
    }

    private func keys(
        within lookup: Lookup,
        _ main: borrowing ReadTransaction
    ) throws -> Set<UInt64> {
        let resolver = Resolver(tables: tables, divisions: store.divisions)
        let hits = try resolver.hits(lookup, main) { _ in true }?.hits ?? []
        return Set(hits.map(\.number))
    }

    private func matches(_ index: borrowing ReadTransaction) throws -> PostingList {
        let reader = PostingReader(database: database, segments: state.segments)
        var list: PostingList?
        for term in plan.wanted {
            var matches: PostingList?
            for bigram in term.bigrams {
                let next = try reader.list(of: bigram, index)
                if matches == nil { matches = next } else { matches?.intersect(next, min) }
                if matches?.documents.isEmpty == true { return PostingList() }
            }
            guard let matches else { continue }
            if list == nil { list = matches } else { list?.intersect(matches, +) }
        }
        for bigram in plan.conditionBigrams {
            let next = try reader.list(of: bigram, index)
            if list == nil { list = next } else { list?.intersect(next) { left, _ in left } }
        }
        var result = try list ?? reader.everything(index)
        for term in plan.terms where term.isExcluded && term.isExact {
            result.subtract(try reader.list(of: term.bigrams[0], index))
        }
        return result
    }

    /// Looks whether a report is what was looked for; nil when it is not.
    private func verify(
        _ document: UInt32,
        _ reader: inout DocumentReader,
        _ index: borrowing ReadTransaction,
        _ main: borrowing ReadTransaction
    ) throws -> Found? {
        guard let feed = try store.feedRow(UInt64(document), main),
            let text = try KeyRows(tables: tables).text(of: feed.key, main),
            let key = try? ReportKey(parsing: text),
            let stored = try EntryRows(tables: tables).entry(at: feed.place, main),
            let number = CurrentDocument.recordIndex(stored.entry)
        else { return nil }
        let head = try HeadRows(tables: tables).row(feed.key, main)
        let row = head?.record == feed.place ? head : nil
        guard query.allVersions || row != nil,
            let version = try CurrentDocument(tables: tables).version(stored, main),
            let body = try BodyRows(tables).body(at: feed.place, index: number, main)
        else { return nil }
        var found = Found(
            version: try HeadRows(tables: tables).info(version, key: text, main),
            record: body.bytes,
            json: .null,
            hasText: false
        )
        if let row {
            found.version.conflict = row.conflict
            found.json = (try? JSONValue(parsing: row.row)) ?? .null
        } else {
            found.json = rowOfOlder(found)
        }
        guard plan.accepts(key, found.json) else { return nil }
        let flags = try reader.flags(document, index)
        // Text of which a file is gone speaks no more, though its terms may still be listed.
        if flags.contains(.text) {
            found.hasText = try SourceFiles(tables: tables).areHeld(of: version, main)
        }
        let isStripped = flags.contains(.stripped) || flags.contains(.text) && !found.hasText
        let isFound = try plan.holds(found.record, checksAll: isStripped) { () throws in
            found.hasText ? try TextRows(database).text(of: document, index) : nil
        }
        return isFound ? found : nil
    }

    /// The list row of a version that is not the current one.
    private func rowOfOlder(_ found: Found) -> JSONValue {
        guard let facts = RecordFacts(recordBytes: found.record) else {
            return RecordSummary(withheld: found.version).json
        }
        var members = facts.summary(found.version).json.objectValue ?? [:]
        members["province"] = .optional(facts.province)
        members["partKinds"] = .strings(facts.partKinds)
        return .object(members)
    }
}

extension SearchPlan {
    /// Whether the texts of a report hold the terms that the index cannot tell.
    /// - Parameters:
    ///   - record: the record.
    ///   - checksAll: whether the other terms are looked for as well.
    ///   - text: gives the text of its files; asked only when the record does not decide.
    /// - Returns: whether each stands there, or does not when it must not.
    /// - Throws: what `text` throws.
    func holds(
        _ record: [UInt8],
        checksAll: Bool,
        text: () throws -> [UInt8]?
    ) rethrows -> Bool {
        let terms = checksAll ? terms : verified
        guard !terms.isEmpty else { return true }
        var isThere = [Bool](repeating: false, count: terms.count)
        var folding = TextFolding()
        var count = 0
        func look(_ bytes: UnsafeBufferPointer<UInt8>) {
            folding.reset()
            folding.add(json: bytes)
            count += folding.scalars.count
            for (index, term) in terms.enumerated() where !isThere[index] {
                isThere[index] = folding.scalars.holds(term.scalars)
            }
        }
        record.withUnsafeBufferPointer { record in
            RecordText.forEach(in: record) { piece in
                look(piece.bytes)
                return count <= 2 * SearchLimits.maximumDocumentScalarCount
            }
        }
        if isThere.contains(false), let text = try text() { text.withUnsafeBufferPointer(look) }
        return zip(terms, isThere).allSatisfy { $0.isExcluded != $1 }
    }
}
