/// A node of an ``XMLDocument``: an index with the document that holds it.
///
/// Names are compared without their namespace, so that the strict and the transitional form of a
/// format read alike.
struct XMLNode {
    fileprivate let index: Int32
    fileprivate let owner: XMLDocument

    init(index: Int32, owner: XMLDocument) {
        self.index = index
        self.owner = owner
    }

    private var node: XMLTree.Node { owner.tree.nodes[Int(index)] }

    /// Whether this is an element.
    var isElement: Bool { node.name != XMLTree.textName }

    /// Whether this is text or a CDATA section.
    var isText: Bool { node.name == XMLTree.textName }

    /// Whether both stand for the same node of one tree.
    func isSame(as other: XMLNode) -> Bool { index == other.index && owner === other.owner }

    /// Name without prefix; empty for a text.
    var name: String {
        let name = node.name
        return name < 0 ? "" : owner.tree.names[Int(name)]
    }

    /// Address of the namespace; nil without one.
    var namespace: String? {
        let namespace = node.namespace
        return namespace < 0 ? nil : owner.tree.names[Int(namespace)]
    }

    /// Whether the name without prefix is this one.
    func isNamed(_ name: StaticString) -> Bool { owner.tree.isNamed(node.name, name) }

    /// The element that holds this node; nil for the outermost.
    var parent: XMLNode? {
        let parent = node.parent
        return parent < 0 ? nil : XMLNode(index: parent, owner: owner)
    }

    /// The value of the first attribute with this name without prefix; nil when there is none.
    func attribute(_ name: StaticString) -> String? {
        let node = node
        guard node.name != XMLTree.textName else { return nil }
        for offset in 0..<node.attributeCount {
            let attribute = owner.tree.attributes[Int(node.second + offset)]
            if owner.tree.isNamed(attribute.name, name) {
                return owner.tree.string(attribute.start, attribute.end)
            }
        }
        return nil
    }

    /// The child elements, in order.
    var children: XMLChildren { XMLChildren(of: self, isElementsOnly: true) }

    /// The child nodes of every kind, in order.
    var nodes: XMLChildren { XMLChildren(of: self, isElementsOnly: false) }

    /// The first child element of a name.
    func child(_ name: StaticString) -> XMLNode? {
        var next = firstChild
        while next >= 0 {
            let node = owner.tree.nodes[Int(next)]
            if owner.tree.isNamed(node.name, name) { return XMLNode(index: next, owner: owner) }
            next = node.next
        }
        return nil
    }

    /// The child elements of a name.
    func children(_ name: StaticString) -> [XMLNode] {
        children.filter { $0.isNamed(name) }
    }

    /// The element reached through the first children of these names.
    func descendant(_ names: StaticString...) -> XMLNode? {
        var node = self
        for name in names {
            guard let child = node.child(name) else { return nil }
            node = child
        }
        return node
    }

    /// All elements of a name below this one, in document order; walks without recursion.
    func descendants(_ name: StaticString) -> [XMLNode] {
        var result: [XMLNode] = []
        for index in inner where owner.tree.isNamed(owner.tree.nodes[Int(index)].name, name) {
            result.append(XMLNode(index: index, owner: owner))
        }
        return result
    }

    /// Appends the bytes of the text nodes that are children of this element.
    func appendOwnText(to bytes: inout [UInt8]) {
        var next = firstChild
        while next >= 0 {
            let node = owner.tree.nodes[Int(next)]
            if node.name == XMLTree.textName {
                bytes += owner.tree.bytes[Int(node.first)..<Int(node.second)]
            }
            next = node.next
        }
    }

    /// All text within this node, in document order; walks without recursion.
    var text: String {
        let node = node
        if node.name == XMLTree.textName { return owner.tree.string(node.first, node.second) }
        // Most elements of text hold one text node.
        guard node.first >= 0 else { return "" }
        let first = owner.tree.nodes[Int(node.first)]
        if first.next < 0, first.name == XMLTree.textName {
            return owner.tree.string(first.first, first.second)
        }
        var bytes: [UInt8] = []
        for index in inner {
            let node = owner.tree.nodes[Int(index)]
            guard node.name == XMLTree.textName else { continue }
            bytes += owner.tree.bytes[Int(node.first)..<Int(node.second)]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    fileprivate var firstChild: Int32 {
        let node = node
        return node.name == XMLTree.textName ? -1 : node.first
    }

    /// The nodes below this one: they follow it without a gap.
    private var inner: Range<Int32> {
        guard isElement else { return index..<index }
        // The next node that is not below stands behind this one or behind an element around it.
        var around = index
        while around >= 0 {
            let node = owner.tree.nodes[Int(around)]
            if node.next >= 0 { return (index + 1)..<node.next }
            around = node.parent
        }
        return (index + 1)..<Int32(truncatingIfNeeded: owner.tree.nodes.count)
    }
}

/// The children of a node, one after the other.
struct XMLChildren: Sequence, IteratorProtocol {
    private var following: Int32
    private let owner: XMLDocument
    private let isElementsOnly: Bool

    fileprivate init(of node: XMLNode, isElementsOnly: Bool) {
        owner = node.owner
        self.isElementsOnly = isElementsOnly
        following = node.firstChild
    }

    /// The next child; nil at the end.
    mutating func next() -> XMLNode? {
        while following >= 0 {
            let index = following
            let node = owner.tree.nodes[Int(index)]
            following = node.next
            if !isElementsOnly || node.name != XMLTree.textName {
                return XMLNode(index: index, owner: owner)
            }
        }
        return nil
    }
}
