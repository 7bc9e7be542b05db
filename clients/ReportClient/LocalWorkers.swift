import Glibc
public import ReportIntake
public import ReportModel

/// Workers of this process, for what needs no node.
public enum LocalWorkers {
    /// Makes a pool of one worker; it starts when the first file comes.
    /// - Parameter readsPictures: whether pictures and scanned documents are read by tesseract.
    /// - Returns: the pool; stop it before the program ends.
    /// - Throws: ``ReportError`` `internal` when the worker program is not found, `needs-tool` when
    ///   pictures are to be read and tesseract is missing.
    public static func pool(readsPictures: Bool = false) throws(ReportError) -> WorkerPool {
        var tools = WorkerTools()
        if readsPictures { tools.tesseract = try tesseract() }
        return WorkerPool(
            path: try ProgramLocation.worker.find(),
            limits: WorkerLimits(workerCount: 1),
            tools: tools
        )
    }

    /// Who makes text of files for the search of a store on this disk.
    /// - Returns: nil when the worker program is not found: then only records are indexed.
    public static func texts() -> WorkerTexts? {
        (try? ProgramLocation.worker.find()).map { WorkerTexts(path: $0) }
    }

    /// The program that `REPORTD_TESSERACT` names, else Debian's.
    private static func tesseract() throws(ReportError) -> String {
        let path = getenv("REPORTD_TESSERACT").map { String(cString: $0) } ?? "/usr/bin/tesseract"
        guard access(path, X_OK) == 0 else {
            throw ReportError(
                .needsTool,
                "tesseract is not at \(path)",
                hint: "install tesseract-ocr and tesseract-ocr-chi-sim, or set REPORTD_TESSERACT",
                details: ["tool": "tesseract"]
            )
        }
        return path
    }
}
