/// Bytes that can be lent to LMDB without a copy: a key, a value, or a bound of a range.
public protocol ByteSource: ~Escapable {
    /// Lends the bytes to a closure; the buffer is valid only inside it.
    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result
}

extension RawSpan: ByteSource {
    /// Lends the bytes of the span to a closure.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(body)
    }
}

extension UnsafeRawBufferPointer: ByteSource {
    /// Lends the buffer itself to a closure.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(self)
    }
}

extension Array: ByteSource where Element == UInt8 {
    /// Lends the storage of the array to a closure.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try span.bytes.withUnsafeBytes(body)
    }
}

extension ArraySlice: ByteSource where Element == UInt8 {
    /// Lends the storage of the slice to a closure.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try span.bytes.withUnsafeBytes(body)
    }
}

extension ContiguousArray: ByteSource where Element == UInt8 {
    /// Lends the storage of the array to a closure.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try span.bytes.withUnsafeBytes(body)
    }
}
