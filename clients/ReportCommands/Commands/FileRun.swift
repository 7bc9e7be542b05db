import ArgumentParser
import Descriptors
import Glibc
import ReportModel

/// What a command makes of one file.
enum FileAnswer: Sendable {
    case lines([String])
    case json(JSONValue)
    case bytes([UInt8])
}

/// Goes through files in order; one file prints one object, several print one a line.
struct FileRun {
    static let maximumByteCount = 64 << 20

    let files: [String]
    let format: OutputFormat

    /// Calls `body` with each file and prints what it returns.
    ///
    /// Ends with the error's exit code when all files fail alike, else with 11.
    func each(
        _ body: (String, [UInt8]) async throws(ReportError) -> FileAnswer
    ) async throws {
        var codes: [Int32] = []
        for path in files {
            let name = path.split(separator: "/").last.map { String($0) } ?? path
            do throws(ReportError) {
                let answer = try await body(name, try await Self.load(path))
                codes.append(try show(answer, path: path))
            } catch {
                guard files.count > 1 else { throw error }
                codes.append(error.code.exitCode)
                show(error, path: path)
            }
        }
        try end(codes)
    }

    private func end(_ codes: [Int32]) throws {
        guard let first = codes.first, codes.contains(where: { $0 != 0 }) else { return }
        throw ExitCode(codes.allSatisfy { $0 == first } ? first : ReportError.Code.partial.exitCode)
    }

    /// Prints an answer; a rejected submission counts as its error.
    private func show(_ answer: FileAnswer, path: String) throws(ReportError) -> Int32 {
        switch answer {
        case .bytes(let bytes): Output.bytes(bytes)
        case .lines(let lines):
            if files.count > 1 { Output.line("== \(path)") }
            lines.forEach(Output.line)
        case .json(var json):
            if files.count > 1, case .object(var members) = json {
                members["file"] = .string(path)
                json = .object(members)
            }
            Output.line(json.canonicalText)
            if let error = json["error"], !error.isNull, json["outcome"] != nil {
                return ReportError(json: error).code.exitCode
            }
        }
        return 0
    }

    private func show(_ error: ReportError, path: String) {
        if format == .json || format == .jsonl {
            let object: JSONValue = ["file": .string(path), "error": error.json]
            Output.line(object.canonicalText)
        } else {
            Output.flush()
            Output.error(path + ": " + Output.text(of: error))
        }
    }

    /// Reads a whole file, or a folder as one filing.
    static func load(_ path: String) async throws(ReportError) -> [UInt8] {
        FolderFiling.isFolder(path) ? try await FolderFiling.zip(path) : try read(path)
    }

    /// Reads a whole file; `-` is standard input.
    static func read(_ path: String) throws(ReportError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ReportError(errno == ENOENT ? .notFound : .unreadable, "\(path): \(reason)")
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        guard let bytes = Descriptor.read(descriptor, limit: maximumByteCount) else {
            let reason = String(cString: strerror(errno))
            throw ReportError(.unreadable, "\(path): \(reason)")
        }
        guard bytes.count <= maximumByteCount else {
            throw ReportError(.tooLarge, "\(path) has more than 64 MiB")
        }
        return bytes
    }
}
