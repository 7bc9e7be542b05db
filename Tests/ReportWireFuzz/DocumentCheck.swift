import Glibc
import ReportModel
import ReportStore

/// Reads what travels as a whole: values without frames, JSON, and bundles.
enum DocumentCheck {
    typealias Outcome = (isTaken: Bool, fault: String?)

    static func binary(_ bytes: [UInt8]) -> Outcome {
        var taken = 0
        var fault: String?
        func check<T>(_ name: String, _ value: T?, _ write: (T) -> [UInt8]) {
            guard let value else { return }
            taken += 1
            if write(value) != bytes { fault = "\(name) is not written as it was read" }
        }
        check("an entry", Entry(bytes)) { entry in
            _ = entry.recordedAt.description
            _ = entry.kind.name
            return entry.bytes
        }
        check("a descriptor", LogDescriptor(bytes)) { descriptor in
            _ = descriptor.createdAt.description
            return descriptor.bytes
        }
        check("a head", SignedHead(bytes)) { head in
            _ = head.signedAt.description
            return head.bytes
        }
        check("an acknowledgement", Acknowledgement(bytes)) { $0.bytes }
        check("a batch", EntryBatch(bytes)) { batch in
            if let entry = batch.entries.first {
                _ = MerkleTree.verifiesConsistency(
                    old: batch.first,
                    oldRoot: MerkleTree.leaf(Hash256(hashing: entry.header)),
                    size: batch.head.size,
                    root: batch.head.root,
                    proof: batch.proof
                )
            }
            return batch.bytes
        }
        return (taken > 0, fault)
    }

    static func json(_ bytes: [UInt8]) -> Outcome {
        do throws(JSONError) {
            let value = try JSONValue(parsing: bytes)
            let again = try JSONValue(parsing: value.canonicalBytes)
            return (true, again == value ? nil : "JSON differs when it is read again")
        } catch {
            let isOutside = error.offset < 0 || error.offset > bytes.count
            return (false, isOutside ? "the place of an error is outside: \(error)" : nil)
        }
    }

    /// What is read without a tree must be what the tree gives, byte for byte.
    static func record(_ bytes: [UInt8]) -> Outcome {
        if let (_, form, _) = Filing.canonical(bytes),
            Record(canonical: form.bytes)?.canonicalForm.bytes != form.bytes
        {
            return (true, "a record is not written as it was read")
        }
        do throws(ReportError) {
            let filing = try Filing(importing: bytes)
            guard let json = try? JSONValue(parsing: bytes), let record = json["record"],
                let byTree = try? Filing(importing: record, people: json["people"] ?? .null)
            else { return (true, "the reader takes what the tree refuses") }
            let isSame =
                byTree.record == filing.record && byTree.people == filing.people
                && byTree.canonicalForm.bytes == filing.canonicalForm.bytes
            return (true, isSame ? nil : "reader and tree differ")
        } catch {
            return (false, nil)
        }
    }

    static func proof(_ bytes: [UInt8]) -> Outcome {
        do throws(ReportError) {
            let proof = try Proof(fileBytes: bytes)
            let check = ProofCheck(proof, keys: [proof.descriptor.node])
            _ = check.steps.map { "\($0.subject)" }
            _ = proof.fileName
            let again = try Proof(fileBytes: proof.fileBytes)
            return (true, again == proof ? nil : "a proof differs when it is read again")
        } catch {
            return (false, nil)
        }
    }

    static func evidence(_ bytes: [UInt8]) -> Outcome {
        guard let json = try? JSONValue(parsing: bytes) else { return (false, nil) }
        do throws(ReportError) {
            let evidence = try ForkEvidence(json: json)
            _ = evidence.faults
            let again = try ForkEvidence(json: evidence.json)
            return (true, again == evidence ? nil : "evidence differs when it is read again")
        } catch {
            return (false, nil)
        }
    }

    /// A file without a disk where there is such a thing; it has a name only by its descriptor.
    private static let file: Int32 = {
        let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        let name = "\(folder)/reportd-fuzz-bundle.\(getpid())"
        let descriptor = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        unlink(name)
        return descriptor
    }()
    private static let path = "/proc/self/fd/\(file)"

    static func bundle(_ bytes: [UInt8]) -> Outcome {
        guard ftruncate(file, 0) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else {
            return (false, "the bundle cannot be written")
        }
        do throws(ReportError) {
            let reader = try BundleReader(path)
            while let (kind, section) = try reader.next() {
                switch kind {
                case .manifest, .signature: continue
                case .log: _ = try BundleReader.log(section)
                case .batch, .compressedBatch:
                    let batch = try BundleReader.batch(
                        section,
                        isCompressed: kind == .compressedBatch
                    )
                    guard EntryBatch(batch.bytes) == batch else {
                        return (true, "a batch differs when it is read again")
                    }
                case .acknowledgement: _ = Acknowledgement(section)?.isAuthentic
                }
            }
            return (true, nil)
        } catch {
            return (false, nil)
        }
    }
}
