import Dispatch
import Glibc
import ReportModel
import Synchronization

/// A filing with its bytes made, before the writer's lock is taken.
struct PreparedFiling: Sendable {
    var key: ReportKey
    var facts: RecordFacts
    var keyHash: Hash256
    /// Record, people when there are any, then one body for each source; those held are filled in.
    var bodies: [Body]
    /// How the header names each body; that of one held is filled in.
    var references: [BodyReference]
    /// What is stored in place of the bytes of each body.
    var compressed: [[UInt8]?]
    var firstSource: Int
    var sources: [Filing.Source]
    /// SHA-256 of each source as the record states it.
    var sourceDigests: [String]
    var ifVersion: Int?
    var basis: [Hash256]?
    /// Versions of other keys whose files it takes over.
    var subjects: [Hash256] = []
    var byteCount: Int

    init(_ filing: Filing) throws(ReportError) {
        key = filing.key
        let outline = filing.outline
        let record = outline.record
        guard record.key == filing.key.text else {
            throw ReportError(.internal, "the record's key is not that of the filing")
        }
        guard
            filing.isRecordOnly
                ? filing.sources.isEmpty : record.sources.count == filing.sources.count
        else {
            throw ReportError(.internal, "the record names other files than the filing has")
        }
        guard record.sources.count <= Entry.maximumBodyCount - 3 else {
            throw ReportError(.tooLarge, "a filing may have 1000 files at most")
        }
        facts = RecordFacts(outline, key: filing.key)
        sources = filing.sources
        sourceDigests = record.sources.map(\.sha256)
        ifVersion = filing.ifVersion
        basis = filing.basis
        keyHash = Entry.keyHash(of: filing.key.text)
        let form = filing.canonicalForm
        bodies = [Body(kind: .record, bytes: form.bytes)]
        references = []
        compressed = []
        guard bodies[0].bytes.count <= StoreLimits.maximumRecordByteCount else {
            throw ReportError(.tooLarge, "the record has more than 64 MiB")
        }
        if !filing.people.isEmpty {
            let people = JSONValue.array(filing.people.map(\.json))
            bodies.append(Body(kind: .people, bytes: people.canonicalBytes))
        }
        firstSource = bodies.count
        for (index, source) in filing.sources.enumerated() {
            guard case .bytes(let bytes) = source else {
                bodies.append(Body(kind: .source, bytes: []))
                continue
            }
            guard bytes.count <= StoreLimits.maximumSourceByteCount else {
                throw ReportError(.tooLarge, "a file has more than 64 MiB")
            }
            guard Hash256(hashing: bytes).hex == record.sources[index].sha256 else {
                throw ReportError(.internal, "the record's sha256 of a file is not the file's")
            }
            bodies.append(Body(kind: .source, bytes: bytes))
        }
        byteCount = bodies.reduce(0) { $0 + $1.bytes.count }
        references = [bodies[0].reference(ofRecordWithSourcesAt: form.sources)]
        references += bodies.dropFirst().map(\.reference)
        compressed = bodies.map { BodyRows.compressed($0) }
    }

    /// Prepares filings on all processors that the writer leaves.
    /// - Parameters:
    ///   - filings: filings in order.
    ///   - isWriting: whether the writer is at work, which whoever else waits for first.
    /// - Returns: what was made of each, or why it is refused.
    static func prepare(
        _ filings: [Filing],
        isWriting: Bool
    ) -> [Result<PreparedFiling, ReportError>] {
        let processors = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) - (isWriting ? 1 : 0)
        let lanes = min(filings.count / 4, processors)
        guard lanes > 1 else { return filings.map(prepared) }
        let parts = Mutex<[Int: [Result<PreparedFiling, ReportError>]]>([:])
        // More pieces than processors, since one of them may be busy with something else.
        let pieces = lanes * 4
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
            let first = filings.count * piece / pieces
            let made = filings[first..<filings.count * (piece + 1) / pieces].map(prepared)
            parts.withLock { $0[piece] = made }
        }
        return parts.withLock { parts in (0..<pieces).flatMap { parts[$0] ?? [] } }
    }

    private static func prepared(_ filing: Filing) -> Result<PreparedFiling, ReportError> {
        Result { () throws(ReportError) in try PreparedFiling(filing) }
    }
}
