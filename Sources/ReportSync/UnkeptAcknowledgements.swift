import ReportModel

/// Acknowledgements that a peer sent and that are not on the disk yet, for one worker that keeps them.
///
/// Of each log only the newest: older ones say nothing beside it, so a slow disk costs no memory.
struct UnkeptAcknowledgements: Sendable {
    private var newest: [LogID: Acknowledgement] = [:]
    private var isAtWork = false

    /// Adds one.
    /// - Returns: whether the worker must begin, since it found nothing to do last.
    mutating func add(_ acknowledgement: Acknowledgement) -> Bool {
        let id = acknowledgement.position.log
        if acknowledgement.position.sequence >= newest[id]?.position.sequence ?? 0 {
            newest[id] = acknowledgement
        }
        defer { isAtWork = true }
        return !isAtWork
    }

    /// The next one for the worker, which ends when there is none.
    mutating func next() -> Acknowledgement? {
        guard let (id, acknowledgement) = newest.min(by: { $0.key < $1.key }) else {
            isAtWork = false
            return nil
        }
        newest[id] = nil
        return acknowledgement
    }
}
