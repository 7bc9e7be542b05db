import Glibc
public import ReportModel
public import ReportParsing

/// Runs LibreOffice without a window, one conversion at a time, with a profile of its own.
///
/// The profile is made at the first conversion and kept: starting with it is several times as fast.
/// Macros do not run, links are not followed, and the worker's sandbox takes the network away.
public final class OfficeConverter: OfficeConverting {
    private let program: String
    private let scratch: ScratchSpace
    private let limits: ConverterLimits
    private var profile: String?
    private var knownVersion: String?
    /// When the request under way began; set by the owner before each request.
    public var requestStart = ContinuousClock.now
    /// Told before a conversion starts: seconds that the whole request may take.
    public var willStart: (Int) -> Void = { _ in }

    /// Makes a converter; nothing is started.
    /// - Parameters:
    ///   - program: `soffice` or `soffice.bin`; beside a script the program itself is taken.
    ///   - scratch: where profile and files lie.
    ///   - limits: ceilings.
    public init(program: String, scratch: ScratchSpace, limits: ConverterLimits = ConverterLimits())
    {
        // The script and its launcher would put two processes between this one and the program,
        // which would survive if this process were killed.
        let sibling =
            program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/") + "/soffice.bin"
        self.program = access(sibling, X_OK) == 0 ? sibling : program
        self.scratch = scratch
        self.limits = limits
    }

    /// Name and version, asked of the program once.
    /// - Returns: such as `libreoffice/7.4.7.2`.
    /// - Throws: ``ReportError`` `needs-tool` when the program does not start.
    public func version() throws(ReportError) -> String {
        if let knownVersion { return knownVersion }
        let place = try scratch.folder().emptyFolder("version")
        let output = "\(place)/out"
        let ending = try run(
            ["--headless", "--version", "-env:UserInstallation=file://\(place)/profile"],
            in: place,
            output: output
        )
        let bytes = try PrivateFolder.read(output, maximumByteCount: 1 << 16) ?? []
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard ending == .exited(0), words.count >= 2, words[0].lowercased() == "libreoffice",
            words[1].allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") })
        else { throw Self.broken("\(program) --version: \(ending)") }
        let text = "libreoffice/\(words[1])"
        knownVersion = text
        return text
    }

    /// Converts one file.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: its format, told by content.
    ///   - target: what is wanted.
    /// - Returns: a file of the wanted format.
    /// - Throws: ``ReportError`` `unreadable`, `too-slow`, `too-large` or `needs-tool`.
    public func convert(
        _ bytes: [UInt8],
        from format: FileFormat,
        to target: OfficeTarget
    ) throws(ReportError) -> [UInt8] {
        willStart(ConverterLimits.officeFileSeconds)
        let profile = try readyProfile()
        let place = try scratch.folder().emptyFolder("job")
        let source = "\(place)/source.\(Self.suffix(of: format))"
        try PrivateFolder.write(bytes, to: source)
        let result = "\(place)/out/source.\(target.rawValue)"
        for _ in 0..<ConverterLimits.maximumStartCount {
            let ending = try run(
                [
                    "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
                    "--nofirststartwizard", "-env:UserInstallation=file://\(profile)",
                    "--convert-to", Self.filter(target), "--outdir", "\(place)/out", source,
                ],
                in: place
            )
            // The program asks to be started again after it made its profile.
            if ending == .exited(81) || ending == .exited(79) { continue }
            // A program that was ended leaves its profile half written.
            if ending != .exited(0) { self.profile = nil }
            try Self.check(ending)
            let converted = try PrivateFolder.read(
                result,
                maximumByteCount: ConverterLimits.maximumOutputByteCount
            )
            FolderRemoval.remove(place)
            guard let converted, !converted.isEmpty else { throw Self.unreadable }
            return converted
        }
        throw Self.broken("\(program) asks to be started again and again")
    }

    private func readyProfile() throws(ReportError) -> String {
        if let profile { return profile }
        let path = try scratch.folder().emptyFolder("profile")
        guard mkdir("\(path)/user", 0o700) == 0 else { throw Self.broken("no profile folder") }
        try PrivateFolder.write(
            Array(OfficeProfile.settings.utf8),
            to: "\(path)/user/registrymodifications.xcu"
        )
        profile = path
        return path
    }

    private func run(
        _ arguments: [String],
        in place: String,
        output: String? = nil
    ) throws(ReportError) -> ChildRun.Ending {
        try ChildRun(
            program: program,
            arguments: arguments,
            folder: place,
            output: output,
            environment: ["SAL_USE_VCLPLUGIN=svp", "SAL_DISABLE_OPENCL=1"],
            deadline: requestStart + limits.officeTime,
            memoryByteCount: limits.memoryByteCount,
            dataByteCount: limits.dataByteCount
        ).run(orBroken: Self.broken)
    }

    private static func check(_ ending: ChildRun.Ending) throws(ReportError) {
        switch ending {
        case .exited(0): return
        case .exited, .signalled: throw unreadable
        case .tooSlow:
            throw ReportError(.tooSlow, "转换文件用时过长，已停止", hint: "请另存为 docx 或 xlsx 后提交")
        case .tooMuchMemory:
            throw ReportError(.tooLarge, "转换文件占用内存过多，已停止", hint: "请另存为 docx 或 xlsx 后提交")
        }
    }

    private static var unreadable: ReportError {
        ReportError(
            .unreadable,
            "LibreOffice 打不开这个文件，文件可能已损坏",
            hint: "请在办公软件中打开，另存为 docx 或 xlsx 后提交"
        )
    }

    private static func broken(_ reason: String) -> ReportError {
        ReportError(
            .needsTool,
            "LibreOffice 无法运行：\(reason)",
            hint: "请另存为 docx 或 xlsx 后提交；或请管理员检查软件包 "
                + "libreoffice-writer-nogui 和 libreoffice-calc-nogui",
            details: ["tool": "libreoffice"]
        )
    }

    private static func filter(_ target: OfficeTarget) -> String {
        switch target {
        case .docx: "docx:MS Word 2007 XML"
        case .xlsx: "xlsx:Calc MS Excel 2007 XML"
        }
    }

    /// The extension that the program expects: Kingsoft's formats have the content of Microsoft's.
    private static func suffix(of format: FileFormat) -> String {
        switch format.name {
        case "wps": "doc"
        case "et": "xls"
        default: format.name
        }
    }
}
