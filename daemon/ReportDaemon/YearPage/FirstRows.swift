/// The first rows of many in an order of its own, and how many more there were.
///
/// Of a year's reports a page lists some hundreds; the others are counted and not held.
struct FirstRows<Row> {
    private let limit: Int
    private let isBefore: (Row, Row) -> Bool
    private var count = 0
    /// What may still be among the first: never twice as many as are wanted.
    private(set) var held: [Row] = []

    /// Makes an empty list.
    /// - Parameters:
    ///   - limit: most rows of ``rows``; at least one.
    ///   - isBefore: the order; of two rows never both ways.
    init(limit: Int, by isBefore: @escaping (Row, Row) -> Bool) {
        self.limit = limit
        self.isBefore = isBefore
    }

    /// The first rows, in order.
    var rows: [Row] { Array(held.sorted(by: isBefore).prefix(limit)) }

    /// How many rows there were beside them.
    var moreCount: Int { max(0, count - limit) }

    /// Adds a row.
    mutating func append(_ row: Row) {
        count += 1
        held.append(row)
        if held.count >= 2 * limit { held = rows }
    }
}
