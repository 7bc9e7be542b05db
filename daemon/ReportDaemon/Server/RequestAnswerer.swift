import NIOCore
import ReportIntake
import ReportModel
import ReportSync
import ReportWire

/// What every connection needs to answer requests.
struct RequestAnswerer: Sendable {
    /// Where answers come from.
    let store: any ReportStoring
    /// The short way for `GET` of a record.
    let fastGet: FastGet
    /// Who takes files.
    let intake: Intake
    /// Who parses files that are not stored.
    let workers: WorkerPool
    /// Who is expected to file; nil when none is configured.
    let roster: RosterFile?
    /// Who may do what.
    let access: Access
    /// Verifies the store in a process of its own; told how many entries of how many were checked.
    let verifyStore:
        @Sendable (@escaping @Sendable (Int, Int) -> Void) async throws(ReportError) -> VerifyReport
    /// So that one check runs at a time.
    let verifyTurn = VerifyTurn()
    /// Compares logs with one peer or with all.
    var resync: @Sendable (String?) async throws(ReportError) -> JSONValue = {
        _ throws(ReportError) in
        throw ReportError(.unreachable, "this node has no peers")
    }
    /// Mends what is damaged here, from peers or a backup.
    var repair:
        @Sendable (_ peer: String?, _ from: String?) async throws(ReportError) -> JSONValue =
            { _, _ throws(ReportError) in
                throw ReportError(.unreachable, "this node has no peers")
            }
    /// Told after a bundle was taken: it may have brought signatures of upstreams.
    var onBundle: @Sendable () async -> Void = {}
    /// Whose bundles are taken, as the configuration says.
    var bundleRules = BundleRules(regions: { _ in nil })
    /// What nodes are called here of which no log is known.
    var names: @Sendable () -> [NodeID: String] = { [:] }
    /// Whether a node gets the records of a region, not headers alone; nil when that is not known here.
    var getsRecords: @Sendable (NodeID, String) -> Bool? = { _, _ in nil }
    /// Told what became of files and records.
    let telemetry: Telemetry
    /// Figures of peers and inboxes, added to those of the store.
    let nodeStatus: @Sendable () async -> [String: JSONValue]

    /// Answers a request that has one reply.
    /// - Parameters:
    ///   - request: any request but `WATCH` and `VERIFY`.
    ///   - payload: the bytes that followed it.
    ///   - authority: what the client may do.
    /// - Returns: the reply; errors are replies as well.
    func answer(
        _ request: Request,
        payload: [UInt8]?,
        authority: ClientAuthority
    ) async -> Reply {
        do throws(ReportError) {
            let scope = try authority.scope(of: request, access)
            if case .putRecord(_, let ifVersion) = request {
                return .json(try await putRecord(payload ?? [], ifVersion, scope))
            }
            return try await reply(to: request, payload: payload ?? [], scope)
        } catch {
            return .error(error)
        }
    }

    private func reply(
        to request: Request,
        payload: [UInt8],
        _ scope: RequestScope
    ) async throws(ReportError) -> Reply {
        switch request {
        case .ping: return .text("pong")
        case .help: return .text(Verb.helpText)
        case .quit: return .text("bye")
        case .version: return .json(version)
        case .get(let get): return try await reply(to: get, scope)
        case .resolve(let lookup, let moment): return try await resolve(lookup, at: moment, scope)
        case .query(let verb, let arguments):
            try scope.check(verb, arguments)
            let query = try StoreQuery(verb, arguments)
            var expected: Roster?
            switch query {
            case .missing: expected = try roster?.current()
            case .queue(let queue):
                // A roster that cannot be understood keeps nobody from the queue, unless it makes
                // the order.
                do throws(ReportError) {
                    expected = try roster?.current()
                } catch {
                    guard queue.order != .deadline else { throw error }
                }
            default: break
            }
            var answer = try await store.answer(query, roster: expected)
            if case .witnesses = query { answer = named(answer) }
            try scope.check(answer: answer)
            return .json(answer)
        case .command(let verb, _):
            let answer = try await perform(try scope.command(verb, payload))
            return .json(scope.withoutForeignKeys(answer))
        case .status:
            guard scope.isEverywhere else { throw RequestScope.needsEverywhere(request) }
            var members = try await storeStatus()
            members.merge(await nodeStatus()) { _, new in new }
            return .json(.object(members))
        case .put(let file):
            return .json(try await put(file, bytes: payload, scope))
        case .parse(let file, let people):
            let parsed = try await workers.parse(
                name: file.name,
                bytes: payload,
                given: file.given
            )
            var members = parsed.record.json.objectValue ?? [:]
            if people { members["people"] = .array(parsed.people.map(\.json)) }
            return .json(.object(members))
        case .watch, .verify, .putRecord, .join, .renew:
            throw ReportError(.internal, "\(request.verb.rawValue) is answered elsewhere")
        }
    }

    /// Who holds a version, with the names of nodes that have no log here, and whether they got its record.
    private func named(_ answer: JSONValue) -> JSONValue {
        guard var members = answer.objectValue, let witnesses = members["witnesses"]?.arrayValue,
            !witnesses.isEmpty
        else { return answer }
        let names = names()
        let key = members["key"]?.stringValue.flatMap { try? ReportKey(parsing: $0) }
        let region = key.map { $0.city + ($0.district.map { "/" + $0 } ?? "") }
        members["witnesses"] = .array(
            witnesses.map { witness in
                guard var row = witness.objectValue,
                    let node = row["node"]?.stringValue.flatMap({ NodeID(parsing: $0) })
                else { return witness }
                if row["name"]?.stringValue == nil { row["name"] = .optional(names[node]) }
                row["record"] = region.flatMap { getsRecords(node, $0) }.map { .bool($0) } ?? .null
                return .object(row)
            }
        )
        return .object(members)
    }

    /// Figures of the store; of one that cannot be read, that it cannot.
    private func storeStatus() async throws(ReportError) -> [String: JSONValue] {
        do throws(ReportError) {
            return try await store.status().json.objectValue ?? [:]
        } catch {
            guard error.code == .integrity else { throw error }
            return ["node": .string(store.node.description), "error": error.json]
        }
    }

    private var version: JSONValue {
        [
            "program": "reportd", "version": .string(ReportdVersion.text),
            "protocol": .integer(Int(WireLimits.protocolVersion)),
            "node": .string(store.node.description),
        ]
    }

    private func reply(
        to get: GetRequest,
        _ scope: RequestScope
    ) async throws(ReportError) -> Reply {
        let lookup = try Lookup(argument: get.lookup)
        try scope.check(lookup: get.lookup)
        let answer = try await store.get(lookup, body: get.body, at: get.moment)
        try scope.check(keyText: answer.version.key)
        let media: ReplyMedia = if case .source = get.body { .octets } else { .json }
        return .ok(media, ByteBuffer(bytes: answer.bytes))
    }

    /// Stores a ready record; a fault of the record is an outcome, a lacking grant is none.
    private func putRecord(
        _ payload: [UInt8],
        _ ifVersion: Int?,
        _ scope: RequestScope
    ) async throws(ReportError) -> JSONValue {
        var record: Record?
        do throws(ReportError) {
            let filing = try Filing(importing: payload, ifVersion: ifVersion)
            guard scope.covers(filing.key) else {
                throw ReportError(.notAllowed, "the grant does not cover the record's region")
            }
            record = filing.outline.record
            let outcome = try await store.append(filing)
            var answer = SubmitOutcome(file: "", outcome: .stored, record: record)
            if case .duplicate = outcome { answer.outcome = .duplicate }
            answer.version = outcome.version
            telemetry.finished(answer, from: .record)
            return answer.json
        } catch {
            let answer = SubmitOutcome(file: "", outcome: .rejected, record: record, error: error)
            telemetry.finished(answer, from: .record)
            return answer.json
        }
    }

    /// A document's fault is an outcome, this machine's fault as well: both travel in the object.
    private func put(
        _ file: FileRequest,
        bytes: [UInt8],
        _ scope: RequestScope
    ) async throws(ReportError) -> JSONValue {
        do throws(ReportError) {
            let answer = try await intake.submit(
                name: file.name,
                bytes: bytes,
                given: file.given,
                ifVersion: file.ifVersion,
                check: { key throws(ReportError) in try scope.check(key) }
            )
            telemetry.finished(answer, from: .put)
            return answer.json
        } catch {
            let answer = SubmitOutcome(file: file.name, outcome: .rejected, error: error)
            telemetry.finished(answer, from: .put)
            return answer.json
        }
    }

    private func resolve(
        _ text: String,
        at moment: Moment,
        _ scope: RequestScope
    ) async throws(ReportError) -> Reply {
        try scope.check(lookup: text)
        var members: [String: JSONValue] = [
            "stage": nil, "key": nil, "candidates": [], "near": [], "more": 0, "hint": nil,
            "erased": nil,
        ]
        do throws(ReportError) {
            let answer = try await store.get(try Lookup(argument: text), body: .record, at: moment)
            members["outcome"] = "one"
            members["key"] = .string(answer.version.key)
        } catch {
            switch error.code {
            case .ambiguous: members["outcome"] = "several"
            case .notFound: members["outcome"] = "none"
            case .erased:
                members["outcome"] = "none"
                members["erased"] = .object(error.details)
            default: throw error
            }
            members["hint"] = .optional(error.hint)
            for name in ["candidates", "near", "more"] {
                if let value = error.details[name] { members[name] = value }
            }
        }
        let near = members["near"]?.arrayValue?.filter {
            scope.covers(keyText: $0.stringValue ?? "")
        }
        members["near"] = .array(near ?? [])
        try scope.check(answer: .object(members))
        return .json(.object(members))
    }

    private func perform(_ command: StoreCommand) async throws(ReportError) -> JSONValue {
        switch command {
        case .reparse(let command):
            return await Reparser(store: store, workers: workers).perform(command)
        case .peer(.resync(let peer)): return try await resync(peer)
        case .peer(.repair(let peer, let from)): return try await repair(peer, from)
        case .peer(.list):
            var members = try await store.perform(command).objectValue ?? [:]
            members["peers"] = await nodeStatus()["peers"]
            return .object(members)
        case .bundle(let command):
            // Whose bundles are taken is the configuration's business, not the client's.
            let taken = try await store.importBundle(command.path, rules: bundleRules)
            await onBundle()
            return taken
        default: return try await store.perform(command)
        }
    }
}
