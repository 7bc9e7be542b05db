import ReportModel
import ReportWire

extension PeerSession {
    /// Goes on under another grant; ends where it is withdrawn.
    ///
    /// Logs that were refused under the old grant may be taken under the new one: then the session ends in
    /// good order, and the next one begins with them.
    mutating func grantChanged(_ new: Grant?) {
        guard phase == .exchanging || phase == .established, initiator == nil else { return }
        guard let new, new.rights.contains(.peer) else {
            return fail(ReportError(.notAllowed, "the grant of this key was withdrawn"))
        }
        guard new != grant else { return }
        grant = new
        // What was made ready by the grant before may hold too much, or too little.
        heldBatch = nil
        isLoadStale = isLoadingBatch
        // Directions are stated once.
        guard new.direction == direction else {
            send(.bye)
            return end(nil, "the direction of this peer is another one now")
        }
        guard exchanges.values.contains(where: { $0.incomingRefusal?.code == .notAllowed }) else {
            return pump()
        }
        send(.bye)
        end(nil, "the grant of this key is another one now")
    }
}
