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
        #expect(limits.pingInterval * 3 <= limits.silenceTimeout)
        #expect(limits.acknowledgementTimeout > limits.silenceTimeout)
        #expect(limits.acceptorHandshakeTimeout <= limits.initiatorHandshakeTimeout)
        #expect(limits.initiatorHandshakeTimeout <= limits.pingInterval)
    }
}
