public import ReportModel

extension Parser {
    /// Makes one record of the files of a filing.
    ///
    /// Each file is a source of its own. What cannot be read is in `unread`, the rest is read all
    /// the same; a filing of which nothing can be read is refused with the first file's error.
    ///
    /// Source: DESIGN section 3, filings of several files.
    /// - Parameters:
    ///   - members: the files in the order in which they become sources.
    ///   - unread: what is known beforehand to be unreadable.
    ///   - given: what the sender says.
    ///   - divisions: the divisions, with local names.
    ///   - limits: ceilings of parsing.
    ///   - tools: programs of other makers that may be asked.
    /// - Returns: one record with its findings, and the printed names apart from it.
    /// - Throws: ``ReportError`` as ``parse(_:limits:tools:)``.
    public static func parse(
        filing members: [FilingMember],
        unread: [UnreadItem] = [],
        given: GivenFacts = GivenFacts(),
        divisions: Divisions = .standard,
        limits: ParsingLimits = .standard,
        tools: ParsingTools = ParsingTools()
    ) throws(ReportError) -> Output {
        try check(given, divisions: divisions)
        var merger = FilingMerger(divisions: divisions, unread: unread)
        var fault: ReportError?
        var names: [String: String] = [:]
        for (index, member) in members.enumerated() {
            let digest = Hash256(hashing: member.bytes).hex
            if let other = names[digest] {
                merger.add(unread: member, digest, reason: "与“\(other)”完全相同，只读取一份")
                continue
            }
            names[digest] = member.name
            let input = ParsingInput(
                name: member.name,
                bytes: member.bytes,
                given: given,
                divisions: divisions
            )
            do throws(ReportError) {
                let output = try read(input, source: index, limits: limits, tools: tools)
                if let other = merger.copy(of: output.record) {
                    merger.add(copy: output, of: other)
                } else {
                    merger.add(output)
                }
            } catch {
                guard error.code.isAboutDocument else { throw error }
                fault = graver(fault, error)
                merger.add(unread: member, digest, reason: error.message)
            }
        }
        guard merger.hasRecords else {
            throw fault ?? ReportError(.empty, "没有可以读取的文件", hint: "请确认提交的文件")
        }
        return merger.output()
    }

    /// The error that says more about a filing without anything readable: pictures come last.
    private static func graver(_ first: ReportError?, _ second: ReportError) -> ReportError {
        guard let first else { return second }
        let isWeak = first.code == .noText || first.code == .unsupported || first.code == .empty
        return isWeak ? second : first
    }
}
