/// The elements, attributes and texts of a parsed file in flat arrays.
///
/// Links are indexes, so that a tree costs a few allocations however many nodes it has, and is
/// freed at once.
struct XMLTree {
    /// An element, or a text when ``name`` is ``textName``.
    struct Node {
        /// Index of the name.
        var name: Int32
        /// Index of the element around it; -1 for the outermost.
        var parent: Int32
        /// Index of the next node within the same element; -1 for the last.
        var next: Int32 = -1
        /// First node within the element, -1 without one; of a text, its first byte.
        var first: Int32
        /// First attribute of the element; of a text, one past its last byte.
        var second: Int32
        /// Number of attributes.
        var attributeCount: Int32 = 0
        /// Index of the namespace's address; -1 without one.
        var namespace: Int32 = -1
    }

    /// An attribute with the bytes of its value.
    struct Attribute {
        var name: Int32
        var start: Int32
        var end: Int32
    }

    /// Stands for the name of a text.
    static let textName: Int32 = -1

    /// The nodes in document order; the first is the outermost element.
    var nodes: [Node] = []
    /// The attributes of all elements, those of one element side by side.
    var attributes: [Attribute] = []
    /// Texts and values of attributes, in UTF-8.
    var bytes: [UInt8] = []
    /// Names and addresses of namespaces, each once.
    var names: [String] = []

    /// Whether a name is this one.
    func isNamed(_ name: Int32, _ other: StaticString) -> Bool {
        guard name >= 0 else { return false }
        let other = UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount)
        let utf8 = names[Int(name)].utf8
        guard utf8.count == other.count else { return false }
        return utf8.elementsEqual(other)
    }

    /// A range of bytes as a string.
    func string(_ start: Int32, _ end: Int32) -> String {
        bytes.withUnsafeBufferPointer { buffer in
            String(decoding: buffer[Int(start)..<Int(end)], as: UTF8.self)
        }
    }
}
