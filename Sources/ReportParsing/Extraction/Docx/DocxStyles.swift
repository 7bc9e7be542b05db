/// Paragraph and character styles with what they inherit.
///
/// Source: ISO/IEC 29500-1 section 17.7.
final class DocxStyles {
    /// What a style says about reading.
    struct Style {
        /// Level of a heading from 0; nil for body text.
        var outlineLevel: Int?
        /// Numbering: list identifier and level.
        var list: Int?
        var listLevel: Int?
        /// Whether text in it is hidden.
        var isHidden: Bool?
    }

    private struct Own {
        var base: String?
        var name: String
        var style: Style
    }

    /// Style chains are followed this far; Word allows eleven.
    private static let longestChain = 32

    private var own: [String: Own] = [:]
    private var resolved: [String: Style] = [:]
    private let plain: String?

    /// Reads the styles part.
    init(_ root: XMLNode?) {
        var plain: String?
        for node in root?.children("style") ?? [] {
            guard let id = node.attribute("styleId") else { continue }
            let properties = node.child("pPr")
            let numbers = properties?.child("numPr")
            var style = Style()
            let name = node.child("name")?.attribute("val") ?? ""
            style.outlineLevel =
                properties?.child("outlineLvl")?.integer("val") ?? Self.level(ofName: name)
            style.list = numbers?.child("numId")?.integer("val")
            style.listLevel = numbers?.child("ilvl")?.integer("val")
            style.isHidden = node.child("rPr")?.isOn("vanish")
            own[id] = Own(base: node.child("basedOn")?.attribute("val"), name: name, style: style)
            let isDefault = node.attribute("default").map { $0 == "1" || $0 == "true" } ?? false
            if isDefault, node.attribute("type") == "paragraph" { plain = id }
        }
        self.plain = plain
    }

    /// A style with what it inherits; the default paragraph style for nil.
    func style(_ id: String?) -> Style {
        guard let id = id ?? plain else { return Style() }
        if let style = resolved[id] { return style }
        var style = Style()
        var next: String? = id
        var steps = 0
        while let current = next.flatMap({ own[$0] }), steps < Self.longestChain {
            style.outlineLevel = style.outlineLevel ?? current.style.outlineLevel
            style.list = style.list ?? current.style.list
            style.listLevel = style.listLevel ?? current.style.listLevel
            style.isHidden = style.isHidden ?? current.style.isHidden
            next = current.base
            steps += 1
        }
        if let level = style.outlineLevel, level < 0 || level > 8 { style.outlineLevel = nil }
        resolved[id] = style
        return style
    }

    /// The level that a built-in name such as `heading 1` or `标题 1` stands for.
    private static func level(ofName name: String) -> Int? {
        let folded = name.lowercased().filter { $0 != " " }
        for prefix in ["heading", "标题"] where folded.hasPrefix(prefix) {
            if let level = Int(folded.dropFirst(prefix.count)), level >= 1, level <= 9 {
                return level - 1
            }
        }
        return nil
    }
}
