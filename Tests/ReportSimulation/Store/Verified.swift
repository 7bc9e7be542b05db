import ReportModel
import Synchronization

/// Signatures that were found right before, so that simulated stores need not verify them again.
///
/// Verification is a pure function: remembering its result changes nothing but the time it takes.
/// What the product's state machines verify, they verify themselves.
enum Verified {
    private static let heads = Mutex<Set<[UInt8]>>([])

    static func isAuthentic(_ head: SignedHead, _ descriptor: LogDescriptor) -> Bool {
        guard descriptor.id == head.log, descriptor.node == head.node else { return false }
        return remember(head.bytes) { head.isAuthentic(for: descriptor) }
    }

    static func isAuthentic(_ acknowledgement: Acknowledgement) -> Bool {
        remember(acknowledgement.bytes) { acknowledgement.isAuthentic }
    }

    private static func remember(_ bytes: [UInt8], _ verify: () -> Bool) -> Bool {
        if heads.withLock({ $0.contains(bytes) }) { return true }
        guard verify() else { return false }
        heads.withLock { known in
            if known.count >= 20_000 { known = [] }
            known.insert(bytes)
        }
        return true
    }
}
