import Glibc

/// What stands in front of a ``CanonicalReader`` is not what the writer would have written.
///
/// It says nothing else: whether the text is in order, and what is wrong with it where it is not,
/// is found out by reading it as a tree.
struct NotCanonical: Error {}

/// A value that reads back what its ``CanonicalWritable`` writes, and nothing else.
protocol CanonicalReadable {
    /// Reads the value that stands at the reader; made where it is kept, without a copy.
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self
}

/// Reads canonical JSON of known members without building a tree.
///
/// The counterpart of `[UInt8].append(_:_:)`: each call names the bytes that lead to a member, as
/// the writer does, so that a member that is missing, unknown, repeated or out of order, white
/// space, and any other spelling of a string or number end the reading. Bytes that were read are
/// therefore those that the writer makes of the value. It reads within the call that lends the bytes.
///
/// Source: RFC 8785.
struct CanonicalReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var offset: Int
    /// Whether texts that no fact follows from are looked at like all others, but not kept: they are
    /// empty in what was read, and lists of which only the length is asked for are.
    var leavesTextsOut: Bool

    init(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from offset: Int = 0,
        leavesTextsOut: Bool = false
    ) {
        self.bytes = bytes
        self.offset = offset
        self.leavesTextsOut = leavesTextsOut
    }

    /// Whether everything was read.
    var isAtEnd: Bool { offset == bytes.count }

    /// Passes over literal text if it stands here.
    ///
    /// It and what leads to it is made part of each caller, so that the text is compared as a few
    /// words: a record has a thousand such places.
    @inline(__always)
    mutating func passIf(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - offset >= count, let start = bytes.baseAddress,
            memcmp(start + offset, text.utf8Start, count) == 0
        else { return false }
        offset += count
        return true
    }

    /// Passes over literal text.
    @inline(__always)
    mutating func pass(_ text: StaticString) throws(NotCanonical) {
        guard passIf(text) else { throw NotCanonical() }
    }

    @inline(__always)
    mutating func string(_ lead: StaticString) throws(NotCanonical) -> String {
        try pass(lead)
        return try string()
    }

    @inline(__always)
    mutating func optionalString(_ lead: StaticString) throws(NotCanonical) -> String? {
        try pass(lead)
        return passIf("null") ? nil : try string()
    }

    /// A string from which no fact follows.
    @inline(__always)
    mutating func text(_ lead: StaticString) throws(NotCanonical) -> String {
        try pass(lead)
        return try text()
    }

    @inline(__always)
    mutating func optionalText(_ lead: StaticString) throws(NotCanonical) -> String? {
        try pass(lead)
        return passIf("null") ? nil : try text()
    }

    @inline(__always)
    mutating func integer(_ lead: StaticString) throws(NotCanonical) -> Int {
        try pass(lead)
        return try integer()
    }

    @inline(__always)
    mutating func optionalInteger(_ lead: StaticString) throws(NotCanonical) -> Int? {
        try pass(lead)
        return passIf("null") ? nil : try integer()
    }

    @inline(__always)
    mutating func bool(_ lead: StaticString) throws(NotCanonical) -> Bool {
        try pass(lead)
        if passIf("true") { return true }
        try pass("false")
        return false
    }

    mutating func rawValue<T: RawRepresentable<String>>(
        _ lead: StaticString
    ) throws(NotCanonical) -> T {
        guard let value = T(rawValue: try string(lead)) else { throw NotCanonical() }
        return value
    }

    mutating func value<T: CanonicalReadable>(_ lead: StaticString) throws(NotCanonical) -> T {
        try pass(lead)
        return try T.read(&self)
    }

    mutating func optionalValue<T: CanonicalReadable>(
        _ lead: StaticString
    ) throws(NotCanonical) -> T? {
        try pass(lead)
        return passIf("null") ? nil : try T.read(&self)
    }

    @inline(__always)
    mutating func values<T: CanonicalReadable>(_ lead: StaticString) throws(NotCanonical) -> [T] {
        try pass(lead)
        return try values()
    }

    mutating func values<T: CanonicalReadable>() throws(NotCanonical) -> [T] {
        try list(isKept: true).values
    }

    /// A list of which the facts ask nothing but how long it is; empty when texts are left out.
    /// - Parameter lead: what leads to it.
    /// - Returns: its elements, and how many stand there.
    /// - Throws: ``NotCanonical``.
    @inline(__always)
    mutating func counted<T: CanonicalReadable>(
        _ lead: StaticString
    ) throws(NotCanonical) -> (values: [T], count: Int) {
        try pass(lead)
        return try list(isKept: !leavesTextsOut)
    }

    private mutating func list<T: CanonicalReadable>(
        isKept: Bool
    ) throws(NotCanonical) -> (values: [T], count: Int) {
        try pass("[")
        if passIf("]") { return ([], 0) }
        var values: [T] = []
        var count = 0
        while true {
            if isKept { values.append(try T.read(&self)) } else { _ = try T.read(&self) }
            count += 1
            if passIf("]") { return (values, count) }
            try pass(",")
        }
    }

    /// Strings from which no fact follows.
    @inline(__always)
    mutating func texts(_ lead: StaticString) throws(NotCanonical) -> [String] {
        try pass(lead)
        try pass("[")
        if passIf("]") { return [] }
        var texts: [String] = []
        while true {
            texts.append(try text())
            if passIf("]") { return texts }
            try pass(",")
        }
    }
}
