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
    /// An error; its code and message travel, the hint within the message.
    case error(ReportError.Code, message: String)

    /// A reply with text.
    public static func text(_ text: String) -> Reply { .ok(.text, ByteBuffer(string: text)) }

    /// A reply with the canonical bytes of a JSON value.
    public static func json(_ value: JSONValue) -> Reply {
        .ok(.json, ByteBuffer(bytes: value.canonicalBytes))
    }

    /// A reply with an error's code, message and hint; details stay behind.
    ///
    /// The hint stands behind a line feed in the message, where a client that knows nothing of hints
    /// shows it as well.
    public static func error(_ error: ReportError) -> Reply {
        let line = String(error.message.map { $0.isNewline ? " " : $0 })
        return .error(error.code, message: error.hint.map { line + "\n" + $0 } ?? line)
    }

    /// The error that a message of a reply says, with the hint behind its first line feed.
    /// - Parameters:
    ///   - code: the code of the reply.
    ///   - message: the message of the reply.
    /// - Returns: the error.
    public static func reportError(_ code: ReportError.Code, message: String) -> ReportError {
        guard let end = message.firstIndex(of: "\n") else { return ReportError(code, message) }
        let hint = String(message[message.index(after: end)...])
        return ReportError(code, String(message[..<end]), hint: hint.isEmpty ? nil : hint)
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
