public import ReportModel

/// One step of recognition: reads the document, adds its facts to the record.
///
/// Recognisers run in the order of ``Recognisers/all``; each sees what the earlier ones found.
public protocol Recogniser: Sendable {
    /// Adds facts to the draft.
    /// - Parameter draft: the document with the record so far.
    func recognise(_ draft: inout Draft)
}

/// A record in the making.
public struct Draft: Sendable {
    /// The extracted document.
    public let document: Document
    /// What the sender says about the file.
    public let given: GivenFacts
    /// Index of the source that the document was extracted from.
    public let source: Int
    /// The divisions that names are looked up in, with local names.
    public let divisions: Divisions
    /// The record so far.
    public var record: Record
    /// Printed names and telephone numbers so far.
    public var people: [Person] = []
    /// First block of each of the record's parts, ascending.
    public var partStarts: [Int] = []

    /// The texts of the document's blocks.
    let texts: BlockTexts
    /// Labels with their values, found once for all recognisers.
    let labelledValues: [LabelledValue]
    /// Headings, found once the parts are known.
    var headings: [PlacedHeading] = []

    /// Makes a draft without facts.
    /// - Parameters:
    ///   - document: the extracted document.
    ///   - given: what the sender says.
    ///   - source: index of the source.
    ///   - record: the record to add to.
    ///   - divisions: the divisions, with local names.
    public init(
        document: Document,
        given: GivenFacts,
        source: Int,
        record: Record,
        divisions: Divisions = .standard
    ) {
        self.document = document.withCellsThatExist
        self.given = given
        self.source = source
        self.divisions = divisions
        self.texts = BlockTexts(self.document)
        self.labelledValues = LabelledValue.all(in: self.document, self.texts)
        self.record = record
    }

    /// Index of the part that holds a block; 0 before the first part's start.
    public func part(ofBlock block: Int) -> Int {
        max(0, (partStarts.lastIndex { $0 <= block }) ?? 0)
    }

    /// The place of a range of Unicode scalars within a block.
    /// - Parameters:
    ///   - block: index of the block.
    ///   - start: first scalar.
    ///   - end: one past the last scalar.
    /// - Returns: the place with its exact quotation; the range is clamped to the block.
    public func place(block: Int, start: Int, end: Int) -> Place {
        let scalars = texts.scalars[block]
        let lower = min(max(0, start), scalars.count)
        let upper = min(lower + max(0, end - start), scalars.count)
        return Place(
            source: source,
            block: block,
            start: start,
            end: end,
            quote: scalars[lower..<upper].string,
            page: document.blocks[block].page,
            sheet: document.blocks[block].sheet,
            cell: document.blocks[block].address
        )
    }
}
