import CLMDB

/// Where a cursor is, kept beside the handle so that a lent cursor need not be mutable.
final class CursorState {
    /// The kinds of places.
    enum Place {
        case unset
        case entry
        /// Where an entry was deleted: liblmdb knows what follows and what comes before.
        case gap
        case beforeFirst
        case behindLast
        case lost
    }

    var place = Place.unset
    var key = MDB_val()
    var value = MDB_val()
    /// Whether key and value are those at the place.
    var isRead = false
    /// The number of updates of the transaction when they were read.
    var updateCount: UInt = 0
}

extension Cursor {
    /// Moves to a place that does not depend on the present one.
    func move(
        _ operation: MDB_cursor_op,
        key: MDB_val = MDB_val(),
        value: MDB_val = MDB_val(),
        readsEntry: Bool = true,
        whenAbsent place: CursorState.Place
    ) throws(LMDBError) -> Bool {
        state.key = key
        state.value = value
        let status = mdb_cursor_get(handle, &state.key, &state.value, operation)
        guard status == 0 else {
            state.isRead = false
            state.place = place
            if status == MDB_NOTFOUND { return false }
            state.place = .lost
            throw LMDBError(LMDBError.Code(rawValue: status), "mdb_cursor_get")
        }
        state.place = .entry
        state.isRead = readsEntry
        state.updateCount = context.ledger?.updateCount ?? 0
        return true
    }

    /// Moves by one entry or key.
    func step(forward: Bool, _ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
        switch state.place {
        case .entry, .gap:
            return try move(operation, whenAbsent: forward ? .behindLast : .beforeFirst)
        case .unset:
            return forward ? try first() : try last()
        case .beforeFirst:
            return forward ? try first() : false
        case .behindLast:
            return forward ? false : try last()
        case .lost:
            throw LMDBError(.noPosition, "mdb_cursor_get")
        }
    }

    /// Returns key and value at the place, read anew after an update.
    func entry() throws(LMDBError) -> (
        key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
    )? {
        guard state.place == .entry else { return nil }
        let updateCount = context.ledger?.updateCount ?? 0
        if !state.isRead || state.updateCount != updateCount {
            let status = mdb_cursor_get(handle, &state.key, &state.value, MDB_GET_CURRENT)
            // After the last entry was deleted there is nothing at the place, or no tree at all.
            if status == MDB_NOTFOUND || status == LMDBError.Code.invalidArgument.rawValue {
                state.isRead = false
                return nil
            }
            try check(status, "mdb_cursor_get")
            state.isRead = true
            state.updateCount = updateCount
        }
        return (state.key.bytes, state.value.bytes)
    }
}
