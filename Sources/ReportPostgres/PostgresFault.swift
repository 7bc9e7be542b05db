import ReportModel

/// What a database refused, or that it is not there any more.
struct PostgresFault: Error, CustomStringConvertible {
    /// Five characters that say what is wrong; empty when no server answered.
    var state: String
    /// What the server says, for people alone: texts of engines differ.
    var message: String
    /// Whether the connection is gone.
    var isLost: Bool

    var description: String {
        state.isEmpty ? message : "\(message) (SQLSTATE \(state))"
    }

    /// What is to be done about a fault.
    enum Kind: Sendable {
        /// The transaction lost against another one and may be tried again at once.
        case conflict
        /// The server or the way to it is gone: try again on a new connection, and read back first,
        /// since nobody knows whether the last commit counted.
        case away
        /// Somebody else put the row there first.
        case duplicate
        /// The engine does not let this user, or anybody, use COPY.
        case noCopy
        /// The database has no room.
        case full
        /// The database does not take writes: a standby.
        case readOnly
        /// The tables are not there.
        case noTables
        /// Nothing that another attempt would change.
        case lasting
    }

    /// What is to be done, by SQLSTATE alone.
    ///
    /// Source: PostgreSQL manual, appendix A; 40001 and 40P01 of every engine under SERIALIZABLE.
    var kind: Kind {
        switch state {
        case "40001", "40P01", "55P03": return .conflict
        case "23505": return .duplicate
        case "25006": return .readOnly
        case "53100", "53200": return .full
        case "42P01": return .noTables
        case "57P01", "57P02", "57P03", "58030", "58000", "57014": return .away
        case "42501", "0A000": return .noCopy
        case let state where state.hasPrefix("08"): return .away
        case let state where state.hasPrefix("53"): return .away
        default: return isLost ? .away : .lasting
        }
    }

    /// Whether the connection is of no more use: it is gone, or leads to a server that takes no writes
    /// any more, while another one of the address may.
    var isOfConnection: Bool { isLost || kind == .away || kind == .readOnly }

    /// The fault in the words of the store.
    var reportError: ReportError {
        switch kind {
        case .conflict, .away, .duplicate:
            ReportError(
                .unreachable,
                "the database does not answer: \(self)",
                hint: "nothing is acknowledged; it is tried again once the database is back"
            )
        case .full:
            ReportError(
                .noSpace,
                "the database has no room: \(self)",
                hint: "make room on its disk"
            )
        case .readOnly:
            ReportError(
                .unreachable,
                "the database is a standby and takes no writes: \(self)",
                hint: "name all its servers in store:, with target_session_attrs=read-write"
            )
        case .noTables: PostgresSchema.missing
        case .noCopy, .lasting:
            ReportError(.internal, "the database refuses: \(self)")
        }
    }
}
