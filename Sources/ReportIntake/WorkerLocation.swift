import Glibc
public import ReportModel

/// Where the program `reportd-worker` stands.
public enum WorkerLocation {
    /// Environment variable that names the program, for tests and packagers.
    public static let environmentVariable = "REPORTD_WORKER"

    /// Finds the worker: the environment variable, beside this program, or in `../libexec/reportd`.
    /// - Returns: an absolute path of an executable file.
    /// - Throws: ``ReportError`` `internal` that names the places looked at.
    public static func find() throws(ReportError) -> String {
        if let value = getenv(environmentVariable) {
            let path = String(cString: value)
            guard access(path, X_OK) == 0 else {
                throw ReportError(
                    .internal,
                    "\(environmentVariable) names \(path), which is not an executable file"
                )
            }
            return path
        }
        let folder = ownFolder()
        let places = ["\(folder)/reportd-worker", "\(folder)/../libexec/reportd/reportd-worker"]
        for path in places where access(path, X_OK) == 0 { return path }
        throw ReportError(
            .internal,
            "the parsing worker was not found at " + places.joined(separator: " or "),
            hint: "install reportd-worker beside this program"
        )
    }

    private static func ownFolder() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let bytes = buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
        let path = String(decoding: bytes, as: UTF8.self)
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }
}
