import NIOCore
import ReportModel
import ReportStore
import ReportWire

/// The short way from the store's map to a connection's buffer.
struct FastGet: Sendable {
    let store: Store

    /// Appends the whole reply to a `GET` that memory can answer; false: ask the long way.
    func answer(_ get: GetRequest, _ reply: inout ByteBuffer) -> Bool {
        guard get.moment == .now, case .record = get.body else { return false }
        var lookup = get.lookup
        do throws(ReportError) {
            let answered = lookup.withUTF8 { text -> Result<Bool?, ReportError> in
                Result { () throws(ReportError) in
                    try write(UnsafeRawBufferPointer(text), to: &reply)
                }
            }
            if try answered.get() != nil { return true }
            let parsed = try RequestAnswerer.lookup(get.lookup)
            let found = try store.getNow(parsed, body: .record)
            Reply.ok(.json, ByteBuffer(bytes: found.bytes)).write(to: &reply)
        } catch {
            Reply.error(error).write(to: &reply)
        }
        return true
    }

    /// Appends the reply for a whole key; nil when the short way does not lead there.
    private func write(
        _ key: UnsafeRawBufferPointer,
        to reply: inout ByteBuffer
    ) throws(ReportError) -> Bool? {
        try store.withCurrentRecord(key: key) { record, suffix in
            let count = record.count + suffix.count
            reply.reserveCapacity(minimumWritableBytes: count + 64)
            reply.writeStaticString("+OK application/json ")
            reply.writeString(String(count))
            reply.writeInteger(UInt8(ascii: "\n"))
            reply.writeBytes(record)
            reply.writeBytes(suffix)
            reply.writeInteger(UInt8(ascii: "\n"))
            return true
        }
    }
}
