package import ReportModel

/// What a commit adds to the logs of a store, for an engine that several nodes share.
package struct SharedCommit: Sendable {
    /// Consecutive new entries of one log, with a head of its owner that covers them.
    package struct Part: Sendable {
        /// Who owns the log.
        package var descriptor: LogDescriptor
        /// The entries; bodies that were erased before they came are left out.
        package var batch: EntryBatch
        /// Hashes of the entries, in their order.
        package var hashes: [Hash256]
        /// Files that entries name and earlier ones brought: absent in ``batch``, to be read one by one
        /// when they are sent, so that nobody holds them all.
        package var held: [HeldFile] = []
        /// Entries before the last one at which the batch can be divided, ascending: a reader takes no
        /// more at once.
        package var cuts: [Cut] = []

        /// Sequence of the last entry.
        package var last: UInt64 { batch.first + UInt64(hashes.count) - 1 }

        package init(descriptor: LogDescriptor, batch: EntryBatch, hashes: [Hash256]? = nil) {
            self.descriptor = descriptor
            self.batch = batch
            self.hashes = hashes ?? batch.entries.map { Hash256(hashing: $0.header) }
        }
    }

    /// A file that an entry names and an earlier one brought.
    package struct HeldFile: Sendable {
        /// Place of the entry in the batch.
        package var offset: Int
        /// Index of the body in the entry's header.
        package var index: Int
        /// What the header says of it.
        package var reference: BodyReference
        /// Its salt.
        package var salt: Hash256
        /// Its length.
        package var byteCount: Int
        /// Where it is read.
        var origin: EntryPlace
        var originIndex: Int
    }

    /// Where a batch can be divided.
    package struct Cut: Sendable {
        /// Sequence of the last entry before it.
        package var last: UInt64
        /// A head of the owner that covers it.
        package var head: SignedHead
        /// Proof that the entries up to it are the beginning of the head's tree.
        package var proof: [Hash256]

        package init(last: UInt64, head: SignedHead, proof: [Hash256]) {
            self.last = last
            self.head = head
            self.proof = proof
        }
    }

    /// An entry that lost bodies by law.
    package struct Loss: Hashable, Sendable {
        /// The log.
        package var log: LogID
        /// Sequence of the entry.
        package var sequence: UInt64
        /// Indexes of the bodies that nobody may hold any more.
        package var bodies: [Int]
    }

    /// What is said of a log beside its entries.
    package enum Notice: Sendable {
        /// A node has signed that it holds the log up to a position.
        case acknowledgement(Acknowledgement)
        /// Entries of another branch: the log is forked.
        case branch(EntryBatch)
        /// An administrator lets the owner of a forked log go on with other logs.
        case release(LogID)

        /// The log that is spoken of.
        package var log: LogID {
            switch self {
            case .acknowledgement(let acknowledgement): acknowledgement.position.log
            case .branch(let batch): batch.log
            case .release(let log): log
            }
        }
    }

    /// New entries, one part for each log, in ascending order of log.
    package var parts: [Part] = []
    /// What was said of logs, in its order.
    package var notices: [Notice] = []
    /// Entries that lost bodies.
    package var losses: [Loss] = []

    package init() {}

    /// Whether nothing was added.
    package var isEmpty: Bool { parts.isEmpty && notices.isEmpty && losses.isEmpty }
}

/// Where every commit of a store must be durable before the store itself commits.
package protocol CommitSink: SharedFiles {
    /// Bytes of entries behind which a batch is to be divided.
    var cutByteCount: Int { get }

    /// Makes a commit durable; called on the writer's thread within its transaction, and may block.
    ///
    /// What it holds already it passes over.
    /// - Parameters:
    ///   - commit: what is added.
    ///   - load: reads a file that was left out; nil when it is not to be had any more.
    /// - Throws: ``ReportError``; then the store's transaction is given up. `unreachable` tells that a
    ///   part of the transaction would fare no better.
    func commit(
        _ commit: SharedCommit,
        loading load: (SharedCommit.HeldFile) throws -> Body?
    ) throws(ReportError)
}
