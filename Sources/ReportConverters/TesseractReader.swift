import Glibc
public import ReportModel
public import ReportParsing

/// Reads pictures with tesseract, and scanned PDF by drawing their pages with poppler's pdftoppm.
public final class TesseractReader: OpticalReading {
    private let program: String
    private let renderer: String?
    private let language: String
    private let scratch: ScratchSpace
    private let limits: ConverterLimits
    private var knownVersion: String?
    /// When the request under way began; set by the owner before each request.
    public var requestStart = ContinuousClock.now
    /// Told before a page is read: seconds that the whole request may take.
    public var willStart: (Int) -> Void = { _ in }

    /// Makes a reader; nothing is started.
    /// - Parameters:
    ///   - program: the program `tesseract`.
    ///   - renderer: the program `pdftoppm`; nil: scanned PDF are not read.
    ///   - language: name of its language data, such as `chi_sim`.
    ///   - scratch: where files lie.
    ///   - limits: ceilings.
    public init(
        program: String,
        renderer: String?,
        language: String,
        scratch: ScratchSpace,
        limits: ConverterLimits = ConverterLimits()
    ) {
        self.program = program
        self.renderer = renderer
        self.language = language
        self.scratch = scratch
        self.limits = limits
    }

    /// Name and version, asked of the program once.
    /// - Returns: such as `tesseract/5.3.0`.
    /// - Throws: ``ReportError`` `needs-tool` when the program does not start.
    public func version() throws(ReportError) -> String {
        if let knownVersion { return knownVersion }
        let place = try scratch.folder().emptyFolder("ocr-version")
        let output = "\(place)/out"
        let ending = try run(program, ["--version"], in: place, output: output)
        let bytes = try PrivateFolder.read(output, maximumByteCount: 1 << 16) ?? []
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard ending == .exited(0), words.count >= 2, words[0] == "tesseract",
            words[1].allSatisfy({ $0.isASCII && $0 != "+" })
        else { throw Self.broken("\(program) --version: \(ending)") }
        let text = "tesseract/\(words[1])"
        knownVersion = text
        return text
    }

    /// Reads one file.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: its format: pdf or a picture.
    /// - Returns: the text of its pages, at most ``ConverterLimits/maximumPageCount``.
    /// - Throws: ``ReportError`` `unreadable`, `too-slow`, `too-large` or `needs-tool`.
    public func read(_ bytes: [UInt8], format: FileFormat) throws(ReportError) -> OpticalText {
        willStart(ConverterLimits.opticalFileSeconds)
        let place = try scratch.folder().emptyFolder("ocr")
        let source = "\(place)/source.\(format.name)"
        try PrivateFolder.write(bytes, to: source)
        let text =
            format.name == "pdf"
            ? try readDocument(source, in: place)
            : try readPicture(source, in: place)
        FolderRemoval.remove(place)
        return text
    }

    private func readDocument(_ source: String, in place: String) throws(ReportError) -> OpticalText
    {
        guard let renderer else {
            throw ReportError(
                .needsTool,
                "识别扫描的 PDF 需要 pdftoppm，而本机没有安装",
                hint: "请管理员安装 Debian 软件包 poppler-utils",
                details: ["tool": "pdftoppm"]
            )
        }
        var pages: [String] = []
        for page in 1...ConverterLimits.maximumPageCount + 1 {
            let ending = try run(
                renderer,
                [
                    "-r", String(ConverterLimits.dotsPerInch), "-gray", "-f", String(page),
                    "-l", String(page), "-singlefile", "-png", source, "\(place)/page",
                ],
                in: place
            )
            // 99: there is no such page.
            if ending == .exited(99), page > 1 { break }
            try Self.check(ending)
            guard pages.count < ConverterLimits.maximumPageCount else {
                return OpticalText(pages: pages, hasMorePages: true)
            }
            let text = try readPicture("\(place)/page.png", in: place)
            pages.append(text.pages.joined(separator: "\n"))
        }
        return OpticalText(pages: pages)
    }

    private func readPicture(_ source: String, in place: String) throws(ReportError) -> OpticalText
    {
        let ending = try run(
            program,
            [source, "\(place)/text", "-l", language, "-c", "preserve_interword_spaces=1", "txt"],
            in: place
        )
        try Self.check(ending)
        let most = ConverterLimits.maximumPageTextByteCount * ConverterLimits.maximumPageCount
        let bytes = try PrivateFolder.read("\(place)/text.txt", maximumByteCount: most) ?? []
        var pages = bytes.split(separator: 0x0C, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        // Each page ends in a form feed.
        if pages.count > 1, pages.last?.allSatisfy(\.isWhitespace) == true { pages.removeLast() }
        let hasMore = pages.count > ConverterLimits.maximumPageCount
        return OpticalText(
            pages: Array(pages.prefix(ConverterLimits.maximumPageCount)),
            hasMorePages: hasMore
        )
    }

    private func run(
        _ program: String,
        _ arguments: [String],
        in place: String,
        output: String? = nil
    ) throws(ReportError) -> ChildRun.Ending {
        try ChildRun(
            program: program,
            arguments: arguments,
            folder: place,
            output: output,
            deadline: requestStart + limits.opticalTime,
            memoryByteCount: limits.memoryByteCount,
            dataByteCount: limits.dataByteCount
        ).run(orBroken: Self.broken)
    }

    private static func check(_ ending: ChildRun.Ending) throws(ReportError) {
        switch ending {
        case .exited(0): return
        case .exited, .signalled:
            throw ReportError(.unreadable, "图像无法识别，文件可能已损坏", hint: "请提交 Word、WPS 或 Excel 原件")
        case .tooSlow:
            throw ReportError(.tooSlow, "识别图像用时过长，已停止", hint: "请提交 Word、WPS 或 Excel 原件")
        case .tooMuchMemory:
            throw ReportError(.tooLarge, "识别图像占用内存过多，已停止", hint: "请提交 Word、WPS 或 Excel 原件")
        }
    }

    private static func broken(_ reason: String) -> ReportError {
        ReportError(
            .needsTool,
            "图像识别程序无法运行：\(reason)",
            hint: "请管理员检查软件包 tesseract-ocr 和 tesseract-ocr-chi-sim",
            details: ["tool": "tesseract"]
        )
    }
}
