package import ArgumentParser
import ReportModel

/// Exit codes that are no error of their own.
package enum ExitCodes {
    /// Several things, not all alike.
    package static var partial: ExitCode { ExitCode(ReportError.Code.partial.exitCode) }
}
