import Glibc
import ReportModel

/// One connection to a database; blocks its thread, and is used by one thread at a time.
///
/// Values go both ways in binary, statements are prepared once.
///
/// Source: libpq manual, sections 34.1 to 34.4.
final class PostgresConnection: @unchecked Sendable {
    // Only its owner's lock or queue lets a thread in; libpq itself asks for no more.
    private let library: PostgresLibrary
    private let handle: OpaquePointer
    private var prepared: [String: String] = [:]

    /// Connects.
    /// - Parameters:
    ///   - address: a URL of libpq, `postgresql://…`.
    ///   - name: name or path of libpq.
    /// - Throws: ``PostgresFault`` when no server answers, ``ReportError`` `needs-tool` without libpq.
    init(_ address: String, library name: String) throws {
        let library = try PostgresLibrary.load(name)
        self.library = library
        // What comes first can be set otherwise in the address.
        let settings = [
            ("application_name", "reportd"), ("connect_timeout", "5"),
            ("tcp_user_timeout", "10000"), ("keepalives_idle", "5"),
            ("keepalives_interval", "2"), ("keepalives_count", "3"),
            ("client_encoding", "UTF8"), ("dbname", address),
        ]
        let handle = Self.withTexts(settings.map(\.0) + [nil]) { names in
            Self.withTexts(settings.map(\.1) + [nil]) { values in
                library.connect(names, values, 1)
            }
        }
        guard let handle else {
            throw PostgresFault(state: "", message: "libpq has no memory", isLost: true)
        }
        self.handle = handle
        // An object that was filled in runs its deinit, which closes the handle.
        guard library.status(handle) == 0 else { throw lost() }
        _ = library.setNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { library.finish(handle) }

    /// Version of the server as libpq tells it, for example 150018.
    var serverVersion: Int { Int(library.serverVersion(handle)) }

    /// Whether a transaction is open.
    var isInTransaction: Bool { library.transactionStatus(handle) != 0 }

    // MARK: Statements

    /// Runs text without parameters: transactions, schema, COPY.
    /// - Throws: ``PostgresFault``.
    func run(_ sql: String) throws(PostgresFault) {
        try library.clear(checked(sql.withCString { library.execute(handle, $0) }))
    }

    /// Runs a statement.
    /// - Parameters:
    ///   - statement: one of the statements of this module.
    ///   - values: its parameters.
    /// - Returns: rows, and how many rows it changed.
    /// - Throws: ``PostgresFault``.
    func run(
        _ statement: Statement,
        _ values: [PostgresValue]
    ) throws(PostgresFault) -> (rows: [PostgresRow], affected: Int) {
        precondition(values.count == statement.types.count)
        precondition(values.count <= PostgresLimits.maximumParameterCount)
        let result = try execute(try prepare(statement), values)
        defer { library.clear(result) }
        let columnCount = library.columnCount(result)
        var rows: [PostgresRow] = []
        rows.reserveCapacity(Int(library.rowCount(result)))
        for row in 0..<library.rowCount(result) {
            rows.append(PostgresRow((0..<columnCount).map { column(result, row, $0) }))
        }
        let affected = library.affected(result).flatMap { Int(String(cString: $0)) } ?? 0
        return (rows, affected)
    }

    private func column(_ result: OpaquePointer, _ row: CInt, _ column: CInt) -> [UInt8]? {
        guard library.isNull(result, row, column) == 0,
            let value = library.value(result, row, column)
        else { return nil }
        let count = Int(library.byteCount(result, row, column))
        return Array(UnsafeRawBufferPointer(start: value, count: count))
    }

    private func prepare(_ statement: Statement) throws(PostgresFault) -> String {
        if let name = prepared[statement.sql] { return name }
        let name = "reportd_\(prepared.count)"
        let types = statement.types.map(\.rawValue)
        let result = name.withCString { name in
            statement.sql.withCString { sql in
                library.prepare(handle, name, sql, CInt(types.count), types)
            }
        }
        try library.clear(checked(result))
        prepared[statement.sql] = name
        return name
    }

    private func execute(
        _ name: String,
        _ values: [PostgresValue]
    ) throws(PostgresFault) -> OpaquePointer {
        // One piece of memory for all parameters: each ends in a zero that is not counted.
        var bytes: [UInt8] = []
        var places: [(offset: Int, count: Int)?] = []
        for value in values {
            guard let encoded = value.encoded else {
                places.append(nil)
                continue
            }
            places.append((bytes.count, encoded.count))
            bytes.append(contentsOf: encoded)
            bytes.append(0)
        }
        let counts = places.map { CInt($0?.count ?? 0) }
        let formats = [CInt](repeating: 1, count: values.count)
        let result = name.withCString { name in
            bytes.withUnsafeBytes { bytes in
                let texts = places.map { place in
                    place.flatMap { place in
                        bytes.baseAddress.map {
                            ($0 + place.offset).assumingMemoryBound(to: CChar.self)
                        }
                    }
                }
                return texts.withUnsafeBufferPointer { texts in
                    library.executePrepared(
                        handle,
                        name,
                        CInt(values.count),
                        texts.baseAddress,
                        counts,
                        formats,
                        1
                    )
                }
            }
        }
        return try checked(result)
    }

    // MARK: COPY

    /// Puts rows into a table by COPY in its binary format, within a transaction.
    /// - Parameters:
    ///   - statement: a COPY statement of this module.
    ///   - rows: the columns of each row; made one after the other, so that few are held.
    /// - Throws: ``PostgresFault``.
    func copy(
        _ statement: Statement,
        _ rows: some Sequence<[PostgresValue]>
    ) throws(PostgresFault) {
        let begun = statement.sql.withCString { library.execute(handle, $0) }
        library.clear(try checked(begun, expects: 4))
        var writer = CopyWriter()
        for row in rows {
            writer.append(row)
            guard writer.bytes.count >= PostgresLimits.copyByteCount else { continue }
            try put(writer.bytes)
            writer.bytes.removeAll(keepingCapacity: true)
        }
        writer.end()
        try put(writer.bytes)
        guard library.putCopyEnd(handle, nil) == 1 else { throw lost() }
        var fault: PostgresFault?
        while let result = library.nextResult(handle) {
            do throws(PostgresFault) {
                library.clear(try checked(result))
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
    }

    private func put(_ bytes: [UInt8]) throws(PostgresFault) {
        let sent = bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { start in
                library.putCopyData(
                    handle,
                    start.assumingMemoryBound(to: CChar.self),
                    CInt(bytes.count)
                )
            }
        }
        if let sent, sent != 1 { throw lost() }
    }

    // MARK: Faults

    /// A result that succeeded: status 1 is a command, 2 are rows, 4 is the beginning of COPY.
    private func checked(
        _ result: OpaquePointer?,
        expects: CInt? = nil
    ) throws(PostgresFault) -> OpaquePointer {
        guard let result else { throw lost() }
        let status = library.resultStatus(result)
        if let expects { if status == expects { return result } }
        if expects == nil, status == 1 || status == 2 { return result }
        defer { library.clear(result) }
        // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY of postgres_ext.h.
        let state = library.resultField(result, CInt(UInt8(ascii: "C"))).map { String(cString: $0) }
        let text = library.resultField(result, CInt(UInt8(ascii: "M"))).map { String(cString: $0) }
        throw PostgresFault(
            state: state ?? "",
            message: text ?? Self.line(library.errorMessage(handle)),
            isLost: library.status(handle) != 0
        )
    }

    private func lost() -> PostgresFault {
        PostgresFault(
            state: "",
            message: Self.line(library.errorMessage(handle)),
            isLost: true
        )
    }

    private static func line(_ text: UnsafePointer<CChar>?) -> String {
        let text = text.map { String(cString: $0) } ?? ""
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }
        return lines.isEmpty ? "no answer" : lines.joined(separator: " ")
    }

    /// Lends texts as C strings; nil ends the list.
    private static func withTexts(
        _ texts: [String?],
        _ body: (PostgresLibrary.Texts) -> OpaquePointer?
    ) -> OpaquePointer? {
        let copies = texts.map { $0.flatMap { strdup($0) } }
        defer { for copy in copies { free(copy) } }
        return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { copies in
            copies.baseAddress.flatMap { body($0) }
        }
    }
}

/// Writes rows in the binary format of COPY.
///
/// Source: PostgreSQL manual, COPY, section on the binary format.
private struct CopyWriter {
    /// Signature, flags and the length of no extension.
    private static let head =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)

    var bytes = Self.head

    mutating func append(_ row: [PostgresValue]) {
        bytes.appendBigEndian(Int16(row.count))
        for value in row {
            switch value {
            case .null: bytes.appendBigEndian(Int32(-1))
            case .int8(let number):
                bytes.appendBigEndian(Int32(8))
                bytes.appendBigEndian(number)
            case .int2(let number):
                bytes.appendBigEndian(Int32(2))
                bytes.appendBigEndian(number)
            case .text(let text):
                bytes.appendBigEndian(Int32(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            case .bytes(let value):
                bytes.appendBigEndian(Int32(value.count))
                bytes.append(contentsOf: value)
            }
        }
    }

    mutating func end() { bytes.appendBigEndian(Int16(-1)) }
}
