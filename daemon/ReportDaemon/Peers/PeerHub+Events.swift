import Logging
import ReportModel
import ReportStore
import ReportSync
import ReportWire
import Synchronization

/// What sessions tell an operator.
extension PeerHub {
    func handle(_ event: SyncEvent, peer: NodeID, number: Int, isUpstream: Bool) {
        switch event {
        case .established:
            logger.info("peer session established", metadata: ["peer": "\(peer)"])
            if !isUpstream {
                endOlderSessions(of: peer, than: number)
                lookAgain(at: peer, number)
            }
            tellDirection(of: peer, number)
            forgetBundles(of: peer)
        case .acknowledged(let acknowledgement):
            if isUpstream { onAcknowledged(acknowledgement) }
        case .received, .witnessed: break
        case .resynced(let logs):
            for log in logs where !log.isSound || !log.damaged.isEmpty {
                logger.warning(
                    "a log was compared with a peer's",
                    metadata: [
                        "log": "\(log.log)", "damaged": "\(log.damaged.count)",
                        "mended": "\(log.mendedEntryCount + log.mendedBodyCount)",
                        "remaining": "\(log.remaining.count)",
                        "differing": "\(log.differing.count)",
                    ]
                )
            }
        case .refused(let log, let code, let message):
            logger.warning("a log is refused", metadata: Self.metadata(log, code, message))
        case .refusedByPeer(let log, let code, let message):
            logger.warning("a peer refuses a log", metadata: Self.metadata(log, code, message))
            // While one log of this node is forked, the others are refused without a branch of their own.
            if isUpstream, code == .forked, !message.contains(PeerSession.quarantined) {
                noteOtherBranch(of: log, at: peer, unlessOwn: true)
            }
        case .unreadable(let log, let code, let message):
            logger.error("a log cannot be read", metadata: Self.metadata(log, code, message))
        case .forkSeen(let position):
            logger.error("a forked log was seen", metadata: ["log": "\(position.log)"])
            if isUpstream { noteOtherBranch(of: position.log, at: peer) }
        case .ownLogAhead(let peer, let own):
            logger.error(
                "a peer holds what this node's log lacks: the store is an old copy; a new log begins",
                metadata: ["peer": "\(peer.sequence)", "own": "\(own)"]
            )
        case .bodiesLeftOut(let log, let sequence):
            logger.warning(
                "an entry is too large to be sent whole",
                metadata: ["log": "\(log)", "sequence": "\(sequence)"]
            )
        case .stalled(let message): logger.warning("\(message)")
        }
    }

    /// What a node above says of another branch of an own log is believed: reports in this one may be filed again.
    private func noteOtherBranch(of log: LogID, at peer: NodeID, unlessOwn: Bool = false) {
        Task {
            do throws(ReportError) {
                if unlessOwn, try await store.ownLog() == log { return }
                try await store.noteOtherBranch(of: log, at: peer)
            } catch {
                logger.warning("that a log forked could not be noted: \(error)")
            }
        }
    }

    /// Who has a session is no office any more that sends bundles only.
    private func forgetBundles(of peer: NodeID) {
        Task {
            do throws(ReportError) {
                try await store.forgetBundles(from: peer)
            } catch {
                logger.warning("that a peer sent bundles could not be forgotten: \(error)")
            }
        }
    }

    /// A peer that proved its key again has lost its older connection, whatever this side thinks.
    private func endOlderSessions(of peer: NodeID, than number: Int) {
        let older = state.withLock { state in
            state.links.filter { other, link in
                other != number && !link.isUpstream && link.node == peer
            }.compactMap(\.value.driver)
        }
        for driver in older { Task { await driver.stop() } }
    }

    /// Tells when the settings of the two nodes let less through than this one's do.
    private func tellDirection(of peer: NodeID, _ number: Int) {
        guard let link = state.withLock({ $0.links[number] }), link.isUpstream,
            let driver = link.driver
        else { return }
        Task {
            let effective = await driver.progress.direction
            guard effective != link.direction else { return }
            logger.warning(
                "the direction that this peer has configured does not go with the one here",
                metadata: [
                    "peer": "\(peer)", "here": "\(link.direction.rawValue)",
                    "effective": "\(Direction.text(effective))",
                ]
            )
        }
    }

    /// Grants may have been read anew while the handshake was under way; none ends the session.
    private func lookAgain(at peer: NodeID, _ number: Int) {
        guard let driver = state.withLock({ $0.links[number]?.driver }) else { return }
        Task { await driver.setGrant(access.grants[peer]) }
    }

    private static func metadata(
        _ log: LogID,
        _ code: ReportError.Code,
        _ message: String
    ) -> Logger.Metadata {
        ["log": "\(log)", "code": "\(code.rawValue)", "reason": "\(message)"]
    }
}
