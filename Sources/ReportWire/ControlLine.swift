public import NIOCore

/// A control line cut into verb and arguments; nothing is undone or copied yet.
///
/// Source: docs/protocol.md section 1.
public struct ControlLine: Sendable {
    /// The line without its end.
    public let bytes: ByteBufferView
    private let verbEnd: Int
    private let ranges: [Range<Int>]

    /// Cuts a line at its spaces.
    /// - Parameter bytes: the line without its end.
    /// - Throws: ``WireError`` `malformedLine`, `notUTF8`, `lineTooLong`.
    public init(_ bytes: ByteBufferView) throws(WireError) {
        guard bytes.count <= WireLimits.maximumLineByteCount else {
            throw WireError(.lineTooLong, "the line is too long", isFinal: true)
        }
        guard !bytes.isEmpty else { throw WireError(.malformedLine, "the line is empty") }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw WireError(.malformedLine, "control characters must be escaped")
        }
        var pieces: [Range<Int>] = []
        var start = bytes.startIndex
        while true {
            let end = bytes[start...].firstIndex(of: 0x20) ?? bytes.endIndex
            guard end > start else {
                throw WireError(.malformedLine, "arguments are separated by exactly one space")
            }
            pieces.append(start..<end)
            guard end < bytes.endIndex else { break }
            guard pieces.count <= WireLimits.maximumArgumentCount else {
                throw WireError(.malformedLine, "too many arguments")
            }
            start = end + 1
        }
        guard bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil
        else { throw WireError(.notUTF8, "bytes that are not UTF-8 must be escaped") }
        self.bytes = bytes
        verbEnd = pieces[0].upperBound
        ranges = Array(pieces.dropFirst())
    }

    /// The verb in upper case.
    public var verb: String {
        String(decoding: bytes[..<verbEnd], as: UTF8.self).uppercased()
    }

    /// Number of arguments.
    public var argumentCount: Int { ranges.count }

    /// An argument as it stands in the line.
    /// - Parameter index: from 0.
    /// - Returns: its bytes, escapes and all.
    public func argument(_ index: Int) -> ByteBufferView { bytes[ranges[index]] }

    /// A positional argument as text; nil when there is none.
    /// - Parameter index: from 0.
    /// - Returns: the argument with its escapes undone.
    /// - Throws: ``WireError`` `badEscape`, `notUTF8`.
    public func text(_ index: Int) throws(WireError) -> String? {
        guard index < ranges.count else { return nil }
        return try ControlLine.text(argument(index))
    }

    /// A positional argument as a decimal number.
    /// - Parameter index: from 0.
    /// - Returns: the number; nil when there is no argument or it is no number.
    public func number(_ index: Int) -> UInt64? {
        index < ranges.count ? ControlLine.number(argument(index)) : nil
    }

    static func text(_ bytes: ByteBufferView) throws(WireError) -> String {
        guard let text = String(validating: try PercentEscape.undo(bytes), as: UTF8.self) else {
            throw WireError(.notUTF8, "an argument is not UTF-8")
        }
        return text
    }

    /// The value of 1 to 20 decimal digits and nothing else.
    static func number(_ bytes: some Collection<UInt8>) -> UInt64? {
        guard (1...20).contains(bytes.count) else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
