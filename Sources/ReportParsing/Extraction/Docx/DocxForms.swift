/// Content controls and the form fields of older versions.
///
/// Source: ISO/IEC 29500-1 section 17.5.2; MS-DOCX section 2.5.4 (`w14:checkbox`).
enum DocxForms {
    static let checked = "☑"
    static let unchecked = "□"

    /// The content of a control; nil when it only shows its prompt.
    static func content(_ control: XMLNode) -> XMLNode? {
        if control.child("sdtPr")?.isOn("showingPlcHdr") == true { return nil }
        return control.child("sdtContent")
    }

    /// The box of a control that is one.
    static func box(_ control: XMLNode) -> String? {
        guard let box = control.descendant("sdtPr", "checkbox") else { return nil }
        return box.isOn("checked") == true ? checked : unchecked
    }

    /// What a form field shows at its beginning: a box, or the chosen entry of a list.
    static func field(_ data: XMLNode) -> String? {
        if let box = data.child("checkBox") {
            return box.isOn("checked") ?? box.isOn("default") ?? false ? checked : unchecked
        }
        guard let list = data.child("ddList") else { return nil }
        let entries = list.children("listEntry")
        let chosen = (list.child("result") ?? list.child("default"))?.integer("val") ?? 0
        return entries.indices.contains(chosen) ? entries[chosen].attribute("val") : nil
    }
}

/// Formulas as one line of text.
enum DocxMath {
    /// The text of a formula; a fraction is shown with a slash.
    static func text(_ node: XMLNode) -> String {
        if node.isNamed("t") { return node.text }
        if node.isNamed("f"), let above = node.child("num"), let below = node.child("den") {
            return text(above) + "/" + text(below)
        }
        var result = ""
        for child in node.children { result += text(child) }
        return result
    }
}
