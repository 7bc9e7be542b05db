/// The version that every program of reportd prints.
public enum ReportdVersion {
    /// Semantic version of this source tree; see CHANGELOG.md.
    public static let text = "0.1.0"
}
