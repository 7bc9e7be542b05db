import NIOCore
import ReportModel
import ReportSync
import ReportWire

/// One node of a simulated conversation: a machine, a store, and bytes that wait to be carried.
final class SimulatedSide {
    let log: InMemoryLog
    let gate = PeerGate()
    private var session: PeerSession
    private let decoder: NIOSingleStepByteToMessageProcessor<PeerMessageDecoder>

    var now: Duration = .zero
    /// Messages on the way to the other side, as bytes.
    var outbound: [ByteBuffer] = []
    /// What the store was asked and has not answered.
    var work: [PeerAction] = []
    var timer: Duration?
    var reports: [SyncEvent] = []
    var closed: (code: ReportError.Code?, message: String)?
    /// Whether the connection takes answers to questions; if not, they wait.
    var takesAnswers = true
    /// Every message sent, by kind, for tests that look at order and number.
    var sent: [PeerMessage] = []

    init(_ log: InMemoryLog, _ configuration: PeerSession.Configuration) {
        self.log = log
        session = PeerSession(configuration)
        decoder = NIOSingleStepByteToMessageProcessor(PeerMessageDecoder(gate: gate))
    }

    /// The store reads a batch, as it was asked, and answers when the second part is called.
    func readBatch() -> (() -> Void)? {
        guard case .loadBatch(let id, let after, let count, let byteCount) = work.first else {
            return nil
        }
        work.removeFirst()
        let answer = batchLoaded(id, after, count, byteCount)
        return { self.step(answer) }
    }

    /// The store's answer to `loadBatch`, without the bodies that the session does without by now.
    private func batchLoaded(
        _ id: LogID,
        _ after: UInt64,
        _ count: Int,
        _ byteCount: Int
    ) -> PeerEvent {
        let batch = log.batchNow(id, after: after, count: count, byteCount: byteCount)?
            .omittingBodies(where: session.bodyOmission(of: id) ?? { _ in false })
        return .batchLoaded(log: id, after: after, batch)
    }

    var progress: PeerProgress { session.progress }
    var isEnded: Bool { session.isEnded }
    var isEstablished: Bool { session.isEstablished }

    func step(_ event: PeerEvent) {
        for action in session.handle(event, at: now) {
            switch action {
            case .send(let message):
                sent.append(message)
                var buffer = ByteBuffer()
                do {
                    try message.write(to: &buffer)
                    outbound.append(buffer)
                } catch {
                    preconditionFailure("the machine made a message that cannot be written")
                }
                switch message {
                case .nodes, .entries: if takesAnswers { step(.answered) }
                default: break
                }
            case .openGate: gate.open()
            case .acknowledge(let position): step(.acknowledged(log.acknowledge(position)))
            case .setTimer(let time): timer = time
            case .report(let event): reports.append(event)
            case .close(let code, let message): closed = (code, message)
            default: work.append(action)
            }
        }
    }

    /// Bytes from the other side arrive.
    func deliver(_ bytes: ByteBuffer) {
        do {
            try decoder.process(buffer: bytes) { step(.received($0)) }
        } catch {
            closed = (.usage, "\(error)")
            step(.closed)
        }
    }

    /// The store does one thing that it was asked.
    /// - Parameter isHeard: whether the machine still lives to hear of it.
    func doWork(isHeard: Bool = true) {
        let event: PeerEvent? =
            switch work.removeFirst() {
            case .loadStates: .statesLoaded(log.states, ownLog: log.own)
            case .loadWitnesses(let logs): .witnessesLoaded(logs.flatMap { log.witnessesNow($0) })
            case .keepWitness(let acknowledgement): keep(acknowledgement)
            case .loadNodes(let nodes, let fromEntries, let isAnswer):
                .nodesLoaded(log.hashesNow(nodes, fromEntries: fromEntries), isAnswer: isAnswer)
            case .findDefects(let id, let after):
                .defectsFound(id, log.defectsNow(id, after: after, limit: 1000))
            case .loadEntries(let id, let sequences, let byteCount):
                .entriesLoaded(log.entriesNow(id, sequences, byteCount: byteCount))
            case .repair(let fetched): .repaired(fetched.log, log.repairNow(fetched))
            case .leaveOwnLog(let position): .ownLogDecided(log.leaveOwnLogNow(position))
            case .loadHash(let id, let sequence):
                .hashLoaded(log: id, sequence: sequence, log.hashNow(id, sequence))
            case .loadBatch(let id, let after, let count, let byteCount):
                batchLoaded(id, after, count, byteCount)
            case .accept(let batch, let descriptor): accept(batch, descriptor)
            case .keep(let acknowledgement): keep(acknowledgement)
            default: nil
            }
        guard isHeard, let event else { return }
        step(event)
        if case .accepted = event { step(.storeCommitted) }
    }

    private func accept(_ batch: EntryBatch, _ descriptor: LogDescriptor) -> PeerEvent {
        do throws(ReportError) {
            return .accepted(try log.acceptNow(batch, descriptor))
        } catch {
            return .acceptFailed(batch.log, error)
        }
    }

    private func keep(_ acknowledgement: Acknowledgement) -> PeerEvent? {
        log.keepNow(acknowledgement)
        return nil
    }
}
