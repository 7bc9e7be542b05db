import ArgumentParser
import Glibc
import ReportClient
import ReportIntake
import ReportModel

extension [UInt8] {
    /// Whether these bytes stand somewhere in it.
    fileprivate func contains(_ bytes: StaticString) -> Bool {
        let wanted = bytes.utf8CodeUnitCount
        return withUnsafeBytes { own in
            var offset = 0
            while own.count - offset >= wanted, let start = own.baseAddress {
                let rest = start + offset
                // Each place of the first byte is looked at.
                guard let found = memchr(rest, Int32(bytes.utf8Start.pointee), own.count - offset)
                else { return false }
                offset = UnsafeRawPointer(found) - start
                guard own.count - offset >= wanted else { return false }
                if memcmp(found, bytes.utf8Start, wanted) == 0 { return true }
                offset += 1
            }
            return false
        }
    }
}

/// What `reportctl get` asks: records, where they are, and how they are shown.
package struct RecordQuestion: Equatable {
    var lookups: [String]
    var place = ServicePlace()
    var output = OutputFormat.text
    var moment = Moment.now
    var field: String?
    var source = 0
    var people = false

    init(
        lookups: [String],
        place: ServicePlace,
        output: OutputFormat,
        moment: Moment,
        field: String?,
        source: Int,
        people: Bool
    ) {
        self.lookups = lookups
        self.place = place
        self.output = output
        self.moment = moment
        self.field = field
        self.source = source
        self.people = people
    }

    /// Reads the words that scripts give a thousand times: lookups, `--store`, `--node` and `-o`.
    ///
    /// The library that reads arguments takes as long as the rest of the program together
    /// (docs/benchmarks.md). Nil when anything else is said, or said otherwise: that is for it.
    /// - Parameter words: what stands behind the program's name.
    package init?(plain words: [String]) {
        guard words.first == "get" else { return nil }
        lookups = []
        var format: String?
        var rest = words.dropFirst()
        while let word = rest.popFirst() {
            guard word.hasPrefix("-") else {
                lookups.append(word)
                continue
            }
            guard let value = rest.popFirst(), !value.hasPrefix("-") else { return nil }
            switch word {
            case "--store" where place.store == nil: place.store = value
            case "--node" where place.node == nil: place.node = value
            case "-o" where format == nil: format = value
            default: return nil
            }
        }
        guard !lookups.isEmpty, let output = OutputFormat(rawValue: format ?? "text") else {
            return nil
        }
        self.output = output
    }

    /// Asks, and prints what comes.
    /// - Throws: ``ReportError``, or the exit code when some of several lookups failed.
    package func run() async throws {
        let format = try output.require([.text, .json, .jsonl, .source, .extracted])
        let service = try await place.open()
        let isSource = format == .source || format == .extracted
        let body: BodySelector = isSource ? .source(source) : people ? .people : .record
        var failures: [ReportError] = []
        await service.get(lookups, body: body, at: moment, window: isSource ? 1 : 16) {
            text,
            reply in
            do throws(ReportError) {
                try await show(try reply.get(), format: format)
            } catch {
                failures.append(error)
                if lookups.count > 1 { report(error, lookup: text) }
            }
        }
        await service.close()
        guard let first = failures.first else { return }
        guard lookups.count > 1 else { throw first }
        let code = failures.count == lookups.count ? first.code : .partial
        throw ExitCode(code.exitCode)
    }

    private func report(_ error: ReportError, lookup: String) {
        if output == .json || output == .jsonl {
            let object: JSONValue = ["lookup": .string(lookup), "error": error.json]
            Output.line(object.canonicalText)
        } else {
            Output.flush()
            Output.error(lookup + ": " + Output.text(of: error))
        }
    }

    private func show(_ reply: GetReply, format: OutputFormat) async throws(ReportError) {
        if format == .source {
            Output.bytes(reply.bytes)
            return
        }
        if format == .extracted {
            let workers = try LocalWorkers.pool()
            Output.bytes(try await workers.extract(name: reply.name ?? "", bytes: reply.bytes))
            await workers.stop()
            return
        }
        if let field {
            Output.line(try FieldPath.text(of: field, in: try Answer.json(reply.bytes)))
        } else if format == .text {
            let answer = try Answer.json(reply.bytes)
            guard !people else { return PeopleText.lines(answer).forEach(Output.line) }
            RecordText(answer).lines.forEach(Output.line)
            warnAboutConflict(answer)
        } else {
            Output.bytes(reply.bytes)
            if reply.bytes.last != UInt8(ascii: "\n") { Output.line("") }
            // Only a record that has others beside it is read for the warning; in a text of it the marks are escaped.
            if !people, reply.bytes.contains("\"conflict\":[\"") {
                warnAboutConflict(try Answer.json(reply.bytes))
            }
        }
    }

    private func warnAboutConflict(_ record: JSONValue) {
        let others = record["version"]?["conflict"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard !others.isEmpty else { return }
        Output.error(
            Wording.pick(
                "warning: this record has other current versions: ",
                "注意：该记录还有其他并列的当前版本："
            ) + others.joined(separator: ", ")
        )
    }
}
