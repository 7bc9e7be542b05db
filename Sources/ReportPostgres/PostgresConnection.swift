import Glibc
import ReportModel

/// One connection to a database; blocks its thread, and is used by one thread at a time.
///
/// Values go both ways in binary, statements are prepared once. A server that sends and takes nothing
/// for a while counts as gone, so that nobody waits for ever.
///
/// Source: libpq manual, sections 34.1 to 34.4, 34.13.
final class PostgresConnection: @unchecked Sendable {
    // Only its owner's lock or queue lets a thread in; libpq itself asks for no more.
    /// Its functions; a test puts others in their place.
    var library: PostgresLibrary
    let handle: OpaquePointer
    /// Seconds without a byte either way after which the server counts as gone.
    var silence = PostgresLimits.silenceSeconds
    private let secrets: AddressSecrets
    private let warnings: Warnings
    private var prepared: [String: String] = [:]

    /// Warnings of the server: how many, and what the last one says.
    private final class Warnings {
        let library: PostgresLibrary
        var count = 0
        var last = ""

        init(_ library: PostgresLibrary) { self.library = library }
    }

    /// Connects.
    /// - Parameters:
    ///   - address: a URL of libpq, `postgresql://…`.
    ///   - name: name or path of libpq.
    /// - Throws: ``PostgresFault`` when no server answers, ``ReportError`` `needs-tool` without libpq,
    ///   `usage` for an address that cannot be read.
    init(_ address: String, library name: String) throws {
        let library = try PostgresLibrary.load(name)
        self.library = library
        let secrets = AddressSecrets(address)
        self.secrets = secrets
        warnings = Warnings(library)
        // What libpq would say of it may quote the password.
        try secrets.check(isReadable: library.canRead(address))
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
        guard library.status(handle) == 0, library.setNonblocking(handle, 1) == 0 else {
            throw lost()
        }
        listen()
        try limitTime()
    }

    deinit { library.finish(handle) }

    private func listen() {
        let receiver: PostgresLibrary.NoticeReceiver = { warnings, result in
            guard let warnings, let result else { return }
            let held = Unmanaged<Warnings>.fromOpaque(warnings).takeUnretainedValue()
            // PG_DIAG_SEVERITY_NONLOCALIZED of postgres_ext.h.
            guard let severity = held.library.resultField(result, CInt(UInt8(ascii: "V"))),
                String(cString: severity) == "WARNING"
            else { return }
            held.count += 1
            // PG_DIAG_MESSAGE_PRIMARY.
            let text = held.library.resultField(result, CInt(UInt8(ascii: "M")))
            held.last = text.map { String(cString: $0) } ?? ""
        }
        let place = Unmanaged.passUnretained(warnings).toOpaque()
        _ = library.setNoticeReceiver(handle, receiver, place)
    }

    /// Has the server end what this node began and does not go on with; limits that somebody has set
    /// there stay, and engines that do not know one go without.
    private func limitTime() throws(PostgresFault) {
        for sql in PostgresLimits.sessionSettings {
            do throws(PostgresFault) {
                try run(sql)
            } catch {
                guard !error.isLost else { throw error }
            }
        }
    }

    /// Version of the server as libpq tells it, for example 150018.
    var serverVersion: Int { Int(library.serverVersion(handle)) }

    /// Whether a transaction is open.
    var isInTransaction: Bool { library.transactionStatus(handle) != 0 }

    // MARK: Statements

    /// Runs text without parameters: transactions, schema, COPY.
    /// - Throws: ``PostgresFault``.
    func run(_ sql: String) throws(PostgresFault) {
        library.clear(try outcome(of: sql.withCString { library.sendText(handle, $0) }))
    }

    /// Ends a transaction so that it is as durable as the server was told to make it.
    /// - Throws: ``PostgresFault``; one of the kind `away` when nobody knows.
    func commit() throws(PostgresFault) {
        let before = warnings.count
        try run("COMMIT")
        guard warnings.count == before else {
            // Somebody has ended the wait for a standby: it counts here, and here alone. Citus warns
            // of a machine that did not commit.
            throw PostgresFault(
                state: "08007",
                message: "the database has committed with a warning: "
                    + secrets.redacted(warnings.last),
                isLost: false
            )
        }
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
        let sent = name.withCString { name in
            statement.sql.withCString { sql in
                library.sendPrepare(handle, name, sql, CInt(types.count), types)
            }
        }
        library.clear(try outcome(of: sent))
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
        let sent = name.withCString { name in
            bytes.withUnsafeBytes { bytes in
                let texts = places.map { place in
                    place.flatMap { place in
                        bytes.baseAddress.map {
                            ($0 + place.offset).assumingMemoryBound(to: CChar.self)
                        }
                    }
                }
                return texts.withUnsafeBufferPointer { texts in
                    library.sendPrepared(
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
        return try outcome(of: sent)
    }

    // MARK: COPY

    /// Puts rows into a table by COPY in its binary format, within a transaction.
    /// - Parameters:
    ///   - statement: a COPY statement of this module.
    ///   - rows: gives the columns of each row, one row after the other, so that few are held.
    /// - Throws: ``PostgresFault``, what `rows` throws; then the connection is to be closed.
    func copy(
        _ statement: Statement,
        _ rows: (_ add: ([PostgresValue]) throws -> Void) throws -> Void
    ) throws {
        let begun = statement.sql.withCString { library.sendText(handle, $0) }
        library.clear(try outcome(of: begun, expects: 4))
        var writer = CopyWriter()
        try rows { row in
            writer.append(row)
            guard writer.bytes.count >= PostgresLimits.copyByteCount else { return }
            try put(writer.bytes)
            writer.bytes.removeAll(keepingCapacity: true)
        }
        writer.end()
        try put(writer.bytes)
        guard library.putCopyEnd(handle, nil) == 1 else { throw lost() }
        library.clear(try outcome(of: 1))
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
        try flush()
    }

    // MARK: Faults

    /// A result that succeeded: status 1 is a command, 2 are rows, 4 is the beginning of COPY.
    func checked(
        _ result: OpaquePointer?,
        expects: CInt?
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
            message: secrets.redacted(text ?? Self.line(library.errorMessage(handle))),
            isLost: library.status(handle) != 0
        )
    }

    func lost() -> PostgresFault {
        PostgresFault(
            state: "",
            message: secrets.redacted(Self.line(library.errorMessage(handle))),
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
