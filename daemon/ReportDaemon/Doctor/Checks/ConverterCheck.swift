import Glibc
import ReportIntake
import ReportModel

/// The programs of other makers that read old office formats and scanned pages.
enum ConverterCheck: DoctorCheck {
    static let name = "converters"
    static let title = Words("converters", "转换工具")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let tools = patient.configuration?.tools else { return [] }
        var found: [Diagnosis] = []
        if find("soffice", tools.office ?? patient.environment("REPORTD_SOFFICE")) == nil {
            found.append(
                notice(
                    "LibreOffice is missing: doc, wps, xls, et, rtf, odt and ods go to 未接收",
                    "缺少 LibreOffice：doc、wps、xls、et、rtf、odt、ods 文件会被退到“未接收”",
                    command: "apt-get install --no-install-recommends libreoffice-writer-nogui "
                        + "libreoffice-calc-nogui fonts-wqy-zenhei"
                )
            )
        }
        guard let tesseract = tools.tesseract else {
            return found.isEmpty ? [ok("LibreOffice is there", "LibreOffice 已安装")] : found
        }
        if access(tesseract, X_OK) != 0 || find("pdftoppm", nil) == nil {
            found.append(
                fault(
                    .needsTool,
                    "scanned pages are to be read, and tesseract or pdftoppm is missing",
                    "已开启扫描件识别，但缺少 tesseract 或 pdftoppm",
                    command: "apt-get install tesseract-ocr tesseract-ocr-chi-sim poppler-utils"
                )
            )
        } else {
            let known = ToolRun.run(tesseract, ["--list-langs"]).output.split(separator: "\n")
            let missing = tools.language.split(separator: "+").filter { !known.contains($0) }
            if let first = missing.first {
                found.append(
                    fault(
                        .needsTool,
                        "tesseract has no language data '\(first)'",
                        "tesseract 缺少语言数据“\(first)”",
                        command: "apt-get install tesseract-ocr-\(first.replacing("_", with: "-"))"
                    )
                )
            }
        }
        return found.isEmpty
            ? [ok("LibreOffice and tesseract are there", "LibreOffice 和 tesseract 已安装")] : found
    }

    private static func find(_ name: String, _ configured: String?) -> String? {
        if let configured { return access(configured, X_OK) == 0 ? configured : nil }
        let list = ServiceManager.variable("PATH") ?? ""
        let folders = list.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"]
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
