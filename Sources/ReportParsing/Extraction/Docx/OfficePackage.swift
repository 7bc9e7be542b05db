import ReportModel

/// A package of parts with relations between them, as all Office formats of XML are.
///
/// Source: ISO/IEC 29500-2, sections 6 (parts) and 8 (relationships).
final class OfficePackage {
    /// One relation of a part to another.
    struct Relation {
        /// Last word of the type's address, such as `styles`: alike in strict and transitional.
        var kind: String
        /// Name of the part that is meant.
        var target: String
    }

    private let archive: ZipArchive
    private let limits: ContainerLimits

    /// Opens a package.
    init(_ bytes: [UInt8], limits: ContainerLimits) throws(ReportError) {
        archive = try ZipArchive(bytes, limits: limits)
        self.limits = limits
    }

    /// The bytes of a part; nil when there is none of the name.
    func read(_ part: String) throws(ReportError) -> [UInt8]? {
        try archive.read(named: part)
    }

    /// The tree of a part; nil when there is none of the name.
    func tree(_ part: String) throws(ReportError) -> XMLDocument? {
        guard let bytes = try read(part) else { return nil }
        return try XMLDocument(bytes, limits: limits)
    }

    /// The tree of a part that is cut down before it is parsed, or of the whole part when what is
    /// left cannot be parsed.
    func tree(
        _ part: String,
        reducedBy reduce: ([UInt8]) -> [UInt8]
    ) throws(ReportError) -> XMLDocument? {
        guard let bytes = try read(part) else { return nil }
        do throws(ReportError) {
            return try XMLDocument(reduce(bytes), limits: limits)
        } catch {
            return try XMLDocument(bytes, limits: limits)
        }
    }

    /// The name of the part that holds the document itself.
    func mainPart(fallback: String) -> String? {
        let relation = relations(of: "").values.first { $0.kind == "officeDocument" }
        if let relation, archive.entry(named: relation.target) != nil { return relation.target }
        return archive.entry(named: fallback)?.name
    }

    /// The relations of a part by their identifiers; without those that lead out of the package.
    ///
    /// A damaged list of relations counts as none: what it leads to is then missing, not the text.
    func relations(of part: String) -> [String: Relation] {
        let slash = part.lastIndex(of: "/")
        let folder = slash.map { String(part[..<$0]) } ?? ""
        let name = slash.map { String(part[part.index(after: $0)...]) } ?? part
        let list = (folder.isEmpty ? "" : folder + "/") + "_rels/" + name + ".rels"
        guard let tree = try? tree(list) else { return [:] }
        var relations: [String: Relation] = [:]
        for node in tree.root.children where node.isNamed("Relationship") {
            guard let id = node.attribute("Id"), let type = node.attribute("Type"),
                let target = node.attribute("Target"), node.attribute("TargetMode") != "External"
            else { continue }
            let kind = type.split(separator: "/").last.map { String($0) } ?? type
            relations[id] = Relation(kind: kind, target: Self.resolve(target, in: folder))
        }
        return relations
    }

    /// The name of a part that is named from within a folder of the package.
    private static func resolve(_ target: String, in folder: String) -> String {
        var parts = target.utf8.first == UInt8(ascii: "/") ? [] : folder.split(separator: "/")[...]
        for step in target.split(separator: "/") {
            switch step {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(step)
            }
        }
        return parts.joined(separator: "/")
    }
}
