/// Which elements of two lists are the same thing.
struct ListMatch {
    /// Indexes of elements that belong together, ascending in the new list.
    private(set) var pairs: [(old: Int, new: Int)] = []
    /// Elements of the old list without a partner.
    private(set) var removed: [Int] = []
    /// Elements of the new list without a partner.
    private(set) var added: [Int] = []

    /// Matches by names, the strictest first, then by likeness.
    /// - Parameters:
    ///   - old: the old list.
    ///   - new: the new list.
    ///   - names: what two elements must have in common, in turn; an element without it is passed over.
    ///   - likeness: a group that both must be in, and a text that must be like; nil for none.
    init(
        _ old: [JSONValue],
        _ new: [JSONValue],
        by names: [(JSONValue) -> String?],
        likeness: ((JSONValue) -> (group: String, text: String)?)? = nil
    ) {
        var openOld = Set(old.indices)
        var openNew = Array(new.indices)
        for name in names where !openOld.isEmpty && !openNew.isEmpty {
            var places: [String: [Int]] = [:]
            for index in openOld.sorted().reversed() {
                if let key = name(old[index]) { places[key, default: []].append(index) }
            }
            openNew.removeAll { index in
                guard let key = name(new[index]), let partner = places[key]?.popLast() else {
                    return false
                }
                openOld.remove(partner)
                pairs.append((partner, index))
                return true
            }
        }
        if let likeness {
            Self.matchAlike(old, new, &openOld, &openNew, &pairs, likeness)
        }
        pairs.sort { $0.new < $1.new }
        removed = openOld.sorted()
        added = openNew
    }

    private static func matchAlike(
        _ old: [JSONValue],
        _ new: [JSONValue],
        _ openOld: inout Set<Int>,
        _ openNew: inout [Int],
        _ pairs: inout [(old: Int, new: Int)],
        _ likeness: (JSONValue) -> (group: String, text: String)?
    ) {
        guard openOld.count <= DiffLimits.maximumLikenessCount,
            openNew.count <= DiffLimits.maximumLikenessCount
        else { return }
        func texts(
            _ list: [JSONValue],
            _ indexes: [Int]
        ) -> [(index: Int, group: String, text: LikenessText)] {
            indexes.compactMap { index in
                likeness(list[index]).map { (index, $0.group, LikenessText($0.text)) }
            }
        }
        let newTexts = texts(new, openNew)
        var found: [(likeness: Int, old: Int, new: Int)] = []
        for left in texts(old, openOld.sorted()) {
            for right in newTexts where right.group == left.group {
                let value = left.text.likeness(to: right.text)
                if value >= DiffLimits.minimumLikeness {
                    found.append((value, left.index, right.index))
                }
            }
        }
        found.sort { ($1.likeness, $0.new, $0.old) < ($0.likeness, $1.new, $1.old) }
        var takenNew: Set<Int> = []
        for (_, left, right) in found where openOld.contains(left) && !takenNew.contains(right) {
            openOld.remove(left)
            takenNew.insert(right)
            pairs.append((left, right))
        }
        openNew.removeAll { takenNew.contains($0) }
    }
}
