import ArgumentParser
import Glibc
import ReportModel

/// Who says something, and how it is printed.
struct WorkflowOptions: ParsableArguments {
    @Option(help: "Who says so; the login name when nothing is said.")
    var by: String?

    @Option(name: [.short, .customLong("output")], help: "text, json or jsonl.")
    var output: OutputFormat = .text

    /// The name given, else the login name.
    var author: String? { by ?? Self.login }

    /// Nobody is no author.
    func validate() throws {
        if let by, by.allSatisfy(\.isWhitespace) {
            throw ValidationError("--by names nobody; leave it out for the login name")
        }
    }

    /// The name under which the terminal is used; without one, as under cron, the user's.
    static var login: String? {
        for name in ["LOGNAME", "USER"] {
            if let value = getenv(name), value.pointee != 0 { return String(cString: value) }
        }
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return nil }
        return String(cString: name)
    }
}

/// Keys from arguments, a file or standard input, one a line.
enum LookupList {
    /// Most lines that are read.
    private static let maximumByteCount = 64 << 20

    /// Reads lookups.
    /// - Parameters:
    ///   - arguments: lookups as typed; `-` alone stands for standard input.
    ///   - file: a file of lookups; `-` is standard input.
    /// - Returns: the lookups in order.
    /// - Throws: ``ReportError`` `usage`, `not-found`, `too-large`.
    static func read(_ arguments: [String], file: String?) throws(ReportError) -> [Lookup] {
        var texts = arguments
        var file = file
        if texts == ["-"], file == nil {
            texts = []
            file = "-"
        }
        if let file { texts += try lines(file) }
        guard !texts.isEmpty else {
            throw ReportError(.usage, "no record is named", hint: "give keys, or --from-file FILE")
        }
        return try texts.map { text throws(ReportError) in try Lookup(argument: text) }
    }

    private static func lines(_ file: String) throws(ReportError) -> [String] {
        guard let stream = fopen(file == "-" ? "/dev/stdin" : file, "r") else {
            throw ReportError(.notFound, "\(file) cannot be read")
        }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&piece, 1, piece.count, stream)
            guard count > 0 else { break }
            bytes.append(contentsOf: piece[..<count])
            guard bytes.count <= maximumByteCount else {
                throw ReportError(.tooLarge, "\(file) has more than 64 MiB")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .compactMap { line in
                // Of a list in CSV the first column is the key.
                let word = line.split(separator: ",", maxSplits: 1).first ?? ""
                let text = word.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                return text.isEmpty || text == "key" || text.hasPrefix("#") ? nil : text
            }
    }
}
