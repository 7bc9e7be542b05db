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
            let isAnswered = try lookup.withUTF8 { text throws(ReportError) in
                try store.withCurrentRecord(key: UnsafeRawBufferPointer(text)) { record, suffix in
                    let count = record.count + suffix.count
                    reply.reserveCapacity(minimumWritableBytes: count + 64)
                    reply.writeStaticString("+OK application/json ")
                    reply.writeString(String(count))
                    reply.writeInteger(UInt8(ascii: "\n"))
                    reply.writeBytes(record)
                    reply.writeBytes(suffix)
                    reply.writeInteger(UInt8(ascii: "\n"))
                }
            }
            if isAnswered != nil { return true }
            let parsed = try RequestAnswerer.lookup(get.lookup)
            let found = try store.getNow(parsed, body: .record)
            Reply.ok(.json, ByteBuffer(bytes: found.bytes)).write(to: &reply)
        } catch {
            Reply.error(error).write(to: &reply)
        }
        return true
    }
}
