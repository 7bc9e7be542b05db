import Glibc
import ReportConverters
import ReportIntake
import ReportModel
import ReportParsing

/// `reportd-worker`: parses one file at a time for reportd and reportctl, under limits.
@main
struct Worker {
    static func main() {
        if CommandLine.arguments.dropFirst().first == "--version" {
            print(ProgramVersion.text)
            exit(0)
        }
        let options = WorkerOptions(CommandLine.arguments)
        if options.isSelfTest {
            SelfTest.run(options)
            exit(0)
        }
        guard let addressSpace = options.addressSpaceByteCount, let data = options.dataByteCount,
            let timeLimit = options.timeLimitSeconds
        else {
            tell("reportd-worker is run by reportd and reportctl; it is no program for people\n")
            exit(2)
        }
        for failure in Sandbox.enter() { tell("reportd-worker: \(failure)\n") }
        let toolbox = Toolbox(options)
        let status = WorkerProgram.run(
            addressSpaceByteCount: addressSpace,
            dataByteCount: data,
            timeLimitSeconds: timeLimit
        ) { request, progress throws(ReportError) in
            try answer(request, tools: toolbox.tools(for: progress))
        }
        toolbox.close()
        exit(status)
    }

    private static func tell(_ text: String) {
        _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }

    private static func answer(
        _ request: WorkerRequest,
        tools: ParsingTools
    ) throws(ReportError) -> [UInt8] {
        switch request.operation {
        case .parse:
            let output = try Parser.parse(input(of: request), tools: tools)
            let reply: JSONValue = [
                "record": output.record.json,
                "people": .array(output.people.map(\.json)),
                "filing": .bool(FilingArchive.isFiling(request.payload)),
            ]
            return reply.canonicalBytes
        case .merge:
            let json = try parsed(request.payload)
            let merged = Parser.merge(
                head: try record(json["head"]),
                supplement: try record(json["supplement"])
            )
            let reply: JSONValue = ["record": merged.json]
            return reply.canonicalBytes
        case .check:
            let json = try parsed(request.payload)
            let findings = Parser.recheck(
                try record(json["record"]),
                previous: try json["previous"].map { json throws(ReportError) in
                    try record(json)
                }
            )
            return JSONValue.array(findings.map(\.json)).canonicalBytes
        case .extract:
            return try Parser.extractText(input(of: request), tools: tools)
        case .unpack:
            return FilingFrames.encode(try FilingArchive(request.payload).members)
        case .pack:
            return try FilingArchive.pack(try FilingFrames.decode(request.payload))
        }
    }

    private static func input(of request: WorkerRequest) throws(ReportError) -> ParsingInput {
        var given = GivenFacts()
        if let json = request.argument["given"] {
            do throws(RecordError) {
                given = try GivenFacts(json: json)
            } catch {
                throw ReportError(.usage, "\(error)")
            }
        }
        return ParsingInput(
            name: request.argument["name"]?.stringValue ?? "",
            bytes: request.payload,
            given: given,
            divisions: Divisions(adding: try request.localDivisions())
        )
    }

    private static func parsed(_ bytes: [UInt8]) throws(ReportError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw ReportError(.usage, "\(error)")
        }
    }

    private static func record(_ json: JSONValue?) throws(ReportError) -> Record {
        do throws(RecordError) {
            return try Record(json: json ?? .null)
        } catch {
            throw ReportError(.usage, "\(error)")
        }
    }
}
