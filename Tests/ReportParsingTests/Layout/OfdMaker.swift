/// Builds small OFD files for tests, in millimetres.
struct OfdMaker {
    private static let space = "xmlns:ofd=\"http://www.ofdspec.org/2016\""

    /// Content of the layers of each page.
    var pages: [String] = []
    /// Content of a template page that every page uses.
    var template: String?
    /// Elements added to OFD.xml's document body.
    var body = ""
    /// Elements added to the document.
    var document = ""
    /// Further entries.
    var entries: [(String, String)] = []
    /// Folder of the document.
    var folder = "Doc_0"

    /// A text object; distances between characters are one size unless told.
    static func text(
        _ text: String,
        x: Double,
        y: Double,
        size: Double = 4,
        delta: String? = nil,
        matrix: String? = nil
    ) -> String {
        let steps = delta ?? "g \(max(0, text.unicodeScalars.count - 1)) \(size)"
        let turn = matrix.map { " CTM=\"\($0)\"" } ?? ""
        return "<ofd:TextObject ID=\"9\" Boundary=\"\(x) \(y) 180 \(size * 1.2)\" Font=\"1\" "
            + "Size=\"\(size)\"\(turn)><ofd:TextCode X=\"0\" Y=\"\(size * 0.86)\" "
            + "DeltaX=\"\(steps)\">\(text)</ofd:TextCode></ofd:TextObject>"
    }

    /// A path object.
    static func path(_ data: String, x: Double = 0, y: Double = 0) -> String {
        "<ofd:PathObject ID=\"8\" Boundary=\"\(x) \(y) 200 290\" LineWidth=\"0.2\">"
            + "<ofd:AbbreviatedData>\(data)</ofd:AbbreviatedData></ofd:PathObject>"
    }

    /// The lines of a grid.
    static func grid(columns: [Double], rows: [Double]) -> String {
        guard let left = columns.first, let right = columns.last, let top = rows.first,
            let bottom = rows.last
        else { return "" }
        let upright = columns.map { "M \($0) \(top) L \($0) \(bottom)" }
        let level = rows.map { "M \(left) \($0) L \(right) \($0)" }
        return path((upright + level).joined(separator: " "))
    }

    /// The file.
    func bytes() -> [UInt8] {
        var zip = ZipMaker()
        add(
            &zip,
            "OFD.xml",
            "<ofd:OFD \(Self.space) Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocRoot>"
                + "\(folder)/Document.xml</ofd:DocRoot>\(body)</ofd:DocBody></ofd:OFD>"
        )
        let list = pages.indices.map {
            "<ofd:Page ID=\"\($0 + 10)\" BaseLoc=\"Pages/Page_\($0)/Content.xml\"/>"
        }
        let used =
            template == nil ? "" : "<ofd:TemplatePage ID=\"3\" BaseLoc=\"Tpls/Tpl_0/Content.xml\"/>"
        add(
            &zip,
            "\(folder)/Document.xml",
            "<ofd:Document \(Self.space)><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
                + "</ofd:PhysicalBox></ofd:PageArea>\(used)</ofd:CommonData><ofd:Pages>"
                + "\(list.joined())</ofd:Pages>\(document)</ofd:Document>"
        )
        for (index, page) in pages.enumerated() {
            let use =
                template == nil ? "" : "<ofd:Template TemplateID=\"3\" ZOrder=\"Background\"/>"
            add(&zip, "\(folder)/Pages/Page_\(index)/Content.xml", Self.page(use, page))
        }
        if let template { add(&zip, "\(folder)/Tpls/Tpl_0/Content.xml", Self.page("", template)) }
        for (name, content) in entries { add(&zip, name, content) }
        return zip.finish()
    }

    private func add(_ zip: inout ZipMaker, _ name: String, _ content: String) {
        zip.add(Array(name.utf8), Array(content.utf8))
    }

    private static func page(_ use: String, _ content: String) -> String {
        "<ofd:Page \(space)>\(use)<ofd:Content><ofd:Layer ID=\"2\">\(content)</ofd:Layer>"
            + "</ofd:Content></ofd:Page>"
    }
}
