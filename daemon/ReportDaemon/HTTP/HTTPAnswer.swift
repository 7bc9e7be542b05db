import NIOHTTP1
import ReportModel

/// An answer of the HTTP server, whole.
struct HTTPAnswer: Sendable {
    var status: HTTPResponseStatus
    var mediaType: String
    var body: [UInt8]

    /// Bytes of a media type.
    init(_ status: HTTPResponseStatus, mediaType: String, body: [UInt8]) {
        self.status = status
        self.mediaType = mediaType
        self.body = body
    }

    /// A line of text.
    static func text(_ status: HTTPResponseStatus, _ text: String) -> HTTPAnswer {
        HTTPAnswer(
            status,
            mediaType: "text/plain; charset=utf-8",
            body: Array((text + "\n").utf8)
        )
    }

    /// An object.
    static func json(_ status: HTTPResponseStatus, _ value: JSONValue) -> HTTPAnswer {
        HTTPAnswer(
            status,
            mediaType: "application/json",
            body: value.canonicalBytes + [UInt8(ascii: "\n")]
        )
    }
}
