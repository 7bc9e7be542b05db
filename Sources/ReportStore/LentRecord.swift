/// A stored record and what `get` prints behind it, in pieces that lie in the store's map.
///
/// The pieces live only within the call that lends them.
public struct LentRecord {
    /// The record without its last brace: one to three pieces; those that are missing are empty.
    public internal(set) var first = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The piece behind ``first``.
    public internal(set) var second = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The piece behind ``second``.
    public internal(set) var third = UnsafeRawBufferPointer(start: nil, count: 0)
    /// What is printed in place of the last brace, with a line feed at the end.
    public let suffix: UnsafeRawBufferPointer

    /// Bytes of all pieces.
    public var byteCount: Int { first.count + second.count + third.count + suffix.count }

    init(suffix: UnsafeRawBufferPointer) { self.suffix = suffix }

    /// The last piece of a record without the brace.
    static func withoutBrace(_ piece: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: piece.dropLast())
    }
}
