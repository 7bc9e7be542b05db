public import ReportModel

/// A version of a record that an export goes through.
public struct FetchedRecord: Sendable {
    /// The key.
    public var key: String
    /// The version's id.
    public var id: String
    /// What `get` prints; nil when the record was erased, or never sent to this node.
    public var bytes: [UInt8]?
    /// What `get --people` prints; nil unless it was asked for and is here.
    public var people: [UInt8]?
}

/// Goes through all records that a list shows, with many questions under way at once.
///
/// Versions are those that the list named, whatever is filed meanwhile.
public struct RecordFetch: Sendable {
    /// Rows of one page of the list.
    private static let pageCount = 500
    /// Questions under way at once.
    private static let windowCount = 32

    private let service: any ReportService
    private let query: ListQuery
    private let allVersions: Bool
    private let people: Bool

    /// Makes a fetch.
    /// - Parameters:
    ///   - service: who is asked.
    ///   - query: conditions; its limit does not count.
    ///   - allVersions: every version instead of the current one.
    ///   - people: names and telephone numbers as well.
    public init(
        _ service: any ReportService,
        _ query: ListQuery,
        allVersions: Bool = false,
        people: Bool = false
    ) {
        self.service = service
        self.query = query
        self.allVersions = allVersions
        self.people = people
    }

    /// Calls a body with each version, in order of key and number.
    /// - Parameter body: takes one version.
    /// - Throws: ``ReportError``; what `body` throws.
    public func each(
        _ body: (FetchedRecord) async throws(ReportError) -> Void
    ) async throws(ReportError) {
        var page = query
        page.filter.limit = Self.pageCount
        repeat {
            let answer = try await service.list(page)
            var wanted: [(key: String, id: String)] = []
            for row in answer["rows"]?.arrayValue ?? [] {
                guard let key = row["key"]?.stringValue, let id = row["id"]?.stringValue else {
                    throw ReportError(.internal, "the list is not understood")
                }
                wanted += allVersions ? try await versions(of: key) : [(key, id)]
            }
            var next = 0
            while next < wanted.count {
                let end = min(next + Self.windowCount, wanted.count)
                for result in await fetch(wanted[next..<end], at: query.moment) {
                    try await body(try result.get())
                }
                next = end
            }
            page.filter.after = answer["next"]?.stringValue
        } while page.filter.after != nil
    }

    /// Ids of the versions of a key, oldest first.
    private func versions(
        of key: String
    ) async throws(ReportError) -> [(key: String, id: String)] {
        let items = try await service.history(key).arrayValue ?? []
        var ids: [(key: String, id: String)] = []
        for item in items where item["kind"]?.stringValue == EntryKind.submit.name {
            if let id = item["id"]?.stringValue { ids.append((key, id)) }
        }
        return ids
    }

    /// Asks for several versions at once; the answers come in the order of the questions.
    private func fetch(
        _ wanted: ArraySlice<(key: String, id: String)>,
        at moment: Moment
    ) async -> [Result<FetchedRecord, ReportError>] {
        await withTaskGroup(
            of: (index: Int, result: Result<FetchedRecord, ReportError>).self
        ) { group in
            for (index, version) in wanted.enumerated() {
                group.addTask {
                    do throws(ReportError) {
                        let record = try await fetch(version.key, version.id, moment)
                        return (index, .success(record))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [Int: Result<FetchedRecord, ReportError>] = [:]
            for await answer in group { results[answer.index] = answer.result }
            return results.keys.sorted().compactMap { results[$0] }
        }
    }

    private func fetch(
        _ key: String,
        _ id: String,
        _ moment: Moment
    ) async throws(ReportError) -> FetchedRecord {
        let lookup = key + "@" + id
        var record = FetchedRecord(key: key, id: id)
        record.bytes = try await bytes(lookup, .record, moment)
        if people, record.bytes != nil {
            record.people = try await bytes(lookup, .people, moment)
        }
        return record
    }

    /// The bytes of a body; nil when it is not held any more.
    private func bytes(
        _ lookup: String,
        _ body: BodySelector,
        _ moment: Moment
    ) async throws(ReportError) -> [UInt8]? {
        do throws(ReportError) {
            return try await service.get(lookup, body: body, at: moment).bytes
        } catch {
            guard error.code == .erased else { throw error }
            return nil
        }
    }
}
