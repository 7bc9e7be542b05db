import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Ceilings of sessions fit together")
struct SyncLimitsTests {
    @Test("one timer serves for all, and a batch fits into the window")
    func relations() {
        let limits = SyncLimits()
        #expect(limits.batchEntryCount <= WireLimits.maximumBatchEntryCount)
        #expect(
            limits.batchByteCount * limits.unacknowledgedBatchCount
                <= limits.unacknowledgedByteCount
        )
        #expect(limits.unacknowledgedBatchCount <= WireLimits.maximumUnacknowledgedBatchCount)
        #expect(limits.unacknowledgedByteCount <= WireLimits.maximumUnacknowledgedByteCount)
        #expect(limits.pingInterval * 2 + .seconds(2) <= limits.silenceTimeout)
        // The initiator's pings must come before the acceptor would ask, and its answer before it gives up.
        #expect(limits.acceptorPingInterval > limits.pingInterval)
        #expect(limits.acceptorPingInterval * 2 <= limits.silenceTimeout)
        #expect(limits.acknowledgementTimeout > limits.silenceTimeout)
        #expect(limits.statementTimeout > limits.silenceTimeout)
        // The largest statement, of twice as many logs as a message has, on the slowest line.
        let rows = 2 * WireLimits.maximumPositionCount * WireLimits.positionByteCount
        let time = Duration.seconds(rows / limits.slowestBytesPerSecond)
        #expect(time <= limits.statementTimeout / 2)
        #expect(limits.acceptorHandshakeTimeout <= limits.initiatorHandshakeTimeout)
        #expect(limits.initiatorHandshakeTimeout <= limits.pingInterval)
    }

    @Test("a county looks soon after a commit, a node with many logs seldom, and none never")
    func pauses() {
        let limits = SyncLimits()
        #expect(limits.commitPause(logCount: 4) < .milliseconds(15))
        #expect(limits.commitPause(logCount: 40) < limits.commitPause(logCount: 80))
        #expect(limits.commitPause(logCount: 1 << 20) == limits.longestCommitInterval)
    }
}
