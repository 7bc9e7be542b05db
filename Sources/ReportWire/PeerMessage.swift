public import ReportModel
import Synchronization

/// What one side of a peer session says.
///
/// Source: docs/protocol.md sections 4 and 5.
public enum PeerMessage: Hashable, Sendable {
    /// The first line of either side.
    case hello(Hello)
    /// The initiator's proof of its key.
    case auth(signature: [UInt8])
    /// How far the sender holds logs; a statement is complete with its last message.
    case positions([LogPosition], isLast: Bool)
    /// Forms of bodies that the sender can read, and which way entries are to go as seen from it, before its
    /// first positions; a program that knows no directions tells none.
    case forms(BodyForms, Direction? = nil)
    /// Who owns a log, and its newest head; before the log's first batch.
    case log(LogDescriptor, SignedHead)
    /// The key of an entry in the next batch, whose record does not travel with it.
    case key(String)
    /// Consecutive entries of one log, and what each is summed with.
    case batch(EntryBatch, EntryChecksum = .sha256)
    /// The sender holds a log up to a position, on its disk.
    case acknowledgement(Acknowledgement)
    /// The sender does not take a log in this session.
    case refuse(LogID, ReportError.Code, message: String)
    /// Another node holds a log of the receiver up to a position, by its own signature.
    case witness(Acknowledgement)
    /// Which hashes do these nodes of a log's tree have at the other side?
    case compare(TreeNodes)
    /// The answer: the same nodes with their hashes.
    case nodes(TreeNodes)
    /// Single entries of a log are wanted.
    case fetch(LogID, [UInt64])
    /// The answer: as many of them, from the first on, as fit.
    case entries(FetchedEntries)
    /// Are you there?
    case ping(UInt64)
    /// The answer, with the number of the question.
    case pong(UInt64)
    /// Orderly end.
    case bye
    /// The sender gives up and closes.
    case failure(ReportError.Code, message: String)
}

/// Forms in which a body may travel, beside its bytes.
///
/// Source: docs/protocol.md section 5.1.
public struct BodyForms: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Makes a set of forms.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// As one frame of zstd.
    public static let zstd = BodyForms(rawValue: 1)
    /// Not at all, when the receiver has the same body with an earlier version.
    public static let held = BodyForms(rawValue: 2)
    /// Not at all, with the key of the record told in its place.
    public static let keys = BodyForms(rawValue: 4)
    /// Of no body: entries of batches summed with XXH3 in place of SHA-256.
    public static let xxh3 = BodyForms(rawValue: 8)

    /// The words on the wire, by their form.
    static let words: [(word: String, form: BodyForms)] = [
        ("zstd", .zstd), ("held", .held), ("keys", .keys), ("xxh3", .xxh3),
    ]
}

/// Whether the other side has proved its key; opened by whoever verified it, read by the decoder.
///
/// Before it is open no payload is taken, whatever a line declares.
public final class PeerGate: Sendable {
    private let isOpenFlag: Atomic<Bool>

    /// Makes a gate.
    /// - Parameter isOpen: whether it is open from the beginning, as in tests.
    public init(isOpen: Bool = false) { isOpenFlag = Atomic(isOpen) }

    /// Whether the other side has proved its key.
    public var isOpen: Bool { isOpenFlag.load(ordering: .acquiring) }

    /// Opens the gate for good.
    public func open() { isOpenFlag.store(true, ordering: .releasing) }
}
