import ArgumentParser
import Descriptors
import Glibc
import ReportClient
import ReportModel

struct ProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write a proof of one version that can be checked without a store.",
        discussion: """
            The proof holds no text of the report. Whoever has the report's files shows
            with `reportctl verify PROOF FILE…` that they are the ones.
            """
    )

    @OptionGroup var service: ServiceOptions

    @Argument(help: "A lookup that finds one record, with or without @N.")
    var lookup: String

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The file; - for standard output.", valueName: "file")
    )
    var output: String?

    @Option(
        help: ArgumentHelp(
            "An older proof or signed head, or a number of entries, that the log must go on from.",
            valueName: "file|size"
        )
    )
    var sinceHead: String?

    func run() async throws {
        let lookup = try Lookup(argument: lookup)
        let since = try sinceHead.map { text throws(ReportError) in try Self.since(text) }
        let service = try await service.open()
        let json = try await service.answer(.prove(ProveQuery(lookup, since: since)))
        await service.close()
        let proof = try Proof(json: json)
        // Whatever a node answers, only what holds is written.
        guard ProofCheck(proof).isSound else {
            throw ReportError(.integrity, "the node's proof does not hold")
        }
        if output == "-" || output == OutputFormat.json.rawValue {
            return Output.bytes(proof.fileBytes)
        }
        let path = output ?? proof.fileName
        try NewFile.write(proof.fileBytes, to: path)
        Output.line(path)
    }

    /// A number, or the head in a file: of a proof, or by itself in bytes or hexadecimal digits.
    private static func since(_ text: String) throws(ReportError) -> ProofSince {
        if let size = UInt64(text), size > 0 { return .size(size) }
        let bytes = try InputFile.read(text, limit: Proof.maximumByteCount)
        if let head = SignedHead(bytes) { return .head(head) }
        let digits = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        if let head = HexText.bytes(digits).flatMap({ SignedHead($0) }) { return .head(head) }
        return .head(try Proof(fileBytes: bytes).head)
    }
}

/// Files that are written once.
enum NewFile {
    /// Writes a file that must not be there yet.
    static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw ReportError(
                    .conflict,
                    "\(path) is there already",
                    hint: Wording.pick("name another file with -o", "请用 -o 指定另一个文件名")
                )
            }
            throw problem(path)
        }
        defer { close(descriptor) }
        guard Descriptor.write(bytes, to: descriptor) else {
            let error = problem(path)
            unlink(path)
            throw error
        }
    }

    private static func problem(_ path: String) -> ReportError {
        let number = errno
        return ReportError(
            number == ENOSPC ? .noSpace : number == EACCES ? .notAllowed : .internal,
            "cannot write \(path): \(String(cString: strerror(number)))"
        )
    }
}

/// Files that are read whole.
enum InputFile {
    /// Reads a file of bounded size.
    static func read(_ path: String, limit: Int) throws(ReportError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ReportError(.notFound, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        guard let bytes = Descriptor.read(descriptor, limit: limit) else {
            throw ReportError(
                .unreadable,
                "cannot read \(path): \(String(cString: strerror(errno)))"
            )
        }
        guard bytes.count <= limit else {
            throw ReportError(.tooLarge, "\(path) has more than \(limit) bytes")
        }
        return bytes
    }
}
