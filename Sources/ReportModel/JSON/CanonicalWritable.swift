/// A value that writes its canonical JSON without building a tree first.
///
/// The bytes are those of `json.canonicalBytes`; members stand in the order of RFC 8785 by hand.
protocol CanonicalWritable: RecordValue {
    func appendCanonical(to bytes: inout ByteWriter)
}

extension ByteWriter {
    /// Appends what leads to a member, then its value.
    mutating func append(_ lead: StaticString, _ text: String) {
        append(lead)
        appendString(text)
    }

    mutating func append(_ lead: StaticString, _ text: String?) {
        append(lead)
        if let text { appendString(text) } else { append("null") }
    }

    mutating func append(_ lead: StaticString, _ number: Int) {
        append(lead)
        appendDecimal(number)
    }

    mutating func append(_ lead: StaticString, _ number: Int?) {
        append(lead)
        if let number { appendDecimal(number) } else { append("null") }
    }

    mutating func append(_ lead: StaticString, _ flag: Bool) {
        append(lead)
        if flag { append("true") } else { append("false") }
    }

    mutating func append(_ lead: StaticString, _ value: JSONValue) {
        append(lead)
        value.appendCanonical(to: &self)
    }

    mutating func append(_ lead: StaticString, _ value: some CanonicalWritable) {
        append(lead)
        value.appendCanonical(to: &self)
    }

    mutating func append(_ lead: StaticString, _ texts: [String]) {
        append(lead)
        append(UInt8(ascii: "["))
        for index in texts.indices {
            if index > 0 { append(UInt8(ascii: ",")) }
            appendString(texts[index])
        }
        append(UInt8(ascii: "]"))
    }

    mutating func append(_ lead: StaticString, _ values: [some CanonicalWritable]) {
        append(lead)
        append(UInt8(ascii: "["))
        // Elements are used where they lie: copying one would count references to each of its texts.
        values.withUnsafeBufferPointer { values in
            for index in values.indices {
                if index > 0 { append(UInt8(ascii: ",")) }
                values[index].appendCanonical(to: &self)
            }
        }
        append(UInt8(ascii: "]"))
    }
}
