import Glibc
import LMDB
public import ReportModel

/// Verifies a store in a process of its own, so that a page that cannot be read ends that process
/// and not the one that asked.
///
/// The child writes lines of JSON: `{"done","total"}` now and then, at last the report, or
/// `{"error"}`.
public enum VerifyProcess {
    /// How a program is started that calls ``serve(directory:isBackground:onlyPages:)``.
    public struct Command: Sendable {
        /// Path of the program.
        public var program: String
        /// Its arguments, without its name.
        public var arguments: [String]

        /// Makes a command.
        /// - Parameters:
        ///   - program: path of the program; the running one by default.
        ///   - arguments: its arguments, without its name.
        public init(program: String = "/proc/self/exe", arguments: [String]) {
            self.program = program
            self.arguments = arguments
        }
    }

    // MARK: The one who asks

    /// Starts the child and waits for its report.
    ///
    /// When the task is cancelled the child is ended.
    /// - Parameters:
    ///   - command: starts the child.
    ///   - progress: told how many entries of how many were checked.
    /// - Returns: the report; that the child was ended by damage is a problem in it.
    /// - Throws: ``ReportError`` when the store cannot be opened, or the child cannot be started.
    public static func run(
        _ command: Command,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws(ReportError) -> VerifyReport {
        let end = try await LineProcess.run(command, progress: progress)
        if let report = end.last.flatMap({ VerifyReport(json: $0) }) { return report }
        if let error = end.last?["error"], end.pageProblems.isEmpty {
            throw ReportError(json: error)
        }
        var report = VerifyReport()
        report.entryCount = end.done
        report.hasDamagedPages = true
        report.problems = end.pageProblems
        if let signal = end.damageSignal {
            report.problems.append(
                "data.mdb: a page cannot be read or is damaged; the check ended with \(signal) after "
                    + "\(end.done) entries"
            )
        }
        guard !report.problems.isEmpty else {
            throw ReportError(.internal, "the process that verifies ended by itself")
        }
        return report
    }

    // MARK: The child

    /// Verifies a store and writes lines to standard output.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - isBackground: whether others come first.
    ///   - onlyPages: whether nothing but the pages of the data file is checked.
    /// - Returns: the exit status: 0 after a report, else that of the error.
    public static func serve(
        directory: String,
        isBackground: Bool,
        onlyPages: Bool = false
    ) -> Int32 {
        LineProcess.prepareChild(isBackground: isBackground)
        do throws(ReportError) {
            let pages = try Store.pageProblems(directory: directory)
            // Told at once: what follows may end with a page that is damaged.
            if !pages.isEmpty { LineProcess.write(["pages": .strings(pages)]) }
            var report = VerifyReport()
            if !onlyPages {
                let store = try Store.openReadOnly(directory: directory)
                defer { store.close() }
                report = try store.verifyNow(restRatio: isBackground ? 1 : 0) { done, total in
                    LineProcess.write(["done": .integer(done), "total": .integer(total)])
                }
            }
            report.problems = Array(
                (pages + report.problems).prefix(StoreLimits.maximumProblemCount)
            )
            report.hasDamagedPages = !pages.isEmpty
            LineProcess.write(report.json)
            return 0
        } catch {
            LineProcess.write(["error": error.json])
            return error.code.exitCode
        }
    }
}

extension Store {
    /// What is wrong with the pages of a data file, whatever they hold.
    ///
    /// The file is read and not mapped, so that a page that the disk cannot give is a finding.
    /// - Parameter directory: folder of the store.
    /// - Returns: each with its table and page; empty when all is well.
    /// - Throws: ``ReportError`` `not-found` when there is no store.
    static func pageProblems(directory: String) throws(ReportError) -> [String] {
        guard access(directory + "/data.mdb", F_OK) == 0 else {
            throw StoreIdentity.missing(directory)
        }
        try NodeFiles.refuseLinks(in: directory)
        do throws(LMDBError) {
            var settings = Environment.Options()
            settings.readOnly = true
            let environment = try Environment(path: directory, options: settings)
            defer { try? environment.close() }
            return try environment.checkPages().problems.map { "data.mdb: " + $0 }
        } catch {
            guard error.code.isDamage else { throw StoreFailure.reportError(error) }
            return ["data.mdb: \(error)"]
        }
    }

    /// The same of a store that is open.
    func pageProblems() throws(ReportError) -> [String] {
        try StoreFailure.mapped { try environment.checkPages().problems.map { "data.mdb: " + $0 } }
    }
}

extension LMDBError.Code {
    /// Whether pages of the file are damaged, or were not written as they had to be.
    var isDamage: Bool {
        [.corrupted, .panic, .pageNotFound, .invalidFile, .inputOutput, .poisoned].contains(self)
    }
}
