public import NIOCore
import ReportModel

/// Decodes replies at a client.
public struct ReplyDecoder: NIOSingleStepByteToMessageDecoder {
    /// One reply.
    public typealias InboundOut = Reply

    enum Head: Equatable {
        case ok(ReplyMedia, byteCount: UInt64)
        case error(ReportError.Code, message: String)
    }

    private var lines = LineReader()
    private var payload: (media: ReplyMedia, collector: PayloadCollector)?
    private let maximumPayloadByteCount: Int

    /// Makes a decoder.
    /// - Parameter maximumPayloadByteCount: largest payload that is taken.
    public init(maximumPayloadByteCount: Int = WireLimits.maximumReplyByteCount) {
        self.maximumPayloadByteCount = maximumPayloadByteCount
    }

    /// Decodes one reply.
    /// - Parameter buffer: what has arrived.
    /// - Returns: the reply; nil while it is not complete.
    /// - Throws: ``WireError``, after which the connection is of no use.
    public mutating func decode(buffer: inout ByteBuffer) throws -> Reply? {
        if payload == nil {
            guard let line = try lines.next(from: &buffer) else { return nil }
            switch try ReplyDecoder.head(line.readableBytesView) {
            case .error(let code, let message): return .error(code, message: message)
            case .ok(let media, let byteCount):
                guard byteCount <= UInt64(maximumPayloadByteCount) else {
                    throw WireError(.payloadTooLarge, "the reply is too large", isFinal: true)
                }
                payload = (media, PayloadCollector(byteCount: Int(byteCount) + 1))
            }
        }
        guard var open = payload else { return nil }
        payload = nil
        guard let taken = try open.collector.take(from: &buffer) else {
            payload = open
            return nil
        }
        var bytes = taken.bytes
        guard let slice = bytes.readSlice(length: bytes.readableBytes - 1),
            bytes.readInteger(as: UInt8.self) == UInt8(ascii: "\n")
        else { throw WireError(.badPayload, "a reply does not end in a line feed", isFinal: true) }
        return .ok(open.media, slice)
    }

    /// Decodes what is left when the server has closed.
    /// - Parameters:
    ///   - buffer: what is left.
    ///   - seenEOF: whether the server closed.
    /// - Returns: the reply; nil when nothing is left.
    /// - Throws: ``WireError`` `truncated` within a reply.
    public mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> Reply? {
        if let reply = try decode(buffer: &buffer) { return reply }
        if seenEOF, buffer.readableBytes > 0 || payload != nil {
            throw WireError(.truncated, "the server closed within a reply", isFinal: true)
        }
        return nil
    }

    /// Reads the first line of a reply.
    static func head(_ view: ByteBufferView) throws(WireError) -> Head {
        if view.starts(with: "-ERR ".utf8) {
            let rest = view.dropFirst(5)
            let end = rest.firstIndex(of: 0x20) ?? rest.endIndex
            let word = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
            let escaped = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
            let message = String(decoding: try PercentEscape.undo(escaped), as: UTF8.self)
            return .error(ReportError.Code(rawValue: word) ?? .internal, message: message)
        }
        let line = try ControlLine(view)
        guard line.verb == "+OK", line.argumentCount == 2, let count = line.number(1) else {
            throw WireError(.malformedLine, "this is no reply", isFinal: true)
        }
        guard let media = ReplyMedia(rawValue: try line.text(0) ?? "") else {
            throw WireError(.badArgument, "the reply has an unknown media", isFinal: true)
        }
        return .ok(media, byteCount: count)
    }
}
