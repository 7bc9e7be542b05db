extension Roster {
    /// What a question that needs a roster says where there is none.
    public static var missing: ReportError {
        ReportError(
            .usage,
            "no roster is configured here",
            hint: "give one with --roster FILE, or set roster in the node's configuration"
        )
    }

    /// Days begun between a deadline and a moment.
    /// - Parameters:
    ///   - deadline: when something was due.
    ///   - moment: when it is looked at.
    /// - Returns: days since the deadline; below 0 days that are left; 0 at the deadline itself.
    public static func days(from deadline: Timestamp, to moment: Timestamp) -> Int {
        guard deadline <= moment else { return -days(from: moment, to: deadline) }
        let between = moment.milliseconds - deadline.milliseconds
        let rest: UInt64 = between.isMultiple(of: 86_400_000) ? 0 : 1
        return Int(clamping: between / 86_400_000 + rest)
    }
}
