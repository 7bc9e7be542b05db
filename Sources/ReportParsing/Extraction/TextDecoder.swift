import Glibc
import ReportModel

/// Decodes a text file strictly: the bytes are valid in one encoding, or the file is refused.
///
/// Order: byte order mark; UTF-16 when zero bytes show it; UTF-8; GB18030.
///
/// Source: RFC 3629, RFC 2781, GB 18030-2005 through `iconv`.
enum TextDecoder {
    /// A decoded text.
    struct Text {
        /// UTF-8 without a byte order mark.
        var bytes: [UInt8]
        /// Name for `sources[].encoding`.
        var encoding: String
    }

    /// Decodes a file.
    /// - Parameter file: the bytes, not empty.
    /// - Returns: valid UTF-8 and the name of the encoding.
    /// - Throws: `.empty` for nothing but white space, `.unreadable` for bytes that are no text,
    ///   `.needsTool` when the system lacks the GB18030 table.
    static func decode(_ file: [UInt8]) throws(ReportError) -> Text {
        try decode(file, declared: nil)
    }

    /// Decodes a file that declares its encoding.
    ///
    /// The bytes decide; a declaration counts only where it tells Big5 from GB18030.
    /// - Parameters:
    ///   - file: the bytes, not empty.
    ///   - declared: the declared name in lower case; nil without one.
    /// - Returns: valid UTF-8 and the name of the encoding.
    /// - Throws: as ``decode(_:)``.
    static func decode(_ file: [UInt8], declared: String?) throws(ReportError) -> Text {
        let text = try decodeBytes(file, declared: declared)
        try examine(text.bytes)
        return text
    }

    private static func decodeBytes(
        _ file: [UInt8],
        declared: String?
    ) throws(ReportError) -> Text {
        if file.starts(with: [0xEF, 0xBB, 0xBF]) {
            let rest = Array(file.dropFirst(3))
            guard isValidUTF8(rest) else { throw unreadable("标为 UTF-8，但含有非法字节") }
            return Text(bytes: rest, encoding: "UTF-8")
        }
        if file.starts(with: [0xFF, 0xFE]) || file.starts(with: [0xFE, 0xFF]) {
            let little = file[0] == 0xFF
            guard let bytes = utf16(file, from: 2, littleEndian: little) else {
                throw unreadable("标为 UTF-16，但含有非法字节")
            }
            return Text(bytes: bytes, encoding: little ? "UTF-16LE" : "UTF-16BE")
        }
        if file.contains(0) {
            let odd = stride(from: 1, to: file.count, by: 2).lazy.filter { file[$0] == 0 }.count
            let even = stride(from: 0, to: file.count, by: 2).lazy.filter { file[$0] == 0 }.count
            let little = odd >= even
            guard let bytes = utf16(file, from: 0, littleEndian: little) else {
                throw unreadable("含有零字节，不是文本")
            }
            return Text(bytes: bytes, encoding: little ? "UTF-16LE" : "UTF-16BE")
        }
        if isValidUTF8(file) { return Text(bytes: file, encoding: "UTF-8") }
        if let declared, declared.hasPrefix("big5"),
            let bytes = try convert(file, from: "BIG5-HKSCS")
        {
            return Text(bytes: bytes, encoding: "Big5")
        }
        guard let bytes = try convert(file, from: "GB18030") else {
            throw unreadable("既不是 UTF-8，也不是 GB18030 文本")
        }
        return Text(bytes: bytes, encoding: "GB18030")
    }

    private static func unreadable(_ why: String) -> ReportError {
        ReportError(.unreadable, "无法读取：\(why)", hint: "请用原来的软件重新另存后提交")
    }

    private static func isValidUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            let count = buffer.count
            while index < count {
                let byte = buffer[index]
                if byte < 0x80 {
                    index += 1
                    continue
                }
                let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                guard byte >= 0xC2, byte <= 0xF4, index + length <= count else { return false }
                let second = buffer[index + 1]
                let lower: UInt8 = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80
                let upper: UInt8 = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF
                guard second >= lower, second <= upper else { return false }
                var offset = 2
                while offset < length {
                    guard buffer[index + offset] & 0xC0 == 0x80 else { return false }
                    offset += 1
                }
                index += length
            }
            return true
        }
    }

    private static func utf16(_ file: [UInt8], from start: Int, littleEndian: Bool) -> [UInt8]? {
        guard (file.count - start).isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(file.count * 3 / 2)
        var index = start
        func unit(_ at: Int) -> UInt32 {
            littleEndian
                ? UInt32(file[at]) | UInt32(file[at + 1]) << 8
                : UInt32(file[at]) << 8 | UInt32(file[at + 1])
        }
        while index < file.count {
            var value = unit(index)
            index += 2
            if value >= 0xD800, value < 0xDC00, index < file.count {
                let low = unit(index)
                guard low >= 0xDC00, low < 0xE000 else { return nil }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
                index += 2
            }
            guard let scalar = Unicode.Scalar(value) else { return nil }
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return bytes
    }

    /// Decodes the name of a file: UTF-8 when it is that, else GB18030, else what can be saved.
    static func name(_ raw: [UInt8]) -> String {
        if !isValidUTF8(raw), let bytes = try? convert(raw, from: "GB18030") {
            return String(decoding: bytes, as: UTF8.self)
        }
        return String(decoding: raw, as: UTF8.self)
    }

    /// Converts with glibc's iconv, which refuses every byte sequence without a character.
    private static func convert(
        _ file: [UInt8],
        from encoding: String
    ) throws(ReportError) -> [UInt8]? {
        guard let descriptor = iconv_open("UTF-8", encoding), descriptor != iconv_t(bitPattern: -1)
        else {
            throw ReportError(
                .needsTool,
                "本机缺少 \(encoding) 编码转换表，无法读取这个文本",
                hint: "请安装 glibc 的 gconv 模块，或把文件另存为 UTF-8",
                details: ["tool": .string("gconv \(encoding)")]
            )
        }
        defer { iconv_close(descriptor) }
        var source = file
        var target = [UInt8](repeating: 0, count: file.count * 2 + 64)
        let written = source.withUnsafeMutableBytes { input in
            target.withUnsafeMutableBytes { output -> Int? in
                var from = input.bindMemory(to: CChar.self).baseAddress
                var to = output.bindMemory(to: CChar.self).baseAddress
                var fromLeft = input.count
                var toLeft = output.count
                let status = iconv(descriptor, &from, &fromLeft, &to, &toLeft)
                return status == Int(bitPattern: UInt.max) || fromLeft > 0
                    ? nil : output.count - toLeft
            }
        }
        guard let written else { return nil }
        target.removeLast(target.count - written)
        return target
    }

    /// Refuses what decodes but is no text: control bytes, private characters, replacements.
    private static func examine(_ bytes: [UInt8]) throws(ReportError) {
        var visible = 0
        var odd = 0
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                let byte = buffer[index]
                if byte < 0x20 || byte == 0x7F {
                    if byte < 0x09 || byte > 0x0D { odd += 1 }
                    index += 1
                } else if byte < 0x80 {
                    if byte != 0x20 { visible += 1 }
                    index += 1
                } else {
                    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                    visible += 1
                    let isPrivate = byte == 0xEE || byte == 0xEF && buffer[index + 1] < 0xA4
                    let isReplacement =
                        byte == 0xEF && buffer[index + 1] == 0xBF && buffer[index + 2] == 0xBD
                    if TextLines.blankWidth(buffer, at: index, end: buffer.count) > 0 {
                        visible -= 1
                    }
                    if isPrivate || isReplacement { odd += 1 }
                    index += length
                }
            }
        }
        guard visible > 0 || odd > 0 else {
            throw ReportError(.empty, "文件里没有文字", hint: "请确认文件已保存完整后重新提交")
        }
        guard odd * 50 <= visible else {
            throw unreadable("解码后有 \(odd) 个无法显示的字符，不是文本")
        }
    }
}
