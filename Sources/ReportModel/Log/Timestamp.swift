import Glibc

/// Milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Milliseconds since the epoch, never negative.
    public var milliseconds: UInt64

    /// Makes a time.
    /// - Parameter milliseconds: milliseconds since the epoch.
    public init(milliseconds: UInt64) { self.milliseconds = milliseconds }

    /// Times of entries and acknowledgements lie before this, the year 144683: sums with them cannot overflow.
    static let end: UInt64 = 1 << 52

    /// The time of this machine's clock.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        return Timestamp(milliseconds: UInt64(max(0, milliseconds)))
    }

    /// Order in time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Whether a stamp is more than 24 hours ahead of a clock: it is flagged, for one of the two is wrong.
    /// - Parameter now: the clock.
    /// - Returns: whether it is flagged; it stays what it is.
    public func isAhead(of now: Timestamp) -> Bool {
        milliseconds > now.milliseconds && milliseconds - now.milliseconds > 24 * 3_600_000
    }

    /// UTC with milliseconds: `2024-05-30T08:01:02.003Z`.
    public var description: String {
        var text = ByteWriter(capacity: 24)
        append(to: &text)
        return text.text
    }

    /// As people in the office read it, at +08:00 to the second: `2024-05-30 16:01:02`.
    public var officeText: String {
        let text = atOffice.description
        return String(text.prefix { $0 != "." }).replacing("T", with: " ")
    }

    /// The zone of ``officeText``.
    public static let officeZone = "+08:00"

    /// ``officeText`` with its zone: `2024-05-30 16:01:02 +08:00`.
    public var zonedOfficeText: String { "\(officeText) \(Self.officeZone)" }

    /// The time whose description is that of this one at +08:00.
    public var atOffice: Timestamp {
        Timestamp(milliseconds: min(milliseconds, UInt64.max - Self.office) + Self.office)
    }

    /// How far +08:00 is ahead, in milliseconds.
    private static let office: UInt64 = 8 * 3_600_000

    /// Appends ``description``.
    func append(to text: inout ByteWriter) {
        let days = Int(milliseconds / 86_400_000)
        let rest = Int(milliseconds % 86_400_000)
        let (year, month, day) = CivilDate.date(daysSinceEpoch: days)
        CivilDate.append(year, 4, to: &text)
        text.append("-")
        CivilDate.append(month, 2, to: &text)
        text.append("-")
        CivilDate.append(day, 2, to: &text)
        text.append("T")
        CivilDate.append(rest / 3_600_000, 2, to: &text)
        text.append(":")
        CivilDate.append(rest / 60_000 % 60, 2, to: &text)
        text.append(":")
        CivilDate.append(rest / 1000 % 60, 2, to: &text)
        text.append(".")
        CivilDate.append(rest % 1000, 3, to: &text)
        text.append("Z")
    }

    /// Which moment of its day, at +08:00, a bare date stands for.
    public enum BareDate: Hashable, Sendable {
        /// Its first millisecond: what is asked for since that day has the day with it.
        case beginning
        /// Its last millisecond: what was known on that day.
        case end
    }

    /// Reads `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM[:SS[.mmm]]` with `Z` or `+HH:MM`, or milliseconds.
    ///
    /// A time without zone is at +08:00.
    /// - Parameters:
    ///   - text: what a person or program writes after `--as-of` or `--since`.
    ///   - bareDate: which moment of its day a date without time is.
    ///
    /// Source: DESIGN section 3, paragraph on time.
    public init?(parsing text: String, bareDate: BareDate = .end) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.count >= 11, bytes.allSatisfy({ (48...57).contains($0) }) {
            guard let value = UInt64(text), value < Self.end else { return nil }
            self.init(milliseconds: value)
            return
        }
        guard bytes.count >= 10, let year = CivilDate.number(bytes[0..<4]), bytes[4] == 45,
            let month = CivilDate.number(bytes[5..<7]), bytes[7] == 45,
            let day = CivilDate.number(bytes[8..<10]),
            let days = CivilDate.days(year: year, month: month, day: day), days >= 1
        else { return nil }
        let start = days * 86_400_000
        if bytes.count == 10 {
            let rest = bareDate == .end ? 86_400_000 - 1 : 0
            self.init(milliseconds: UInt64(start + rest) - Self.office)
            return
        }
        guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            let time = CivilDate.timeOfDay(bytes[11...]), start + time >= 0
        else { return nil }
        self.init(milliseconds: UInt64(start + time))
    }
}

/// Days and dates of the proleptic Gregorian calendar.
enum CivilDate {
    /// Appends at least `width` digits.
    static func append(_ value: Int, _ width: Int, to text: inout ByteWriter) {
        var bound = 10
        for _ in 1..<max(2, width) {
            if value < bound { text.append("0") }
            bound *= 10
        }
        text.appendDecimal(value)
    }

    /// At least `width` digits.
    static func padded(_ value: Int, _ width: Int) -> String {
        var text = ByteWriter(capacity: 8)
        append(value, width, to: &text)
        return text.text
    }

    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    static func days(year: Int, month: Int, day: Int) -> Int? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let (_, sameMonth, sameDay) = date(daysSinceEpoch: days)
        return sameMonth == month && sameDay == day ? days : nil
    }

    static func date(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    /// Milliseconds since midnight UTC of `HH:MM[:SS[.mmm]]` with a zone; without zone at +08:00.
    static func timeOfDay(_ bytes: ArraySlice<UInt8>) -> Int? {
        var rest = bytes
        func two() -> Int? {
            guard rest.count >= 2, let value = number(rest.prefix(2)) else { return nil }
            rest = rest.dropFirst(2)
            return value
        }
        func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let hour = two(), hour < 24, take(":"), let minute = two(), minute < 60 else {
            return nil
        }
        var time = (hour * 60 + minute) * 60_000
        if take(":") {
            guard let second = two(), second < 60 else { return nil }
            time += second * 1000
            if take(".") {
                let digits = rest.prefix { (48...57).contains($0) }
                guard (1...3).contains(digits.count), let value = number(digits) else { return nil }
                time += value * [100, 10, 1][digits.count - 1]
                rest = rest.dropFirst(digits.count)
            }
        }
        if rest.isEmpty { return time - 8 * 3_600_000 }
        if take("Z") { return rest.isEmpty ? time : nil }
        let east = rest.first == UInt8(ascii: "+")
        guard take("+") || take("-"), let hours = two(), hours <= 14, take(":"),
            let minutes = two(), minutes < 60, rest.isEmpty
        else { return nil }
        let zone = (hours * 60 + minutes) * 60_000
        return time + (east ? -zone : zone)
    }
}
