/// What the page `本年情况.html` of an inbox tells the clerk.
///
/// A value of texts that may come from anybody; ``html`` makes the page of it and of nothing else.
struct YearPage: Hashable, Sendable {
    /// Name of the file in the inbox.
    static let fileName = "本年情况.html"

    /// Findings of a report by severity, and the first of them in words.
    struct Findings: Hashable, Sendable {
        var high = 0
        var medium = 0
        var low = 0
        var info = 0
        /// The gravest, in words.
        var messages: [String] = []
    }

    /// Whether the city has a report.
    enum City: Hashable, Sendable {
        /// There is no city above this node.
        case none
        case waiting
        /// It has signed for it.
        case received
    }

    /// A report that is stored.
    struct Filed: Hashable, Sendable {
        var key: String
        var unit: String
        /// Evaluated year and kind, as `2023年度 整体支出`.
        var report: String
        var version: Int
        /// Day and time at which this version was stored.
        var time: String
        var score: String?
        var findings = Findings()
        var city = City.none
        var isApproved = false
        /// Whether the content was erased by law.
        var isErased = false
    }

    /// A report that was sent back.
    struct Returned: Hashable, Sendable {
        var key: String
        var unit: String
        var report: String
        var version: Int
        var time: String
        /// What the reviewer wrote.
        var comment: String?
    }

    /// A file that waits for facts.
    struct Pending: Hashable, Sendable {
        var file: String
        var time: String
        /// What is missing: 年度, 地区, 单位.
        var missing: [String]
        /// Name of the form.
        var form: String
    }

    /// A file that was not taken in.
    struct Refused: Hashable, Sendable {
        var file: String
        var time: String
        var reason: String
        var advice: String
    }

    /// A report that the roster expects and that is not there.
    struct Missing: Hashable, Sendable {
        var unit: String
        var report: String
        /// The day on which it is due; nil without a deadline.
        var deadline: String?
        /// Days since the deadline, below 0 days that are left; nil without a deadline.
        var days: Int?
    }

    /// Calendar year of the page, at +08:00.
    var year: Int
    /// Whose page it is: the region, unit or node.
    var place: String
    /// The day, as `2026年11月21日`.
    var day: String
    var filed: [Filed] = []
    /// Reports that are filed and not listed.
    var moreFiled = 0
    var returned: [Returned] = []
    var moreReturned = 0
    var pending: [Pending] = []
    var morePending = 0
    var refused: [Refused] = []
    var moreRefused = 0
    /// What is still to come; nil when nobody is expected by a roster.
    var missing: [Missing]?
    var moreMissing = 0
    /// What could not be looked up, for the administrator.
    var problems: [String] = []
}

/// Ceilings of the page, in one place.
enum YearPageLimits {
    /// Filed reports that are listed.
    static let maximumFiledCount = 500
    /// Files that wait or were refused, and are listed.
    static let maximumFileCount = 100
    /// Files that cannot be read, and are named.
    static let stuckFileCount = 20
    /// Missing reports that are listed.
    static let maximumMissingCount = 500
    /// Findings in words for each report.
    static let maximumMessageCount = 3
    /// Scalars of a text from elsewhere.
    static let maximumTextScalarCount = 300
    /// Reports whose findings are remembered.
    static let maximumRememberedCount = 2000
    /// Time from news to the page, so that many files make one page.
    static let gatherTime: Duration = .seconds(2)
    /// The page is looked at so often, news or not: days go by, clerks remove files.
    static let interval: Duration = .seconds(300)
    /// A page that takes long is made seldom: the pause is so many times as long.
    static let restFactor = 20
}
