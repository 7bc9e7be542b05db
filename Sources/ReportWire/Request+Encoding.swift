public import NIOCore
import ReportModel

extension Request {
    /// The line of the request with its LF; a payload follows it.
    /// - Returns: bytes that ``init(parsing:)`` reads back.
    /// - Throws: ``WireError`` `lineTooLong`.
    public func encoded() throws(WireError) -> ByteBuffer {
        var line = ControlLineWriter(verb.rawValue)
        switch self {
        case .ping, .help, .version, .status, .verify, .renew, .quit: break
        case .join(let join): join.append(to: &line)
        case .get(let get):
            line.append(get.lookup)
            line.append(moment: get.moment)
            switch get.body {
            case .record: break
            case .people: line.append("body", "people")
            case .source(let index):
                line.append("body", "source")
                line.append("source", String(index))
            }
        case .resolve(let lookup, let moment):
            line.append(lookup)
            line.append(moment: moment)
        case .query(_, let arguments):
            for argument in arguments.positional { line.append(argument) }
            for (name, value) in arguments.options.sorted(by: { $0.key < $1.key }) {
                line.append(name, value)
            }
        case .command(_, let byteCount): line.append(String(byteCount))
        case .watch(let lookup, let position):
            if let lookup { line.append(lookup) }
            line.append("from", position.map { String($0) })
        case .put(let file): line.append(file)
        case .parse(let file, let people):
            var file = file
            file.ifVersion = nil
            line.append(file)
            line.append("people", people ? "1" : nil)
        case .putRecord(let byteCount, let ifVersion):
            line.append(String(byteCount))
            line.append("if-version", ifVersion.map { String($0) })
        }
        return try line.finish()
    }
}

extension ControlLineWriter {
    fileprivate mutating func append(moment: Moment) {
        switch moment {
        case .now: break
        case .asOf(let time): append("as-of", time.description)
        case .knownHere(let time): append("known-here", time.description)
        }
    }

    fileprivate mutating func append(_ file: FileRequest) {
        append(String(file.byteCount))
        append("name", file.name)
        append("year", file.given.year.map { String($0) })
        append("region", file.given.region)
        append("unit", file.given.unit)
        append("kind", file.given.kind)
        append("force", file.given.force ? "1" : nil)
        append("if-version", file.ifVersion.map { String($0) })
    }
}
