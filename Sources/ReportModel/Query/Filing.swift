/// What is appended as one version: a record, its people and its files.
public struct Filing: Sendable {
    /// One source file of a filing.
    public enum Source: Hashable, Sendable {
        /// A file that comes with this filing.
        case bytes([UInt8])
        /// A file that an earlier version holds already: the entry and the index of the body.
        case held(entry: Hash256, body: Int)
        /// A file that an earlier version holds already: the entry and the number among its files.
        case heldFile(entry: Hash256, number: Int)
        /// A file that is known by its hash only, as of a record that was made elsewhere; then all
        /// files of the filing are, and the entry has no bodies for them.
        case absent
    }

    /// The key.
    public var key: ReportKey
    /// The record; its `key` is that of the filing, its `sources` match `sources` one by one.
    ///
    /// Of a filing that came as the store keeps it, it is read when it is asked for.
    public var record: Record {
        get {
            // The outline was read by the same grammar, so the whole can be read as well.
            guard case .written(_, let form) = content, let whole = Record(canonical: form.bytes)
            else { return outline.record }
            return whole
        }
        set { content = .made(newValue) }
    }
    private var content: Content
    /// Names and telephone numbers; kept as a body of their own.
    public var people: [Person]
    /// The files, in the order of the record's `sources`; none for a record without its files.
    public var sources: [Source]
    /// Whether the files that the record lists are not here: nothing of them is stored but what the
    /// record says, names and hashes.
    public var isRecordOnly = false
    /// The version that must be the current one; 0: the key must not exist; nil: any.
    public var ifVersion: Int?
    /// Heads that the filing was built on, when it holds parts of them; nil for a replacement.
    ///
    /// The append fails with `conflict` and detail `stale` when the heads are others by then.
    public var basis: [Hash256]?

    /// Makes a filing.
    /// - Parameters:
    ///   - key: the key.
    ///   - record: the record.
    ///   - people: names and telephone numbers.
    ///   - sources: the files.
    ///   - ifVersion: the version that must be the current one.
    ///   - basis: heads that the filing was built on.
    public init(
        key: ReportKey,
        record: Record,
        people: [Person] = [],
        sources: [Source],
        ifVersion: Int? = nil,
        basis: [Hash256]? = nil
    ) {
        self.key = key
        content = .made(record)
        self.people = people
        self.sources = sources
        self.ifVersion = ifVersion
        self.basis = basis
    }

    /// The record in memory, or the bytes that the store keeps with what facts follow from.
    private enum Content {
        case made(Record)
        case written(outline: RecordOutline, form: CanonicalForm)
    }

    /// Makes a filing without files of a record that came as the store keeps it.
    /// - Parameters:
    ///   - key: the key.
    ///   - outline: what ``RecordOutline`` has of the record.
    ///   - form: the bytes of the record.
    ///   - people: names and telephone numbers.
    ///   - ifVersion: the version that must be the current one.
    init(
        key: ReportKey,
        outline: RecordOutline,
        form: CanonicalForm,
        people: [Person],
        ifVersion: Int?
    ) {
        self.init(
            key: key,
            record: outline.record,
            people: people,
            sources: [],
            ifVersion: ifVersion
        )
        content = .written(outline: outline, form: form)
    }

    /// The record, perhaps without what no fact follows from.
    package var outline: RecordOutline {
        switch content {
        case .made(let record): RecordOutline(record)
        case .written(let outline, _): outline
        }
    }

    /// The bytes that the store keeps of the record; written only when they did not come with it.
    package var canonicalForm: CanonicalForm {
        switch content {
        case .made(let record): record.canonicalForm
        case .written(_, let form): form
        }
    }
}

/// What became of a filing.
public enum FilingOutcome: Hashable, Sendable {
    /// A new version is on disk.
    case stored(VersionInfo)
    /// The current head has the same files already.
    case duplicate(of: VersionInfo)

    /// The version stored or repeated.
    public var version: VersionInfo {
        switch self {
        case .stored(let version), .duplicate(let version): version
        }
    }
}
