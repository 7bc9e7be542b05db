import CXML2

/// A node of an ``XMLDocument``: a pointer with the document that owns it.
///
/// Names are compared without their namespace, so that the strict and the transitional form of a
/// format read alike.
struct XMLNode {
    fileprivate let pointer: xmlNodePtr
    fileprivate let owner: XMLDocument

    init(pointer: xmlNodePtr, owner: XMLDocument) {
        self.pointer = pointer
        self.owner = owner
    }

    /// Whether this is an element.
    var isElement: Bool { pointer.pointee.type == XML_ELEMENT_NODE }

    /// Whether this is text or a CDATA section.
    var isText: Bool {
        pointer.pointee.type == XML_TEXT_NODE || pointer.pointee.type == XML_CDATA_SECTION_NODE
    }

    /// Whether both stand for the same node of one tree.
    func isSame(as other: XMLNode) -> Bool { pointer == other.pointer }

    /// Name without prefix.
    var name: String { pointer.pointee.name.map { String(cString: $0) } ?? "" }

    /// Address of the namespace; nil without one.
    var namespace: String? { pointer.pointee.ns?.pointee.href.map { String(cString: $0) } }

    /// Whether the name without prefix is this one.
    func isNamed(_ name: StaticString) -> Bool {
        XMLNode.matches(pointer.pointee.name, name)
    }

    /// The element that holds this node; nil for the outermost.
    var parent: XMLNode? {
        guard let parent = pointer.pointee.parent, parent.pointee.type == XML_ELEMENT_NODE else {
            return nil
        }
        return XMLNode(pointer: parent, owner: owner)
    }

    /// The value of the first attribute with this name without prefix; nil when there is none.
    func attribute(_ name: StaticString) -> String? {
        var attribute = pointer.pointee.type == XML_ELEMENT_NODE ? pointer.pointee.properties : nil
        while let current = attribute {
            if XMLNode.matches(current.pointee.name, name) { return XMLNode.value(current) }
            attribute = current.pointee.next
        }
        return nil
    }

    /// The child elements, in order.
    var children: XMLChildren { XMLChildren(of: self, isElementsOnly: true) }

    /// The child nodes of every kind, in order.
    var nodes: XMLChildren { XMLChildren(of: self, isElementsOnly: false) }

    /// The first child element of a name.
    func child(_ name: StaticString) -> XMLNode? {
        for child in children where child.isNamed(name) { return child }
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
        walk { node in
            if node.pointee.type == XML_ELEMENT_NODE, XMLNode.matches(node.pointee.name, name) {
                result.append(XMLNode(pointer: node, owner: owner))
            }
        }
        return result
    }

    /// Appends the bytes of the text nodes that are children of this element.
    func appendOwnText(to bytes: inout [UInt8]) {
        guard isElement else { return }
        var node = pointer.pointee.children
        while let current = node {
            if current.pointee.type == XML_TEXT_NODE
                || current.pointee.type == XML_CDATA_SECTION_NODE,
                let content = current.pointee.content
            {
                bytes.append(
                    contentsOf: UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content)))
                )
            }
            node = current.pointee.next
        }
    }

    /// All text within this node, in document order; walks without recursion.
    var text: String {
        if isText { return pointer.pointee.content.map { String(cString: $0) } ?? "" }
        // Most elements of text hold one text node.
        guard let first = pointer.pointee.children else { return "" }
        if first.pointee.next == nil, first.pointee.type == XML_TEXT_NODE {
            return first.pointee.content.map { String(cString: $0) } ?? ""
        }
        var result = ""
        walk { node in
            if node.pointee.type == XML_TEXT_NODE || node.pointee.type == XML_CDATA_SECTION_NODE,
                let content = node.pointee.content
            {
                result += String(cString: content)
            }
        }
        return result
    }

    /// Visits every node below this one in document order.
    private func walk(_ visit: (xmlNodePtr) -> Void) {
        guard pointer.pointee.type == XML_ELEMENT_NODE, var node = pointer.pointee.children else {
            return
        }
        while true {
            visit(node)
            if node.pointee.type == XML_ELEMENT_NODE, let child = node.pointee.children {
                node = child
                continue
            }
            while node.pointee.next == nil {
                guard let parent = node.pointee.parent, parent != pointer else { return }
                node = parent
            }
            guard let next = node.pointee.next else { return }
            node = next
        }
    }

    private static func matches(_ name: UnsafePointer<xmlChar>?, _ other: StaticString) -> Bool {
        guard let name else { return false }
        let count = other.utf8CodeUnitCount
        let start = other.utf8Start
        var index = 0
        while index < count {
            // A name that ends early differs here, by its closing zero.
            if name[index] != start[index] { return false }
            index += 1
        }
        return name[count] == 0
    }

    private static func value(_ attribute: xmlAttrPtr) -> String {
        var result = ""
        var node = attribute.pointee.children
        while let current = node {
            if current.pointee.type == XML_TEXT_NODE, let content = current.pointee.content {
                let piece = String(cString: content)
                if result.isEmpty { result = piece } else { result += piece }
            }
            node = current.pointee.next
        }
        return result
    }
}

/// The children of a node, one after the other.
struct XMLChildren: Sequence, IteratorProtocol {
    private var following: xmlNodePtr?
    private let owner: XMLDocument
    private let isElementsOnly: Bool

    fileprivate init(of node: XMLNode, isElementsOnly: Bool) {
        owner = node.owner
        self.isElementsOnly = isElementsOnly
        following = node.isElement ? node.pointer.pointee.children : nil
    }

    /// The next child; nil at the end.
    mutating func next() -> XMLNode? {
        while let node = following {
            following = node.pointee.next
            if !isElementsOnly || node.pointee.type == XML_ELEMENT_NODE {
                return XMLNode(pointer: node, owner: owner)
            }
        }
        return nil
    }
}
