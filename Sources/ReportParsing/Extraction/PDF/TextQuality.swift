import ReportModel

/// Whether the text of a file is text.
enum TextQuality {
    /// Refuses text whose characters are mostly unknown.
    /// - Parameters:
    ///   - pages: pages with their text.
    ///   - lacksData: whether encoding data is missing on this machine.
    /// - Throws: ``ReportError`` `.noText`.
    static func check(_ pages: [PositionedPage], lacksData: Bool) throws(ReportError) {
        var all = 0
        var unknown = 0
        for page in pages {
            for text in page.texts {
                for scalar in text.text.unicodeScalars {
                    all += 1
                    if isUnknown(scalar) { unknown += 1 }
                }
            }
        }
        guard all > 0 else { throw noText(pages: pages.count, lacksData: lacksData) }
        guard unknown * 10 >= all * 3 else { return }
        if lacksData { throw noText(pages: pages.count, lacksData: true) }
        throw ReportError(
            .noText,
            "文件的文字编码已损坏，读出来的是乱码",
            hint: "字体没有带上文字对照表，请提交 Word 原件，或用 Word、WPS 重新导出后提交"
        )
    }

    /// The error for a file without text.
    static func noText(pages: Int, lacksData: Bool) -> ReportError {
        if lacksData {
            return ReportError(
                .noText,
                "PDF 的中文字体没有嵌入，本机缺少辨认它们的数据",
                hint: "请管理员安装 poppler-data，或把字体嵌入后重新导出"
            )
        }
        return ReportError(
            .noText,
            "文件共 \(pages) 页，都没有文字，可能是扫描件",
            hint: "请提交 Word 原件，或由 Word、WPS 直接导出的 PDF"
        )
    }

    /// Private use, replacement and control characters stand for no known character.
    private static func isUnknown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xA4, 0xE000...0xF8FF, 0xFFF0...0xFFFF, 0xF0000...0x10FFFF: true
        default: false
        }
    }
}
