import FuzzSupport
import NIOCore
import ReportModel
import ReportStore
import ReportTestKit
import ReportWire

/// What cases are made from; follows from the seed of the run.
struct WireCorpus {
    private let values: WireValues
    private let documents: [WireTarget: [[UInt8]]]
    private let tiny = WireFrame(ByteBuffer(string: "PING 7\n"))

    init(seed: UInt64) throws {
        let filings = try [
            "2023/湛江市/麻章区/总工会/整体支出", "2022/东莞市/项目单位/项目支出",
        ].map { try Samples.filing($0, files: ["自评报告.docx"]) }
        values = WireValues(seed: seed, records: filings.map(\.record.canonicalBytes))
        var documents: [WireTarget: [[UInt8]]] = [:]
        documents[.proof] = values.proofs.map(\.fileBytes)
        documents[.evidence] = values.evidence.map(\.fileBytes)
        documents[.record] = filings.flatMap { filing in
            let record = filing.record.canonicalBytes
            let people = JSONValue.array(filing.people.map(\.json)).canonicalBytes
            let first = Array("{\"people\":".utf8) + people + Array(",\"record\":".utf8)
            let alone = Array("{\"record\":".utf8)
            let last = Array("}".utf8)
            return [first + record + last, alone + record + last]
        }
        let deep = "[[[{\"a\":[1,-2,9223372036854775807,\"\\u00e9\\ud83d\\ude00\"]}]]]"
        var trees: [[UInt8]] = [Array(deep.utf8)]
        for target in [WireTarget.proof, .evidence, .record] { trees += documents[target] ?? [] }
        documents[.json] = trees
        var values: [[UInt8]] = self.values.entries.map(\.bytes)
        values += self.values.heads.map(\.bytes)
        values += self.values.acknowledgements.map(\.bytes)
        values += self.values.descriptors.map(\.bytes)
        documents[.binary] = values
        self.documents = documents
    }

    /// The bytes of a case.
    func bytes(for target: WireTarget, _ random: inout FuzzGenerator) -> [UInt8] {
        switch target {
        case .stranger, .client, .server, .peer, .handshake, .reply:
            return stream(target, &random)
        case .binary where random.once(in: 2):
            var bytes = values.batch(&random).bytes
            if random.once(in: 2) { ByteMutator.change(&bytes, other: bytes, &random) }
            return bytes
        case .bundle: return values.bundle(&random)
        case .binary, .json, .record, .proof, .evidence:
            let seeds = documents[target] ?? [[]]
            var bytes = random.pick(seeds)
            if random.once(in: 64) { return bytes }
            let other = random.pick(seeds)
            if target != .binary, random.below(3) > 0 {
                JSONMutator.change(&bytes, &random)
            } else {
                ByteMutator.change(&bytes, other: other, &random)
            }
            return bytes
        }
    }

    /// A conversation of a few frames, some of them changed.
    private func stream(_ target: WireTarget, _ random: inout FuzzGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        if target == .server {
            var hello = values.hello(&random)
            if !random.once(in: 8) { (hello.role, hello.signature) = (.peer, nil) }
            bytes += frame(.hello(hello)).bytes
            bytes += frame(.auth(signature: WireValues.bytes(64, &random))).bytes
        }
        let count = 1 + random.below(3)
        let damaged = random.once(in: 8) ? -1 : random.below(count)
        for index in 0..<count {
            var next = frame(for: target, &random)
            if index == damaged {
                let other = frame(for: target, &random)
                for _ in 0..<1 + random.below(2) { next.change(other: other, &random) }
            }
            bytes += next.bytes
        }
        if random.once(in: 16) { ByteMutator.change(&bytes, other: bytes, &random) }
        return bytes
    }

    private func frame(_ message: PeerMessage) -> WireFrame {
        var buffer = ByteBuffer()
        do throws(WireError) {
            try message.write(to: &buffer)
        } catch {
            return tiny
        }
        return WireFrame(buffer)
    }

    private func frame(for target: WireTarget, _ random: inout FuzzGenerator) -> WireFrame {
        switch target {
        case .reply:
            var buffer = ByteBuffer()
            values.reply(&random).write(to: &buffer)
            return WireFrame(buffer)
        case .stranger, .client:
            if random.once(in: 12) { return frame(values.message(&random)) }
            let payload = WireValues.bytes(random.below(40), &random)
            let request = values.request(&random, payload: payload.count)
            guard var buffer = try? request.encoded() else { return tiny }
            if request.payloadByteCount != nil { buffer.writeBytes(payload) }
            return WireFrame(buffer)
        default: return frame(values.message(&random))
        }
    }
}
