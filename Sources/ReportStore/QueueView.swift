import LMDB
import ReportModel

/// Rows of the queue as one question sees them.
struct QueueView {
    /// A version that waits.
    struct Waiting {
        var key: UInt64
        var rank: QueueRank
        /// When it was due; nil without a roster or a deadline in it.
        var deadline: Timestamp?
        /// Findings that no note explains; nil until they are counted.
        var open: FindingCounts?
    }

    private let store: Store
    private let query: QueueQuery
    private let roster: Roster?
    private let day: Timestamp
    private var tables: Tables { store.tables }

    init(store: Store, query: QueueQuery, roster: Roster?) {
        self.store = store
        self.query = query
        self.roster = roster
        day = query.day ?? .now
    }

    /// A version with its place in the order.
    func waiting<T: ReadOperations & ~Copyable>(
        _ key: UInt64,
        _ head: HeadRow.Head,
        _ transaction: borrowing T
    ) throws -> Waiting {
        var values: [UInt64] = []
        var deadline: Timestamp?
        var open: FindingCounts?
        switch query.order {
        case .age: break
        case .deadline:
            deadline = try self.deadline(of: key, transaction)
            values = QueueRank.values(deadline: deadline)
        case .open:
            let row = try members(of: key, transaction)
            open = try self.open(key, row.members, at: row.record, transaction)
            values = QueueRank.values(open: open ?? FindingCounts())
        }
        let rank = QueueRank(
            values: values,
            recordedAt: head.recordedAt.milliseconds,
            hash: head.hash
        )
        return Waiting(key: key, rank: rank, deadline: deadline, open: open)
    }

    private func deadline<T: ReadOperations & ~Copyable>(
        of key: UInt64,
        _ transaction: borrowing T
    ) throws -> Timestamp? {
        guard let roster,
            let text = try KeyRows(tables: tables).text(of: key, transaction),
            let key = try? ReportKey(parsing: text)
        else { return nil }
        return roster.deadline(for: key)
    }

    private func members<T: ReadOperations & ~Copyable>(
        of key: UInt64,
        _ transaction: borrowing T
    ) throws -> (members: [String: JSONValue], record: EntryPlace?) {
        guard let row = try HeadRows(tables: tables).row(key, transaction),
            let members = (try? JSONValue(parsing: row.row))?.objectValue
        else { throw Sealed.damaged("heads", RowKey.number(key)) }
        return (members, row.record)
    }

    /// The row that is shown.
    func row<T: ReadOperations & ~Copyable>(
        _ item: Waiting,
        _ transaction: borrowing T
    ) throws -> JSONValue {
        let found = try members(of: item.key, transaction)
        var members = found.members
        members["province"] = nil
        members["partKinds"] = nil
        if query.countsOpenFindings || query.order == .open {
            let open = try item.open ?? open(item.key, members, at: found.record, transaction)
            members["open"] = open?.json
        }
        let deadline =
            query.order == .deadline ? item.deadline : try deadline(of: item.key, transaction)
        members["deadline"] = .optional(deadline?.description)
        members["days"] = .optional(deadline.map { Roster.days(from: $0, to: day) })
        return .object(members)
    }

    /// Findings that no note explains; nil when the record is not here.
    ///
    /// The record is read only when there are notes: the row counts all of its findings.
    private func open<T: ReadOperations & ~Copyable>(
        _ key: UInt64,
        _ members: [String: JSONValue],
        at place: EntryPlace?,
        _ transaction: borrowing T
    ) throws -> FindingCounts? {
        guard let place, members["withheld"]?.boolValue != true else { return nil }
        let text = members["key"]?.stringValue ?? ""
        let explained = NoteItem.holding(try store.notes(ofKey: key, text, transaction))
        var open = FindingCounts()
        guard !explained.isEmpty else {
            let counts = members["findings"]
            open.high = counts?["high"]?.integerValue ?? 0
            open.medium = counts?["medium"]?.integerValue ?? 0
            open.low = counts?["low"]?.integerValue ?? 0
            open.info = counts?["info"]?.integerValue ?? 0
            return open
        }
        let body = try BodyRows(tables).body(at: place, index: 0, transaction)
        let record = body.flatMap { try? JSONValue(parsing: $0.bytes) }
        for finding in record?["findings"]?.arrayValue ?? [] {
            guard let severity = finding["severity"]?.stringValue.flatMap(Severity.init),
                explained[finding["fingerprint"]?.stringValue ?? ""] == nil
            else { continue }
            open.add(severity)
        }
        return open
    }
}
