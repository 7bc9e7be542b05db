public import ReportModel

/// Bytes to record: extract, recognise, check. Pure: no network, no store, no clock.
///
/// Source: DESIGN section 8.
public enum Parser {
    /// Version written into `parser` of every record.
    public static let version = "text/1"

    /// What came out of one file.
    public struct Output: Sendable {
        /// The record; without a key when year, city or unit is unknown.
        public var record: Record
        /// Printed names and telephone numbers.
        public var people: [Person]

        /// Makes an output.
        /// - Parameters:
        ///   - record: the record.
        ///   - people: printed names and telephone numbers.
        public init(record: Record, people: [Person]) {
            self.record = record
            self.people = people
        }
    }
}
