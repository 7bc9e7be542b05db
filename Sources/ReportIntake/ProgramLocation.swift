import Glibc
public import ReportModel

/// Where a program of this package stands that another one of them runs.
public struct ProgramLocation: Sendable {
    /// Name of the program.
    public let name: String
    /// Environment variable that names the program, for tests and packagers.
    public let environmentVariable: String

    /// Parses files for reportd and reportctl.
    public static let worker = ProgramLocation("reportd-worker", "REPORTD_WORKER")
    /// Writes exports for reportctl.
    public static let export = ProgramLocation("reportctl-export", "REPORTCTL_EXPORT")
    /// Makes and keeps certificates for reportctl.
    public static let pki = ProgramLocation("reportctl-pki", "REPORTCTL_PKI")
    /// Carries bundles through NATS for reportctl.
    public static let nats = ProgramLocation("reportctl-nats", "REPORTCTL_NATS_PROGRAM")

    /// The node itself, which also examines itself for reportctl.
    public static let node = ProgramLocation("reportd", "REPORTD_PROGRAM")

    private init(_ name: String, _ environmentVariable: String) {
        self.name = name
        self.environmentVariable = environmentVariable
    }

    /// Finds it: the environment variable, beside this program, or in `../libexec/reportd`.
    /// - Returns: an absolute path of an executable file.
    /// - Throws: ``ReportError`` `internal` that names the places looked at.
    public func find() throws(ReportError) -> String {
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
        let folder = Self.ownFolder()
        let places = ["\(folder)/\(name)", "\(folder)/../libexec/reportd/\(name)"]
        for path in places where access(path, X_OK) == 0 { return path }
        throw ReportError(
            .internal,
            "\(name) was not found at " + places.joined(separator: " or "),
            hint: "install \(name) beside this program"
        )
    }

    /// Becomes that program, with the arguments, environment and descriptors of this process.
    /// - Throws: ``ReportError`` `internal` when it is not found or cannot be executed; does not return
    ///   otherwise.
    public func become() throws(ReportError) -> Never {
        let path = try find()
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        // Threads of the Swift runtime have signals blocked; what is blocked stays so in the program.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        execv(path, arguments)
        throw ReportError(.internal, "\(path) cannot be run: \(String(cString: strerror(errno)))")
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
