import ReportModel

/// Collects the pages of the documents of an OFD file.
struct OfdReader {
    /// Points of a millimetre, the unit of OFD.
    static let scale = 72 / 25.4

    /// Pages so far.
    private(set) var pages: [PositionedPage] = []
    /// Characters so far.
    private(set) var characterCount = 0
    /// What was not read.
    private(set) var notes: [Document.Unread] = []

    private let package: OfdPackage

    /// Makes a reader without pages.
    init(_ package: OfdPackage) {
        self.package = package
        if package.signatureCount > 0 {
            notes.append(
                .init(what: "\(package.signatureCount) 处电子签章", reason: "签章没有读取，也没有验证")
            )
        }
    }

    /// Reads a document.
    /// - Parameter root: name of its entry.
    /// - Throws: ``ReportError`` as the container and the XML give it, or `.tooLarge`.
    mutating func read(_ root: String) throws(ReportError) {
        guard let document = try package.tree(root) else { throw OfdPackage.damaged() }
        let common = document.child("CommonData")
        let area = common?.child("PageArea")
        var templates: [String: String] = [:]
        for template in common?.children("TemplatePage") ?? [] {
            if let id = template.attribute("ID"), let place = template.attribute("BaseLoc") {
                templates[id] = OfdPackage.resolve(place, from: root)
            }
        }
        var templateTrees: [String: XMLNode] = [:]
        for page in document.child("Pages")?.children("Page") ?? [] {
            guard pages.count < LayoutLimits.maximumPageCount else {
                throw ReportError(
                    .tooLarge,
                    "OFD 的页数超过上限 \(LayoutLimits.maximumPageCount) 页",
                    hint: "请拆分后分别提交"
                )
            }
            let place = page.attribute("BaseLoc").map { OfdPackage.resolve($0, from: root) }
            guard let place, let tree = try package.tree(place) else {
                notes.append(.init(what: "第 \(pages.count + 1) 页", reason: "页面内容缺失"))
                pages.append(
                    PositionedPage(index: pages.count, width: 595, height: 842, texts: [])
                )
                continue
            }
            var content = OfdContent(remaining: LayoutLimits.maximumPageCharacterCount)
            for use in tree.children("Template") {
                guard let id = use.attribute("TemplateID"), let name = templates[id] else {
                    continue
                }
                if templateTrees[id] == nil { templateTrees[id] = try package.tree(name) }
                if let template = templateTrees[id] { try content.add(page: template) }
            }
            try content.add(page: tree)
            add(content, area: tree.child("Area") ?? area)
            guard characterCount <= LayoutLimits.maximumCharacterCount else {
                throw ReportError(
                    .tooLarge,
                    "OFD 的文字超过上限 \(LayoutLimits.maximumCharacterCount) 字"
                )
            }
        }
        try noteRest(document, root)
    }

    private mutating func add(_ content: OfdContent, area: XMLNode?) {
        let box = OfdNumbers.box(
            area?.child("PhysicalBox")?.text ?? area?.child("ApplicationBox")?.text
        )
        let width = box.map { $0.width * Self.scale } ?? 595
        let height = box.map { $0.height * Self.scale } ?? 842
        let page = PositionedPage(
            index: pages.count,
            width: width > 1 ? width : 595,
            height: height > 1 ? height : 842,
            texts: content.texts,
            rulings: content.rulings
        )
        characterCount += page.texts.count
        pages.append(page)
    }

    /// Notes annotations and attachments.
    private mutating func noteRest(_ document: XMLNode, _ root: String) throws(ReportError) {
        if let place = document.child("Attachments")?.text,
            let list = try package.tree(OfdPackage.resolve(place, from: root))
        {
            for item in list.children("Attachment").prefix(50) {
                let name = item.attribute("Name") ?? "附件"
                notes.append(.init(what: "附件 \(name)", reason: "OFD 内嵌的附件没有读取，请单独提交"))
            }
        }
        if let place = document.child("Annotations")?.text {
            let name = OfdPackage.resolve(place, from: root)
            let count = try package.tree(name)?.children("Page").count ?? 0
            if count > 0 {
                notes.append(.init(what: "\(count) 页上的批注", reason: "批注、水印和图章没有读取"))
            }
        }
    }
}
