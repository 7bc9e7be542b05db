extension Recognisers {
    /// Recognisers of amounts, rates, staffing, scores, indicators and projects.
    ///
    /// They come after those of year, unit, kind and parts, whose results they use.
    static let facts: [any Recogniser] = [FactRecogniser()]
}
