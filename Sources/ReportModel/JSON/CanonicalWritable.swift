/// A value that writes its canonical JSON without building a tree first.
///
/// The bytes are those of `json.canonicalBytes`; members stand in the order of RFC 8785 by hand.
protocol CanonicalWritable: RecordValue {
    func appendCanonical(to bytes: inout [UInt8])
}

extension [UInt8] {
    /// Appends literal text.
    mutating func append(_ text: StaticString) {
        append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    /// Appends what leads to a member, then its value.
    mutating func append(_ lead: StaticString, _ text: String) {
        append(lead)
        JSONValue.appendString(text, to: &self)
    }

    mutating func append(_ lead: StaticString, _ text: String?) {
        append(lead)
        if let text { JSONValue.appendString(text, to: &self) } else { append("null") }
    }

    mutating func append(_ lead: StaticString, _ number: Int) {
        append(lead)
        append(contentsOf: String(number).utf8)
    }

    mutating func append(_ lead: StaticString, _ number: Int?) {
        append(lead)
        if let number { append(contentsOf: String(number).utf8) } else { append("null") }
    }

    mutating func append(_ lead: StaticString, _ flag: Bool) {
        append(lead)
        append(flag ? "true" : "false")
    }

    mutating func append(_ lead: StaticString, _ value: JSONValue) {
        append(lead)
        value.appendCanonical(to: &self)
    }

    mutating func append(_ lead: StaticString, _ value: some CanonicalWritable) {
        append(lead)
        value.appendCanonical(to: &self)
    }

    mutating func append(_ lead: StaticString, _ values: [some RecordValue]) {
        append(lead, .array(values.map(\.json)))
    }

    mutating func append(_ lead: StaticString, _ values: [some CanonicalWritable]) {
        append(lead)
        append("[")
        for (index, value) in values.enumerated() {
            if index > 0 { append(",") }
            value.appendCanonical(to: &self)
        }
        append("]")
    }
}
