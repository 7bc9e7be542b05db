public import NIOCore

/// Writes one control line.
public struct ControlLineWriter {
    private var buffer: ByteBuffer

    /// Begins a line.
    /// - Parameter verb: the verb in upper case.
    public init(_ verb: String) { buffer = ByteBuffer(string: verb) }

    /// Appends a positional argument.
    public mutating func append(_ argument: String) { append(bytes: argument.utf8) }

    /// Appends a positional argument of any bytes; its `=` are escaped, lest it looks like an option.
    public mutating func append(bytes: some Sequence<UInt8>) {
        let pieces = Array(bytes).split(
            separator: UInt8(ascii: "="),
            omittingEmptySubsequences: false
        )
        for (index, piece) in pieces.enumerated() {
            buffer.writeString(index == 0 ? " " : "%3D")
            PercentEscape.write(piece, to: &buffer)
        }
    }

    /// Appends an option, unless its value is nil.
    /// - Parameters:
    ///   - name: its name.
    ///   - value: its value before escaping.
    public mutating func append(_ name: String, _ value: String?) {
        guard let value else { return }
        buffer.writeString(" " + name + "=")
        PercentEscape.write(value.utf8, to: &buffer)
    }

    /// Ends the line.
    /// - Returns: the line with its LF.
    /// - Throws: ``WireError`` `lineTooLong`.
    public consuming func finish() throws(WireError) -> ByteBuffer {
        guard buffer.readableBytes <= WireLimits.maximumLineByteCount else {
            throw WireError(.lineTooLong, "the request does not fit into a line")
        }
        buffer.writeInteger(UInt8(ascii: "\n"))
        return buffer
    }
}
