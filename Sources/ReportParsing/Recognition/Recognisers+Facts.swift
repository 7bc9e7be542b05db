extension Recognisers {
    /// Recognisers of amounts, rates, staffing, scores, indicators and projects.
    static let facts: [any Recogniser] = []
}
