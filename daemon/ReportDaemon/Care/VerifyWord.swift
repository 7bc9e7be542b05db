import ReportStore

/// How the daemon is started to verify or back up a store for another process.
public enum VerifyWord {
    /// The first argument.
    public static let text = "verify-store"
    /// The last argument when others come first.
    public static let background = "--background"
    /// Stands there when only the pages of the data file are checked.
    static let onlyPages = "--pages"

    /// Verifies when the arguments ask for it.
    /// - Parameter arguments: those of the program, its name first.
    /// - Returns: the exit status; nil when the arguments ask for something else.
    public static func serve(_ arguments: [String]) -> Int32? {
        guard arguments.count >= 3 else { return nil }
        if arguments[1] == BackupKeeper.word { return BackupProcess.serve(argument: arguments[2]) }
        guard arguments[1] == text else { return nil }
        return VerifyProcess.serve(
            directory: arguments[2],
            isBackground: arguments.dropFirst(3).contains(background),
            onlyPages: arguments.dropFirst(3).contains(onlyPages)
        )
    }
}
