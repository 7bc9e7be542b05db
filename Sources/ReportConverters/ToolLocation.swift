import Glibc

/// Where a program of another maker stands.
public enum ToolLocation {
    /// Environment variable that names the office program.
    public static let officeVariable = "REPORTD_SOFFICE"
    /// Environment variable that names the optical reader.
    public static let opticalVariable = "REPORTD_TESSERACT"

    /// Finds a program.
    /// - Parameters:
    ///   - configured: path that the configuration names; looked at alone when there is one.
    ///   - variable: environment variable that names it; looked at alone when it is set.
    ///   - name: name to look for along `PATH` and in `/usr/bin`.
    /// - Returns: a path of an executable file; nil when there is none.
    public static func find(configured: String?, variable: String, name: String) -> String? {
        if let configured { return executable(configured) }
        if let value = getenv(variable) { return executable(String(cString: value)) }
        let list = getenv("PATH").map { String(cString: $0) } ?? ""
        let folders = list.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"]
        for folder in folders where folder.hasPrefix("/") {
            if let path = executable("\(folder)/\(name)") { return path }
        }
        return nil
    }

    /// The file itself behind links; nil when it is no executable file.
    private static func executable(_ path: String) -> String? {
        var information = stat()
        guard access(path, X_OK) == 0, stat(path, &information) == 0,
            information.st_mode & S_IFMT == S_IFREG, let real = realpath(path, nil)
        else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
