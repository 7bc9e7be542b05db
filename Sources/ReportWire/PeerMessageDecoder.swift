public import NIOCore
import ReportModel

/// Takes peer messages off a stream, within the limits of the protocol.
///
/// Behind the handshake a message that this version does not have is passed over with its payload.
///
/// Source: docs/protocol.md section 5, Versions.
struct PeerFrameReader: Sendable {
    private var lines = LineReader()
    /// What is gathered; without a verb it is passed over.
    private var payload: (verb: PeerVerb?, isLast: Bool, collector: PayloadCollector)?

    /// Whether a payload is under way.
    var isWithinPayload: Bool { payload != nil }

    /// The next message; nil while it is not complete.
    mutating func next(
        from buffer: inout ByteBuffer,
        isOpen: Bool
    ) throws(WireError) -> PeerMessage? {
        while true {
            if payload == nil {
                guard let line = try lines.next(from: &buffer) else { return nil }
                if let message = try begin(line, isOpen: isOpen) { return message }
            }
            guard var open = payload else { continue }
            payload = nil
            guard let bytes = try open.collector.take(from: &buffer) else {
                payload = open
                return nil
            }
            guard let verb = open.verb else { continue }
            return try PeerMessage(verb, payload: bytes.bytes, isLast: open.isLast)
        }
    }

    private mutating func begin(
        _ line: ByteBuffer,
        isOpen: Bool
    ) throws(WireError) -> PeerMessage? {
        let view = line.readableBytesView
        if view.starts(with: "-ERR ".utf8) { return try PeerFrameReader.failure(view) }
        let line = try ControlLine(view)
        guard let verb = PeerVerb(rawValue: line.verb) else {
            guard isOpen, line.hasFormOfMessage else {
                throw WireError(.unknownVerb, "unknown verb in a peer session")
            }
            try passOver(line)
            return nil
        }
        guard isOpen || verb.isForStrangers else {
            throw WireError(.outOfPlace, "\(verb.rawValue) before the handshake is over")
        }
        guard let counts = verb.payloadByteCounts else { return try PeerMessage(verb, line) }
        guard let count = line.number(0) else {
            throw WireError(.missingArgument, "\(verb.rawValue) without a number of bytes")
        }
        guard counts.contains(count) else {
            throw WireError(.payloadTooLarge, "\(verb.rawValue) with a wrong number of bytes")
        }
        let isMore = verb == .positions && line.argumentCount == 2
        guard line.argumentCount == 1 || isMore && line.argument(1).elementsEqual("more=1".utf8)
        else { throw WireError(.unexpectedArgument, "\(verb.rawValue) has an argument too many") }
        payload = (verb, !isMore, PayloadCollector(byteCount: Int(count)))
        return nil
    }

    /// A message of a later version: it has a payload when its first argument is digits only.
    private mutating func passOver(_ line: ControlLine) throws(WireError) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard line.argumentCount > 0, line.argument(0).allSatisfy(digits.contains) else { return }
        guard let count = line.number(0), count <= UInt64(WireLimits.maximumBatchByteCount) else {
            throw WireError(.payloadTooLarge, "a payload that is passed over is too large")
        }
        payload = (nil, true, PayloadCollector(byteCount: Int(count), discards: true))
    }

    private static func failure(_ view: ByteBufferView) throws(WireError) -> PeerMessage {
        guard case .error(let code, let message) = try ReplyDecoder.head(view) else {
            throw WireError(.malformedLine, "a line is not understood")
        }
        return .failure(code, message: message)
    }
}

/// Decodes what the other side of a peer session sends; every error is the end of the session.
public struct PeerMessageDecoder: NIOSingleStepByteToMessageDecoder {
    /// One message.
    public typealias InboundOut = PeerMessage

    private var reader = PeerFrameReader()
    private let gate: PeerGate

    /// Makes a decoder.
    /// - Parameter gate: open once the other side has proved its key.
    public init(gate: PeerGate) { self.gate = gate }

    /// Decodes one message.
    /// - Parameter buffer: what has arrived.
    /// - Returns: the message; nil while it is not complete.
    /// - Throws: ``WireError``
    public mutating func decode(buffer: inout ByteBuffer) throws -> PeerMessage? {
        try reader.next(from: &buffer, isOpen: gate.isOpen)
    }

    /// Decodes what is left when the other side has closed.
    /// - Parameters:
    ///   - buffer: what is left.
    ///   - seenEOF: whether the other side closed.
    /// - Returns: the message; nil when nothing is left.
    /// - Throws: ``WireError`` `truncated` within a message.
    public mutating func decodeLast(
        buffer: inout ByteBuffer,
        seenEOF: Bool
    ) throws -> PeerMessage? {
        if let message = try decode(buffer: &buffer) { return message }
        if seenEOF, buffer.readableBytes > 0 || reader.isWithinPayload {
            throw WireError(.truncated, "the other side closed within a message", isFinal: true)
        }
        return nil
    }
}
