import Descriptors
import Glibc
import ReportModel

/// How an answer is printed.
package enum OutputFormat: String, CaseIterable, Sendable {
    case text
    case table
    case json
    case jsonl
    case csv
    case source
    case extracted

    /// Whether the arguments ask for JSON, so that errors before parsing are JSON as well.
    static func isJSONRequested(in arguments: [String]) -> Bool {
        for (index, argument) in arguments.enumerated() {
            switch argument {
            case "-o", "--output":
                guard index + 1 < arguments.count else { continue }
                if ["json", "jsonl"].contains(arguments[index + 1]) { return true }
            case "-ojson", "-ojsonl", "--output=json", "--output=jsonl", "-o=json", "-o=jsonl":
                return true
            default: continue
            }
        }
        return false
    }
}

/// Standard output and standard error.
///
/// A closed pipe ends the program quietly with status 0.
package enum Output {
    private static let flushByteCount = 1 << 16
    nonisolated(unsafe) private static var buffer: [UInt8] = []
    /// Name of the program in complaints; set once, before anything is printed.
    nonisolated(unsafe) static var program = "reportctl"

    /// Prints a line.
    package static func line(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count > flushByteCount { flush() }
    }

    /// Prints bytes as they are.
    static func bytes(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
        if buffer.count > flushByteCount { flush() }
    }

    /// Writes what was printed so far.
    package static func flush() {
        write(buffer, to: STDOUT_FILENO)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Prints a line to standard error.
    package static func error(_ text: String) {
        write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Prints an error and ends with its exit code.
    static func fail(_ error: ReportError, asJSON: Bool) -> Never {
        if asJSON {
            let object: JSONValue = ["error": error.json]
            line(object.canonicalText)
        } else {
            Output.error(Self.text(of: error))
        }
        flush()
        Glibc.exit(error.code.exitCode)
    }

    /// The error as people read it, with its hint, candidates or near misses.
    static func text(of error: ReportError) -> String {
        var lines = [
            "\(program): \(Wording.title(of: error.code)): " + ErrorWords.text(error.message)
        ]
        if let rows = error.details["candidates"]?.arrayValue, !rows.isEmpty,
            rows[0]["key"] != nil
        {
            lines += RecordTable.lines(rows, width: terminalWidth(STDERR_FILENO))
            if let more = error.details["more"]?.integerValue, more > 0 {
                lines.append(Wording.pick("… and \(more) more", "……另有 \(more) 条"))
            }
        }
        if let near = error.details["near"]?.arrayValue, !near.isEmpty {
            lines.append(Wording.pick("Did you mean:", "是否要找："))
            lines += near.compactMap(\.stringValue).map { "  " + $0 }
        }
        if error.code == .erased {
            for (field, label) in [
                ("erasedBy", Wording.pick("by: ", "经办：")),
                ("reason", Wording.pick("reason: ", "原因：")),
                ("authority", Wording.pick("authority: ", "依据：")),
            ] {
                if let text = error.details[field]?.stringValue { lines.append(label + text) }
            }
        }
        if let hint = error.hint {
            lines.append(Wording.pick("Hint: ", "提示：") + ErrorWords.text(hint))
        }
        return lines.joined(separator: "\n")
    }

    /// Columns of the terminal behind a descriptor; nil when it is none.
    static func terminalWidth(_ descriptor: Int32 = STDOUT_FILENO) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return nil }
        return Int(size.ws_col)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        guard !Descriptor.write(bytes, to: descriptor) else { return }
        // Whoever read has heard enough.
        Glibc.exit(errno == EPIPE ? 0 : ReportError.Code.noSpace.exitCode)
    }
}
