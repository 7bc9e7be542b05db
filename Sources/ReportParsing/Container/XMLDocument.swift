import CXML2
import ReportModel

/// A parsed XML or HTML file; its nodes keep it alive.
///
/// No network, no external file and no entity of the document's own is ever read.
/// Source: libxml2 `xmlCtxtReadMemory`, `htmlCtxtReadMemory`.
final class XMLDocument {
    /// The nodes.
    let tree: XMLTree

    /// The outermost element.
    var root: XMLNode { XMLNode(index: 0, owner: self) }

    /// Parses an XML file of a container, strictly.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - limits: ceilings of containers.
    /// - Throws: ``ReportError`` `.unreadable` when it is not well formed or declares a document
    ///   type (no office format does, only attacks), `.tooDeep`, or `.tooLarge`.
    init(_ bytes: [UInt8], limits: ContainerLimits = .standard) throws(ReportError) {
        XMLDocument.prepareOnce
        let size = Size(bytes)
        let estimate = 2 * bytes.count + size.tags * 64 + size.attributes * 32
        let count = try XMLDocument.checkedCount(bytes, estimate, limits)
        guard let context = xmlNewParserCtxt() else { throw ZipArchive.tooLarge() }
        defer { xmlFreeParserCtxt(context) }
        guard let handler = context.pointee.sax else { throw ZipArchive.tooLarge() }
        let builder = UnsafeMutablePointer<XMLTreeBuilder>.allocate(capacity: 1)
        builder.initialize(
            to: XMLTreeBuilder(
                tags: size.tags,
                attributes: size.attributes,
                byteCount: bytes.count
            )
        )
        defer {
            builder.deinitialize(count: 1)
            builder.deallocate()
        }
        XMLTreeBuilder.install(in: handler)
        // A document type ends the file: without one nothing can be declared.
        handler.pointee.internalSubset = { data, _, _, _ in
            XMLTreeBuilder.of(data)?.pointee.refuse()
        }
        builder.pointee.parser = context
        context.pointee.userData = UnsafeMutableRawPointer(builder)
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        let document = bytes.withUnsafeBytes { memory in
            xmlCtxtReadMemory(
                context,
                memory.baseAddress?.assumingMemoryBound(to: CChar.self),
                count,
                nil,
                nil,
                Int32(options)
            )
        }
        if let document { xmlFreeDoc(document) }
        guard context.pointee.wellFormed == 1, !builder.pointee.isRefused,
            !builder.pointee.tree.nodes.isEmpty
        else { throw XMLDocument.error(context) }
        tree = builder.pointee.tree
    }

    /// Parses an HTML file, mending what can be mended.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - encoding: name of its encoding; nil to let the file say it.
    ///   - limits: ceilings of containers.
    /// - Throws: ``ReportError`` `.unreadable` when nothing can be made of it, `.tooDeep`, or
    ///   `.tooLarge`.
    init(
        html bytes: [UInt8],
        encoding: String? = nil,
        limits: ContainerLimits = .standard
    ) throws(ReportError) {
        XMLDocument.prepareOnce
        let size = Size(bytes)
        // libxml2's own tree takes about 120 bytes for an element or a text, 216 for an attribute.
        let estimate = 2 * bytes.count + size.tags * 184 + size.attributes * 248
        let count = try XMLDocument.checkedCount(bytes, estimate, limits)
        let options =
            HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
            | HTML_PARSE_RECOVER.rawValue | HTML_PARSE_COMPACT.rawValue
        guard let context = htmlNewParserCtxt() else { throw ZipArchive.tooLarge() }
        defer { htmlFreeParserCtxt(context) }
        let document = bytes.withUnsafeBytes { memory in
            htmlCtxtReadMemory(
                context,
                memory.baseAddress?.assumingMemoryBound(to: CChar.self),
                count,
                nil,
                encoding,
                Int32(options)
            )
        }
        guard let document else { throw XMLDocument.error(context) }
        defer { xmlFreeDoc(document) }
        // The parser stops at its ceiling of depth and would leave out the rest unsaid.
        guard !XMLDocument.isTooDeep(context) else { throw XMLDocument.tooDeep() }
        guard let element = xmlDocGetRootElement(document) else { throw XMLDocument.damaged() }
        var builder = XMLTreeBuilder(
            tags: size.tags,
            attributes: size.attributes,
            byteCount: bytes.count
        )
        builder.add(element)
        tree = builder.tree
    }

    private static let prepareOnce: Void = xmlInitParser()

    /// Counts of the marks that nodes come from.
    private struct Size {
        var tags = 0
        var attributes = 0

        init(_ bytes: [UInt8]) {
            var tags = 0
            var attributes = 0
            bytes.withUnsafeBufferPointer { buffer in
                for byte in buffer {
                    tags &+= byte == 0x3C ? 1 : 0
                    attributes &+= byte == 0x3D ? 1 : 0
                }
            }
            self.tags = tags
            self.attributes = attributes
        }
    }

    /// The size for libxml2, once the tree is known to fit into memory.
    private static func checkedCount(
        _ bytes: [UInt8],
        _ estimate: Int,
        _ limits: ContainerLimits
    ) throws(ReportError) -> Int32 {
        guard !bytes.isEmpty else { throw damaged() }
        guard let count = Int32(exactly: bytes.count), estimate <= limits.maximumTreeByteCount
        else { throw ZipArchive.tooLarge() }
        return count
    }

    private static func error(_ context: xmlParserCtxtPtr) -> ReportError {
        let problem = context.pointee.lastError
        if problem.code == Int32(XML_ERR_NO_MEMORY.rawValue) { return ZipArchive.tooLarge() }
        return isTooDeep(context) ? tooDeep() : damaged()
    }

    /// Whether the parser gave up at 256 levels, its own ceiling.
    private static func isTooDeep(_ context: xmlParserCtxtPtr) -> Bool {
        let problem = context.pointee.lastError
        guard problem.code == Int32(XML_ERR_INTERNAL_ERROR.rawValue), let message = problem.message
        else { return false }
        return String(cString: message).hasPrefix("Excessive depth")
    }

    private static func tooDeep() -> ReportError {
        ReportError(
            .tooDeep,
            "文件内部嵌套太深",
            hint: "请用 Word、WPS 或 Excel 打开后另存一份重新提交"
        )
    }

    private static func damaged() -> ReportError {
        ReportError(
            .unreadable,
            "文件内部的内容已损坏",
            hint: "请用 Word、WPS 或 Excel 打开后另存一份重新提交"
        )
    }
}
