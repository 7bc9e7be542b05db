import CXML2

/// Collects the events of libxml2 in an ``XMLTree``.
///
/// A value that the parser sees through a pointer: events come too often for a class, whose every
/// access is checked.
///
/// Source: libxml2 `xmlSAXHandler`, `startElementNsSAX2Func`.
struct XMLTreeBuilder {
    private(set) var tree = XMLTree()
    private var open: [(node: Int32, last: Int32)] = []
    private var known: [String: Int32] = [:]
    /// Names are interned by libxml2: the same address means the same name.
    private var addresses = [UInt](repeating: 0, count: slotCount)
    private var identifiers = [Int32](repeating: 0, count: slotCount)

    /// The parser, while it runs.
    var parser: xmlParserCtxtPtr?
    /// Whether the file holds what no office format has.
    private(set) var isRefused = false

    private static let slotCount = 512

    /// Makes a builder with room for as many nodes and attributes as the file may have.
    init(tags: Int, attributes: Int, byteCount: Int) {
        tree.nodes.reserveCapacity(tags)
        tree.attributes.reserveCapacity(min(attributes, byteCount / 4))
        tree.bytes.reserveCapacity(byteCount / 4)
    }

    /// Begins an element.
    mutating func start(_ name: UnsafePointer<xmlChar>?, namespace: UnsafePointer<xmlChar>? = nil) {
        add(
            XMLTree.Node(
                name: identifier(name),
                parent: open.last?.node ?? -1,
                first: -1,
                second: Int32(truncatingIfNeeded: tree.attributes.count),
                namespace: namespace == nil ? -1 : identifier(namespace)
            )
        )
        open.append((Int32(truncatingIfNeeded: tree.nodes.count - 1), -1))
    }

    /// Adds an attribute to the element that was begun last.
    mutating func addAttribute(
        _ name: UnsafePointer<xmlChar>?,
        _ value: UnsafeBufferPointer<UInt8>
    ) {
        guard let node = open.last?.node else { return }
        let start = Int32(truncatingIfNeeded: tree.bytes.count)
        tree.bytes.append(contentsOf: value)
        if value.contains(UInt8(ascii: "&")) { takeOffEscapes(from: Int(start)) }
        tree.attributes.append(
            XMLTree.Attribute(
                name: identifier(name),
                start: start,
                end: Int32(truncatingIfNeeded: tree.bytes.count)
            )
        )
        tree.nodes[Int(node)].attributeCount += 1
    }

    /// Turns `&#38;`, which libxml2 leaves in a value for every ampersand, into the ampersand.
    private mutating func takeOffEscapes(from start: Int) {
        let escape = Array("&#38;".utf8)
        var kept = start
        var index = start
        while index < tree.bytes.count {
            let byte = tree.bytes[index]
            tree.bytes[kept] = byte
            kept += 1
            let isEscape = byte == escape[0] && tree.bytes[index...].starts(with: escape)
            index += isEscape ? escape.count : 1
        }
        tree.bytes.removeSubrange(kept...)
    }

    /// Ends the innermost element.
    mutating func end() { _ = open.popLast() }

    /// Adds text to the innermost element; pieces that follow each other are one text.
    mutating func addText(_ text: UnsafeBufferPointer<UInt8>) {
        guard let (parent, last) = open.last, !text.isEmpty else { return }
        let start = Int32(truncatingIfNeeded: tree.bytes.count)
        tree.bytes.append(contentsOf: text)
        let end = Int32(truncatingIfNeeded: tree.bytes.count)
        if last >= 0, tree.nodes[Int(last)].name == XMLTree.textName,
            tree.nodes[Int(last)].second == start
        {
            tree.nodes[Int(last)].second = end
        } else {
            add(XMLTree.Node(name: XMLTree.textName, parent: parent, first: start, second: end))
        }
    }

    private mutating func add(_ node: XMLTree.Node) {
        let index = Int32(truncatingIfNeeded: tree.nodes.count)
        tree.nodes.append(node)
        guard !open.isEmpty else { return }
        let (parent, last) = open[open.count - 1]
        if last < 0 {
            tree.nodes[Int(parent)].first = index
        } else {
            tree.nodes[Int(last)].next = index
        }
        open[open.count - 1].last = index
    }

    /// Refuses the file and ends the parser.
    mutating func refuse() {
        isRefused = true
        if let parser { xmlStopParser(parser) }
    }

    private mutating func identifier(_ name: UnsafePointer<xmlChar>?) -> Int32 {
        guard let name else { return 0 }
        let address = UInt(bitPattern: name)
        let slot = Int(truncatingIfNeeded: (address >> 3) ^ (address >> 12)) & (Self.slotCount - 1)
        if addresses[slot] == address { return identifiers[slot] }
        let text = String(cString: name)
        let found: Int32
        if let held = known[text] {
            found = held
        } else {
            found = Int32(truncatingIfNeeded: tree.names.count)
            tree.names.append(text)
            known[text] = found
        }
        addresses[slot] = address
        identifiers[slot] = found
        return found
    }
}

extension XMLTreeBuilder {
    /// The builder behind the user data of a parser.
    static func of(_ data: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLTreeBuilder>? {
        data?.assumingMemoryBound(to: XMLTreeBuilder.self)
    }

    /// Sends the events of a parser to the builder, in place of libxml2's own tree.
    static func install(in handler: xmlSAXHandlerPtr) {
        handler.pointee = xmlSAXHandler()
        handler.pointee.initialized = UInt32(XML_SAX2_MAGIC)
        handler.pointee.startElementNs = { data, name, _, address, _, _, count, _, values in
            guard let builder = XMLTreeBuilder.of(data) else { return }
            builder.pointee.start(name, namespace: address)
            guard let values else { return }
            for index in 0..<Int(max(0, count)) {
                // Five pointers: name, prefix, namespace, first byte of the value, its end.
                guard let start = values[index * 5 + 3], let end = values[index * 5 + 4] else {
                    continue
                }
                builder.pointee.addAttribute(
                    values[index * 5],
                    UnsafeBufferPointer(start: start, count: max(0, end - start))
                )
            }
        }
        handler.pointee.endElementNs = { data, _, _, _ in XMLTreeBuilder.of(data)?.pointee.end() }
        handler.pointee.characters = { data, text, count in
            XMLTreeBuilder.of(data)?.pointee.addText(
                UnsafeBufferPointer(start: text, count: Int(max(0, count)))
            )
        }
        handler.pointee.ignorableWhitespace = handler.pointee.characters
        handler.pointee.cdataBlock = handler.pointee.characters
    }

    /// Adds a tree that libxml2 built; walks without recursion.
    mutating func add(_ root: xmlNodePtr) {
        var node = root
        while true {
            if enter(node), let child = node.pointee.children {
                node = child
                continue
            }
            if node.pointee.type == XML_ELEMENT_NODE { end() }
            while node == root || node.pointee.next == nil {
                guard node != root, let parent = node.pointee.parent else { return }
                node = parent
                end()
            }
            guard let next = node.pointee.next else { return }
            node = next
        }
    }

    /// Adds one node; true for an element.
    private mutating func enter(_ node: xmlNodePtr) -> Bool {
        switch node.pointee.type {
        case XML_ELEMENT_NODE:
            start(node.pointee.name)
            var attribute = node.pointee.properties
            while let current = attribute {
                let content = current.pointee.children?.pointee.content
                addAttribute(current.pointee.name, Self.buffer(content))
                attribute = current.pointee.next
            }
            return true
        case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
            addText(Self.buffer(node.pointee.content))
            return false
        default: return false
        }
    }

    private static func buffer(_ text: UnsafePointer<xmlChar>?) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text, count: text.map { Int(xmlStrlen($0)) } ?? 0)
    }
}
