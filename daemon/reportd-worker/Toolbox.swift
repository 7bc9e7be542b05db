import ReportConverters
import ReportIntake
import ReportModel
import ReportParsing

/// The programs of other makers that this worker may start, with its private folder.
final class Toolbox {
    private let scratch = ScratchSpace()
    private let office: OfficeConverter?
    private let optical: TesseractReader?

    /// Finds the programs and removes what workers that were killed left behind; starts nothing.
    init(_ options: WorkerOptions) {
        scratch.removeLeftovers()
        let scratch = scratch
        office = Self.officePath(options).map { OfficeConverter(program: $0, scratch: scratch) }
        optical = Self.tesseractPath(options).map {
            TesseractReader(
                program: $0,
                renderer: ToolLocation.find(
                    configured: nil,
                    variable: "REPORTD_PDFTOPPM",
                    name: "pdftoppm"
                ),
                language: options.language,
                scratch: scratch
            )
        }
    }

    static func officePath(_ options: WorkerOptions) -> String? {
        ToolLocation.find(
            configured: options.office,
            variable: ToolLocation.officeVariable,
            name: "soffice"
        )
    }

    /// Pictures are read only when somebody asked for it.
    static func tesseractPath(_ options: WorkerOptions) -> String? {
        guard let path = options.tesseract, WorkerTools.isLanguage(options.language) else {
            return nil
        }
        return ToolLocation.find(configured: path, variable: "", name: "tesseract")
    }

    /// The programs for one request, which count its time from its beginning.
    func tools(for progress: WorkerProgress) -> ParsingTools {
        office?.requestStart = progress.start
        office?.willStart = { progress.needs(seconds: $0) }
        optical?.requestStart = progress.start
        optical?.willStart = { progress.needs(seconds: $0) }
        return ParsingTools(office: office, optical: optical)
    }

    /// Name and version of each program, null for those that are missing or do not start.
    var versions: JSONValue {
        func version(_ ask: () throws(ReportError) -> String?) -> JSONValue {
            do throws(ReportError) { return .optional(try ask()) } catch { return .null }
        }
        office?.requestStart = .now
        optical?.requestStart = .now
        return [
            "office": version { () throws(ReportError) in try office?.version() },
            "optical": version { () throws(ReportError) in try optical?.version() },
        ]
    }

    /// Removes the private folder.
    func close() { scratch.remove() }
}
