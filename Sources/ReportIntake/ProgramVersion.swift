import CReportd
import ReportModel

/// The version as programs print it: that of the source tree, with the commit when `ops/package` built them.
public enum ProgramVersion {
    /// Such as `0.1.0`, or `0.1.0 (1a2b3c4d5e6f)`.
    public static var text: String {
        commit.map { "\(ReportdVersion.text) (\($0))" } ?? ReportdVersion.text
    }

    /// The commit; nil when the build was told none.
    public static var commit: String? {
        let text = String(cString: reportd_build_commit())
        return text.isEmpty ? nil : text
    }
}
