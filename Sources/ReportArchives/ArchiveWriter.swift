import CZip
import Glibc
import ReportExport
public import ReportModel

/// Writes a zip whose names are UTF-8 and whose times are given, so that the same content gives the
/// same names and times.
///
/// Source: libzip 1.7, zip.h; APPNOTE.TXT 4.4.4 bit 11 for UTF-8 names.
public final class ArchiveWriter {
    private let archive: OpaquePointer
    private var isClosed = false
    private var byteCount = 0
    private var names: Set<String> = []

    /// Begins an archive.
    /// - Parameter path: a file that is not there yet; ``close()`` writes it.
    /// - Throws: ``ReportError`` when it cannot be made.
    public init(path: String) throws(ReportError) {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code) else {
            throw ReportError(.internal, "\(path) cannot be made (libzip error \(code))")
        }
        self.archive = archive
    }

    /// Appends a file.
    /// - Parameters:
    ///   - name: its path inside; must be new.
    ///   - bytes: its content.
    ///   - time: its time.
    /// - Throws: ``ReportError`` `too-large` when the archive would grow beyond its ceiling.
    public func append(_ name: String, _ bytes: [UInt8], time: Timestamp) throws(ReportError) {
        byteCount += bytes.count
        guard byteCount <= ExportLimits.maximumArchiveByteCount else {
            throw ReportError(.tooLarge, "the archive would have more than 1 GiB")
        }
        guard names.insert(name).inserted else {
            throw ReportError(.internal, "'\(name)' stands in the archive already")
        }
        // libzip reads the buffer when the archive is closed, and frees it.
        guard let copy = malloc(max(1, bytes.count)) else {
            throw ReportError(.internal, "there is no memory for \(name)")
        }
        bytes.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(start: copy, count: bytes.count).copyMemory(from: $0)
        }
        guard let source = zip_source_buffer(archive, copy, UInt64(bytes.count), 1) else {
            free(copy)
            throw failure(name)
        }
        let index = zip_file_add(archive, name, source, UInt32(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
            zip_source_free(source)
            throw failure(name)
        }
        let seconds = Int(clamping: time.milliseconds / 1000)
        zip_file_set_mtime(archive, UInt64(index), seconds, 0)
    }

    /// Writes the file.
    /// - Throws: ``ReportError`` `no-space` or `internal`.
    public func close() throws(ReportError) {
        guard zip_close(archive) == 0 else {
            let error = failure("the archive")
            zip_discard(archive)
            isClosed = true
            throw error
        }
        isClosed = true
    }

    private func failure(_ name: String) -> ReportError {
        let text = zip_strerror(archive).map { String(cString: $0) } ?? "unknown"
        return ReportError(.internal, "\(name) cannot be written: \(text)")
    }

    deinit { if !isClosed { zip_discard(archive) } }
}
