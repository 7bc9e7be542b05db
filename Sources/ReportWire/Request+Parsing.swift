public import NIOCore
import ReportModel

extension Request {
    /// Reads a request line.
    ///
    /// `GET` and a plain lookup take a short way: one pass over the bytes and one string.
    /// - Parameter line: the line without its end.
    /// - Throws: ``WireError``; `unknownVerb` for `HELLO` and `AUTH` too, which are no requests.
    public init(parsing line: ByteBufferView) throws(WireError) {
        if let lookup = Request.plainLookup(line) {
            self = .get(GetRequest(lookup: lookup))
            return
        }
        try self.init(ControlLine(line))
    }

    /// The lookup of a line that is `GET`, a space and printable bytes without escape.
    private static func plainLookup(_ line: ByteBufferView) -> String? {
        guard line.count > 4, line.count <= WireLimits.maximumLineByteCount,
            line.starts(with: "GET ".utf8)
        else { return nil }
        let rest = line.dropFirst(4)
        guard rest.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "%") && $0 != 0x7F }) else {
            return nil
        }
        return String(validating: rest, as: UTF8.self)
    }

    /// Reads a request from a line that was cut already.
    /// - Parameter line: the line.
    /// - Throws: ``WireError``
    public init(_ line: ControlLine) throws(WireError) {
        guard let verb = Verb(rawValue: line.verb) else {
            throw WireError(.unknownVerb, "unknown verb; HELP lists those known")
        }
        var arguments = try RequestArguments(line)
        switch verb {
        case .ping: self = .ping
        case .help: self = .help
        case .version: self = .version
        case .status: self = .status
        case .verify: self = .verify
        case .renew: self = .renew
        case .join:
            self = .join(try JoinRequest(line))
            return
        case .quit: self = .quit
        case .get: self = .get(try Request.get(&arguments))
        case .resolve:
            self = .resolve(lookup: try arguments.lookup(), moment: try arguments.moment())
        case .query(let verb): self = .query(verb, try arguments.rest())
        case .command(let verb):
            self = .command(verb, byteCount: try arguments.byteCount())
        case .watch:
            self = .watch(
                lookup: try arguments.next(),
                from: try arguments.number("from", in: 0...UInt64(Int64.max))
            )
        case .put: self = .put(try Request.file(&arguments, takesVersion: true))
        case .parse:
            let people = try arguments.flag("people")
            self = .parse(try Request.file(&arguments, takesVersion: false), people: people)
        case .putRecord:
            self = .putRecord(
                byteCount: try arguments.byteCount(),
                ifVersion: try arguments.number("if-version", in: 0...UInt64(Int32.max)).map(
                    Int.init
                )
            )
        case .hello, .auth:
            throw WireError(.outOfPlace, "HELLO is the first line of a connection", isFinal: true)
        }
        try arguments.finish()
    }

    private static func get(_ arguments: inout RequestArguments) throws(WireError) -> GetRequest {
        let lookup = try arguments.lookup()
        let index = try arguments.number("source", in: 0...UInt64(UInt16.max))
        let body: BodySelector
        switch try arguments.text("body") {
        case "source": body = .source(Int(index ?? 0))
        case nil where index != nil: body = .source(Int(index ?? 0))
        case nil where index == nil, "record" where index == nil: body = .record
        case "people" where index == nil: body = .people
        default: throw WireError(.badArgument, "body must be record, people or source")
        }
        return GetRequest(lookup: lookup, body: body, moment: try arguments.moment())
    }

    private static func file(
        _ arguments: inout RequestArguments,
        takesVersion: Bool
    ) throws(WireError) -> FileRequest {
        let byteCount = try arguments.byteCount()
        guard let name = try arguments.raw("name"), !name.isEmpty else {
            throw WireError(.missingArgument, "the option name is missing")
        }
        let given = GivenFacts(
            year: try arguments.number("year", in: 1...9999).map(Int.init),
            region: try arguments.text("region"),
            unit: try arguments.text("unit"),
            kind: try arguments.text("kind"),
            force: try arguments.flag("force")
        )
        let version =
            takesVersion ? try arguments.number("if-version", in: 0...UInt64(Int32.max)) : nil
        return FileRequest(
            byteCount: byteCount,
            name: String(decoding: name, as: UTF8.self),
            given: given,
            ifVersion: version.map(Int.init)
        )
    }
}
