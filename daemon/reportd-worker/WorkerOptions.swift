import ReportIntake

/// What the worker is told on its command line.
struct WorkerOptions {
    /// Address space after which allocations fail.
    var addressSpaceByteCount: Int?
    /// Private writable memory after which allocations fail.
    var dataByteCount: Int?
    /// Time after which a request ends the process.
    var timeLimitSeconds: Int?
    /// LibreOffice's program, when it is configured.
    var office: String?
    /// The program tesseract, when it is configured.
    var tesseract: String?
    /// Language data of tesseract.
    var language: String
    /// Whether to print what the sandbox holds, and end.
    var isSelfTest: Bool

    init(_ arguments: [String]) {
        func value(_ name: String) -> String? {
            guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else {
                return nil
            }
            return arguments[index + 1]
        }
        addressSpaceByteCount = value("--address-space").flatMap { Int($0) }
        dataByteCount = value("--data").flatMap { Int($0) }
        timeLimitSeconds = value("--time-limit").flatMap { Int($0) }
        office = value("--office")
        tesseract = value("--tesseract")
        language = value("--language") ?? WorkerTools.defaultLanguage
        isSelfTest = arguments.contains("--self-test")
    }
}
