/// Reads what lies on a sheet: the text of shapes; pictures are only noted.
///
/// Source: ECMA-376 part 1, 20.5 (DrawingML spreadsheet drawing).
enum SheetDrawing {
    /// Adds the texts of shapes and a note of pictures to a sheet.
    /// - Parameters:
    ///   - root: the drawing's outermost element.
    ///   - sheet: the sheet it lies on.
    static func read(_ root: XMLNode, into sheet: inout Sheet) {
        var pictures = 0
        for anchor in root.children {
            let row = anchor.descendant("from", "row").flatMap { Int(CellText.trimmed($0.text)) }
            for body in anchor.descendants("txBody") {
                let lines = body.children("p").map { CellText.trimmed(words($0)) }
                let text = lines.filter { !$0.isEmpty }.joined(separator: "\n")
                if !text.isEmpty { sheet.shapes.append((row ?? 0, text)) }
            }
            pictures += anchor.descendants("pic").count
        }
        if pictures > 0 {
            sheet.notes.append(("工作表“\(sheet.name)”图片", "有 \(pictures) 张图片，图片里的文字没有读取"))
        }
    }

    private static func words(_ paragraph: XMLNode) -> String {
        var text = ""
        for run in paragraph.children {
            if run.isNamed("br") {
                text += "\n"
            } else if let words = run.child("t") {
                text += words.text
            }
        }
        return text
    }
}
