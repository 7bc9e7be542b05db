/// Automatic numbers: definitions, and the counters as the text goes on.
///
/// Source: ISO/IEC 29500-1 section 17.9.
final class DocxNumbering {
    /// One level of a list.
    struct Level {
        var start = 1
        var format = "decimal"
        /// Text with `%1` to `%9` for the numbers of the levels.
        var text = ""
        /// Level, from 1, whose number starts this one anew; 0 for never; nil for every higher one.
        var restart: Int?
        /// Whether all numbers are shown as decimal ones.
        var isLegal = false
        /// What stands behind the number: tab, space or nothing.
        var suffix = "tab"
        /// Paragraph style that belongs to this level.
        var style: String?
    }

    /// A list that paragraphs name.
    private struct List {
        var abstract: Int
        var overrides: [Int: Level] = [:]
        var starts: [Int: Int] = [:]
    }

    private static let levelCount = 9

    private var abstracts: [Int: [Int: Level]] = [:]
    private var lists: [Int: List] = [:]
    private var counters: [Int: [Int?]] = [:]
    private var started: Set<Int> = []

    /// Reads the numbering part.
    init(_ root: XMLNode?, styles: DocxStyles) {
        var links: [Int: String] = [:]
        for node in root.map({ Array($0.children) }) ?? [] {
            if node.isNamed("abstractNum"), let id = node.integer("abstractNumId") {
                abstracts[id] = Self.levels(node)
                links[id] = node.child("numStyleLink")?.attribute("val")
            } else if node.isNamed("num"), let id = node.integer("numId"),
                let abstract = node.child("abstractNumId")?.integer("val")
            {
                var list = List(abstract: abstract)
                for override in node.children("lvlOverride") {
                    guard let level = override.integer("ilvl") else { continue }
                    list.starts[level] = override.child("startOverride")?.integer("val")
                    if let own = override.child("lvl") { list.overrides[level] = Self.level(own) }
                }
                lists[id] = list
            }
        }
        // A definition may only name the list style that holds its levels.
        for (id, style) in links where abstracts[id]?.isEmpty ?? true {
            if let list = styles.style(style).list, let target = lists[list]?.abstract {
                abstracts[id] = abstracts[target]
            }
        }
    }

    /// Counts a paragraph of a list and gives its number as shown.
    /// - Parameters:
    ///   - id: identifier of the list; 0 means none.
    ///   - level: level from 0; nil to find it by the style.
    ///   - style: style of the paragraph.
    /// - Returns: the number with a blank behind it where the text needs one; empty for bullets.
    func next(list id: Int, level: Int?, style: String?) -> String {
        guard id > 0, let list = lists[id] else { return "" }
        let own = abstracts[list.abstract] ?? [:]
        let index = level ?? own.first { style != nil && $0.value.style == style }?.key ?? 0
        guard index >= 0, index < Self.levelCount,
            let shown = list.overrides[index] ?? own[index]
        else { return "" }
        var counter = counters[list.abstract] ?? Array(repeating: nil, count: Self.levelCount)
        if !started.contains(id) {
            started.insert(id)
            for (level, start) in list.starts where level >= 0 && level < Self.levelCount {
                counter[level] = start &- 1
            }
        }
        counter[index] = (counter[index] ?? shown.start &- 1) &+ 1
        for deeper in (index + 1)..<max(index + 1, Self.levelCount) {
            switch (list.overrides[deeper] ?? own[deeper])?.restart {
            case nil: counter[deeper] = nil
            case let restart?: if restart > 0, index < restart { counter[deeper] = nil }
            }
        }
        counters[list.abstract] = counter
        guard shown.format != "bullet" else { return "" }
        return text(shown, list, own, counter)
    }

    private func text(_ shown: Level, _ list: List, _ own: [Int: Level], _ counter: [Int?])
        -> String
    {
        var result = ""
        var isMark = false
        for scalar in shown.text.unicodeScalars {
            if isMark, let digit = LineShape.digit(scalar), digit >= 1, digit <= Self.levelCount {
                let level = list.overrides[digit - 1] ?? own[digit - 1] ?? Level()
                let value = counter[digit - 1] ?? level.start
                let format = shown.isLegal ? "decimal" : level.format
                result += DocxNumberFormat.text(value, format)
                isMark = false
                continue
            }
            if isMark { result.unicodeScalars.append("%") }
            isMark = scalar == "%"
            if !isMark { result.unicodeScalars.append(scalar) }
        }
        guard let last = result.unicodeScalars.last else { return "" }
        // A tab is only distance; between digits it keeps `1.` and `5万元` apart.
        let isOpen = last == "." || LineShape.digit(last) != nil
        return isOpen && shown.suffix != "nothing" || shown.suffix == "space"
            ? result + " " : result
    }

    private static func levels(_ node: XMLNode) -> [Int: Level] {
        var levels: [Int: Level] = [:]
        for child in node.children where child.isNamed("lvl") {
            if let index = child.integer("ilvl") { levels[index] = level(child) }
        }
        return levels
    }

    private static func level(_ node: XMLNode) -> Level {
        var level = Level()
        level.start = node.child("start")?.integer("val") ?? 0
        let format =
            node.child("numFmt") ?? node.descendant("AlternateContent", "Fallback", "numFmt")
        level.format = format?.attribute("val") ?? "decimal"
        level.text = String((node.child("lvlText")?.attribute("val") ?? "").prefix(64))
        level.restart = node.child("lvlRestart")?.integer("val")
        level.isLegal = node.isOn("isLgl") ?? false
        level.suffix = node.child("suff")?.attribute("val") ?? "tab"
        level.style = node.child("pStyle")?.attribute("val")
        return level
    }
}
