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
        appendDecimal(number)
    }

    mutating func append(_ lead: StaticString, _ number: Int?) {
        append(lead)
        if let number { appendDecimal(number) } else { append("null") }
    }

    /// Appends the digits of a whole number.
    mutating func appendDecimal(_ number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        var width = 1
        var bound = rest
        while bound >= 10 {
            bound /= 10
            width += 1
        }
        let start = count
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        for offset in stride(from: start + width - 1, through: start, by: -1) {
            self[offset] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
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

    mutating func append(_ lead: StaticString, _ texts: [String]) {
        append(lead)
        append(UInt8(ascii: "["))
        for index in texts.indices {
            if index > 0 { append(UInt8(ascii: ",")) }
            JSONValue.appendString(texts[index], to: &self)
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
