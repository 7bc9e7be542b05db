import ReportCompression
package import ReportModel

/// Reads the sections of a bundle.
package struct BundleReader {
    private let reader: BackupReader
    private let path: String
    /// What the bundle says of itself.
    package let manifest: BundleManifest

    /// Opens a bundle and checks its signature over everything in it.
    package init(_ path: String) throws(ReportError) {
        self.path = path
        let check = try BackupReader(path)
        reader = check
        guard try check.read(min(4, check.byteCount)) == BundleLayout.magic else {
            throw ReportError(.unreadable, "\(path) is no bundle of reportd")
        }
        let end = check.byteCount - BundleLayout.tailByteCount
        guard end > 4 else { throw ReportError(.truncated, "\(path) ends too early") }
        while check.offset < end {
            _ = try check.read(min(StoreLimits.backupStepByteCount, end - check.offset))
        }
        let tail = try check.read(BundleLayout.tailByteCount, at: end)
        let digest = check.takeDigest()
        // The same file that was hashed, whatever has its name by now.
        check.rewind(to: 4)
        guard let (kind, bytes) = try Self.section(reader, path), kind == .manifest,
            let json = try? JSONValue(parsing: bytes), let manifest = BundleManifest(json: json)
        else { throw ReportError(.unreadable, "\(path) has no manifest that is understood") }
        guard tail[0] == BundleLayout.Section.signature.rawValue,
            manifest.node.verifies(
                signature: tail.suffix(NodeKey.signatureByteCount),
                over: BundleLayout.signedPrefix + digest.bytes
            )
        else {
            throw ReportError(
                .integrity,
                "\(path) is damaged: it is not what its sender signed",
                hint: "copy it once more, or let it be exported again"
            )
        }
        self.manifest = manifest
    }

    /// The next section; nil at the end.
    package func next() throws(ReportError) -> (kind: BundleLayout.Section, bytes: [UInt8])? {
        try Self.section(reader, path)
    }

    private static func section(
        _ reader: BackupReader,
        _ path: String
    ) throws(ReportError) -> (kind: BundleLayout.Section, bytes: [UInt8])? {
        let head = try reader.read(9)
        var fields = ByteReader(head[...])
        guard
            let kind = fields.integer(UInt8.self).flatMap(BundleLayout.Section.init(rawValue:)),
            let count = fields.integer(UInt64.self),
            count
                <= UInt64(
                    kind == .manifest
                        ? StoreLimits.maximumBundleManifestByteCount
                        : StoreLimits.maximumSectionByteCount
                )
        else { throw ReportError(.unsupported, "\(path) has a section that is not known") }
        if kind == .signature { return nil }
        return (kind, try reader.read(Int(count)))
    }

    /// What a section `log` holds; a head that is not authentic is passed over.
    package static func log(
        _ bytes: [UInt8]
    ) throws(ReportError) -> (LogDescriptor, SignedHead?) {
        guard let descriptor = IncrementLayout.descriptor(bytes) else {
            throw ReportError(.integrity, "a bundle has a log that is not understood")
        }
        let head = SignedHead(bytes.dropFirst(2 + descriptor.bytes.count))
        return (descriptor, head?.isAuthentic(for: descriptor) == true ? head : nil)
    }

    /// What a section `batch` or `compressedBatch` holds.
    package static func batch(
        _ bytes: [UInt8],
        isCompressed: Bool
    ) throws(ReportError) -> EntryBatch {
        var plain: [UInt8]? = bytes
        if isCompressed {
            var reader = ByteReader(bytes[...])
            plain = nil
            if let count = reader.integer(UInt64.self),
                count <= UInt64(StoreLimits.maximumBundleBatchByteCount)
            {
                plain = Compression.expanded(bytes.dropFirst(8), byteCount: Int(count))
            }
        }
        guard let batch = plain.flatMap({ EntryBatch($0) }) else {
            throw ReportError(.integrity, "a bundle has a batch that is not understood")
        }
        return batch
    }
}
