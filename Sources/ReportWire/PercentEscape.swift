public import NIOCore

/// Escapes of the line protocol: `%` and two hexadecimal digits.
///
/// Source: docs/protocol.md section 1.
public enum PercentEscape {
    /// Undoes the escapes of a value.
    /// - Parameter bytes: the value as it stands in a line.
    /// - Returns: the bytes that were meant.
    /// - Throws: ``WireError`` `badEscape`.
    public static func undo(_ bytes: ByteBufferView) throws(WireError) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "%")) else { return Array(bytes) }
        var undone: [UInt8] = []
        undone.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "%") else {
                undone.append(bytes[index])
                index += 1
                continue
            }
            guard bytes.endIndex - index >= 3, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            else { throw WireError(.badEscape, "% must be followed by two hexadecimal digits") }
            undone.append(high << 4 | low)
            index += 3
        }
        return undone
    }

    /// Appends a value with space, `%`, controls and bytes that are not UTF-8 escaped.
    /// - Parameters:
    ///   - bytes: the value.
    ///   - keepsSpaces: whether a space stays, as in the message of an `-ERR` line.
    ///   - buffer: where it goes.
    public static func write(
        _ bytes: some Sequence<UInt8>,
        keepsSpaces: Bool = false,
        to buffer: inout ByteBuffer
    ) {
        let bytes = Array(bytes)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                let isPlain =
                    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "%")
                    || keepsSpaces && byte == 0x20
                if isPlain { buffer.writeInteger(byte) } else { escape(byte, to: &buffer) }
                index += 1
                continue
            }
            let count = scalarByteCount(bytes[index...])
            if count == 0 {
                escape(byte, to: &buffer)
                index += 1
            } else {
                buffer.writeBytes(bytes[index..<index + count])
                index += count
            }
        }
    }

    /// Number of bytes of the multi-byte scalar at the beginning; 0 when it is none.
    static func scalarByteCount(_ bytes: ArraySlice<UInt8>) -> Int {
        let expected =
            switch bytes.first ?? 0 {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard expected > 0, bytes.count >= expected,
            String(validating: bytes.prefix(expected), as: UTF8.self) != nil
        else { return 0 }
        return expected
    }

    private static func escape(_ byte: UInt8, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "%"))
        for half in [byte >> 4, byte & 15] {
            buffer.writeInteger(
                half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "A") + half - 10
            )
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
