import Glibc
import ReportModel
import Synchronization

/// libpq, loaded when the first connection is made: no program of ours depends on it.
///
/// Engines that come with a client library of their own are reached by naming it.
///
/// Source: libpq of PostgreSQL 15, chapter 34 of its manual; dlopen(3).
struct PostgresLibrary: Sendable {
    typealias Connection = OpaquePointer
    typealias Result = OpaquePointer
    typealias Text = UnsafePointer<CChar>
    typealias Texts = UnsafePointer<UnsafePointer<CChar>?>
    typealias NoticeReceiver = @convention(c) (UnsafeMutableRawPointer?, Result?) -> Void

    let connect: @convention(c) @Sendable (Texts, Texts, CInt) -> Connection?
    let finish: @convention(c) @Sendable (Connection) -> Void
    let status: @convention(c) @Sendable (Connection) -> CInt
    let errorMessage: @convention(c) @Sendable (Connection) -> Text?
    let transactionStatus: @convention(c) @Sendable (Connection) -> CInt
    let serverVersion: @convention(c) @Sendable (Connection) -> CInt
    let setNoticeReceiver:
        @convention(c) @Sendable (Connection, NoticeReceiver?, UnsafeMutableRawPointer?)
            -> NoticeReceiver?
    let setNonblocking: @convention(c) @Sendable (Connection, CInt) -> CInt
    var socket: @convention(c) @Sendable (Connection) -> CInt
    let flush: @convention(c) @Sendable (Connection) -> CInt
    let consumeInput: @convention(c) @Sendable (Connection) -> CInt
    let isBusy: @convention(c) @Sendable (Connection) -> CInt
    let sendText: @convention(c) @Sendable (Connection, Text) -> CInt
    let sendPrepare:
        @convention(c) @Sendable (Connection, Text, Text, CInt, UnsafePointer<UInt32>?) -> CInt
    let sendPrepared:
        @convention(c) @Sendable (
            Connection, Text, CInt, Texts?, UnsafePointer<CInt>?, UnsafePointer<CInt>?, CInt
        ) -> CInt
    let parse:
        @convention(c) @Sendable (Text, UnsafeMutablePointer<UnsafeMutableRawPointer?>?)
            -> UnsafeMutableRawPointer?
    let freeParsed: @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Void
    let freeMemory: @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Void
    let putCopyData: @convention(c) @Sendable (Connection, Text, CInt) -> CInt
    let putCopyEnd: @convention(c) @Sendable (Connection, Text?) -> CInt
    let nextResult: @convention(c) @Sendable (Connection) -> Result?
    let resultStatus: @convention(c) @Sendable (Result) -> CInt
    let resultField: @convention(c) @Sendable (Result, CInt) -> Text?
    let clear: @convention(c) @Sendable (Result) -> Void
    let rowCount: @convention(c) @Sendable (Result) -> CInt
    let columnCount: @convention(c) @Sendable (Result) -> CInt
    let isNull: @convention(c) @Sendable (Result, CInt, CInt) -> CInt
    let byteCount: @convention(c) @Sendable (Result, CInt, CInt) -> CInt
    let value: @convention(c) @Sendable (Result, CInt, CInt) -> Text?
    let affected: @convention(c) @Sendable (Result) -> Text?

    /// Name of the library where none is configured.
    static let standardName = "libpq.so.5"

    /// Loads a library; a second call with the same name gives the first one's.
    /// - Parameter name: file name or path, as for dlopen.
    /// - Returns: its functions.
    /// - Throws: ``ReportError`` `needs-tool` when it is not there or is another library.
    static func load(_ name: String = standardName) throws(ReportError) -> PostgresLibrary {
        let result = loaded.withLock { loaded -> Swift.Result<PostgresLibrary, ReportError> in
            if let library = loaded[name] { return .success(library) }
            let made = Swift.Result { () throws(ReportError) in try PostgresLibrary(opening: name) }
            if case .success(let library) = made { loaded[name] = library }
            return made
        }
        return try result.get()
    }

    /// Whether libpq can read an address.
    func canRead(_ address: String) -> Bool {
        var message: UnsafeMutableRawPointer?
        let parsed = parse(address, &message)
        freeMemory(message)
        freeParsed(parsed)
        return parsed != nil
    }

    private static let loaded = Mutex<[String: PostgresLibrary]>([:])

    private init(opening name: String) throws(ReportError) {
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason is told"
            throw ReportError(
                .needsTool,
                "the client library of PostgreSQL cannot be loaded: \(reason)",
                hint: "apt install libpq5, or name the library of another maker in REPORTD_LIBPQ"
            )
        }
        func symbol<T>(_ symbol: String, as type: T.Type) throws(ReportError) -> T {
            guard let address = dlsym(handle, symbol) else {
                throw ReportError(.needsTool, "\(name) is no libpq: it lacks \(symbol)")
            }
            // A function pointer of C and the address of a symbol have one form.
            return unsafeBitCast(address, to: type)
        }
        connect = try symbol("PQconnectdbParams", as: type(of: connect))
        finish = try symbol("PQfinish", as: type(of: finish))
        status = try symbol("PQstatus", as: type(of: status))
        errorMessage = try symbol("PQerrorMessage", as: type(of: errorMessage))
        transactionStatus = try symbol("PQtransactionStatus", as: type(of: transactionStatus))
        serverVersion = try symbol("PQserverVersion", as: type(of: serverVersion))
        setNoticeReceiver = try symbol("PQsetNoticeReceiver", as: type(of: setNoticeReceiver))
        setNonblocking = try symbol("PQsetnonblocking", as: type(of: setNonblocking))
        socket = try symbol("PQsocket", as: type(of: socket))
        flush = try symbol("PQflush", as: type(of: flush))
        consumeInput = try symbol("PQconsumeInput", as: type(of: consumeInput))
        isBusy = try symbol("PQisBusy", as: type(of: isBusy))
        sendText = try symbol("PQsendQuery", as: type(of: sendText))
        sendPrepare = try symbol("PQsendPrepare", as: type(of: sendPrepare))
        sendPrepared = try symbol("PQsendQueryPrepared", as: type(of: sendPrepared))
        parse = try symbol("PQconninfoParse", as: type(of: parse))
        freeParsed = try symbol("PQconninfoFree", as: type(of: freeParsed))
        freeMemory = try symbol("PQfreemem", as: type(of: freeMemory))
        putCopyData = try symbol("PQputCopyData", as: type(of: putCopyData))
        putCopyEnd = try symbol("PQputCopyEnd", as: type(of: putCopyEnd))
        nextResult = try symbol("PQgetResult", as: type(of: nextResult))
        resultStatus = try symbol("PQresultStatus", as: type(of: resultStatus))
        resultField = try symbol("PQresultErrorField", as: type(of: resultField))
        clear = try symbol("PQclear", as: type(of: clear))
        rowCount = try symbol("PQntuples", as: type(of: rowCount))
        columnCount = try symbol("PQnfields", as: type(of: columnCount))
        isNull = try symbol("PQgetisnull", as: type(of: isNull))
        byteCount = try symbol("PQgetlength", as: type(of: byteCount))
        value = try symbol("PQgetvalue", as: type(of: value))
        affected = try symbol("PQcmdTuples", as: type(of: affected))
    }
}
