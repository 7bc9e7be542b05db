/// The numbers of the items below the heading of a list, which may look like those of headings.
///
/// Below 6、改进措施 the items 1. 2. 3. are no headings, nor is 3、 below （二）相关建议 the one behind it.
struct ItemRun {
    /// How a number is written: its style and the mark behind it.
    private struct Form: Equatable {
        var style: LineShape.Style
        var mark: Unicode.Scalar?
    }

    private var form: Form?
    private var last = 0
    private var lastBlock: Int?

    /// Begins anew below the heading of a list.
    mutating func begin() {
        form = nil
        last = 0
        lastBlock = nil
    }

    /// Looks at a block behind the heading.
    mutating func read(_ text: String, _ block: Int) {
        guard let found = LineShape.enumerator(text), found.style != .part else { return }
        let own = Self.form(found, text)
        if let form {
            guard own == form, found.value == last + 1 else { return }
        } else {
            // A sibling of the heading goes on with its number and does not begin at 1.
            guard found.value == 1 else { return }
            form = own
        }
        last = found.value
        lastBlock = block
    }

    /// Whether the block is the latest item.
    func holds(_ block: Int) -> Bool { lastBlock == block }

    private static func form(_ found: LineShape.Enumerator, _ text: String) -> Form {
        let scalars = text.scalarArray(upTo: found.end)
        return Form(style: found.style, mark: scalars.last)
    }
}
