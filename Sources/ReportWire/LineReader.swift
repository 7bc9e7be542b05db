import NIOCore

/// Takes lines off a buffer; remembers how far it has looked, so that a slow sender costs nothing.
struct LineReader: Sendable {
    private var scannedByteCount = 0

    /// Whether no part of a line was looked at.
    var isFresh: Bool { scannedByteCount == 0 }

    /// The next line without its end; nil while it has not ended.
    mutating func next(from buffer: inout ByteBuffer) throws(WireError) -> ByteBuffer? {
        let view = buffer.readableBytesView
        let start = view.startIndex + min(scannedByteCount, view.count)
        guard let end = view[start...].firstIndex(of: UInt8(ascii: "\n")) else {
            guard view.count <= WireLimits.maximumLineByteCount + 1 else { throw tooLong() }
            scannedByteCount = view.count
            return nil
        }
        scannedByteCount = 0
        let count = end - view.startIndex
        guard count <= WireLimits.maximumLineByteCount + 1 else { throw tooLong() }
        guard var line = buffer.readSlice(length: count) else { return nil }
        buffer.moveReaderIndex(forwardBy: 1)
        if line.readableBytesView.last == UInt8(ascii: "\r") {
            line = line.getSlice(at: line.readerIndex, length: count - 1) ?? line
        }
        guard line.readableBytes <= WireLimits.maximumLineByteCount else { throw tooLong() }
        return line
    }

    private func tooLong() -> WireError {
        WireError(
            .lineTooLong,
            "a line has at most \(WireLimits.maximumLineByteCount) bytes",
            isFinal: true
        )
    }
}
