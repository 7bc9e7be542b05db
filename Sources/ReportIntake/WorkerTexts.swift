public import ReportModel

/// Texts of files from a worker that does nothing else, so that filing never waits for it.
///
/// Pictures are not read: the worker starts when the first file comes and ends with ``rest()``.
public actor WorkerTexts: SourceTexts {
    private let path: String
    private let tools: WorkerTools
    private var pool: WorkerPool?

    /// Makes texts; no worker starts yet.
    /// - Parameters:
    ///   - path: the program `reportd-worker`.
    ///   - tools: programs of other makers; of these only LibreOffice is used.
    public init(path: String, tools: WorkerTools = WorkerTools()) {
        self.path = path
        self.tools = WorkerTools(office: tools.office)
    }

    /// The text that the extractor sees in a file; see `SourceTexts`.
    public func text(of file: [UInt8], name: String) async -> String? {
        let pool =
            pool
            ?? WorkerPool(
                path: path,
                limits: WorkerLimits(workerCount: 1),
                tools: tools
            )
        self.pool = pool
        do throws(ReportError) {
            return String(decoding: try await pool.extract(name: name, bytes: file), as: UTF8.self)
        } catch {
            return nil
        }
    }

    /// Ends the worker; the next file starts another one.
    public func rest() async {
        let pool = pool
        self.pool = nil
        await pool?.stop()
    }
}
