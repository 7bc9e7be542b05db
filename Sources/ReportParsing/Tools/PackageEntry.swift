import CZip

/// One entry of a zip package that lies in memory.
enum PackageEntry {
    /// Reads an entry.
    /// - Parameters:
    ///   - name: its whole name.
    ///   - bytes: the package.
    ///   - maximumByteCount: longest prefix that is read.
    /// - Returns: nil when the package or the entry cannot be read.
    static func read(_ name: String, in bytes: [UInt8], maximumByteCount: Int) -> [UInt8]? {
        bytes.withUnsafeBytes { buffer -> [UInt8]? in
            var error = zip_error_t()
            zip_error_init(&error)
            defer { zip_error_fini(&error) }
            guard
                let source = zip_source_buffer_create(
                    buffer.baseAddress,
                    zip_uint64_t(buffer.count),
                    0,
                    &error
                )
            else { return nil }
            guard let archive = zip_open_from_source(source, Int32(ZIP_RDONLY), &error) else {
                zip_source_free(source)
                return nil
            }
            defer { zip_discard(archive) }
            guard let file = zip_fopen(archive, name, 0) else { return nil }
            defer { zip_fclose(file) }
            var result: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 14)
            while result.count < maximumByteCount {
                let count = zip_fread(file, &chunk, zip_uint64_t(chunk.count))
                guard count > 0 else { break }
                result += chunk[..<Int(count)]
            }
            return Array(result.prefix(maximumByteCount))
        }
    }
}
