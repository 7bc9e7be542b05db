import CZip
import Glibc
import ReportModel

/// A zip container in memory, read under limits.
///
/// Names of entries are only compared, never used as paths. Nothing is written.
/// Source: libzip `zip_open_from_source`, `zip_fopen_index`, `zip_fread`.
final class ZipArchive {
    /// The entries in the order of the directory.
    let entries: [ZipEntry]

    private let handle: OpaquePointer
    private let memory: UnsafeMutableRawPointer
    private let limits: ContainerLimits
    private let index: [[UInt8]: Int]
    private var totalByteCount = 0

    /// Opens a container.
    /// - Parameters:
    ///   - bytes: the whole container; copied.
    ///   - limits: ceilings of containers.
    /// - Throws: ``ReportError`` `.truncated` when the directory is missing, `.unreadable` when it
    ///   is damaged, `.tooLarge` when it has too many entries or too long a name.
    init(_ bytes: [UInt8], limits: ContainerLimits = .standard) throws(ReportError) {
        guard let memory = malloc(max(bytes.count, 1)) else { throw ZipArchive.tooLarge() }
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { memcpy(memory, base, source.count) }
        }
        do {
            handle = try ZipArchive.openMended(memory, bytes.count)
        } catch {
            free(memory)
            throw error
        }
        self.memory = memory
        self.limits = limits
        do {
            let entries = try ZipArchive.directory(handle, limits)
            var index: [[UInt8]: Int] = [:]
            index.reserveCapacity(entries.count)
            for (position, entry) in entries.enumerated() {
                let key = ZipEntry.folded(entry.name.utf8)
                if index[key] == nil { index[key] = position }
            }
            self.entries = entries
            self.index = index
        } catch {
            zip_discard(handle)
            free(memory)
            throw error
        }
    }

    deinit {
        zip_discard(handle)
        free(memory)
    }

    /// The first entry of a name, letters of either case alike; nil when there is none.
    func entry(named name: String) -> ZipEntry? {
        let key = ZipEntry.folded(ZipEntry.plainName(Array(name.utf8)).utf8)
        return index[key].map { entries[$0] }
    }

    /// The bytes of the entry of a name; nil when there is none.
    func read(named name: String) throws(ReportError) -> [UInt8]? {
        guard let entry = entry(named: name) else { return nil }
        return try read(entry)
    }

    /// Inflates an entry, judging its size by what comes out.
    ///
    /// Throws ``ReportError`` `.encrypted`, `.tooLarge` for a bomb, `.unsupported` for a method of
    /// compression that is not built in, `.truncated` or `.unreadable` for damage.
    func read(_ entry: ZipEntry) throws(ReportError) -> [UInt8] {
        if entry.isEncrypted { throw ZipArchive.encrypted() }
        guard let file = zip_fopen_index(handle, entry.index, 0) else {
            throw ZipArchive.error(zip_error_code_zip(zip_get_error(handle)))
        }
        defer { zip_fclose(file) }
        let ceiling = allowedByteCount(entry)
        var bytes: [UInt8] = []
        let stated = min(entry.statedByteCount ?? 0, UInt64(min(ceiling, 1 << 20)))
        var room = max(Int(stated) + 1, 1 << 16)
        while true {
            let count = bytes.count
            var got: Int64 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
                let base = UnsafeMutableRawPointer(buffer.baseAddress)
                got = zip_fread(file, base, zip_uint64_t(buffer.count))
                used = max(0, min(Int(got), buffer.count))
            }
            if got < 0 { throw ZipArchive.error(zip_error_code_zip(zip_file_get_error(file))) }
            if got == 0 { break }
            guard count + chunk.count <= ceiling else { throw ZipArchive.tooLarge() }
            totalByteCount += chunk.count
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            room = 1 << 18
        }
        return bytes
    }

    /// What an entry may have once inflated.
    private func allowedByteCount(_ entry: ZipEntry) -> Int {
        let compressed = Int(clamping: entry.compressedByteCount)
        let (product, overflow) = compressed.multipliedReportingOverflow(
            by: limits.maximumCompressionRatio
        )
        let byRatio = max(limits.ratioFloorByteCount, overflow ? Int.max : product)
        let byTotal = limits.maximumTotalByteCount - totalByteCount
        return min(byRatio, limits.maximumEntryByteCount, max(0, byTotal))
    }
}
