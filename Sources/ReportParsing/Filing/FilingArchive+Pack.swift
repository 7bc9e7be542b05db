import CZip
import Glibc
public import ReportModel

extension FilingArchive {
    /// Puts files into one zip.
    ///
    /// Source: libzip `zip_file_add`, `zip_source_buffer_create`.
    /// - Parameters:
    ///   - members: the files; their names are written in UTF-8.
    ///   - limits: ceilings of parsing.
    /// - Returns: the zip; the same files in the same order give the same bytes.
    /// - Throws: ``ReportError`` `.tooLarge` beyond a ceiling, `.empty` without files.
    public static func pack(
        _ members: [FilingMember],
        limits: ParsingLimits = .standard
    ) throws(ReportError) -> [UInt8] {
        guard !members.isEmpty else {
            throw ReportError(.empty, "文件夹里没有文件", hint: "请确认文件夹内容后重新提交")
        }
        guard members.count <= limits.maximumMemberCount else {
            throw ReportError(.tooLarge, "文件夹里的文件超过上限 \(limits.maximumMemberCount) 个")
        }
        guard members.reduce(0, { $0 + $1.bytes.count }) <= limits.maximumFilingByteCount else {
            throw ZipArchive.tooLarge()
        }
        guard let source = zip_source_buffer_create(nil, 0, 0, nil) else {
            throw ZipArchive.tooLarge()
        }
        // The archive takes one reference when it closes; this one keeps the result.
        zip_source_keep(source)
        defer { zip_source_free(source) }
        guard let handle = zip_open_from_source(source, ZIP_TRUNCATE, nil) else {
            zip_source_free(source)
            throw fault
        }
        for member in members {
            guard add(member, to: handle) else {
                zip_discard(handle)
                throw fault
            }
        }
        guard zip_close(handle) == 0 else {
            zip_discard(handle)
            throw fault
        }
        let bytes = try read(source)
        guard bytes.count <= limits.maximumFileByteCount else { throw ZipArchive.tooLarge() }
        return bytes
    }

    private static func add(_ member: FilingMember, to handle: OpaquePointer) -> Bool {
        let count = member.bytes.count
        guard let copy = malloc(max(count, 1)) else { return false }
        member.bytes.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { memcpy(copy, base, bytes.count) }
        }
        // The source frees the copy.
        guard let file = zip_source_buffer_create(copy, zip_uint64_t(count), 1, nil) else {
            free(copy)
            return false
        }
        let flags = zip_flags_t(ZIP_FL_ENC_UTF_8)
        let index = zip_file_add(handle, member.name, file, flags)
        guard index >= 0 else {
            zip_source_free(file)
            return false
        }
        // The first of January 1980, the beginning of the format's time.
        return zip_file_set_dostime(handle, zip_uint64_t(index), 0, 0x21, 0) == 0
    }

    private static func read(_ source: OpaquePointer) throws(ReportError) -> [UInt8] {
        var stat = zip_stat_t()
        zip_stat_init(&stat)
        guard zip_source_stat(source, &stat) == 0, let size = Int(exactly: stat.size),
            zip_source_open(source) == 0
        else { throw fault }
        defer { zip_source_close(source) }
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
            while used < size, let base = buffer.baseAddress {
                let count = zip_source_read(source, base + used, zip_uint64_t(size - used))
                guard count > 0 else { break }
                used += Int(count)
            }
            isWhole = used == size
        }
        guard isWhole else { throw fault }
        return bytes
    }

    private static var fault: ReportError {
        ReportError(.internal, "the files cannot be put into one zip")
    }
}
