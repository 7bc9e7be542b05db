import ReportModel
import Testing

@Suite("Merkle tree of a log")
struct LogMerkleTests {
    /// The tree hash as RFC 9162 section 2.1.1 defines it, by recursion over already hashed leaves.
    private func naive(_ leaves: ArraySlice<Hash256>) -> Hash256 {
        guard let first = leaves.first else { return Hash256(hashing: []) }
        guard leaves.count > 1 else { return first }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return Hash256(
            hashing: [1] + naive(leaves[..<middle]).bytes + naive(leaves[middle...]).bytes
        )
    }

    private func entries(_ count: Int) -> [Hash256] {
        (0..<count).map { Hash256(hashing: [UInt8($0)]) }
    }

    /// Every complete node, as a store keeps them.
    private func nodes(_ entries: [Hash256]) -> [MerkleTree.Node: Hash256] {
        var nodes: [MerkleTree.Node: Hash256] = [:]
        for (index, entry) in entries.enumerated() {
            let added = MerkleTree.append(entry, at: UInt64(index)) { nodes[$0] ?? .zero }
            for (node, hash) in added { nodes[node] = hash }
        }
        return nodes
    }

    @Test("an empty tree has the SHA-256 of nothing as root")
    func empty() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(MerkleTree.emptyRoot.hex == hex)
        #expect(MerkleTree.root(size: 0) { _ in .zero }.hex == hex)
    }

    @Test("leaf and inner hashes carry the prefixes of RFC 9162")
    func prefixes() {
        #expect(MerkleTree.leaf(.zero) == Hash256(hashing: [UInt8](repeating: 0, count: 33)))
        #expect(
            MerkleTree.parent(.zero, .zero)
                == Hash256(hashing: [1] + [UInt8](repeating: 0, count: 64))
        )
    }

    @Test(
        "roots, inclusion and consistency hold for every size up to 70, and nothing tampered does"
    )
    func allSizes() {
        let entries = entries(70)
        let nodes = nodes(entries)
        let leaves = entries.map { Hash256(hashing: [0] + $0.bytes) }
        for size in 1...70 {
            let root = MerkleTree.root(size: UInt64(size)) { nodes[$0] ?? .zero }
            #expect(root == naive(leaves[..<size]))
            for index in 0..<size { checkInclusion(index, size, root, entries, nodes) }
            for old in 1...size { checkConsistency(old, size, root, naive(leaves[..<old]), nodes) }
        }
    }

    private func checkInclusion(
        _ index: Int,
        _ size: Int,
        _ root: Hash256,
        _ entries: [Hash256],
        _ nodes: [MerkleTree.Node: Hash256]
    ) {
        let proof = MerkleTree.inclusionProof(of: UInt64(index), size: UInt64(size)) {
            nodes[$0] ?? .zero
        }
        func holds(_ entry: Hash256, _ index: Int, _ size: Int, _ proof: [Hash256]) -> Bool {
            MerkleTree.verifiesInclusion(
                of: entry,
                at: UInt64(index),
                size: UInt64(size),
                root: root,
                proof: proof
            )
        }
        #expect(holds(entries[index], index, size, proof))
        #expect(!holds(.zero, index, size, proof))
        #expect(!holds(entries[index], index, size, proof + [.zero]))
        #expect(!holds(entries[index], size, size, proof))
        if !proof.isEmpty {
            #expect(!holds(entries[index], index, size, proof.dropLast()))
            #expect(!holds(entries[index], index ^ 1, size, proof))
        }
        for place in proof.indices {
            var wrong = proof
            wrong[place] = .zero
            #expect(!holds(entries[index], index, size, wrong))
        }
    }

    private func checkConsistency(
        _ old: Int,
        _ size: Int,
        _ root: Hash256,
        _ oldRoot: Hash256,
        _ nodes: [MerkleTree.Node: Hash256]
    ) {
        let proof = MerkleTree.consistencyProof(from: UInt64(old), to: UInt64(size)) {
            nodes[$0] ?? .zero
        }
        func holds(_ old: Int, _ oldRoot: Hash256, _ root: Hash256, _ proof: [Hash256]) -> Bool {
            MerkleTree.verifiesConsistency(
                old: UInt64(old),
                oldRoot: oldRoot,
                size: UInt64(size),
                root: root,
                proof: proof
            )
        }
        #expect(holds(old, oldRoot, root, proof))
        #expect(!holds(0, oldRoot, root, proof))
        #expect(!holds(size + 1, oldRoot, root, proof))
        #expect(!holds(old, .zero, root, proof))
        #expect(!holds(old, oldRoot, .zero, proof))
        #expect(!holds(old, oldRoot, root, proof + [.zero]))
        if !proof.isEmpty { #expect(!holds(old, oldRoot, root, proof.dropLast())) }
        for place in proof.indices {
            var wrong = proof
            wrong[place] = .zero
            #expect(!holds(old, oldRoot, root, wrong))
        }
    }

    @Test("a proof that is far too long is not looked at")
    func longProof() {
        let proof = [Hash256](repeating: .zero, count: MerkleTree.maximumProofCount + 1)
        #expect(
            !MerkleTree.verifiesInclusion(of: .zero, at: 1, size: .max, root: .zero, proof: proof)
        )
        #expect(
            !MerkleTree.verifiesConsistency(
                old: 1,
                oldRoot: .zero,
                size: .max,
                root: .zero,
                proof: proof
            )
        )
    }
}
