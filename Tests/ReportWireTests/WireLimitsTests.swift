import ReportModel
import ReportWire
import Testing

@Suite("Ceilings fit together")
struct WireLimitsTests {
    @Test("ceilings of the protocol are those of the model and leave room for each other")
    func relations() {
        // Every option of a list with a value of some length fits into a line.
        #expect(WireLimits.maximumArgumentCount >= 24)
        #expect(
            WireLimits.maximumLogByteCount
                == 2 + 62 + LogDescriptor.maximumNameByteCount + SignedHead.byteCount
        )
        #expect(
            WireLimits.positionByteCount == LogID.byteCount + 8 + Hash256.byteCount
        )
        #expect(
            WireLimits.maximumBatchByteCount
                > WireLimits.maximumFileByteCount + WireLimits.maximumRecordByteCount
                + Entry.maximumByteCount
        )
        #expect(WireLimits.maximumReplyByteCount >= WireLimits.maximumFileByteCount)
        #expect(WireLimits.maximumHeldPayloadByteCount >= WireLimits.maximumFileByteCount)
        // Every byte of the longest key escaped, and options beside it.
        #expect(WireLimits.maximumLineByteCount >= 3 * 400 + 1024)
        #expect(WireLimits.maximumBatchEntryCount <= Int(UInt16.max))
    }

    @Test("every line of the help fits into a line, and every verb has a form")
    func help() {
        for verb in Verb.allCases {
            #expect(verb.usage.utf8.count <= WireLimits.maximumLineByteCount)
            #expect(verb.usage.contains("<bytes>") == (verb.maximumPayloadByteCount != nil))
        }
    }
}
