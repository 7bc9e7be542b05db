public import ReportModel

/// What a worker made of one file.
public struct ParsedFile: Sendable {
    /// The record.
    public var record: Record
    /// Printed names and telephone numbers.
    public var people: [Person]
    /// Whether the file is a zip whose files are the record's sources.
    public var isFiling = false
}

extension WorkerPool {
    /// Parses one file.
    /// - Parameters:
    ///   - name: file name, a hint.
    ///   - bytes: the file.
    ///   - given: what the sender says.
    /// - Returns: the record and its people.
    /// - Throws: ``ReportError`` with a code of the record schema, or as ``perform(_:)``.
    public func parse(
        name: String,
        bytes: [UInt8],
        given: GivenFacts = GivenFacts()
    ) async throws(ReportError) -> ParsedFile {
        guard !bytes.isEmpty else { throw ReportError(.empty, "the file is empty") }
        guard bytes.count <= WorkerLimits.maximumSourceByteCount else {
            throw ReportError(.tooLarge, "the file has more than 64 MiB")
        }
        let reply = try await perform(
            .parse(name: name, bytes: bytes, given: given, localDivisions: localDivisions)
        )
        let json = try Self.decode(reply)
        return ParsedFile(
            record: try Self.record(json["record"]),
            people: try Self.people(json["people"]),
            isFiling: json["filing"] == .bool(true)
        )
    }

    /// Takes the files out of a zip that is one filing.
    /// - Parameter bytes: the zip.
    /// - Returns: its files in the order of the record's sources.
    /// - Throws: ``ReportError`` with a code of the record schema, or as ``perform(_:)``.
    public func unpack(_ bytes: [UInt8]) async throws(ReportError) -> [FilingMember] {
        try FilingFrames.decode(try await perform(WorkerRequest(.unpack, payload: bytes)))
    }

    /// Puts files into one zip, so that they can be handed in as one filing.
    /// - Parameter members: the files.
    /// - Returns: the zip; the same files always give the same bytes.
    /// - Throws: ``ReportError`` `too-large`, or as ``perform(_:)``.
    public func pack(_ members: [FilingMember]) async throws(ReportError) -> [UInt8] {
        try await perform(WorkerRequest(.pack, payload: FilingFrames.encode(members)))
    }

    /// Joins a supplement to the head it belongs to.
    /// - Parameters:
    ///   - head: the record that is there.
    ///   - supplement: the record of the new file.
    /// - Returns: one record with the parts and sources of both, checked as a whole.
    /// - Throws: as ``perform(_:)``.
    public func merge(
        head: Record,
        supplement: Record
    ) async throws(ReportError) -> Record {
        let payload: JSONValue = ["head": head.json, "supplement": supplement.json]
        let reply = try await perform(
            WorkerRequest(.merge, payload: payload.canonicalBytes)
        )
        return try Self.record(try Self.decode(reply)["record"])
    }

    /// Applies today's rules to a record.
    /// - Parameters:
    ///   - record: any record.
    ///   - previous: the same unit's filing of the year before, to compare with.
    /// - Returns: the findings.
    /// - Throws: as ``perform(_:)``.
    public func check(
        _ record: Record,
        previous: Record? = nil
    ) async throws(ReportError) -> [Finding] {
        var payload: [String: JSONValue] = ["record": record.json]
        payload["previous"] = previous?.json
        let reply = try await perform(
            WorkerRequest(.check, payload: JSONValue.object(payload).canonicalBytes)
        )
        var findings: [Finding] = []
        for element in try Self.decode(reply).arrayValue ?? [] {
            do throws(RecordError) {
                findings.append(try Finding(json: element))
            } catch {
                throw ReportError(.internal, "worker: \(error)")
            }
        }
        return findings
    }

    /// The text that the extractor sees in a file.
    /// - Parameters:
    ///   - name: file name, a hint.
    ///   - bytes: the file.
    /// - Returns: UTF-8 text.
    /// - Throws: as ``parse(name:bytes:given:)``.
    public func extract(name: String, bytes: [UInt8]) async throws(ReportError) -> [UInt8] {
        try await perform(
            WorkerRequest(.extract, argument: ["name": .string(name)], payload: bytes)
        )
    }

    private static func decode(_ bytes: [UInt8]) throws(ReportError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw ReportError(.internal, "worker: \(error)")
        }
    }

    private static func record(_ json: JSONValue?) throws(ReportError) -> Record {
        do throws(RecordError) {
            return try Record(json: json ?? .null)
        } catch {
            throw ReportError(.internal, "worker: \(error)")
        }
    }

    private static func people(_ json: JSONValue?) throws(ReportError) -> [Person] {
        var people: [Person] = []
        for element in json?.arrayValue ?? [] {
            do throws(RecordError) {
                people.append(try Person(json: element))
            } catch {
                throw ReportError(.internal, "worker: \(error)")
            }
        }
        return people
    }
}
