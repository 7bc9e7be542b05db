import Glibc
import NIOCore
import ReportModel
import ReportStore
import ReportWire

/// The short way from the store's map to a connection's buffer.
struct FastGet: Sendable {
    let store: Store

    /// Answers the `GET` lines in front of what arrived, each of which must name a whole key that
    /// memory can answer; the first other line stays, with all behind it.
    ///
    /// All lines of a call are answered from one snapshot. It ends early once the replies fill a
    /// burst, so that a client that asks without reading is made to wait.
    /// - Parameters:
    ///   - input: what arrived; answered lines are taken off.
    ///   - reply: where the replies go.
    /// - Returns: the number of lines that were answered.
    func answerLines(_ input: inout ByteBuffer, _ reply: inout ByteBuffer) -> Int {
        input.readWithUnsafeReadableBytes { bytes in
            var lines = KeyLines(bytes)
            do throws(ReportError) {
                try store.lendCurrentRecords { () -> UnsafeRawBufferPointer? in
                    guard reply.readableBytes < ServerLimits.outputBurstByteCount else {
                        return nil
                    }
                    return lines.next()
                } found: { record in
                    Self.write(record, to: &reply)
                    lines.take()
                }
            } catch {
                // The long way finds the same fault and says so.
            }
            return (lines.byteCount, lines.count)
        }
    }

    /// Appends the whole reply to a `GET` that memory can answer; false: ask the long way.
    func answer(_ get: GetRequest, _ reply: inout ByteBuffer) -> Bool {
        guard get.moment == .now, case .record = get.body else { return false }
        var lookup = get.lookup
        do throws(ReportError) {
            let answered = lookup.withUTF8 { text -> Result<Bool?, ReportError> in
                Result { () throws(ReportError) in
                    try store.withCurrentRecord(key: UnsafeRawBufferPointer(text)) {
                        Self.write($0, to: &reply)
                        return true
                    }
                }
            }
            if try answered.get() != nil { return true }
            let parsed = try Lookup(argument: get.lookup)
            let found = try store.getNow(parsed, body: .record)
            Reply.ok(.json, ByteBuffer(bytes: found.bytes)).write(to: &reply)
        } catch {
            // The long way finds the same damage, and names the version.
            if error.code == .integrity { return false }
            Reply.error(error).write(to: &reply)
        }
        return true
    }

    private static func write(_ record: LentRecord, to reply: inout ByteBuffer) {
        let count = record.byteCount
        reply.writeWithUnsafeMutableBytes(minimumWritableBytes: count + 64) { room in
            var writer = PieceWriter(room: room)
            head.withUTF8Buffer { writer.append(UnsafeRawBufferPointer($0)) }
            writer.append(decimal: count)
            writer.append(record.first)
            writer.append(record.second)
            writer.append(record.third)
            writer.append(record.suffix)
            writer.append(lineFeed)
            return writer.byteCount
        }
    }

    private static let head: StaticString = "+OK application/json "
    private static let lineFeed = UInt8(ascii: "\n")
}

/// Writes pieces one after the other; the room was made before.
private struct PieceWriter {
    let room: UnsafeMutableRawBufferPointer
    private(set) var byteCount = 0

    init(room: UnsafeMutableRawBufferPointer) { self.room = room }

    mutating func append(_ piece: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: room[byteCount...]).copyMemory(from: piece)
        byteCount += piece.count
    }

    mutating func append(_ byte: UInt8) {
        room[byteCount] = byte
        byteCount += 1
    }

    /// Decimal digits and a line feed.
    mutating func append(decimal number: Int) {
        var power = 1
        while power <= number / 10 { power *= 10 }
        while power > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / power % 10))
            power /= 10
        }
        append(UInt8(ascii: "\n"))
    }
}

/// The lines `GET` and a key, one after the other.
private struct KeyLines {
    private static let verb = UInt32(littleEndian: 0x2054_4547)

    private let bytes: UnsafeRawBufferPointer
    private var end = 0
    /// Bytes of the lines taken.
    private(set) var byteCount = 0
    /// Lines taken.
    private(set) var count = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The key of the next line; nil when there is none, or the line is another.
    ///
    /// Keys hold neither blanks nor control bytes, so a line with options is no key that is found;
    /// a line with an escape is left to the decoder.
    mutating func next() -> UnsafeRawBufferPointer? {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[byteCount...])
        guard rest.count > 5, let start = rest.baseAddress,
            rest.loadUnaligned(as: UInt32.self) == Self.verb
        else { return nil }
        let limit = min(rest.count - 4, ReportKey.maximumByteCount + 2)
        guard let found = memchr(start + 4, 0x0A, limit) else { return nil }
        end = found - UnsafeMutableRawPointer(mutating: start)
        let last = rest[end - 1] == 0x0D ? end - 1 : end
        guard last > 4, memchr(start + 4, 0x25, last - 4) == nil else { return nil }
        return UnsafeRawBufferPointer(rebasing: rest[4..<last])
    }

    /// Takes the line that ``next()`` gave.
    mutating func take() {
        byteCount += end + 1
        count += 1
    }
}
