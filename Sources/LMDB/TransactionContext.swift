import CLMDB
import Glibc

/// What the operations of a transaction work on; of no use outside this module.
public struct TransactionContext {
    let handle: OpaquePointer
    let environmentID: UInt64
    /// Present in write transactions only.
    let ledger: WriteLedger?

    /// Refuses a table of another environment.
    @inline(__always)
    func validate(_ database: Database, _ operation: @autoclosure () -> String)
        throws(LMDBError)
    {
        guard database.environmentID == environmentID else {
            throw LMDBError(.foreignDatabase, operation())
        }
    }

    /// Refuses an update in a read transaction or while a value is lent, and counts it.
    func admitUpdate(_ operation: @autoclosure () -> String) throws(LMDBError) {
        guard let ledger else {
            throw LMDBError(.readOnly, operation())
        }
        guard ledger.leaseCount == 0 else {
            throw LMDBError(.valueLent, operation())
        }
        ledger.updateCount &+= 1
    }

    /// Finds the first value of a key; the buffer lives until the next update or the end.
    func find<Key: ByteSource & ~Escapable>(
        _ key: Key,
        _ database: Database
    ) throws(LMDBError) -> UnsafeRawBufferPointer? {
        try validate(database, "mdb_get")
        return try key.withBytes { (bytes) throws(LMDBError) -> UnsafeRawBufferPointer? in
            try validateKey(bytes, "mdb_get")
            var name = MDB_val(bytes)
            var value = MDB_val()
            let status = mdb_get(handle, database.handle, &name, &value)
            if status == MDB_NOTFOUND { return nil }
            try check(status, "mdb_get")
            return value.bytes
        }
    }

    /// Notes that a value is lent, so that no update pulls it away.
    @inline(__always)
    func beginLease() { ledger?.leaseCount += 1 }

    /// Notes that a lent value has come back.
    @inline(__always)
    func endLease() { ledger?.leaseCount -= 1 }
}

/// What a write transaction must remember; used by one thread.
final class WriteLedger {
    /// Values lent to closures that have not returned.
    var leaseCount = 0
    /// Updates so far; a cursor reads its entry anew when it has changed.
    var updateCount: UInt = 0
    /// Why the transaction may not be committed.
    var failure: LMDBError?
}

/// Refuses an empty or too long key before liblmdb sees it.
@inline(__always)
func validateKey(_ key: UnsafeRawBufferPointer, _ operation: @autoclosure () -> String)
    throws(LMDBError)
{
    guard !key.isEmpty && key.count <= Limits.maximumKeyByteCount else {
        throw LMDBError(.badKeySize, operation())
    }
}

extension MDB_val {
    /// Points to bytes that liblmdb only reads.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(
            mv_size: bytes.count,
            mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        )
    }

    /// The bytes pointed to.
    @inline(__always)
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: mv_data, count: mv_data == nil ? 0 : mv_size)
    }
}

/// Compares as LMDB does: byte by byte, a shorter key before a longer one that begins with it.
func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let common = min(left.count, right.count)
    if common > 0, let one = left.baseAddress, let other = right.baseAddress {
        let order = Int(memcmp(one, other, common))
        if order != 0 { return order }
    }
    return left.count - right.count
}
