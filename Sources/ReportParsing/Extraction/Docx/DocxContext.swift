import ReportModel

/// The parts around the text: styles, numbering, relations; each read once, when it is there.
final class DocxContext {
    let package: OfficePackage
    let relations: [String: OfficePackage.Relation]
    let styles: DocxStyles
    let numbering: DocxNumbering
    /// What could not be read of the parts around the text.
    private(set) var unread: [Document.Unread] = []

    /// Reads the parts that the main part names.
    init(_ package: OfficePackage, main: String) {
        self.package = package
        let relations = package.relations(of: main)
        var notes: [Document.Unread] = []
        func tree(_ kind: String) -> XMLDocument? {
            guard let relation = relations.values.first(where: { $0.kind == kind }) else {
                return nil
            }
            do throws(ReportError) {
                return try package.tree(relation.target) { bytes in
                    kind == "styles" ? DocxStyleSlices.reduced(bytes) : bytes
                }
            } catch {
                notes.append(Document.Unread(what: "部件 \(relation.target)", reason: error.message))
                return nil
            }
        }
        let styles = DocxStyles(tree("styles")?.root)
        numbering = DocxNumbering(tree("numbering")?.root, styles: styles)
        self.styles = styles
        self.relations = relations
        unread = notes
    }

    /// The root of a part that a relation leads to; what cannot be read is noted.
    func root(ofRelation id: String?, kind: String) -> XMLNode? {
        guard let id, let relation = relations[id], relation.kind == kind else { return nil }
        return root(relation)
    }

    /// The root of the only part of a kind.
    func root(ofKind kind: String) -> XMLNode? {
        relations.values.first { $0.kind == kind }.flatMap(root)
    }

    private func root(_ relation: OfficePackage.Relation) -> XMLNode? {
        do throws(ReportError) {
            return try package.tree(relation.target)?.root
        } catch {
            unread.append(
                Document.Unread(what: "部件 \(relation.target)", reason: error.message)
            )
            return nil
        }
    }
}

extension XMLNode {
    /// Whether the child of a name switches something on: present without value, or not off.
    ///
    /// Source: ISO/IEC 29500-1 section 17.17.4, type CT_OnOff.
    func isOn(_ name: StaticString) -> Bool? {
        guard let node = child(name) else { return nil }
        return node.isOnValue
    }

    /// Whether an element of type CT_OnOff says on.
    var isOnValue: Bool {
        switch attribute("val") {
        case "0", "false", "off": false
        default: true
        }
    }

    /// The whole number of an attribute; nil without one or beyond nine digits.
    func integer(_ name: StaticString) -> Int? {
        guard let text = attribute(name), text.utf8.count <= 9 else { return nil }
        return Int(text)
    }
}
