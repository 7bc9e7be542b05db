import Glibc
import ReportExport
import ReportModel

/// Reads a file line by line, whatever its size.
struct LineReader: ~Copyable {
    private static let chunkByteCount = 1 << 20

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var scanned = 0
    private var isAtEnd = false

    /// Bytes read so far.
    private(set) var byteCount = 0
    /// Number of the last line, from 1.
    private(set) var number = 0
    /// Size of the file; nil for standard input and the like.
    let totalByteCount: Int?

    /// Opens a file.
    /// - Parameter path: the file; `-` is standard input.
    /// - Throws: ``ReportError`` `not-found` or `unreadable`.
    init(path: String) throws(ReportError) {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ReportError(errno == ENOENT ? .notFound : .unreadable, "\(path): \(reason)")
        }
        var facts = stat()
        let isFile = fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
        totalByteCount = isFile ? Int(facts.st_size) : nil
    }

    /// The next line that is not blank, without its end; nil at the end of the file.
    /// - Throws: ``ReportError`` `unreadable`, `too-large`.
    mutating func next() throws(ReportError) -> [UInt8]? {
        while true {
            if let line = try taken() {
                number += 1
                if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { return line }
                continue
            }
            guard !isAtEnd else { return nil }
            try fill()
        }
    }

    /// A whole line of the buffer; the rest when the file has ended.
    private mutating func taken() throws(ReportError) -> [UInt8]? {
        let end: Int
        if let feed = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
            end = feed
        } else {
            scanned = buffer.count
            guard isAtEnd, start < buffer.count else { return nil }
            end = buffer.count
        }
        var line = buffer[start..<end]
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        // A byte order mark is no part of the first line.
        if number == 0, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        let result = Array(line)
        start = min(end + 1, buffer.count)
        scanned = start
        return result
    }

    private mutating func fill() throws(ReportError) {
        buffer.removeFirst(start)
        scanned -= start
        start = 0
        guard buffer.count <= ExportLimits.maximumLineByteCount else {
            throw ReportError(.tooLarge, "\(path): line \(number + 1) is longer than 1 GiB")
        }
        let kept = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: max(Self.chunkByteCount, kept)))
        var count = -1
        repeat {
            count = buffer.withUnsafeMutableBytes { bytes in
                Glibc.read(
                    descriptor,
                    bytes.baseAddress.map { $0 + kept },
                    bytes.count - kept
                )
            }
        } while count < 0 && errno == EINTR
        guard count >= 0 else {
            throw ReportError(.unreadable, "\(path): \(String(cString: strerror(errno)))")
        }
        buffer.removeLast(buffer.count - kept - count)
        byteCount += count
        if count == 0 { isAtEnd = true }
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }
}
