import NIOCore
import ReportModel

/// Positional arguments and options of a line, taken one by one; what is left over is an error.
struct RequestArguments {
    private var positional: [ByteBufferView] = []
    private var options: [(name: String, value: ByteBufferView)] = []

    init(_ line: ControlLine) throws(WireError) {
        for index in 0..<line.argumentCount {
            let argument = line.argument(index)
            guard let equals = RequestArguments.optionEnd(argument) else {
                positional.append(argument)
                continue
            }
            let name = String(decoding: argument[..<equals], as: UTF8.self)
            guard !options.contains(where: { $0.name == name }) else {
                throw WireError(.unexpectedArgument, "the option \(name) stands twice")
            }
            options.append((name, argument[(equals + 1)...]))
        }
    }

    /// Place of the `=` when the argument is an option: letters, digits and hyphens before it.
    private static func optionEnd(_ argument: ByteBufferView) -> Int? {
        guard let first = argument.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            let equals = argument.firstIndex(of: UInt8(ascii: "="))
        else { return nil }
        let isName = argument[..<equals].allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-")
        }
        return isName ? equals : nil
    }

    mutating func next() throws(WireError) -> String? {
        guard !positional.isEmpty else { return nil }
        return try ControlLine.text(positional.removeFirst())
    }

    mutating func lookup() throws(WireError) -> String {
        guard let text = try next() else {
            throw WireError(.missingArgument, "a year and parts are missing, such as 2023/city")
        }
        return text
    }

    /// The number of payload bytes; the decoder has checked it against the limit.
    mutating func byteCount() throws(WireError) -> Int {
        guard !positional.isEmpty, let count = ControlLine.number(positional.removeFirst()) else {
            throw WireError(.missingArgument, "the number of bytes is missing")
        }
        return Int(clamping: count)
    }

    mutating func raw(_ name: String) throws(WireError) -> [UInt8]? {
        guard let index = options.firstIndex(where: { $0.name == name }) else { return nil }
        return try PercentEscape.undo(options.remove(at: index).value)
    }

    mutating func text(_ name: String) throws(WireError) -> String? {
        guard let bytes = try raw(name) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WireError(.notUTF8, "\(name) is not UTF-8")
        }
        return text
    }

    mutating func number(_ name: String, in range: ClosedRange<UInt64>) throws(WireError) -> UInt64?
    {
        guard let bytes = try raw(name) else { return nil }
        guard let number = ControlLine.number(bytes), range.contains(number) else {
            throw WireError(
                .badArgument,
                "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    mutating func flag(_ name: String) throws(WireError) -> Bool {
        switch try text(name) {
        case nil, "0", "false": return false
        case "1", "true": return true
        default: throw WireError(.badArgument, "\(name) must be 1 or 0")
        }
    }

    mutating func time(_ name: String) throws(WireError) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let time = Timestamp(parsing: text) else {
            throw WireError(.badArgument, "\(name) must be a date or a time")
        }
        return time
    }

    mutating func moment() throws(WireError) -> Moment {
        switch (try time("as-of"), try time("known-here")) {
        case (nil, nil): return .now
        case (let time?, nil): return .asOf(time)
        case (nil, let time?): return .knownHere(time)
        default:
            throw WireError(.unexpectedArgument, "as-of and known-here exclude each other")
        }
    }

    /// Everything that is left, as the questions of a store take it.
    mutating func rest() throws(WireError) -> QueryArguments {
        var rest = QueryArguments()
        while let argument = try next() { rest.append(argument) }
        while let name = options.first?.name { rest.set(name, try text(name)) }
        return rest
    }

    func finish() throws(WireError) {
        if let option = options.first {
            throw WireError(.unexpectedArgument, "unknown option \(option.name)")
        }
        guard positional.isEmpty else {
            throw WireError(.unexpectedArgument, "too many arguments")
        }
    }
}
