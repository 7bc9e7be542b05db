import FuzzSupport
import NIOCore
import ReportModel
import ReportWire

/// What reads bytes of strangers.
public enum WireTarget: String, CaseIterable, Sendable {
    /// A server that takes no files of strangers.
    case stranger
    /// A server at the loopback address.
    case client
    /// A server behind the handshake of a peer.
    case server
    /// A peer session after the handshake.
    case peer
    /// A peer session before the handshake is over.
    case handshake
    /// A client that reads replies.
    case reply
    /// Entries, heads, descriptors, acknowledgements and batches without frames.
    case binary
    /// JSON as a tree.
    case json
    /// The payload of `PUTREC`, read with and without a tree.
    case record
    /// A proof and its check.
    case proof
    /// Evidence of a fork and its check.
    case evidence
    /// A bundle, signed after it was changed.
    case bundle

    /// Reads bytes.
    /// - Returns: whether anything was taken; what is wrong, if something is.
    func read(_ bytes: [UInt8], _ random: inout FuzzGenerator) -> (isTaken: Bool, fault: String?) {
        switch self {
        case .stranger:
            return served(bytes, &random) { RequestDecoder(takesPayloadsOfStrangers: false) }
        case .client: return served(bytes, &random) { RequestDecoder(budget: PayloadBudget()) }
        case .server:
            return served(bytes, &random) { RequestDecoder(gate: PeerGate(isOpen: true)) }
        case .peer: return messages(bytes, &random, isOpen: true)
        case .handshake: return messages(bytes, &random, isOpen: false)
        case .reply:
            let outcome = StreamCheck.compare(ByteBuffer(bytes: bytes), &random) { ReplyDecoder() }
            let fault = outcome.frames.lazy.compactMap { StreamCheck.fault(writing: $0) }.first
            return (!outcome.frames.isEmpty, outcome.fault ?? fault)
        case .binary: return DocumentCheck.binary(bytes)
        case .json: return DocumentCheck.json(bytes)
        case .record: return DocumentCheck.record(bytes)
        case .proof: return DocumentCheck.proof(bytes)
        case .evidence: return DocumentCheck.evidence(bytes)
        case .bundle: return DocumentCheck.bundle(bytes)
        }
    }

    private func served(
        _ bytes: [UInt8],
        _ random: inout FuzzGenerator,
        _ make: () -> RequestDecoder
    ) -> (Bool, String?) {
        let outcome = StreamCheck.compare(ByteBuffer(bytes: bytes), &random, make)
        // Servers answer every fault in its place; they never throw.
        let thrown = outcome.error.map { "a server's decoder has thrown \($0)" }
        let isTaken = outcome.frames.contains { frame in
            if case .failure = frame { false } else { true }
        }
        return (isTaken, outcome.fault ?? thrown ?? StreamCheck.fault(of: outcome.frames))
    }

    private func messages(
        _ bytes: [UInt8],
        _ random: inout FuzzGenerator,
        isOpen: Bool
    ) -> (Bool, String?) {
        let outcome = StreamCheck.compare(ByteBuffer(bytes: bytes), &random) {
            PeerMessageDecoder(gate: PeerGate(isOpen: isOpen))
        }
        let early = outcome.frames.first { message in
            switch message {
            case .hello, .auth, .bye, .failure: false
            default: !isOpen
            }
        }
        let fault = outcome.frames.lazy.compactMap { StreamCheck.fault(writing: $0) }.first
        return (
            !outcome.frames.isEmpty,
            outcome.fault ?? early.map { "\($0) before the handshake is over" } ?? fault
        )
    }
}
