public import ReportModel
import ReportWire

/// Why a session ended.
public struct PeerSessionEnd: Hashable, Sendable {
    /// The error; nil for an orderly end.
    public var code: ReportError.Code?
    /// One sentence.
    public var message: String
    /// Whether the session had been established: then a schedule begins anew.
    public var wasEstablished: Bool
    /// How long it was established.
    public var established = Duration.zero
    /// Whether the peer gave the reason, not this side.
    public var isFromPeer = false

    /// The end of a session that did not come about.
    /// - Parameter error: why.
    public init(failing error: ReportError) {
        self.init(code: error.code, message: error.message, wasEstablished: false)
    }

    init(code: ReportError.Code? = nil, message: String, wasEstablished: Bool) {
        self.code = code
        self.message = message
        self.wasEstablished = wasEstablished
    }
}

/// Runs one ``PeerSession`` over a transport and a log.
///
/// All state changes happen on the actor, one event at a time; the machine decides, the driver
/// does. It opens no socket and reads no file.
public actor PeerDriver<Transport: PeerTransport, Log: ReportLog, Timer: Clock>
where Timer.Duration == Duration {
    private enum Work: Sendable {
        case action(PeerAction)
        /// The batches are taken in the order of their numbers.
        case accept(Int, EntryBatch, LogDescriptor)
        case keepAcknowledgements
        case closingTime
    }

    private let transport: Transport
    private let log: Log
    private let clock: Timer
    private let start: Timer.Instant
    private let limits: SyncLimits
    private let onEvent: @Sendable (SyncEvent) -> Void
    private let work: AsyncStream<Work>
    private let works: AsyncStream<Work>.Continuation
    private let outbox: AsyncStream<PeerMessage>
    private let outgoing: AsyncStream<PeerMessage>.Continuation
    private var session: PeerSession
    private var waitingMessageCount = 0
    private var order = CheckedOrder<Log.CheckedBatch>()
    private var unkept = UnkeptAcknowledgements()
    private var resyncs: [CheckedContinuation<[ReconciledLog]?, Never>] = []
    private var establishedAt: Timer.Instant?
    private var ending = PeerSessionEnd(message: "cancelled", wasEstablished: false)

    /// Makes a driver for one session.
    /// - Parameters:
    ///   - transport: the connection.
    ///   - log: the node's store.
    ///   - configuration: what the session is made from.
    ///   - clock: a clock that goes on while the machine sleeps.
    ///   - onEvent: told what an operator should know; must not block.
    public init(
        transport: Transport,
        log: Log,
        configuration: PeerSession.Configuration,
        clock: Timer,
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) {
        self.transport = transport
        self.log = log
        self.clock = clock
        start = clock.now
        limits = configuration.limits
        self.onEvent = onEvent
        (work, works) = AsyncStream<Work>.makeStream()
        (outbox, outgoing) = AsyncStream<PeerMessage>.makeStream()
        session = PeerSession(configuration)
    }

    /// How far the two nodes are.
    public var progress: PeerProgress { session.progress }

    /// Runs the session until it ends, the connection is gone, or the task is cancelled.
    ///
    /// May be called once.
    /// - Returns: why it ended; the transport is closed by then.
    public func run() async -> PeerSessionEnd {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.read() }
                group.addTask { await self.write() }
                group.addTask { await self.watchCommits() }
                step(.connected)
                for await item in work {
                    group.addTask { await self.perform(item) }
                }
                group.cancelAll()
                await transport.close()
            }
        } onCancel: {
            works.finish()
        }
        outgoing.finish()
        answerResyncs(nil)
        if let establishedAt { ending.established = establishedAt.duration(to: clock.now) }
        return ending
    }

    /// Tells the session that the grant of the peer's key is another one now.
    /// - Parameter grant: what the key may do from now on; nil: nothing.
    public func setGrant(_ grant: Grant?) { step(.grantChanged(grant)) }

    /// Compares every log with the peer's copy and mends this node's by it.
    /// - Returns: what was found; nil when the session is not established, or ends before it is done.
    public func resync() async -> [ReconciledLog]? {
        guard session.isEstablished else { return nil }
        return await withCheckedContinuation { continuation in
            resyncs.append(continuation)
            step(.resync)
        }
    }

    private func answerResyncs(_ logs: [ReconciledLog]?) {
        let waiting = resyncs
        resyncs = []
        for continuation in waiting { continuation.resume(returning: logs) }
    }

    /// Ends the session in good order.
    public func stop() {
        guard !session.isEnded else { return }
        execute([.send(.bye), .close(nil, "stopped")])
        _ = session.handle(.closed, at: .zero)
    }

    private func step(_ event: PeerEvent) {
        let actions = session.handle(event, at: start.duration(to: clock.now))
        execute(actions)
    }

    private func execute(_ actions: [PeerAction]) {
        for action in actions {
            switch action {
            case .send(let message): enqueue(message)
            case .openGate: transport.openGate()
            case .accept(let batch, let descriptor):
                works.yield(.accept(order.number(), batch, descriptor))
            case .keep(let acknowledgement):
                if unkept.add(acknowledgement) { works.yield(.keepAcknowledgements) }
            case .acknowledge(let position): step(.acknowledged(log.acknowledge(position)))
            case .report(let event):
                if case .established = event {
                    ending.wasEstablished = true
                    establishedAt = clock.now
                }
                if case .resynced(let logs) = event { answerResyncs(logs) }
                onEvent(event)
            case .close(let code, let message):
                ending.code = code
                ending.message = message
                ending.isFromPeer = session.isEndedByPeer
                answerResyncs(nil)
                outgoing.finish()
                works.yield(.closingTime)
            default: works.yield(.action(action))
            }
        }
    }

    private func enqueue(_ message: PeerMessage) {
        if waitingMessageCount == 0, transport.post(message) { return }
        guard waitingMessageCount < limits.waitingMessageCount else {
            outgoing.finish()
            works.finish()
            return
        }
        waitingMessageCount += 1
        outgoing.yield(message)
    }

    private func read() async {
        do {
            while let message = try await transport.receive() { step(.received(message)) }
        } catch let error as WireError {
            step(.garbled(error.reportError))
        } catch {
            // The connection is gone; the machine hears so below.
        }
        step(.closed)
    }

    private func write() async {
        do {
            for await message in outbox {
                // Told before the peer can have it: its next question may come at once.
                switch message {
                case .nodes, .entries: step(.answered)
                default: break
                }
                try await transport.send(message)
                waitingMessageCount -= 1
            }
        } catch {
            step(.closed)
        }
        works.finish()
    }

    private func watchCommits() async {
        var seen: UInt64 = 0
        while !Task.isCancelled {
            seen = await log.waitForCommit(after: seen)
            guard !Task.isCancelled else { return }
            step(.storeCommitted)
            let pause = limits.commitPause(logCount: session.logCount)
            try? await clock.sleep(until: clock.now.advanced(by: pause), tolerance: nil)
        }
    }

    private func perform(_ work: Work) async {
        switch work {
        case .closingTime:
            try? await clock.sleep(
                until: clock.now.advanced(by: limits.closingTime),
                tolerance: nil
            )
            works.finish()
        case .action(.setTimer(let deadline)):
            try? await clock.sleep(until: start.advanced(by: deadline), tolerance: nil)
            guard !Task.isCancelled else { return }
            step(.arrived(transport.arrivedByteCount))
            step(.timerFired)
        case .accept(let number, let batch, let descriptor):
            let checked: Result<Log.CheckedBatch, ReportError>
            do throws(ReportError) {
                checked = .success(try await log.check(batch, descriptor: descriptor))
            } catch {
                checked = .failure(error)
            }
            order.put(number, of: batch.log, checked)
            await take()
        case .keepAcknowledgements: await keepAcknowledgements()
        case .action(.loadBatch(let id, let after, let maximumCount, let maximumByteCount)):
            do throws(ReportError) {
                let batch = try await log.batch(
                    log: id,
                    after: after,
                    maximumCount: maximumCount,
                    maximumByteCount: maximumByteCount,
                    omitsBodies: session.bodyOmission(of: id)
                ).map(session.forms.contains(.zstd) ? Self.compressed : Self.expanded)
                step(.batchLoaded(log: id, after: after, batch))
            } catch {
                step(.batchFailed(id, error))
            }
        case .action(let action):
            do throws(ReportError) {
                try await load(action)
            } catch {
                step(.loadFailed(error))
            }
        }
    }

    private static func compressed(_ batch: EntryBatch) -> EntryBatch {
        var batch = batch
        batch.compress()
        return batch
    }

    private static func expanded(_ batch: EntryBatch) -> EntryBatch {
        var batch = batch
        batch.expand()
        return batch
    }

    /// Takes what is checked, in order; what is checked meanwhile goes into the next commit.
    private func take() async {
        guard order.begin() else { return }
        while let run = order.next() {
            switch run {
            case .failed(let id, let error): step(.acceptFailed(id, error))
            case .checked(let ids, let batches):
                for (id, result) in zip(ids, await log.take(batches)) {
                    switch result {
                    case .success(let position): step(.accepted(position))
                    case .failure(let error): step(.acceptFailed(id, error))
                    }
                }
            }
        }
    }

    private func keepAcknowledgements() async {
        while let acknowledgement = unkept.next() {
            do throws(ReportError) {
                try await log.keep(acknowledgement)
                onEvent(.acknowledged(acknowledgement))
            } catch {
                step(.loadFailed(error))
            }
        }
    }

    private func load(_ action: PeerAction) async throws(ReportError) {
        switch action {
        case .loadStates:
            let ownLog = try await log.ownLog()
            step(.statesLoaded(try await log.logStates(), ownLog: ownLog))
        case .leaveOwnLog(let position):
            step(.ownLogDecided(try await log.leaveOwnLog(position)))
        case .loadWitnesses(let logs):
            var witnesses: [Acknowledgement] = []
            for id in logs { witnesses += try await log.witnesses(of: id) }
            step(.witnessesLoaded(witnesses))
        case .keepWitness(let acknowledgement):
            try await log.keep(acknowledgement)
            onEvent(.witnessed(acknowledgement))
        case .loadNodes(let nodes, let fromEntries, let isAnswer):
            let told = try await log.hashes(of: nodes, fromEntries: fromEntries)
            step(.nodesLoaded(told, isAnswer: isAnswer))
        case .findDefects(let id, let after):
            let defects = try await log.defects(
                of: id,
                after: after,
                limit: limits.batchEntryCount
            )
            step(.defectsFound(id, defects))
        case .loadEntries(let id, let sequences, let maximumByteCount):
            step(
                .entriesLoaded(
                    try await log.entries(
                        of: id,
                        at: sequences,
                        maximumByteCount: maximumByteCount
                    )
                )
            )
        case .repair(let fetched):
            step(.repaired(fetched.log, try await log.repair(fetched)))
        case .loadHash(let id, let sequence):
            let hash = try await log.entryHash(log: id, sequence: sequence)
            step(.hashLoaded(log: id, sequence: sequence, hash))
        default: break
        }
    }
}
