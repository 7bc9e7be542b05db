import ReportModel

/// Reads the lines and tables of a page in the order in which they are shown.
///
/// Walks with a stack of its own, so that no page can exhaust that of the thread.
struct HtmlFlow {
    /// What stands on a page.
    enum Piece {
        /// A line of text with the level that a heading element states, from 0.
        case line(String, level: Int?)
        /// A table that holds data.
        case table(XMLNode)
    }

    /// An element whose children are being read.
    private struct Frame {
        var children: XMLChildren
        var kind: HtmlElement.Kind
        var level: Int?
        /// Next number of an ordered list.
        var number: Int?
        var style: HtmlList.Style = .none
        var isPreformatted: Bool
        /// Where the text of a rendered list number began.
        var mark: Int?
    }

    private let limits: ParsingLimits
    private let keepsTables: Bool
    private var pieces: [Piece] = []
    private var line = HtmlLine()
    private var frames: [Frame] = []
    private var hasProse = false

    /// The lines and tables within an element.
    static func pieces(_ root: XMLNode, limits: ParsingLimits) -> [Piece] {
        var flow = HtmlFlow(limits: limits, keepsTables: true)
        flow.walk(root)
        return flow.pieces
    }

    /// The text of a cell, its lines separated by line feeds.
    static func text(_ cell: XMLNode, limits: ParsingLimits) -> String {
        var flow = HtmlFlow(limits: limits, keepsTables: false)
        flow.walk(cell)
        var text = ""
        for case .line(let line, _) in flow.pieces {
            if !text.isEmpty { text += "\n" }
            text += line
        }
        return text
    }

    private init(limits: ParsingLimits, keepsTables: Bool) {
        self.limits = limits
        self.keepsTables = keepsTables
    }

    private mutating func walk(_ root: XMLNode) {
        frames = [Frame(children: root.nodes, kind: .block, isPreformatted: false)]
        while !frames.isEmpty {
            guard let node = frames[frames.count - 1].children.next() else {
                leave(frames.removeLast())
                continue
            }
            if node.isText {
                line.add(node.text, isPreformatted: frames[frames.count - 1].isPreformatted)
                if line.hasFeed { addPreformatted() }
            } else if node.isElement {
                enter(node)
            }
        }
        flush(nil)
    }

    private mutating func enter(_ node: XMLNode) {
        let name = node.name
        let kind = HtmlElement.kind(name)
        guard kind != .dropped, !HtmlElement.isHidden(node) else { return }
        var frame = Frame(
            children: node.nodes,
            kind: kind,
            isPreformatted: frames.last?.isPreformatted ?? false
        )
        switch kind {
        case .lineBreak:
            flush(openLevel)
            return
        case .field:
            line.add(HtmlElement.value(of: node, name), isPreformatted: false)
            return
        case .heading(let level):
            flush(openLevel)
            frame.level = level
        case .list:
            if keepsTables, !hasProse, !frames.contains(where: { $0.kind == .list }),
                HtmlElement.isNavigation(node)
            {
                return
            }
            flush(openLevel)
            (frame.number, frame.style) = HtmlList.begin(node, name)
        case .item:
            flush(openLevel)
            number(node)
        case .table:
            flush(openLevel)
            if keepsTables, !HtmlTable.isLayout(node, limits: limits) {
                pieces.append(.table(node))
                return
            }
        case .block:
            flush(openLevel)
            if name == "pre" { frame.isPreformatted = true }
        case .inline:
            let style = node.attribute("style") ?? ""
            if HtmlElement.holds("mso-list:ignore", style) { frame.mark = line.count }
        case .dropped: return
        }
        frames.append(frame)
    }

    private mutating func leave(_ frame: Frame) {
        switch frame.kind {
        case .inline:
            if let mark = frame.mark { line.trimEnd(downTo: mark) }
        case .heading: flush(frame.level)
        default: flush(openLevel)
        }
    }

    /// The level of the heading element around the line at hand.
    private var openLevel: Int? { frames.last { $0.level != nil }?.level }

    private mutating func number(_ node: XMLNode) {
        guard let index = frames.lastIndex(where: { $0.kind == .list }),
            var value = frames[index].number
        else { return }
        if let stated = node.attribute("value").flatMap({ Int($0) }), stated.magnitude < 1_000_000 {
            value = stated
        }
        frames[index].number = value + 1
        line.prefix = HtmlList.text(value, frames[index].style)
    }

    /// Ends the line at hand.
    private mutating func flush(_ level: Int?) {
        let text = line.take()
        guard !text.isEmpty else { return }
        if text.utf8.count > 180 { hasProse = true }
        pieces.append(.line(text, level: level))
    }

    /// Divides preformatted text at its line feeds.
    private mutating func addPreformatted() {
        for text in line.takeLines() where !text.isEmpty { pieces.append(.line(text, level: nil)) }
    }
}
