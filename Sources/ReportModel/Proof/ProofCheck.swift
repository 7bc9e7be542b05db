/// The result of checking a proof: every step with what it says.
public struct ProofCheck: Sendable {
    /// One step.
    public struct Step: Sendable {
        /// What was checked.
        public var subject: Subject
        /// Whether it holds.
        public var isTrue: Bool
    }

    /// What a step is about, with what is proven when it holds.
    public enum Subject: Hashable, Sendable {
        /// The header is one of an entry of the log, and its key is the one named.
        case entry(key: String?, number: UInt32, recordedAt: Timestamp)
        /// The header cannot be read.
        case unreadable
        /// The owner of the log signed the head.
        case head(owner: NodeID, name: String, size: UInt64, signedAt: Timestamp)
        /// The entry stands in the log at its sequence.
        case inclusion(sequence: UInt64)
        /// The newer head goes on from an older one, which was signed as well when that is said.
        case consistency(size: UInt64, isSigned: Bool)
        /// A node signed that it held the log up to a position that covers the entry.
        case acknowledgement(
            by: NodeID,
            sequence: UInt64,
            receivedAt: Timestamp,
            strength: Strength
        )
        /// A node whose key was expected signed as the owner of the log or as a receiver.
        case expected(NodeID)
        /// A file is a body of the entry.
        case file(name: String, body: String?)
        /// Whether a file is a body of the entry cannot be told: the proof has no salt for one of its length.
        case uncomparable(name: String)
    }

    /// What binds an acknowledged position to the entry.
    public enum Strength: String, Sendable {
        /// The position is the entry itself.
        case itself
        /// The hashes of the entries between them: the receiver signed for this very entry.
        case chain
        /// The owner's head: the receiver signed for the position, the owner says what lies before.
        case tree
    }

    /// The steps in order.
    public private(set) var steps: [Step] = []

    /// Whether every step holds.
    public var isSound: Bool { steps.allSatisfy(\.isTrue) }

    private let proof: Proof
    private let entry: Entry?
    private let hash: Hash256

    /// Checks a proof.
    /// - Parameters:
    ///   - proof: the proof.
    ///   - keys: keys of nodes that are expected: each must have signed, as the owner of the log or
    ///     as one who acknowledged.
    public init(_ proof: Proof, keys: [NodeID] = []) {
        self.proof = proof
        entry = Entry(proof.header)
        hash = Hash256(hashing: proof.header)
        checkEntry()
        checkHead()
        guard let entry else { return }
        let index = entry.sequence &- 1
        add(
            .inclusion(sequence: entry.sequence),
            entry.sequence > 0
                && MerkleTree.verifiesInclusion(
                    of: hash,
                    at: index,
                    size: proof.head.size,
                    root: proof.head.root,
                    proof: proof.inclusion
                )
        )
        checkEarlier()
        for bound in proof.acknowledgements { check(bound, entry) }
        let signers = steps.compactMap { step -> NodeID? in
            switch step.subject {
            case .head(let owner, _, _, _): step.isTrue ? owner : nil
            case .acknowledgement(let node, _, _, _): step.isTrue ? node : nil
            default: nil
            }
        }
        for key in keys { add(.expected(key), signers.contains(key)) }
    }

    private mutating func add(_ subject: Subject, _ isTrue: Bool) {
        steps.append(Step(subject: subject, isTrue: isTrue))
    }

    private mutating func checkEntry() {
        guard let entry else { return add(.unreadable, false) }
        let keyFits = proof.key.map { Entry.keyHash(of: $0) == entry.keyHash } ?? true
        add(
            .entry(key: proof.key, number: entry.number, recordedAt: entry.recordedAt),
            keyFits && entry.log == proof.descriptor.id
                && proof.salts.count == entry.bodies.count
        )
    }

    private mutating func checkHead() {
        let descriptor = proof.descriptor
        add(
            .head(
                owner: descriptor.node,
                name: descriptor.name,
                size: proof.head.size,
                signedAt: proof.head.signedAt
            ),
            proof.head.isAuthentic(for: descriptor) && namesLast
        )
    }

    /// Whether the head has the entry's hash as its last one, when the entry is its last one.
    private var namesLast: Bool {
        guard let entry, entry.sequence == proof.head.size else { return true }
        return proof.head.last == hash
    }

    private mutating func checkEarlier() {
        guard let earlier = proof.earlier else { return }
        var isTrue = MerkleTree.verifiesConsistency(
            old: earlier.size,
            oldRoot: earlier.root,
            size: proof.head.size,
            root: proof.head.root,
            proof: earlier.consistency
        )
        if let head = earlier.head {
            isTrue =
                isTrue && head.isAuthentic(for: proof.descriptor) && head.size == earlier.size
                && head.root == earlier.root
        }
        add(.consistency(size: earlier.size, isSigned: earlier.head != nil), isTrue)
    }

    private mutating func check(
        _ bound: Proof.BoundAcknowledgement,
        _ entry: Entry
    ) {
        let acknowledgement = bound.acknowledgement
        let position = acknowledgement.position
        var strength = Strength.tree
        var isBound = false
        switch bound.link {
        case .chain(let headers):
            strength = headers.isEmpty ? .itself : .chain
            isBound = follows(headers, entry, position)
        case .tree(let path):
            isBound =
                position.sequence >= entry.sequence
                && MerkleTree.verifiesInclusion(
                    of: position.hash,
                    at: position.sequence &- 1,
                    size: proof.head.size,
                    root: proof.head.root,
                    proof: path
                )
        }
        add(
            .acknowledgement(
                by: acknowledgement.node,
                sequence: position.sequence,
                receivedAt: acknowledgement.receivedAt,
                strength: strength
            ),
            isBound && position.log == entry.log && acknowledgement.isAuthentic
        )
    }

    /// Whether headers lead from the entry to a position, each naming the one before.
    private func follows(_ headers: [[UInt8]], _ entry: Entry, _ position: LogPosition) -> Bool {
        var previous = hash
        var sequence = entry.sequence
        for header in headers {
            guard let next = Entry(header), next.log == entry.log, next.previous == previous,
                next.sequence == sequence &+ 1
            else { return false }
            previous = Hash256(hashing: header)
            sequence = next.sequence
        }
        return sequence == position.sequence && previous == position.hash
    }

    /// Checks that a file is one of the entry's bodies.
    /// - Parameters:
    ///   - bytes: the file: a source, the people, or the record, as it was stored or as `get` prints
    ///     it.
    ///   - name: how the step calls it.
    public mutating func check(file bytes: [UInt8], name: String) {
        let references = entry?.bodies ?? []
        var mayBe = false
        for (index, reference) in references.enumerated() {
            let forms = reference.kind == .record ? Self.recordForms(bytes) : [bytes]
            guard proof.salts.indices.contains(index), let salt = proof.salts[index] else {
                mayBe = mayBe || Self.mayBe(reference, bytes, forms)
                continue
            }
            for form in forms
            where Body(kind: reference.kind, salt: salt, bytes: form).reference == reference {
                let number = references[..<index].filter { $0.kind == reference.kind }.count
                let body = Proof.name(of: reference.kind)
                add(
                    .file(name: name, body: reference.kind == .source ? "\(body) \(number)" : body),
                    true
                )
                return
            }
        }
        add(mayBe ? .uncomparable(name: name) : .file(name: name, body: nil), false)
    }

    /// Whether a file could be a body by its length, when there is no salt to compare it with.
    private static func mayBe(
        _ reference: BodyReference,
        _ bytes: [UInt8],
        _ forms: [[UInt8]]
    ) -> Bool {
        let count = UInt64(bytes.count)
        return switch reference.kind {
        // The header leaves names of files out of the count, and a `get` adds members.
        case .record: forms.count > 1 && count >= reference.byteCount
        // A `get` ends them with a line feed.
        case .people: count == reference.byteCount || count == reference.byteCount + 1
        default: count == reference.byteCount
        }
    }

    /// A record as it is, and without what a `get` adds.
    private static func recordForms(_ bytes: [UInt8]) -> [[UInt8]] {
        guard var members = (try? JSONValue(parsing: bytes))?.objectValue else { return [bytes] }
        let whole = JSONValue.object(members).canonicalBytes
        for name in ["status", "version"] { members.removeValue(forKey: name) }
        return [bytes, whole, JSONValue.object(members).canonicalBytes]
    }
}
