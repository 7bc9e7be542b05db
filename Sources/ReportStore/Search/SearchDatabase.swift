import Glibc
import LMDB
import ReportModel

/// The environment of the search: the folder `search` in that of the store.
///
/// It holds nothing that the store does not; whatever is wrong with it, it is built anew.
///
/// Source: docs/format.md section 8.
final class SearchDatabase: Sendable {
    static let folderName = "search"

    let environment: Environment
    let meta: Database
    let postings: Database
    let documents: Database
    let flags: Database
    let current: Database
    let texts: Database

    private static let stateKey = Array("state".utf8)

    /// Opens the folder of a store.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - mapByteCount: size of the map; nil: as large as the file system.
    ///   - writes: whether it is made when it is missing, and may be written.
    /// - Throws: `LMDBError` when it is missing, of another kind or cannot be opened.
    init(directory: String, mapByteCount: Int?, writes: Bool) throws(LMDBError) {
        var options = Environment.Options()
        options.mapByteCount = mapByteCount
        options.readOnly = !writes
        options.createsDirectory = writes
        // A power cut may undo the last step, which is then done again.
        options.durability = writes ? .unsafeNoMetaSync : .full
        environment = try Environment(
            path: directory + "/" + Self.folderName,
            options: options
        )
        do throws(LMDBError) {
            let options = Database.Options(creates: writes)
            meta = try environment.database(named: "meta", options: options)
            postings = try environment.database(named: "postings", options: options)
            documents = try environment.database(named: "documents", options: options)
            flags = try environment.database(named: "flags", options: options)
            current = try environment.database(named: "current", options: options)
            texts = try environment.database(named: "texts", options: options)
        } catch {
            try? environment.close()
            throw error
        }
    }

    /// Removes the files of a folder that cannot be used; only for who holds the writer's lock.
    static func remove(directory: String) {
        for name in ["data.mdb", "lock.mdb"] { unlink(directory + "/\(folderName)/" + name) }
    }

    /// The state; nil when there is none, or one of another format or store.
    func state<T: ReadOperations & ~Copyable>(
        of store: String,
        _ transaction: borrowing T
    ) throws -> SearchState? {
        let bytes = try transaction.get(Self.stateKey, in: meta) { (value: RawSpan) throws in
            try Self.open(value)
        }
        guard let state = bytes.flatMap({ SearchState($0) }), state.store == store else {
            return nil
        }
        return state
    }

    func put(_ state: SearchState, _ transaction: borrowing WriteTransaction) throws {
        try transaction.put(Self.stateKey, Sealed.seal(state.bytes), in: meta)
    }

    /// Forgets everything that was indexed.
    func empty(_ transaction: borrowing WriteTransaction) throws {
        for table in [meta, postings, documents, flags, current, texts] {
            try transaction.empty(table)
        }
    }

    /// The value behind its checksum.
    static func open(_ stored: RawSpan) throws -> [UInt8] {
        try stored.withUnsafeBytes { bytes throws in
            guard Sealed.isIntact(bytes) else { throw SearchDamage() }
            return Array(bytes[Sealed.byteCount...])
        }
    }
}
