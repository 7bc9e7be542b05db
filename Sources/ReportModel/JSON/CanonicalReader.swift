import Glibc

/// What stands in front of a ``CanonicalReader`` is not what the writer would have written.
///
/// It says nothing else: whether the text is in order, and what is wrong with it where it is not,
/// is found out by reading it as a tree.
struct NotCanonical: Error {}

/// A value that reads back what its ``CanonicalWritable`` writes, and nothing else.
protocol CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical)
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
    /// empty in what was read.
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
    mutating func passIf(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - offset >= count, let start = bytes.baseAddress,
            memcmp(start + offset, text.utf8Start, count) == 0
        else { return false }
        offset += count
        return true
    }

    /// Passes over literal text.
    mutating func pass(_ text: StaticString) throws(NotCanonical) {
        guard passIf(text) else { throw NotCanonical() }
    }

    mutating func string(_ lead: StaticString) throws(NotCanonical) -> String {
        try pass(lead)
        return try string()
    }

    mutating func optionalString(_ lead: StaticString) throws(NotCanonical) -> String? {
        try pass(lead)
        return passIf("null") ? nil : try string()
    }

    /// A string from which no fact follows.
    mutating func text(_ lead: StaticString) throws(NotCanonical) -> String {
        try pass(lead)
        return try text()
    }

    mutating func optionalText(_ lead: StaticString) throws(NotCanonical) -> String? {
        try pass(lead)
        return passIf("null") ? nil : try text()
    }

    mutating func integer(_ lead: StaticString) throws(NotCanonical) -> Int {
        try pass(lead)
        return try integer()
    }

    mutating func optionalInteger(_ lead: StaticString) throws(NotCanonical) -> Int? {
        try pass(lead)
        return passIf("null") ? nil : try integer()
    }

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
        return try T(canonical: &self)
    }

    mutating func optionalValue<T: CanonicalReadable>(
        _ lead: StaticString
    ) throws(NotCanonical) -> T? {
        try pass(lead)
        return passIf("null") ? nil : try T(canonical: &self)
    }

    mutating func values<T: CanonicalReadable>(_ lead: StaticString) throws(NotCanonical) -> [T] {
        try pass(lead)
        return try values()
    }

    mutating func values<T: CanonicalReadable>() throws(NotCanonical) -> [T] {
        try pass("[")
        if passIf("]") { return [] }
        var values: [T] = []
        while true {
            values.append(try T(canonical: &self))
            if passIf("]") { return values }
            try pass(",")
        }
    }

    /// Strings from which no fact follows.
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
