import ReportModel
import ReportWire

/// How long a client lets a node say nothing.
///
/// Silence alone is limited: whatever arrives begins the time anew, so an answer may be long and a line slow.
package struct AnswerPatience: Sendable {
    /// From the connection to the first answer: a node that hangs still has its connections taken by the kernel.
    package var first: Duration
    /// Within the answer to a question.
    package var question: Duration

    /// What commands wait: 10 s and 2 min.
    package static let usual = AnswerPatience(first: .seconds(10), question: .seconds(120))

    /// Makes a patience.
    /// - Parameters:
    ///   - first: from the connection to the first answer.
    ///   - question: within the answer to a question.
    package init(first: Duration, question: Duration) {
        self.first = first
        self.question = question
    }

    /// How long the node may say nothing to a request; nil for work, which takes as long as it takes: cut off, nobody
    /// would know whether it was done.
    func limit(for request: Request) -> Duration? {
        switch request {
        case .command, .put, .parse, .putRecord, .verify: nil
        default: question
        }
    }

    /// The error that ends the waiting.
    static func silence(at place: String, _ limit: Duration) -> ReportError {
        ReportError(
            .timedOut,
            "the node at \(place) does not answer: nothing came within \(limit.components.seconds) s",
            hint: "try again; when it stays silent, on its machine: systemctl restart reportd"
        )
    }
}
