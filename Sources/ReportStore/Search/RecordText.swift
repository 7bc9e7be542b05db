import Glibc

/// The texts of a record, read from its canonical JSON without making values of it.
///
/// Bytes that are no JSON end the walk; nothing traps on them.
struct RecordText {
    /// One text.
    struct Piece {
        var field: SearchField
        /// The inside of the JSON string.
        var bytes: UnsafeBufferPointer<UInt8>
        /// Counts the objects of the record, so that texts of one item can be told.
        var item = 0
    }

    /// Where an item stands: a number of ``Piece/item`` and the ordinal of its block.
    typealias BlockBody = (_ item: Int, _ block: Int) -> Void

    private struct Walk: Error {}

    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var area: SearchField.Area?
    private var item = 0
    private let onBlock: BlockBody?

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ onBlock: BlockBody?) {
        self.bytes = bytes
        self.onBlock = onBlock
    }

    /// Goes through the texts in the order in which they stand.
    /// - Parameters:
    ///   - record: canonical JSON.
    ///   - onBlock: gets where items stand.
    ///   - body: gets each text that is searched; ends the walk by answering false.
    static func forEach(
        in record: UnsafeBufferPointer<UInt8>,
        onBlock: BlockBody? = nil,
        _ body: (Piece) -> Bool
    ) {
        var walk = RecordText(record, onBlock)
        let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        // What is no JSON is damage that `verify` names; here it only ends the walk.
        try? walk.value(depth: 0, parent: nothing, name: nothing, body)
    }

    private mutating func value(
        depth: Int,
        parent: UnsafeBufferPointer<UInt8>,
        name: UnsafeBufferPointer<UInt8>,
        _ body: (Piece) -> Bool
    ) throws(Walk) {
        guard depth < SearchLimits.maximumRecordDepth, offset < bytes.count else { throw Walk() }
        switch bytes[offset] {
        case UInt8(ascii: "{"): try object(depth: depth, parent: name, body)
        case UInt8(ascii: "["): try array(depth: depth, parent: parent, name: name, body)
        case UInt8(ascii: "\""):
            let text = try string()
            guard !text.isEmpty,
                let field = SearchField.of(in: area, parent: parent, name: name)
            else { return }
            guard body(Piece(field: field, bytes: text, item: item)) else { throw Walk() }
        default:
            let start = offset
            try skipWord()
            if let onBlock, area != nil, parent.equals("place"), name.equals("block"),
                let block = number(from: start)
            {
                onBlock(item, block)
            }
        }
    }

    private mutating func object(
        depth: Int,
        parent: UnsafeBufferPointer<UInt8>,
        _ body: (Piece) -> Bool
    ) throws(Walk) {
        offset += 1
        // A place stands within its item.
        if depth < 3 { item += 1 }
        if take("}") { return }
        while true {
            let name = try string()
            if depth == 0 { area = SearchField.area(name) }
            guard take(":") else { throw Walk() }
            try value(depth: depth + 1, parent: parent, name: name, body)
            if take("}") { return }
            guard take(",") else { throw Walk() }
        }
    }

    private mutating func array(
        depth: Int,
        parent: UnsafeBufferPointer<UInt8>,
        name: UnsafeBufferPointer<UInt8>,
        _ body: (Piece) -> Bool
    ) throws(Walk) {
        offset += 1
        if take("]") { return }
        while true {
            try value(depth: depth + 1, parent: parent, name: name, body)
            if take("]") { return }
            guard take(",") else { throw Walk() }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func string() throws(Walk) -> UnsafeBufferPointer<UInt8> {
        guard take("\"") else { throw Walk() }
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                offset += 1
                return UnsafeBufferPointer(rebasing: bytes[start..<offset - 1])
            }
            offset += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        throw Walk()
    }

    private func number(from start: Int) -> Int? {
        Int(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    /// Passes over a number or one of the three words.
    private mutating func skipWord() throws(Walk) {
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x2D, 0x30...0x39, 0x61...0x7A: offset += 1
            default:
                guard offset > start else { throw Walk() }
                return
            }
        }
        throw Walk()
    }
}
