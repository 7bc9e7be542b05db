public import ReportModel

/// The files of a zip that is one filing, zips within it included.
///
/// Source: DESIGN section 3, filings of several files.
public struct FilingArchive: Sendable {
    /// The files in natural order of their names.
    public private(set) var members: [FilingMember] = []
    /// What is in the zip and cannot be taken out of it.
    public private(set) var unread: [UnreadItem] = []

    private let limits: ParsingLimits
    private var byteCount = 0
    private var firstFault: ReportError?

    /// Whether a file is a filing of several files: a zip that is no document itself.
    /// - Parameter bytes: the file.
    /// - Returns: false for office and OFD documents, which are zips as well.
    public static func isFiling(_ bytes: [UInt8]) -> Bool {
        FileFormat.sniff(bytes).name == FileFormat.zip.name
    }

    /// Takes the files out of a zip.
    ///
    /// Left out are files that systems and editors leave behind, empty files and folders. The same
    /// bytes always give the same members.
    /// - Parameters:
    ///   - bytes: the zip.
    ///   - limits: ceilings of parsing.
    /// - Throws: ``ReportError`` `.truncated` or `.unreadable` for a damaged zip, `.tooLarge` for
    ///   bombs, `.encrypted`, `.tooDeep` or another code when no file can be taken out, `.empty`
    ///   without any.
    public init(_ bytes: [UInt8], limits: ParsingLimits = .standard) throws(ReportError) {
        self.limits = limits
        guard bytes.count <= limits.maximumFileByteCount else { throw ZipArchive.tooLarge() }
        try open(bytes, folder: "", depth: 1)
        guard !members.isEmpty else {
            throw firstFault
                ?? ReportError(.empty, "压缩包里没有文件", hint: "请确认压缩包内容后重新提交")
        }
        members.sort { FilingName.isBefore($0.name, $1.name) }
    }

    private mutating func open(
        _ bytes: [UInt8],
        folder: String,
        depth: Int
    ) throws(ReportError) {
        let archive = try ZipArchive(bytes, limits: limits.container)
        for entry in archive.entries where !entry.isDirectory {
            let name = folder + FilingName.decode(entry.rawName)
            guard !FilingName.isClutter(name) else { continue }
            let content: [UInt8]
            do throws(ReportError) {
                content = try archive.read(entry)
            } catch {
                // A bomb spoils the whole filing, damage only the file.
                guard error.code != .tooLarge else { throw error }
                note(name, error)
                continue
            }
            byteCount += content.count
            guard byteCount <= limits.maximumFilingByteCount else { throw ZipArchive.tooLarge() }
            try add(name, content, depth: depth)
        }
    }

    private mutating func add(
        _ name: String,
        _ content: [UInt8],
        depth: Int
    ) throws(ReportError) {
        guard !content.isEmpty else {
            note(name, ReportError(.empty, "文件是空的"))
            return
        }
        guard FilingArchive.isFiling(content) else {
            guard members.count < limits.maximumMemberCount else {
                throw ReportError(.tooLarge, "压缩包内的文件超过上限 \(limits.maximumMemberCount) 个")
            }
            members.append(FilingMember(name: name, bytes: content))
            return
        }
        guard depth < limits.container.maximumNestingDepth else {
            let most = limits.container.maximumNestingDepth
            note(name, ReportError(.tooDeep, "压缩包嵌套超过 \(most) 层", hint: "请直接压缩报告文件"))
            return
        }
        byteCount -= content.count
        do throws(ReportError) {
            try open(content, folder: name + "/", depth: depth + 1)
        } catch {
            guard error.code != .tooLarge else { throw error }
            note(name, error)
        }
    }

    private mutating func note(_ name: String, _ error: ReportError) {
        firstFault = firstFault ?? error
        guard unread.count < limits.maximumMemberCount else { return }
        unread.append(UnreadItem(what: name, reason: error.message))
    }
}
