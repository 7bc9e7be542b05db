/// The steps of recognition.
public enum Recognisers {
    /// All recognisers in the order in which they run.
    public static let all: [any Recogniser] =
        identity + facts + [
            ListRecogniser(), CountRecogniser(), RemarkRecogniser(), PeopleRecogniser(),
        ]

    /// Which document this is: its parts, year, unit, region, kind, date and headings.
    static let identity: [any Recogniser] = [
        PartRecogniser(), YearRecogniser(), UnitRecogniser(), KindRecogniser(), DateRecogniser(),
        GivenRecogniser(), SectionRecogniser(),
    ]
}
