/// Arguments of a question as a control line and a command carry them: some by place, some by name.
///
/// Whoever reads them takes them one by one; what is left over is an error.
///
/// Source: docs/protocol.md section 1.
public struct QueryArguments: Hashable, Sendable {
    /// Arguments without a name, in order.
    public private(set) var positional: [String]
    /// Options by name.
    public private(set) var options: [String: String]

    /// Makes arguments.
    /// - Parameters:
    ///   - positional: arguments without a name, in order.
    ///   - options: options by name.
    public init(positional: [String] = [], options: [String: String] = [:]) {
        self.positional = positional
        self.options = options
    }

    /// Appends an argument without a name, unless it is nil.
    public mutating func append(_ value: String?) {
        if let value { positional.append(value) }
    }

    /// Sets an option, unless its value is nil.
    public mutating func set(_ name: String, _ value: String?) {
        if let value { options[name] = value }
    }

    /// Sets an option to values with commas between, unless there are none.
    public mutating func set(_ name: String, list values: [String]) {
        set(name, values.isEmpty ? nil : values.joined(separator: ","))
    }

    /// Sets `as-of` or `known-here`.
    public mutating func set(_ moment: Moment) {
        switch moment {
        case .now: break
        case .asOf(let time): set("as-of", time.description)
        case .knownHere(let time): set("known-here", time.description)
        }
    }

    /// Takes the next argument without a name; nil when there is none.
    public mutating func next() -> String? {
        positional.isEmpty ? nil : positional.removeFirst()
    }

    /// Takes the next argument without a name.
    /// - Parameter what: what it is, for the error.
    /// - Returns: the argument.
    /// - Throws: ``ReportError`` `usage` when there is none.
    public mutating func required(_ what: String) throws(ReportError) -> String {
        guard let value = next() else { throw ReportError(.usage, "\(what) is missing") }
        return value
    }

    /// Takes the next argument as a lookup; nil when there is none.
    /// - Throws: ``ReportError`` `usage` when it is no lookup.
    public mutating func lookup() throws(ReportError) -> Lookup? {
        try next().map { text throws(ReportError) in try Lookup(argument: text) }
    }

    /// Takes the next argument as a lookup.
    /// - Returns: the lookup.
    /// - Throws: ``ReportError`` `usage` when there is none or it is no lookup.
    public mutating func requiredLookup() throws(ReportError) -> Lookup {
        try Lookup(argument: try required("a year and parts, such as 2023/麻章区,"))
    }

    /// Takes an option; nil when it is not given.
    public mutating func text(_ name: String) -> String? { options.removeValue(forKey: name) }

    /// Takes an option that is a whole number.
    /// - Parameters:
    ///   - name: its name.
    ///   - range: values that are taken.
    /// - Returns: the number; nil when the option is not given.
    /// - Throws: ``ReportError`` `usage`.
    public mutating func integer(
        _ name: String,
        in range: ClosedRange<Int>
    ) throws(ReportError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ReportError(
                .usage,
                "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// Takes an option that is an exact decimal number.
    /// - Parameter name: its name.
    /// - Returns: the number; nil when the option is not given.
    /// - Throws: ``ReportError`` `usage`.
    public mutating func decimal(_ name: String) throws(ReportError) -> ExactDecimal? {
        guard let text = text(name) else { return nil }
        guard let number = ExactDecimal(printed: text) else {
            throw ReportError(.usage, "\(name) must be a number such as 12.5")
        }
        return number
    }

    /// Takes an option that is one of a few words.
    /// - Parameters:
    ///   - name: its name.
    ///   - type: an enumeration of the words.
    /// - Returns: the value; nil when the option is not given.
    /// - Throws: ``ReportError`` `usage` that lists the words.
    public mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        as type: Word.Type = Word.self
    ) throws(ReportError) -> Word? where Word.RawValue == String {
        guard let text = text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw ReportError(.usage, "\(name) must be one of \(words)")
        }
        return word
    }

    /// Takes an option that is 1 or 0; false when it is not given.
    /// - Parameter name: its name.
    /// - Returns: whether it is set.
    /// - Throws: ``ReportError`` `usage`.
    public mutating func flag(_ name: String) throws(ReportError) -> Bool {
        switch text(name) {
        case nil, "0", "false": return false
        case "1", "true": return true
        default: throw ReportError(.usage, "\(name) must be 1 or 0")
        }
    }

    /// Takes an option that is a time.
    /// - Parameters:
    ///   - name: its name.
    ///   - bareDate: which moment of its day a date without time is.
    /// - Returns: the time; nil when the option is not given.
    /// - Throws: ``ReportError`` `usage`.
    public mutating func time(
        _ name: String,
        bareDate: Timestamp.BareDate = .end
    ) throws(ReportError) -> Timestamp? {
        guard let text = text(name) else { return nil }
        return try Timestamp(argument: text, bareDate: bareDate)
    }

    /// Takes `as-of` or `known-here`.
    /// - Returns: the moment; now when neither is given.
    /// - Throws: ``ReportError`` `usage` when both are.
    public mutating func moment() throws(ReportError) -> Moment {
        switch (try time("as-of"), try time("known-here")) {
        case (nil, nil): return .now
        case (let time?, nil): return .asOf(time)
        case (nil, let time?): return .knownHere(time)
        default: throw ReportError(.usage, "as-of and known-here exclude each other")
        }
    }

    /// Checks that everything was taken.
    /// - Throws: ``ReportError`` `usage` that names what is too much.
    public func finish() throws(ReportError) {
        if let name = options.keys.min() {
            throw ReportError(.usage, "unknown option \(name)")
        }
        if let argument = positional.first {
            throw ReportError(.usage, "'\(argument)' is an argument too many")
        }
    }
}

extension Lookup {
    /// Reads a lookup as typed.
    /// - Parameter text: a year and parts.
    /// - Throws: ``ReportError`` `usage` that says what is expected.
    public init(argument text: String) throws(ReportError) {
        do throws(KeyError) {
            try self.init(parsing: text)
        } catch {
            throw ReportError(
                .usage,
                "'\(text)' is no lookup: \(error)",
                hint: "write a year and parts of a key, such as 2023/麻章区"
            )
        }
    }
}

extension Timestamp {
    /// Reads a time as typed.
    /// - Parameters:
    ///   - text: `2024-05-30`, `2024-05-30T08:00`, with `Z` or `+08:00`.
    ///   - bareDate: which moment of its day a date without time is.
    /// - Throws: ``ReportError`` `usage` that says what is expected.
    public init(argument text: String, bareDate: BareDate = .end) throws(ReportError) {
        guard let time = Timestamp(parsing: text, bareDate: bareDate) else {
            throw ReportError(
                .usage,
                "'\(text)' is no time",
                hint: "write 2024-05-30 or 2024-05-30T08:00+08:00"
            )
        }
        self = time
    }
}
