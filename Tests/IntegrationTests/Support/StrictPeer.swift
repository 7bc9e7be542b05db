import ReportModel

/// A peer of version 1 that is written by hand from docs/protocol.md: what is not in that version's table of messages
/// ends its session.
final class StrictPeer {
    /// One message of the other side.
    struct Message {
        var verb: String
        var arguments: [String]
        var payload: [UInt8] = []
    }

    let client: RawClient
    /// What follows each verb, in the words of Tests/Fixtures/wire/1/messages.txt.
    private let table: [String: [String]]

    /// Takes a connection whose handshake is over.
    init(_ client: RawClient) throws {
        self.client = client
        let tests = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let lines = try Disk.text("\(tests)/Fixtures/wire/1/messages.txt").split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
        table = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], Array($0.dropFirst())) })
    }

    /// The next message; a ping is answered and told like every other.
    func next() throws -> Message {
        guard let line = client.line() else { throw TestFailure("the node is silent, or closed") }
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        var message = Message(verb: words[0], arguments: Array(words.dropFirst()))
        guard let form = table[message.verb] else {
            throw TestFailure("a peer of version 1 does not know: \(line)")
        }
        guard message.verb != "-ERR" else {
            throw TestFailure("the node ends the session: \(line)")
        }
        try check(message, form, line)
        if form.first == "<payload>" {
            let count = try size(message.arguments[0], line)
            guard let bytes = client.bytes(count) else { throw TestFailure("cut off: \(line)") }
            message.payload = bytes
        }
        if message.verb == "PING" { client.send("PONG \(message.arguments[0])\n") }
        return message
    }

    /// The next message with a verb; what version 1 lets stand before it is passed over.
    func awaited(_ verb: String) throws -> Message {
        while true {
            let message = try next()
            if message.verb == verb { return message }
        }
    }

    /// The first statement: forms or none, then positions, and nothing else but pings between.
    func statement() throws {
        var isFirst = true
        while true {
            let message = try next()
            switch message.verb {
            case "PING", "PONG": continue
            case "FORMS" where isFirst: isFirst = false
            case "POSITIONS":
                guard message.payload.count % 56 == 0 else { throw TestFailure("rows are cut") }
                isFirst = false
                if message.arguments.count == 1 { return }
            default: throw TestFailure("\(message.verb) within the first statement")
            }
        }
    }

    private func check(_ message: Message, _ form: [String], _ line: String) throws {
        let arguments = message.arguments
        let isRight =
            switch form.first {
            case nil: arguments.isEmpty
            case "<words>", "<text>": true
            case "<number>": arguments.count == 1 && UInt64(arguments[0]) != nil
            case "<payload>":
                arguments.count == 1
                    || arguments.count == 2 && form.dropFirst() == ["[\(arguments[1])]"]
            default: arguments.count == form.count
            }
        guard isRight, !arguments.contains("") else {
            throw TestFailure("a peer of version 1 does not know: \(line)")
        }
    }

    private func size(_ text: String, _ line: String) throws -> Int {
        guard let count = Int(text), (0...134_217_728).contains(count) else {
            throw TestFailure("no size: \(line)")
        }
        return count
    }

    /// The first bytes of all bodies of a batch: their kinds, or the forms in which they travel.
    ///
    /// Source: docs/protocol.md section 5.1.
    static func bodyMarks(of batch: [UInt8]) throws -> [UInt8] {
        var rest = batch[...]
        func take(_ count: Int) throws -> ArraySlice<UInt8> {
            guard count <= rest.count else { throw TestFailure("a batch is cut off") }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func number(_ count: Int) throws -> Int { try take(count).reduce(0) { $0 << 8 | Int($1) } }
        guard try Array(take(4)) == [0x72, 0x70, 0x62, 1] else { throw TestFailure("no batch") }
        _ = try take(16 + 8)
        let (entries, hashes) = (try number(2), try number(2))
        _ = try take(196 + 32 * hashes)
        var marks: [UInt8] = []
        for _ in 0..<entries {
            let after = rest.count - 12 - (try number(4))
            _ = try take(8)
            _ = try take(try number(4))
            while rest.count > after {
                let mark = UInt8(try number(1))
                marks.append(mark)
                guard mark != 0, mark != 64 else { continue }
                _ = try take(32 + (mark < 128 ? 0 : 8))
                _ = try take(try number(8))
            }
        }
        return marks
    }
}
