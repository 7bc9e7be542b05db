/// What the elements of a page mean for its text.
enum HtmlElement {
    /// How an element is read.
    enum Kind: Hashable {
        case inline
        case block
        case heading(Int)
        case list
        case item
        case table
        case lineBreak
        case field
        case dropped
    }

    private static let droppedNames: Set<String> = [
        "script", "style", "noscript", "template", "head", "title", "meta", "link", "iframe",
        "object", "applet", "embed", "svg", "math", "canvas", "audio", "video", "map", "nav",
        "footer", "aside", "button", "datalist", "dialog", "rt", "rp", "del", "xml", "col",
        "colgroup", "frameset", "noframes",
    ]
    private static let blockNames: Set<String> = [
        "p", "div", "pre", "blockquote", "section", "article", "main", "form", "fieldset",
        "address", "center", "dl", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot",
        "caption", "body", "html", "figure", "figcaption", "hr", "header", "details", "summary",
        "legend", "dir", "menu", "hgroup",
    ]

    /// How an element of a name is read.
    static func kind(_ name: String) -> Kind {
        switch name {
        case "br": return .lineBreak
        case "ul", "ol": return .list
        case "li": return .item
        case "table": return .table
        case "input", "select", "textarea": return .field
        case "h1", "h2", "h3", "h4", "h5", "h6":
            return .heading(Int(name.utf8.last ?? 0x31) - 0x31)
        default:
            if blockNames.contains(name) { return .block }
            return droppedNames.contains(name) ? .dropped : .inline
        }
    }

    /// Whether an element is not shown.
    static func isHidden(_ node: XMLNode) -> Bool {
        if node.attribute("hidden") != nil { return true }
        guard let style = node.attribute("style") else { return false }
        return holds("display:none", style) || holds("visibility:hidden", style)
            || holds("mso-hide:all", style) || holds("mso-element:header", style)
            || holds("mso-element:footer", style) || holds("mso-element:comment", style)
    }

    /// Whether a style holds a declaration; blanks and upper case do not matter.
    static func holds(_ declaration: String, _ style: String) -> Bool {
        guard style.utf8.count >= declaration.utf8.count else { return false }
        var bare: [UInt8] = []
        for byte in style.utf8.prefix(4096) where byte > 0x20 {
            bare.append(byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte)
        }
        return String(decoding: bare, as: UTF8.self).holds(declaration)
    }

    /// What a field of a form shows: a box, the text typed in, the chosen option.
    static func value(of node: XMLNode, _ name: String) -> String {
        switch name {
        case "textarea": return node.text
        case "select":
            let options = node.descendants("option")
            let chosen = options.first { $0.attribute("selected") != nil } ?? options.first
            return chosen.map { CellText.trimmed($0.text) } ?? ""
        default:
            switch node.attribute("type")?.lowercased() ?? "text" {
            case "checkbox", "radio": return node.attribute("checked") == nil ? "□" : "☑"
            case "text", "number", "date": return node.attribute("value") ?? ""
            default: return ""
            }
        }
    }

    /// Whether a list holds nothing but three links or more, as menus do.
    static func isNavigation(_ list: XMLNode) -> Bool {
        let links = list.descendants("a")
        guard links.count >= 3 else { return false }
        func visible(_ text: String) -> Int {
            text.unicodeScalars.reduce(0) { $0 + (LineShape.isBlank($1) ? 0 : 1) }
        }
        let linked = links.reduce(0) { $0 + visible($1.text) }
        return linked > 0 && linked <= links.count * 30 && visible(list.text) <= linked
    }
}

/// Numbers of ordered lists.
enum HtmlList {
    /// How the numbers of a list are written.
    enum Style: Hashable {
        case none
        case decimal
        case letter(isUpper: Bool)
        case roman(isUpper: Bool)
        case chinese
    }

    /// First number and style of a list; no number for one without numbers.
    static func begin(_ node: XMLNode, _ name: String) -> (Int?, Style) {
        guard name == "ol" else { return (nil, .none) }
        let start = node.attribute("start").flatMap { Int($0) } ?? 1
        let style = node.attribute("style") ?? ""
        var shown = Style.decimal
        switch node.attribute("type") ?? "" {
        case "a": shown = .letter(isUpper: false)
        case "A": shown = .letter(isUpper: true)
        case "i": shown = .roman(isUpper: false)
        case "I": shown = .roman(isUpper: true)
        default: break
        }
        for word in ["cjk-ideographic", "simp-chinese", "trad-chinese", "cjk-decimal"]
        where HtmlElement.holds(word, style) {
            shown = .chinese
        }
        if HtmlElement.holds("list-style:none", style)
            || HtmlElement.holds("list-style-type:none", style)
        {
            return (nil, .none)
        }
        return (start.magnitude < 1_000_000 ? start : 1, shown)
    }

    /// A number as its list shows it.
    static func text(_ value: Int, _ style: Style) -> String {
        switch style {
        case .none: return ""
        case .chinese where value > 0:
            return ChineseNumerals.small(value, isFormal: false) + "、"
        case .letter(let isUpper) where (1...26).contains(value):
            let letter = UInt8(0x60 + value)
            return String(decoding: [isUpper ? letter - 0x20 : letter, 0x2E], as: UTF8.self)
        case .roman(let isUpper) where (1...3999).contains(value):
            return (isUpper ? roman(value) : roman(value).lowercased()) + "."
        default: return "\(value)."
        }
    }

    private static func roman(_ value: Int) -> String {
        let steps: [(Int, String)] = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
            (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var rest = value
        var text = ""
        for (step, letters) in steps {
            while rest >= step {
                text += letters
                rest -= step
            }
        }
        return text
    }
}
