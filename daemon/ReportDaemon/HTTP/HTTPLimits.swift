import NIOCore

/// Ceilings of the HTTP server, in one place.
enum HTTPLimits {
    /// Most connections at the same time; more are closed at once.
    static let maximumConnectionCount = 64
    /// Longest path or header with its value.
    static let maximumFieldByteCount = 4 << 10
    /// All headers of a request.
    static let maximumHeaderByteCount = 16 << 10
    /// Headers of a request.
    static let maximumHeaderCount = 64
    /// Time from the connection, or from the last answer, until a request is whole.
    static let requestTimeout = TimeAmount.seconds(60)
    /// Time for an answer to be made; then the answer is that it took too long.
    static let answerTimeout = TimeAmount.seconds(10)
    /// Time for the client to read an answer.
    static let writeTimeout = TimeAmount.seconds(20)
    /// Time for every event loop to answer that it lives.
    static let loopTimeout = TimeAmount.seconds(2)
}
