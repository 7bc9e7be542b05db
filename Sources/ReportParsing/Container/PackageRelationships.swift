import ReportModel

/// The relationships of one part of an Open Packaging container, resolved inside of it.
///
/// A target outside of the container is never followed; a path that leads out of its root is none.
///
/// Source: ECMA-376 part 2, 9.3 (relationships).
struct PackageRelationships {
    /// One relationship.
    struct Relationship: Hashable, Sendable {
        /// Last word of the type's address, such as `worksheet`.
        var kind: String
        /// Name of the target part, without leading slash.
        var target: String
    }

    private var byIdentifier: [String: Relationship] = [:]
    private var inOrder: [Relationship] = []
    /// Relationships of one part; a workbook has as many as it has sheets.
    private static let maximumCount = 20_000

    /// Relationships of a part without any.
    init() {}

    /// Reads the relationships of a part.
    /// - Parameters:
    ///   - part: name of the part; empty for the container itself.
    ///   - archive: the container.
    /// - Throws: ``ReportError`` `.unreadable` or `.tooLarge`.
    init(of part: String, in archive: ZipArchive) throws(ReportError) {
        let cut = part.lastIndex(of: "/").map { part.index(after: $0) } ?? part.startIndex
        let folder = String(part[..<cut])
        let name = folder + "_rels/" + part[cut...] + ".rels"
        guard let bytes = try archive.read(named: name) else { return }
        let root = try XMLDocument(bytes).root
        for item in root.children("Relationship").prefix(Self.maximumCount) {
            guard item.attribute("TargetMode")?.lowercased() != "external",
                let identifier = item.attribute("Id"), let type = item.attribute("Type"),
                let target = item.attribute("Target"),
                let path = Self.resolved(target, from: folder)
            else { continue }
            let kind = type.split(separator: "/").last.map { String($0) } ?? type
            let relationship = Relationship(kind: kind, target: path)
            byIdentifier[identifier] = relationship
            inOrder.append(relationship)
        }
    }

    /// The relationship of an identifier.
    subscript(identifier: String) -> Relationship? { byIdentifier[identifier] }

    /// Target of the first relationship of a kind.
    func first(_ kind: String) -> String? { inOrder.first { $0.kind == kind }?.target }

    /// A target as the name of a part; nil when it leads out of the container.
    static func resolved(_ target: String, from folder: String) -> String? {
        guard target.utf8.count <= 2048 else { return nil }
        let isAbsolute = target.first == "/" || target.first == "\\"
        let path = isAbsolute ? target : folder + target
        var names: [Substring] = []
        for name in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
            if name == "." { continue }
            if name == ".." {
                guard names.popLast() != nil else { return nil }
            } else {
                names.append(name)
            }
        }
        return names.isEmpty ? nil : names.joined(separator: "/")
    }
}
