import CPoppler
import ReportModel

/// An open PDF; closed at the end of its life.
struct PdfFile: ~Copyable {
    private let handle: OpaquePointer

    /// Opens a PDF.
    /// - Parameter bytes: the file.
    /// - Throws: ``ReportError`` `.encrypted`, `.truncated` or `.unreadable`.
    init(_ bytes: [UInt8]) throws(ReportError) {
        var opened: OpaquePointer?
        let status = bytes.withUnsafeBufferPointer { buffer in
            cpoppler_open(buffer.baseAddress, buffer.count, &opened)
        }
        if status == CPOPPLER_LOCKED {
            throw ReportError(.encrypted, "PDF 有打开密码，无法读取", hint: "请去掉密码后重新提交")
        }
        guard status == CPOPPLER_OK, let opened else { throw Self.damaged(bytes) }
        handle = opened
    }

    deinit { cpoppler_close(handle) }

    /// The error for a file that cannot be opened.
    static func damaged(_ bytes: [UInt8]) -> ReportError {
        if lacksEnd(bytes) {
            return ReportError(.truncated, "PDF 不完整，文件末尾缺失", hint: "请重新导出或重新复制后提交")
        }
        return ReportError(.unreadable, "PDF 已损坏，无法打开", hint: "请从原文件重新导出 PDF，或提交 Word 原件")
    }

    /// Whether the mark at the end of every PDF is missing.
    ///
    /// Source: ISO 32000-1 7.5.5.
    static func lacksEnd(_ bytes: [UInt8]) -> Bool {
        let tail = bytes.suffix(4096)
        return !ByteSearch.holds("%%EOF", in: tail) && !ByteSearch.holds("startxref", in: tail)
    }

    /// Number of pages that the file claims.
    var pageCount: Int { Int(cpoppler_page_count(handle)) }

    /// Number of embedded files.
    var embeddedCount: Int { Int(cpoppler_embedded_count(handle)) }

    /// Whether text was met that cannot be known without the encoding data of poppler.
    var lacksEncodingData: Bool { cpoppler_lacks_encoding_data() != 0 }

    /// Whether a part was met that is damaged and may have lost text.
    var hasDamage: Bool { cpoppler_has_damage() != 0 }

    /// Size of a page as displayed in points; nil when the page cannot be read.
    func size(page: Int) -> (width: Double, height: Double)? {
        var width = 0.0
        var height = 0.0
        guard cpoppler_page_size(handle, Int32(page), &width, &height) == CPOPPLER_OK,
            width.isFinite, height.isFinite, width > 0, height > 0
        else { return nil }
        return (width, height)
    }

    /// Characters of a page; nil when the page cannot be read.
    /// - Throws: ``ReportError`` `.tooLarge` for a page of too many characters.
    func texts(page: Int) throws(ReportError) -> [PositionedText]? {
        var characters = CPopplerCharacters()
        let limit = LayoutLimits.maximumPageCharacterCount
        let status = cpoppler_page_characters(handle, Int32(page), limit, &characters)
        defer { cpoppler_free_characters(&characters) }
        if status == CPOPPLER_TOO_MUCH {
            throw ReportError(.tooLarge, "PDF 第 \(page + 1) 页的文字超过上限 \(limit) 字")
        }
        guard status == CPOPPLER_OK else { return nil }
        return UnsafeBufferPointer(start: characters.items, count: characters.count)
            .compactMap(Self.text)
    }

    private static func text(_ item: CPopplerCharacter) -> PositionedText? {
        guard let scalar = Unicode.Scalar(item.scalar), scalar.value > 0x20,
            !LineShape.isBlank(scalar)
        else { return nil }
        var box = Box(
            left: item.x,
            top: item.y,
            right: item.x + item.width,
            bottom: item.y + item.height
        )
        let isTurned = item.rotation % 2 == 1
        // Fonts that are damaged give no widths.
        let natural = (CharacterClass.isWide(scalar) ? 1 : 0.5) * item.fontSize
        if isTurned, box.height < 0.05 * item.fontSize {
            if item.rotation == 3 { box.top -= natural } else { box.bottom += natural }
        } else if !isTurned, box.width < 0.05 * item.fontSize {
            box.right += natural
        }
        let across = isTurned ? item.width : item.height
        return PositionedText(
            String(Character(CompatibilityForm.common(scalar))),
            box,
            size: item.fontSize > 0.5 ? item.fontSize : across,
            turns: Int(item.rotation),
            hasSpaceAfter: item.hasSpaceAfter != 0
        )
    }

    /// Ruling lines of a page; none when it cannot be drawn.
    func rulings(page: Int) -> [Ruling] {
        var raster = CPopplerRaster()
        let status = cpoppler_page_raster(
            handle,
            Int32(page),
            LayoutLimits.drawingScale,
            LayoutLimits.maximumPixelCount,
            &raster
        )
        defer { cpoppler_free_raster(&raster) }
        guard status == CPOPPLER_OK, raster.height > 0, raster.bytesPerRow > 0 else { return [] }
        let count = Int(raster.height) * Int(raster.bytesPerRow)
        return RulingScanner.rulings(
            RulingScanner.Raster(
                pixels: UnsafeBufferPointer(start: raster.pixels, count: count),
                width: Int(raster.width),
                height: Int(raster.height),
                bytesPerRow: Int(raster.bytesPerRow),
                scale: raster.scale
            )
        )
    }
}
