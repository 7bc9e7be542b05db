public import ReportModel

/// Ceilings of an authority, in one place.
public enum AuthorityLimits {
    /// Days of an authority's own certificate when nothing is said: twenty years.
    public static let authorityDays = 7305
    /// Days of a certificate when nothing is said: two years.
    public static let certificateDays = 730
    /// Days of a certificate at most.
    public static let maximumDays = 7305
    /// A certificate begins so many seconds before it is made, for clocks that are behind.
    public static let backdatingSeconds = 300
    /// Longest time of a join token, in hours: one week.
    public static let maximumTokenHours = 168
    /// Longest name of a holder, in characters: RFC 5280 `ub-common-name`.
    public static let maximumNameCharacterCount = 64
    /// Join tokens that may wait at the same time.
    public static let maximumTokenCount = 1000
    /// Days before the end from which a certificate is renewed and its node says so.
    public static let warningDays = 30
    /// Days before the end from which the warning is urgent.
    public static let urgentDays = 7

    /// Checks what a certificate is to hold, before a token promises it.
    /// - Parameters:
    ///   - name: name for people.
    ///   - days: its time.
    /// - Throws: ``ReportModel/ReportError`` `usage`.
    public static func check(name: String, days: Int) throws(ReportError) {
        _ = try Authority.checked(name)
        guard (1...maximumDays).contains(days) else {
            throw ReportError(.usage, "1 to \(maximumDays) days are expected")
        }
    }
}
