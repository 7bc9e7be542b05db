extension ReportStoring {
    /// Finds the record that a lookup means, as its values.
    /// - Parameters:
    ///   - lookup: a year and parts, with or without `@N`, such as `2023/麻章区`.
    ///   - moment: which moment.
    /// - Returns: the record.
    /// - Throws: ``ReportError`` `usage` when it is no lookup, `not-found`, `ambiguous`, `erased`.
    public func record(
        _ lookup: String,
        at moment: Moment = .now
    ) async throws(ReportError) -> Record {
        let answer = try await get(try Lookup(argument: lookup), body: .record, at: moment)
        do {
            return try Record(json: try JSONValue(parsing: answer.bytes))
        } catch {
            throw ReportError(.integrity, "the record is not understood: \(error)")
        }
    }

    /// The bytes of a source file of the record that a lookup means.
    /// - Parameters:
    ///   - index: index of the file in the record's `sources`.
    ///   - lookup: a year and parts, with or without `@N`.
    /// - Returns: the file as it was filed.
    /// - Throws: ``ReportError`` as ``record(_:at:)``.
    public func source(
        _ index: Int,
        of lookup: String
    ) async throws(ReportError) -> [UInt8] {
        try await get(try Lookup(argument: lookup), body: .source(index), at: .now).bytes
    }
}
