import LMDB
import ReportModel

extension Store {
    /// Refuses numbers that neither the record schema nor any record here has: a mistyped role would
    /// look like figures that nobody reported.
    /// - Parameters:
    ///   - measures: numbers that are asked for.
    ///   - moment: the moment at which they are.
    ///   - transaction: the snapshot.
    /// - Throws: ``ReportError`` `usage` that names the roles.
    func checkRoles<T: ReadOperations & ~Copyable>(
        of measures: [Measure],
        at moment: Moment,
        _ transaction: borrowing T
    ) throws {
        for measure in measures {
            guard let name = measure.storedName, FactNames.code(of: name) == 0 else { continue }
            let wanted = FactMeasure(measure)
            var isHeld = false
            try scan(ListFilter(), at: moment).forEach(transaction) { _, row in
                isHeld = wanted.value(in: row) != nil
                return isHeld ? .stop : .continue
            }
            guard !isHeld else { continue }
            let roles = FactNames.roles(like: name)
            throw ReportError(
                .usage,
                "no number of a record is called \(name); "
                    + (roles.isNear ? "perhaps " : "there are ")
                    + roles.names.joined(separator: ", "),
                hint: "docs/export.md lists all roles; stats --of takes several"
            )
        }
    }
}

extension FactNames {
    /// Known names with the same beginning (`amount:`, `rate:`, `staff:`) to be named in an error.
    ///
    /// All of them where they are few; of amounts those alike, or without any the leading ones.
    static func roles(like name: String) -> (names: [String], isNear: Bool) {
        let prefix = name.prefix { $0 != ":" } + ":"
        let all = known.filter { $0.hasPrefix(prefix) }
        guard all.count > 12 else { return (all, false) }
        let words = Set(name.dropFirst(prefix.count).split(separator: "-"))
        func shared(_ other: String) -> Int {
            other.dropFirst(prefix.count).split(separator: "-").count { words.contains($0) }
        }
        let near = all.filter { shared($0) > 0 }
            .sorted { (shared($1), $0.count) < (shared($0), $1.count) }
        guard near.isEmpty else { return (Array(near.prefix(8)), true) }
        return (
            all.filter { $0.hasSuffix("-total") || !$0.contains("-") }.prefix(24).map(\.self), false
        )
    }
}
