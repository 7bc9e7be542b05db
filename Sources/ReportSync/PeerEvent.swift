public import ReportModel
public import ReportWire

/// What happens to a session.
public enum PeerEvent: Sendable {
    /// The connection stands.
    case connected
    /// The peer said something.
    case received(PeerMessage)
    /// The store has committed something since the last ``statesLoaded(_:ownLog:)``.
    case storeCommitted
    /// Answer to ``PeerAction/loadStates``.
    case statesLoaded([LogState], ownLog: LogID)
    /// Answer to ``PeerAction/loadHash(log:sequence:)``; nil when the entry is not held.
    case hashLoaded(log: LogID, sequence: UInt64, Hash256?)
    /// Answer to ``PeerAction/loadBatch(log:after:maximumCount:maximumByteCount:)``.
    case batchLoaded(log: LogID, after: UInt64, EntryBatch?)
    /// The store could not read entries to send.
    case batchFailed(LogID, ReportError)
    /// Answer to ``PeerAction/leaveOwnLog(_:)``: the log that this node appends to from now on.
    case ownLogDecided(LogID)
    /// Answer to ``PeerAction/loadWitnesses(_:)``.
    case witnessesLoaded([Acknowledgement])
    /// An administrator wants every log compared with the peer's copy.
    case resync
    /// Answer to ``PeerAction/loadNodes(_:fromEntries:isAnswer:)``.
    case nodesLoaded(TreeNodes, isAnswer: Bool)
    /// Answer to ``PeerAction/findDefects(_:after:)``.
    case defectsFound(LogID, LogDefects)
    /// Answer to ``PeerAction/loadEntries(_:_:maximumByteCount:)``.
    case entriesLoaded(FetchedEntries)
    /// The first of the answers that were sent begins to be written: `NODES` or `ENTRIES`.
    case answered
    /// Answer to ``PeerAction/repair(_:)``, after the disk has it.
    case repaired(LogID, LogRepair)
    /// The store could not answer anything else.
    case loadFailed(ReportError)
    /// Answer to ``PeerAction/accept(_:_:)``, after the disk has it: how far the log is held.
    case accepted(LogPosition)
    /// The store did not take a batch.
    case acceptFailed(LogID, ReportError)
    /// Answer to ``PeerAction/acknowledge(_:)``.
    case acknowledged(Acknowledgement)
    /// The grant of the peer's key is another one now; nil: it was withdrawn.
    case grantChanged(Grant?)
    /// So many bytes have arrived since the connection began; told before each ``timerFired``.
    case arrived(UInt64)
    /// What arrived is no message of the protocol.
    case garbled(ReportError)
    /// The timer that was set has run out.
    case timerFired
    /// The connection is gone.
    case closed
}

/// What a session wants done, in order.
public enum PeerAction: Hashable, Sendable {
    /// Write a message.
    case send(PeerMessage)
    /// Let the decoder take payloads: the peer has proved its key.
    case openGate
    /// Read what the store holds of each log.
    case loadStates
    /// Read the hash of one entry.
    case loadHash(log: LogID, sequence: UInt64)
    /// Read entries to send.
    case loadBatch(log: LogID, after: UInt64, maximumCount: Int, maximumByteCount: Int)
    /// Begin a new log if the peer holds what the current one lacks; see ``ReportLog/leaveOwnLog(_:)``.
    case leaveOwnLog(LogPosition)
    /// Read what other nodes have signed for the peer's logs.
    case loadWitnesses([LogID])
    /// Keep what another node signed for a log of this node.
    case keepWitness(Acknowledgement)
    /// Compute hashes of nodes of a log's tree, to be compared or to be told to the peer.
    case loadNodes(TreeNodes, fromEntries: Bool, isAnswer: Bool)
    /// Look for damaged and absent parts of a log.
    case findDefects(LogID, after: UInt64)
    /// Read single entries for the peer.
    case loadEntries(LogID, [UInt64], maximumByteCount: Int)
    /// Mend damaged entries and bodies by the peer's.
    case repair(FetchedEntries)
    /// Verify and commit a batch.
    case accept(EntryBatch, LogDescriptor)
    /// Sign for a position that is on this disk.
    case acknowledge(LogPosition)
    /// Keep the peer's signature; once the disk has it, tell ``SyncEvent/acknowledged(_:)``.
    case keep(Acknowledgement)
    /// Send ``PeerEvent/timerFired`` at this time; there is never more than one timer.
    case setTimer(Duration)
    /// Tell the operator.
    case report(SyncEvent)
    /// Write what waits and close; an error says why.
    case close(ReportError.Code?, String)
}
