import ArgumentParser
import ReportModel

/// Exit codes that are no error of their own.
enum ExitCodes {
    /// Several things, not all alike.
    static var partial: ExitCode { ExitCode(ReportError.Code.partial.exitCode) }
}
