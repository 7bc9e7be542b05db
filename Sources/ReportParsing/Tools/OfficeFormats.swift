import ReportModel

/// Formats that are read by way of an office program.
enum OfficeFormats {
    /// What a format is converted to; nil for formats that need no conversion.
    static func target(of format: FileFormat) -> OfficeTarget? {
        switch format.name {
        case "doc", "wps", "rtf", "odt": .docx
        case "xls", "et", "ods": .xlsx
        default: nil
        }
    }

    /// Converts a file and reads the result.
    ///
    /// The extraction keeps the file's own format and names the program in `tools`.
    static func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        target: OfficeTarget,
        limits: ParsingLimits,
        tools: ParsingTools
    ) throws(ReportError) -> Extraction {
        let lock = OfficeLock.of(bytes, format: format)
        if lock == .locked { throw encrypted }
        guard let office = tools.office else { throw needsTool(format) }
        let converted: [UInt8]
        do throws(ReportError) {
            converted = try office.convert(bytes, from: format, to: target)
        } catch {
            guard error.code == .unreadable, lock == .lockedUnlessDefault else { throw error }
            throw encrypted
        }
        let found = FileFormat.sniff(converted)
        guard found.name == target.rawValue else {
            throw ReportError(
                .unreadable,
                "文件是\(format.label)，转换后的结果无法读取",
                hint: "请在办公软件中打开，另存为 \(target.rawValue) 后提交"
            )
        }
        var extraction = try Extractors.extract(converted, limits: limits)
        extraction.format = format.name
        extraction.tools.append(try office.version())
        return extraction
    }

    private static var encrypted: ReportError {
        ReportError(.encrypted, "文件有密码保护，无法读取", hint: "请去掉密码后重新提交")
    }

    private static func needsTool(_ format: FileFormat) -> ReportError {
        ReportError(
            .needsTool,
            "文件是\(format.label)，读取它需要 LibreOffice，而本机没有安装",
            hint: "请另存为 docx 或 xlsx 后提交；或请管理员安装 Debian 软件包 "
                + "libreoffice-writer-nogui 和 libreoffice-calc-nogui",
            details: ["tool": "libreoffice", "format": .string(format.name)]
        )
    }
}
