public import ReportModel

/// What comparing one log with a peer found, and what was mended by it.
public struct ReconciledLog: Hashable, Sendable {
    /// The log.
    public var log: LogID
    /// Name of its owner.
    public var name: String
    /// Entries that both sides hold, which were compared.
    public var compared: UInt64 = 0
    /// Hashes of nodes that the peer was asked for.
    public var hashCount = 0
    /// Entries that differ although this node's are whole: the peer's copy is damaged, or another branch.
    public var differing: [UInt64] = []
    /// Entries that were damaged here, and those of this node's own log that lacked bodies.
    public var damaged: [UInt64] = []
    /// Entries of others whose bodies were not here, though the headers were whole.
    public var bare: [UInt64] = []
    /// Those of them whose bodies the peer did not send: its grant for this node does not cover them, or it
    /// has none.
    public var withheld: [UInt64] = []
    /// Entries whose headers were mended.
    public var mendedEntryCount = 0
    /// Bodies that were mended or fetched.
    public var mendedBodyCount = 0
    /// Entries that are still damaged: the peer had none, or no better ones.
    public var remaining: [UInt64] = []
    /// Whether bodies came that were absent before: `reportctl reindex --search-only` lets searches find them.
    public var needsReindex = false

    init(log: LogID, name: String) {
        self.log = log
        self.name = name
    }

    /// Whether nothing was found, or everything was mended.
    public var isSound: Bool { differing.isEmpty && remaining.isEmpty }

    /// Adds entries that are no better than before; of those that only lack bodies nothing is damaged.
    mutating func add(remaining entries: [UInt64], bare: Set<UInt64>) {
        withheld += entries.filter { bare.contains($0) }
        remaining += entries.filter { !bare.contains($0) }
    }

    /// The account as an object; lists have at most 100 numbers.
    public var json: JSONValue {
        func list(_ numbers: [UInt64]) -> JSONValue {
            .array(numbers.prefix(100).map { .integer(Int(clamping: $0)) })
        }
        return [
            "log": .string(log.description), "name": .string(name),
            "compared": .integer(Int(clamping: compared)), "hashes": .integer(hashCount),
            "differing": list(differing), "damaged": list(damaged),
            "damagedCount": .integer(damaged.count), "mendedEntries": .integer(mendedEntryCount),
            "mendedBodies": .integer(mendedBodyCount), "remaining": list(remaining),
            "remainingCount": .integer(remaining.count), "bareCount": .integer(bare.count),
            "withheldCount": .integer(withheld.count), "needsReindex": .bool(needsReindex),
            "sound": .bool(isSound),
        ]
    }
}

/// The comparison of logs that is under way in a session.
struct Reconciliation {
    /// Why a log is compared.
    enum Purpose: Hashable {
        /// An administrator asked: everything is looked at, and mended.
        case resync
        /// The peer is on another branch: where do they part?
        case fork
    }

    struct Job: Hashable {
        var log: LogID
        var purpose: Purpose
    }

    /// A log that is being compared.
    struct Current {
        var job: Job
        var size: UInt64
        var account: ReconciledLog
        /// Groups of nodes that are still to be asked for; the last one is next.
        var groups: [[MerkleTree.Node]] = []
        var asked: TreeNodes?
        var local: [Hash256]?
        var remote: [Hash256]?
        var scannedUpTo: UInt64 = 0
        var isScanned = false
        /// Entries that are still to be fetched, in ascending order.
        var wanted: [UInt64] = []
        /// Those among them that only lack bodies, of a log that is not this node's.
        var bare: Set<UInt64> = []
        var fetching: [UInt64] = []
        /// When the question was sent that the peer has not answered.
        var askedAt: Duration?
    }

    var waiting: [Job] = []
    var current: Current?
    /// Accounts of the logs of a resync that are done.
    var done: [ReconciledLog] = []
    var isResync = false
    /// Questions of the peer; of the first the store is asked, or its answer waits to be written.
    var questions: [PeerAction] = []
}
