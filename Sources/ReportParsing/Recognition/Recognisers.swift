/// The steps of recognition.
public enum Recognisers {
    /// All recognisers in the order in which they run.
    public static let all: [any Recogniser] = facts
}
