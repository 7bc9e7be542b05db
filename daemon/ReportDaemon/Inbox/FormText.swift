import Glibc

/// Text of a form in the encodings that editors on Windows save.
enum FormText {
    /// Decodes UTF-8 and UTF-16 by their marks, plain UTF-8, else GB18030; nil for anything else.
    static func decode(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return String(validating: bytes.dropFirst(3), as: UTF8.self)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return utf16(bytes.dropFirst(2), isLittleEndian: bytes[0] == 0xFF)
        }
        return String(validating: bytes, as: UTF8.self) ?? gb18030(bytes)
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> String? {
        let even = Array(bytes)
        guard even.count.isMultiple(of: 2) else { return nil }
        let units = stride(from: 0, to: even.count, by: 2).map { index in
            isLittleEndian
                ? UInt16(even[index]) | UInt16(even[index + 1]) << 8
                : UInt16(even[index]) << 8 | UInt16(even[index + 1])
        }
        return String(validating: units, as: UTF16.self)
    }

    /// Source: iconv(3).
    private static func gb18030(_ bytes: [UInt8]) -> String? {
        guard let converter = iconv_open("UTF-8", "GB18030"), Int(bitPattern: converter) != -1
        else {
            return nil
        }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // One byte of GB18030 never becomes more than three of UTF-8.
        var output = [CChar](repeating: 0, count: bytes.count * 3 + 4)
        let written: Int? = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var source = input.baseAddress
                var target = output.baseAddress
                var left = input.count
                var room = output.count
                let result = iconv(converter, &source, &left, &target, &room)
                return result == .max || left > 0 ? nil : output.count - room
            }
        }
        guard let written else { return nil }
        return String(validating: output[..<written].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
