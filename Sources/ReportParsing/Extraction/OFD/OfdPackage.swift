import ReportModel

/// The container of an OFD file and the places of its documents.
struct OfdPackage {
    /// Names of the entries that hold the documents, such as `Doc_0/Document.xml`.
    let roots: [String]
    /// Number of signed places, electronic seals among them.
    let signatureCount: Int

    private let archive: ZipArchive

    /// Opens a file.
    /// - Parameter bytes: the file.
    /// - Throws: ``ReportError`` `.encrypted`, `.unreadable`, `.truncated` or `.tooLarge`.
    init(_ bytes: [UInt8]) throws(ReportError) {
        archive = try ZipArchive(bytes)
        if archive.entry(named: "Encryptions.xml") != nil {
            throw ReportError(.encrypted, "OFD 有密码保护，无法读取", hint: "请去掉密码后重新提交")
        }
        guard let data = try archive.read(named: "OFD.xml") else { throw Self.damaged() }
        let root = try XMLDocument(data).root
        var found: [String] = []
        var signatures = 0
        for body in root.children("DocBody") {
            if let place = body.child("DocRoot")?.text {
                found.append(Self.resolve(place, from: "OFD.xml"))
            }
            if let place = body.child("Signatures")?.text,
                let list = try archive.read(named: Self.resolve(place, from: "OFD.xml"))
            {
                signatures += try XMLDocument(list).root.children("Signature").count
            }
        }
        guard !found.isEmpty else { throw Self.damaged() }
        roots = found
        signatureCount = signatures
    }

    /// The outermost element of an entry; nil when there is no such entry.
    func tree(_ name: String) throws(ReportError) -> XMLNode? {
        guard let data = try archive.read(named: name) else { return nil }
        return try XMLDocument(data).root
    }

    /// The error for a file whose parts are missing.
    static func damaged() -> ReportError {
        ReportError(.unreadable, "OFD 文件缺少必要的内容，无法读取", hint: "请用阅读软件确认文件能打开，或重新导出后提交")
    }

    /// The name of the entry that a place in another entry means.
    ///
    /// Only compared with names of entries, so that `..` leads nowhere outside.
    /// Source: GB/T 33190-2016 7.1, ST_Loc.
    static func resolve(_ place: String, from file: String) -> String {
        var trimmed = Substring(place)
        while let first = trimmed.unicodeScalars.first, LineShape.isBlank(first) {
            trimmed = trimmed.dropFirst()
        }
        while let last = trimmed.unicodeScalars.last, LineShape.isBlank(last) {
            trimmed = trimmed.dropLast()
        }
        var parts: [Substring] = []
        if !trimmed.hasPrefix("/") {
            parts = file.split(separator: "/").dropLast().map { $0 }
        }
        for part in trimmed.split(separator: "/").prefix(64) {
            if part == ".." {
                _ = parts.popLast()
            } else if part != "." {
                parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }
}
