extension Filing {
    /// Makes a filing of a record made by hand and the files that it was made from.
    ///
    /// The record's `sources` are replaced by what the files are: name, size and hash; the format is
    /// the ending of the name.
    /// - Parameters:
    ///   - record: the record; it must have a key.
    ///   - files: the files; may be empty.
    ///   - people: names and telephone numbers.
    ///   - ifVersion: the version that must be the current one; 0: the key must not exist.
    /// - Throws: ``ReportError`` `no-key` when the record has none, or one that is no key.
    public init(
        _ record: Record,
        files: [FilingMember] = [],
        people: [Person] = [],
        ifVersion: Int? = nil
    ) throws(ReportError) {
        let key = try Self.cleanKey(of: record)
        var record = record
        record.key = key.text
        record.sources = files.map { file in
            SourceFile(
                name: file.name,
                format: Self.ending(of: file.name),
                bytes: file.bytes.count,
                sha256: Hash256(hashing: file.bytes).hex
            )
        }
        self.init(
            key: key,
            record: record,
            people: people,
            sources: files.map { .bytes($0.bytes) },
            ifVersion: ifVersion
        )
    }

    /// Makes a filing of a record whose files are not here; its `sources` stay as they are.
    /// - Parameters:
    ///   - record: the record; it must have a key.
    ///   - people: names and telephone numbers.
    ///   - ifVersion: the version that must be the current one; 0: the key must not exist.
    /// - Throws: ``ReportError`` `no-key` when the record has none, or one that is no key.
    public init(
        withoutFiles record: Record,
        people: [Person] = [],
        ifVersion: Int? = nil
    ) throws(ReportError) {
        let key = try Self.cleanKey(of: record)
        var record = record
        record.key = key.text
        self.init(key: key, record: record, people: people, sources: [], ifVersion: ifVersion)
        isRecordOnly = true
    }

    private static func cleanKey(of record: Record) throws(ReportError) -> ReportKey {
        guard let text = record.key else {
            throw ReportError(.noKey, "the record has no key")
        }
        do throws(KeyError) {
            return try ReportKey(parsing: text)
        } catch {
            throw ReportError(.noKey, "'\(text)' is no key: \(error)")
        }
    }

    private static func ending(of name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "other" }
        let ending = name[name.index(after: dot)...]
        guard (1...8).contains(ending.utf8.count),
            ending.utf8.allSatisfy({
                (0x30...0x39).contains($0) || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A
            })
        else { return "other" }
        return ending.lowercased()
    }
}

extension Record {
    /// Makes a record by hand: year, region, unit and kind are those of the key.
    /// - Parameters:
    ///   - key: the key.
    ///   - maker: what stands as `parser` and `rules`: the name of the program that makes it.
    ///   - divisions: the divisions, for the region's code and province.
    public init(key: ReportKey, maker: String = "manual", divisions: Divisions = .standard) {
        let region =
            divisions.resolve(city: key.city, district: key.district, year: key.year)
            ?? Region(city: key.city, district: key.district)
        self.init(
            parser: maker,
            rules: maker,
            region: region,
            unit: UnitIdentity(name: (key.district ?? key.city) + key.unit, shortName: key.unit),
            kind: key.kind.text
        )
        self.key = key.text
        year = key.year
    }
}
