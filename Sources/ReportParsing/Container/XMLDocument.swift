import CXML2
import ReportModel

/// A parsed XML or HTML file; its nodes keep it alive.
///
/// No network, no external file and no entity of the document's own is ever read.
/// Source: libxml2 `xmlCtxtReadMemory`, `htmlCtxtReadMemory`.
final class XMLDocument {
    private let pointer: xmlDocPtr
    private let element: xmlNodePtr

    /// The outermost element.
    var root: XMLNode { XMLNode(pointer: element, owner: self) }

    /// Parses an XML file of a container, strictly.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - limits: ceilings of containers.
    /// - Throws: ``ReportError`` `.unreadable` when it is not well formed or declares a document
    ///   type (no office format does, only attacks), `.tooDeep`, or `.tooLarge`.
    init(_ bytes: [UInt8], limits: ContainerLimits = .standard) throws(ReportError) {
        XMLDocument.prepareOnce
        let count = try XMLDocument.checkedCount(bytes, limits)
        guard let context = xmlNewParserCtxt() else { throw ZipArchive.tooLarge() }
        defer { xmlFreeParserCtxt(context) }
        context.pointee.sax?.pointee.internalSubset = { context, _, _, _ in
            guard let context else { return }
            xmlStopParser(context.assumingMemoryBound(to: xmlParserCtxt.self))
        }
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_COMPACT.rawValue
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
        guard let document else { throw XMLDocument.error(context) }
        guard let element = xmlDocGetRootElement(document) else {
            xmlFreeDoc(document)
            throw XMLDocument.damaged()
        }
        pointer = document
        self.element = element
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
        let count = try XMLDocument.checkedCount(bytes, limits)
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
        // The parser stops at its ceiling of depth and would leave out the rest unsaid.
        guard !XMLDocument.isTooDeep(context) else {
            xmlFreeDoc(document)
            throw XMLDocument.tooDeep()
        }
        guard let element = xmlDocGetRootElement(document) else {
            xmlFreeDoc(document)
            throw XMLDocument.damaged()
        }
        pointer = document
        self.element = element
    }

    deinit { xmlFreeDoc(pointer) }

    private static let prepareOnce: Void = xmlInitParser()

    /// The size for libxml2, once the tree is known to fit into memory.
    ///
    /// An element or a text costs about 120 bytes, an attribute with its text 216.
    private static func checkedCount(
        _ bytes: [UInt8],
        _ limits: ContainerLimits
    ) throws(ReportError) -> Int32 {
        guard !bytes.isEmpty else { throw damaged() }
        var tags = 0
        var attributes = 0
        bytes.withUnsafeBufferPointer { buffer in
            for byte in buffer {
                if byte == 0x3C { tags &+= 1 }
                if byte == 0x3D { attributes &+= 1 }
            }
        }
        let estimate = bytes.count &+ tags &* 120 &+ attributes &* 216
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
