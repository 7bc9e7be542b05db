import CZip
import Glibc
import ReportModel

extension ZipArchive {
    /// Opens a container over memory that outlives the handle.
    static func open(
        _ memory: UnsafeRawPointer,
        _ byteCount: Int
    ) throws(ReportError) -> OpaquePointer {
        var problem = zip_error_t()
        zip_error_init(&problem)
        defer { zip_error_fini(&problem) }
        guard let source = zip_source_buffer_create(memory, zip_uint64_t(byteCount), 0, &problem)
        else { throw error(zip_error_code_zip(&problem)) }
        guard let handle = zip_open_from_source(source, ZIP_RDONLY, &problem) else {
            zip_source_free(source)
            throw error(zip_error_code_zip(&problem))
        }
        return handle
    }

    /// The entries of an open container.
    static func directory(
        _ handle: OpaquePointer,
        _ limits: ContainerLimits
    ) throws(ReportError) -> [ZipEntry] {
        let count = zip_get_num_entries(handle, 0)
        guard count >= 0 else { throw error(ZIP_ER_INCONS) }
        guard count <= limits.maximumEntryCount else {
            throw ReportError(
                .tooLarge,
                "压缩包内有 \(count) 个文件，超过上限 \(limits.maximumEntryCount)"
            )
        }
        var entries: [ZipEntry] = []
        entries.reserveCapacity(Int(count))
        for index in 0..<zip_uint64_t(count) {
            // A directory of a damaged container may lack a name; such an entry cannot be asked for.
            guard let raw = zip_get_name(handle, index, zip_flags_t(ZIP_FL_ENC_RAW)) else {
                continue
            }
            let length = strlen(raw)
            guard length <= limits.maximumNameByteCount else {
                throw ReportError(.tooLarge, "压缩包内有文件名超过上限 \(limits.maximumNameByteCount) 字节")
            }
            let name = Array(UnsafeRawBufferPointer(start: raw, count: length))
            // Asked strictly, libzip leaves a name as it is only when it is flagged or ASCII.
            let strict = zip_get_name(handle, index, zip_flags_t(ZIP_FL_ENC_STRICT))
            var stat = zip_stat_t()
            zip_stat_init(&stat)
            guard zip_stat_index(handle, index, 0, &stat) == 0 else { continue }
            let valid = stat.valid
            entries.append(
                ZipEntry(
                    index: index,
                    rawName: name,
                    isUTF8: strict.map { strlen($0) == length && memcmp($0, raw, length) == 0 }
                        ?? false,
                    statedByteCount: valid & zip_uint64_t(ZIP_STAT_SIZE) == 0 ? nil : stat.size,
                    compressedByteCount: valid & zip_uint64_t(ZIP_STAT_COMP_SIZE) == 0
                        ? 0 : stat.comp_size,
                    isEncrypted: valid & zip_uint64_t(ZIP_STAT_ENCRYPTION_METHOD) != 0
                        && stat.encryption_method != ZIP_EM_NONE,
                    name: ZipEntry.plainName(name)
                )
            )
        }
        return entries
    }

    /// Names of the entries of a container that is only looked into; nil when its directory cannot
    /// be read.
    static func names(_ bytes: [UInt8], limits: ContainerLimits = .standard) -> [String]? {
        bytes.withUnsafeBytes { memory -> [String]? in
            guard let base = memory.baseAddress,
                let handle = try? open(base, memory.count)
            else { return nil }
            defer { zip_discard(handle) }
            return (try? directory(handle, limits))?.map(\.name)
        }
    }

    static func encrypted() -> ReportError {
        ReportError(.encrypted, "文件有密码保护，无法读取", hint: "请去掉密码后重新提交")
    }

    static func tooLarge() -> ReportError {
        ReportError(
            .tooLarge,
            "文件解压后超过上限，可能是压缩炸弹",
            hint: "请只保留报告本身，去掉大图片和附件后重新提交"
        )
    }

    /// The error for a code of libzip.
    static func error(_ code: Int32) -> ReportError {
        switch code {
        case ZIP_ER_NOPASSWD, ZIP_ER_WRONGPASSWD:
            encrypted()
        case ZIP_ER_NOZIP, ZIP_ER_EOF, ZIP_ER_READ, ZIP_ER_SEEK:
            ReportError(
                .truncated,
                "文件不完整，可能没有复制或下载完",
                hint: "请打开原文件确认能正常显示后重新提交"
            )
        case ZIP_ER_COMPNOTSUPP, ZIP_ER_ENCRNOTSUPP, ZIP_ER_MULTIDISK, ZIP_ER_OPNOTSUPP:
            ReportError(
                .unsupported,
                "压缩方式不受支持",
                hint: "请用普通 ZIP 方式重新压缩，或直接提交其中的文件"
            )
        case ZIP_ER_MEMORY:
            tooLarge()
        default:
            ReportError(
                .unreadable,
                "文件已损坏，压缩数据无法解开",
                hint: "请打开原文件确认能正常显示后另存一份重新提交"
            )
        }
    }
}
