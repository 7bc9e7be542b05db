import Glibc
import ReportIntake
import ReportModel
import ReportParsing

/// `reportd-worker`: parses one file at a time for reportd and reportctl, under limits.
@main
struct Worker {
    static func main() {
        let arguments = CommandLine.arguments
        guard let addressSpace = option("--address-space", in: arguments),
            let timeLimit = option("--time-limit", in: arguments)
        else {
            let usage =
                "reportd-worker is run by reportd and reportctl; it is no program for people\n"
            _ = usage.withCString { write(STDERR_FILENO, $0, strlen($0)) }
            exit(2)
        }
        let status = WorkerProgram.run(
            addressSpaceByteCount: addressSpace,
            timeLimitSeconds: timeLimit,
            handle: answer
        )
        exit(status)
    }

    private static func option(_ name: String, in arguments: [String]) -> Int? {
        guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else {
            return nil
        }
        return Int(arguments[index + 1])
    }

    private static func answer(_ request: WorkerRequest) throws(ReportError) -> [UInt8] {
        switch request.operation {
        case .parse:
            let output = try Parser.parse(input(of: request))
            let reply: JSONValue = [
                "record": output.record.json,
                "people": .array(output.people.map(\.json)),
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
            let findings = Parser.recheck(try record(try parsed(request.payload)))
            return JSONValue.array(findings.map(\.json)).canonicalBytes
        case .extract:
            return try Parser.extractText(input(of: request))
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
            given: given
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
