import ReportModel

/// A day of the calendar at +08:00.
struct BeijingDay: Hashable, Sendable {
    /// Days since 1970.
    let number: Int
    let year: Int
    /// `2026年11月21日`.
    let text: String

    /// The day of a moment.
    init(_ time: Timestamp) {
        let shifted = time.atOffice
        number = Int(clamping: shifted.milliseconds / 86_400_000)
        let parts = shifted.description.prefix(10).split(separator: "-").compactMap { Int($0) }
        year = parts.first ?? 1970
        text = parts.count == 3 ? "\(parts[0])年\(parts[1])月\(parts[2])日" : ""
    }

    /// The beginning of a year.
    static func start(of year: Int) -> Timestamp {
        Timestamp(parsing: "\(year)-01-01T00:00") ?? Timestamp(milliseconds: 0)
    }

    /// A moment to the minute: `2026-11-21 09:30`.
    static func minute(_ time: Timestamp) -> String { String(ReceiptWords.time(time).prefix(16)) }
}
