public import ReportModel

/// What a worker is asked to do.
public enum WorkerOperation: String, Sendable, CaseIterable {
    /// Payload: a file. Reply: JSON `{record, people}`.
    case parse = "PARSE"
    /// Payload: JSON `{head, supplement}`, two records. Reply: JSON `{record}`.
    case merge = "MERGE"
    /// Payload: a record. Reply: JSON array of findings.
    case check = "CHECK"
    /// Payload: a file. Reply: the text that the extractor sees, UTF-8.
    case extract = "EXTRACT"
    /// Payload: a zip. Reply: its files as ``FilingFrames``.
    case unpack = "UNPACK"
    /// Payload: files as ``FilingFrames``. Reply: one zip of them.
    case pack = "PACK"
}

/// A request to a worker: a line `<operation> <argument bytes> <payload bytes>` LF, then both.
public struct WorkerRequest: Sendable {
    /// What to do.
    public var operation: WorkerOperation
    /// Name of the file and given facts, as JSON.
    public var argument: JSONValue
    /// The bytes to work on.
    public var payload: [UInt8]

    /// Makes a request.
    /// - Parameters:
    ///   - operation: what to do.
    ///   - argument: name of the file and given facts.
    ///   - payload: the bytes to work on.
    public init(_ operation: WorkerOperation, argument: JSONValue = [:], payload: [UInt8]) {
        self.operation = operation
        self.argument = argument
        self.payload = payload
    }

    /// The bytes before the payload.
    var head: [UInt8] {
        let argument = argument.canonicalBytes
        return Array("\(operation.rawValue) \(argument.count) \(payload.count)\n".utf8) + argument
    }
}

/// What a worker answers: a line `+OK <bytes>` or `-ERR <bytes>` LF, then the bytes.
///
/// A line `+WAIT <seconds>` LF may come before: the request needs another program and may take that
/// long, counted from its beginning.
enum WorkerReply {
    case success([UInt8])
    case failure(ReportError)
    case wait(seconds: Int)

    var bytes: [UInt8] {
        switch self {
        case .wait(let seconds):
            return Array("+WAIT \(seconds)\n".utf8)
        case .success(let payload):
            return Array("+OK \(payload.count)\n".utf8) + payload
        case .failure(let error):
            let payload = error.json.canonicalBytes
            return Array("-ERR \(payload.count)\n".utf8) + payload
        }
    }
}

/// Collects the bytes of one reply as they arrive.
struct WorkerReplyBuffer {
    private var bytes: [UInt8] = []

    mutating func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

    /// The reply once it is whole; nil while more is needed.
    /// - Throws: ``ReportError`` `internal` when the worker does not keep to the protocol.
    mutating func next() throws(ReportError) -> WorkerReply? {
        guard let end = bytes.prefix(64).firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count < 64 else { throw Self.nonsense }
            return nil
        }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        guard words.count == 2, let count = Int(words[1]), count >= 0,
            count <= WorkerLimits.maximumReplyByteCount
        else { throw Self.nonsense }
        if words[0] == "+WAIT" {
            bytes.removeFirst(end + 1)
            return .wait(seconds: count)
        }
        guard bytes.count >= end + 1 + count else { return nil }
        let payload = Array(bytes[(end + 1)..<(end + 1 + count)])
        bytes.removeFirst(end + 1 + count)
        switch words[0] {
        case "+OK": return .success(payload)
        case "-ERR":
            guard let json = try? JSONValue(parsing: payload) else { throw Self.nonsense }
            return .failure(ReportError(json: json))
        default: throw Self.nonsense
        }
    }

    private static var nonsense: ReportError {
        ReportError(.internal, "the parsing worker answered nonsense")
    }
}
