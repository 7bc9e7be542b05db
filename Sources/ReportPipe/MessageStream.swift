package import ReportModel

/// A message as it came.
package struct ReceivedMessage: Sendable {
    /// Its subject.
    package var subject: String
    /// Its header ``PartHeader/name``; nil when it has none.
    package var header: String?
    /// What it carries.
    package var payload: [UInt8]
    /// What ``MessageStream/settle(_:)`` is told.
    package var receipt: String

    /// Makes the value.
    package init(subject: String, header: String?, payload: [UInt8], receipt: String) {
        self.subject = subject
        self.header = header
        self.payload = payload
        self.receipt = receipt
    }
}

/// What carries messages from one node to another: it may lose, repeat and reorder them.
///
/// Nothing that it says moves a position; a ``Pipe`` goes by what the other store has signed.
package protocol MessageStream: Sendable {
    /// Most bytes of a message's payload.
    var maximumPayloadByteCount: Int { get }

    /// Hands a message over; returns when the stream has it.
    /// - Throws: ``ReportError`` `unreachable`, `timed-out`, `not-allowed`, `no-space`.
    func publish(
        _ payload: [UInt8],
        header: PartHeader,
        to subject: PipeSubject
    ) async throws(ReportError)

    /// Messages for this node; those that are not settled come again.
    /// - Parameter milliseconds: how long to wait for the first.
    /// - Returns: none when none came.
    /// - Throws: ``ReportError`` `unreachable`.
    func receive(within milliseconds: Int) async throws(ReportError) -> [ReceivedMessage]

    /// Lets the stream drop a message.
    func settle(_ message: ReceivedMessage) async throws(ReportError)

    /// Drops the messages of a subject that still wait in the stream.
    func purge(_ subject: PipeSubject) async throws(ReportError)
}
