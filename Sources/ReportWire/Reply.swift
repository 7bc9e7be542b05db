public import NIOCore
public import ReportModel

/// Media of a reply's payload.
public enum ReplyMedia: String, Hashable, Sendable, CaseIterable {
    case text = "text/plain"
    case json = "application/json"
    case octets = "application/octet-stream"
}

/// A reply to a request.
///
/// Source: docs/protocol.md section 2.
public enum Reply: Hashable, Sendable {
    /// A payload.
    case ok(ReplyMedia, ByteBuffer)
    /// An error; only its code and message travel.
    case error(ReportError.Code, message: String)

    /// A reply with text.
    public static func text(_ text: String) -> Reply { .ok(.text, ByteBuffer(string: text)) }

    /// A reply with the canonical bytes of a JSON value.
    public static func json(_ value: JSONValue) -> Reply {
        .ok(.json, ByteBuffer(bytes: value.canonicalBytes))
    }

    /// A reply with an error's code and message; hint and details stay behind.
    public static func error(_ error: ReportError) -> Reply {
        .error(error.code, message: error.message)
    }

    /// Writes the reply; a message that does not fit into a line is cut at a scalar.
    /// - Parameter buffer: where it goes.
    public func write(to buffer: inout ByteBuffer) {
        switch self {
        case .ok(let media, let payload):
            buffer.writeString("+OK \(media.rawValue) \(payload.readableBytes)\n")
            buffer.writeImmutableBuffer(payload)
            buffer.writeInteger(UInt8(ascii: "\n"))
        case .error(let code, let message):
            Reply.writeError(code, message: message, to: &buffer)
        }
    }

    /// The line before a payload, for a server that sends the payload by itself.
    ///
    /// The payload and one LF must follow.
    public static func okLine(_ media: ReplyMedia, byteCount: Int) -> ByteBuffer {
        ByteBuffer(string: "+OK \(media.rawValue) \(byteCount)\n")
    }

    static func writeError(
        _ code: ReportError.Code,
        message: String,
        to buffer: inout ByteBuffer
    ) {
        var escaped = ByteBuffer()
        let room = WireLimits.maximumLineByteCount - 64
        var piece = ByteBuffer()
        for scalar in message.unicodeScalars {
            piece.clear()
            PercentEscape.write(String(scalar).utf8, keepsSpaces: true, to: &piece)
            guard escaped.readableBytes + piece.readableBytes <= room else { break }
            escaped.writeImmutableBuffer(piece)
        }
        buffer.writeString("-ERR \(code.rawValue) ")
        buffer.writeBuffer(&escaped)
        buffer.writeInteger(UInt8(ascii: "\n"))
    }
}
