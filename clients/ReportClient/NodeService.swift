import NIOCore
public import ReportModel
public import ReportTLS
import ReportWire
import Synchronization

/// Answers from a running node, over the line protocol.
///
/// Source: docs/protocol.md.
public final class NodeService: ReportService {
    private let connection: NodeConnection

    private init(connection: NodeConnection) { self.connection = connection }

    /// Connects to a node.
    /// - Parameter address: `HOST:PORT`, `HOST` or `[IPv6]:PORT`, the port is 7323 by default; or
    ///   `unix:PATH`, the socket in the folder of a running node's store.
    /// - Returns: the service; close it when done.
    /// - Throws: ``ReportError`` `unreachable`, `timed-out` when the connection was taken and nothing is answered
    ///   within 10 s, or `usage` when the address is none.
    public static func connect(to address: String) async throws(ReportError) -> NodeService {
        try await connect(to: address, patience: .usual)
    }

    /// Connects to a node, with a patience of one's own.
    /// - Parameters:
    ///   - address: as in ``connect(to:)``.
    ///   - patience: how long the node may say nothing.
    /// - Returns: the service; close it when done.
    /// - Throws: as ``connect(to:)``.
    package static func connect(
        to address: String,
        patience: AnswerPatience
    ) async throws(ReportError) -> NodeService {
        let connection: NodeConnection
        if address.hasPrefix(socketPrefix) {
            let path = String(address.dropFirst(socketPrefix.count))
            connection = try await .open(socket: path, patience: patience)
        } else {
            let (host, port) = try parse(address)
            connection = try await .open(host: host, port: port, patience: patience)
        }
        return NodeService(connection: connection)
    }

    /// Connects to a node under TLS and proves the client's key.
    /// - Parameters:
    ///   - address: `HOST:PORT`.
    ///   - secure: who the client is, and which node it expects.
    /// - Returns: the service; close it when done.
    /// - Throws: ``ReportError`` `unreachable`, `timed-out`, `not-allowed`, or `usage` when the address is none.
    public static func connect(
        to address: String,
        secure: SecureAccess
    ) async throws(ReportError) -> NodeService {
        try await connect(to: address, secure: secure, patience: .usual)
    }

    /// Connects to a node under TLS, with a patience of one's own.
    /// - Parameters:
    ///   - address: `HOST:PORT`.
    ///   - secure: who the client is, and which node it expects.
    ///   - patience: how long the node may say nothing.
    /// - Returns: the service; close it when done.
    /// - Throws: as ``connect(to:secure:)``.
    package static func connect(
        to address: String,
        secure: SecureAccess,
        patience: AnswerPatience
    ) async throws(ReportError) -> NodeService {
        let (host, port) = try parse(address)
        return NodeService(
            connection: try await .open(host: host, port: port, secure: secure, patience: patience)
        )
    }

    /// Asks for the next certificate of the connection's key.
    /// - Returns: the object that `RENEW` answers.
    /// - Throws: ``ReportError`` `not-allowed` at a node without an authority.
    public func renew() async throws(ReportError) -> JSONValue { try await json(.renew) }

    /// Asks for the first certificate of a newcomer.
    /// - Parameters:
    ///   - address: where the node with the authority listens.
    ///   - token: which token.
    ///   - secret: what proves it.
    ///   - key: the newcomer's key.
    ///   - check: looks at the node's certificate, which is all that tells whether it is the right node.
    /// - Returns: the object that `JOIN` answers, and the key of the node.
    /// - Throws: ``ReportError`` `unreachable`, `timed-out`, `not-allowed`.
    public static func join(
        at address: String,
        token: String,
        secret: Hash256,
        key: NodeKey,
        check: @escaping TLSClient.Check
    ) async throws(ReportError) -> (answer: JSONValue, node: NodeID) {
        let (host, port) = try parse(address)
        let client = TLSClient(context: try TLSIdentity.strangerContext(), check: check)
        let (connection, certificate) = try await NodeConnection.open(
            host: host,
            port: port,
            client: client,
            patience: .usual
        )
        let service = NodeService(connection: connection)
        do throws(ReportError) {
            guard let node = certificate.node else {
                throw ReportError(.notAllowed, "the certificate of \(address) has no Ed25519 key")
            }
            let request = JoinRequest(
                token: token,
                secret: secret,
                key: key,
                channelBinding: certificate.fingerprint
            )
            let answer = try await service.json(.join(request))
            await service.close()
            return (answer, node)
        } catch {
            await service.close()
            throw error
        }
    }

    /// What the address of a socket begins with.
    package static let socketPrefix = "unix:"

    static func parse(_ address: String) throws(ReportError) -> (host: String, port: Int) {
        var host = address[...]
        var port = WireLimits.defaultPort
        let isBareIPv6 =
            address.utf8.count(where: { $0 == UInt8(ascii: ":") }) > 1
            && !address.hasPrefix("[")
        if !isBareIPv6, let colon = address.lastIndex(of: ":"), !address.hasSuffix("]") {
            guard let number = Int(address[address.index(after: colon)...]),
                (1...65535).contains(number)
            else {
                throw ReportError(.usage, "'\(address)' is no address", hint: "write HOST:PORT")
            }
            port = number
            host = address[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else {
            throw ReportError(.usage, "'\(address)' is no address", hint: "write HOST:PORT")
        }
        return (String(host), port)
    }

    /// Gets one version; see ``ReportService``.
    public func get(
        _ lookup: String,
        body: BodySelector,
        at moment: Moment
    ) async throws(ReportError) -> GetReply {
        let request = Request.get(GetRequest(lookup: lookup, body: body, moment: moment))
        do throws(ReportError) {
            let bytes = try await bytes(request)
            guard case .source(let index) = body else { return GetReply(bytes: bytes) }
            return GetReply(bytes: bytes, name: try await sourceName(lookup, index, moment))
        } catch {
            guard [.ambiguous, .notFound, .erased].contains(error.code) else { throw error }
            throw await explained(error, lookup: lookup, moment: moment)
        }
    }

    private func sourceName(
        _ lookup: String,
        _ index: Int,
        _ moment: Moment
    ) async throws(ReportError) -> String? {
        let record = try await json(.get(GetRequest(lookup: lookup, moment: moment)))
        let sources = record["sources"]?.arrayValue ?? []
        return sources.indices.contains(index) ? sources[index]["name"]?.stringValue : nil
    }

    /// The error with the candidates or near misses that a line has no room for.
    private func explained(
        _ error: ReportError,
        lookup: String,
        moment: Moment
    ) async -> ReportError {
        guard let json = try? await json(.resolve(lookup: lookup, moment: moment)) else {
            return error
        }
        var explained = error
        if let candidates = json["candidates"], candidates.arrayValue?.isEmpty == false {
            explained.details["candidates"] = candidates
            explained.details["more"] = json["more"]
        }
        if let near = json["near"], near.arrayValue?.isEmpty == false {
            explained.details["near"] = near
        }
        if let erased = json["erased"]?.objectValue {
            explained.details.merge(erased) { old, _ in old }
        }
        explained.hint = json["hint"]?.stringValue ?? explained.hint
        return explained
    }

    /// Answers a question; see ``ReportService``.
    public func answer(_ query: StoreQuery) async throws(ReportError) -> JSONValue {
        do throws(ReportError) {
            return try await json(.query(query))
        } catch {
            guard error.code == .ambiguous || error.code == .notFound else { throw error }
            for lookup in query.lookups {
                let explained = await explained(
                    error,
                    lookup: lookup.description,
                    moment: .now
                )
                guard explained.details.isEmpty else { throw explained }
            }
            throw error
        }
    }

    /// Carries out a command; see ``ReportService``.
    public func perform(_ command: StoreCommand) async throws(ReportError) -> JSONValue {
        let payload = command.json.canonicalBytes
        let request = Request.command(command.verb, byteCount: payload.count)
        do throws(ReportError) {
            return try Self.decode(try await bytes(request, payload: payload))
        } catch {
            guard error.code == .ambiguous || error.code == .notFound,
                let lookup = command.json["lookup"]?.stringValue
            else { throw error }
            throw await explained(error, lookup: lookup, moment: .now)
        }
    }

    /// Hands in one file; see ``ReportService``.
    public func submit(
        name: String,
        bytes: [UInt8],
        given: GivenFacts,
        ifVersion: Int?
    ) async throws(ReportError) -> JSONValue {
        let file = FileRequest(
            byteCount: bytes.count,
            name: name,
            given: given,
            ifVersion: ifVersion
        )
        return try Self.decode(try await self.bytes(.put(file), payload: bytes))
    }

    /// Figures of the node; see ``ReportService``.
    public func status() async throws(ReportError) -> JSONValue { try await json(.status) }

    /// Checks everything that is stored; see ``ReportService``.
    public func verify(
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> JSONValue {
        let last = Mutex<Result<JSONValue, ReportError>?>(nil)
        try await connection.stream(.verify) { reply in
            let result = Result { () throws(ReportError) in
                try Self.decode(try Self.payload(of: reply))
            }
            if case .success(let json) = result, let done = json["done"]?.integerValue {
                progress(done, json["total"]?.integerValue ?? 0)
                return true
            }
            last.withLock { $0 = result }
            return false
        }
        guard let report = last.withLock({ $0 }) else {
            throw ReportError(.internal, "the node gave no report")
        }
        return try report.get()
    }

    /// Tells every entry as it arrives; see ``ReportService``.
    public func watch(
        _ lookup: String?,
        from position: UInt64?,
        onItem: @escaping @Sendable (JSONValue) -> Bool
    ) async throws(ReportError) {
        let failure = Mutex<ReportError?>(nil)
        try await connection.stream(.watch(lookup: lookup, from: position)) { reply in
            do throws(ReportError) {
                let json = try Self.decode(try Self.payload(of: reply))
                let isMark = json["key"] == nil && json["kind"] == nil
                return isMark || onItem(json)
            } catch {
                failure.withLock { $0 = error }
                return false
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    /// Ends the connection.
    public func close() async { await connection.close() }

    private func json(_ request: Request) async throws(ReportError) -> JSONValue {
        try Self.decode(try await bytes(request))
    }

    private func bytes(
        _ request: Request,
        payload: [UInt8]? = nil
    ) async throws(ReportError) -> [UInt8] {
        try Self.payload(of: try await connection.request(request, payload: payload))
    }

    private static func payload(of reply: Reply) throws(ReportError) -> [UInt8] {
        switch reply {
        case .ok(_, let buffer): return Array(buffer.readableBytesView)
        case .error(let code, let message): throw Reply.reportError(code, message: message)
        }
    }

    private static func decode(_ bytes: [UInt8]) throws(ReportError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw ReportError(.internal, "the node's answer is not understood: \(error)")
        }
    }
}
