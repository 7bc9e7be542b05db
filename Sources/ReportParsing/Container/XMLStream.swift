import CXML2
import Glibc
import ReportModel

/// Reads a large XML file of a container event by event, without building its tree.
///
/// A document type is refused, so that no entity of the document's own is ever expanded.
/// Source: libxml2 `xmlReaderForMemory`, `xmlTextReaderRead`.
final class XMLStream {
    /// What the stream stands at.
    enum Event {
        /// The beginning of an element.
        case start
        /// The end of an element, also of one without content.
        case end
        /// Text within an element.
        case text
    }

    private let reader: xmlTextReaderPtr
    private let memory: UnsafeMutableRawPointer
    private var owesEnd = false

    /// Opens a file.
    ///
    /// - Parameter bytes: the file; copied.
    /// - Throws: ``ReportError`` `.unreadable`.
    init(_ bytes: [UInt8]) throws(ReportError) {
        guard !bytes.isEmpty, let count = Int32(exactly: bytes.count) else {
            throw XMLStream.damaged()
        }
        guard let memory = malloc(bytes.count) else { throw XMLStream.damaged() }
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { memcpy(memory, base, source.count) }
        }
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_COMPACT.rawValue | XML_PARSE_NOCDATA.rawValue
        let reader = xmlReaderForMemory(
            memory.assumingMemoryBound(to: CChar.self),
            count,
            nil,
            nil,
            Int32(options)
        )
        guard let reader else {
            free(memory)
            throw XMLStream.damaged()
        }
        self.reader = reader
        self.memory = memory
    }

    deinit {
        xmlFreeTextReader(reader)
        free(memory)
    }

    /// Goes to the next event.
    ///
    /// Throws ``ReportError`` `.unreadable` when the file is not well formed or declares a
    /// document type.
    /// - Returns: nil at the end of the file.
    func next() throws(ReportError) -> Event? {
        if owesEnd {
            owesEnd = false
            return .end
        }
        while true {
            let status = xmlTextReaderRead(reader)
            if status == 0 { return nil }
            guard status == 1 else { throw XMLStream.damaged() }
            switch xmlReaderTypes(UInt32(bitPattern: xmlTextReaderNodeType(reader))) {
            case XML_READER_TYPE_ELEMENT:
                owesEnd = xmlTextReaderIsEmptyElement(reader) == 1
                return .start
            case XML_READER_TYPE_END_ELEMENT: return .end
            case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA,
                XML_READER_TYPE_SIGNIFICANT_WHITESPACE, XML_READER_TYPE_WHITESPACE:
                return .text
            case XML_READER_TYPE_DOCUMENT_TYPE, XML_READER_TYPE_ENTITY_REFERENCE:
                throw XMLStream.damaged()
            default: continue
            }
        }
    }

    /// Whether the element at hand has this name, prefixes aside.
    func isNamed(_ name: StaticString) -> Bool {
        XMLStream.matches(xmlTextReaderConstLocalName(reader), name)
    }

    /// The text at hand.
    var text: String {
        xmlTextReaderConstValue(reader).map { String(cString: $0) } ?? ""
    }

    /// The value of an attribute of the element at hand, prefixes aside; nil without one.
    func attribute(_ name: StaticString) -> String? {
        defer { xmlTextReaderMoveToElement(reader) }
        var status = xmlTextReaderMoveToFirstAttribute(reader)
        while status == 1 {
            if isNamed(name) { return text }
            status = xmlTextReaderMoveToNextAttribute(reader)
        }
        return nil
    }

    private static func matches(_ name: UnsafePointer<xmlChar>?, _ other: StaticString) -> Bool {
        guard let name else { return false }
        let count = other.utf8CodeUnitCount
        return strncmp(
            UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self),
            UnsafeRawPointer(other.utf8Start).assumingMemoryBound(to: CChar.self),
            count
        ) == 0 && name[count] == 0
    }

    private static func damaged() -> ReportError {
        ReportError(
            .unreadable,
            "文件内部的内容已损坏",
            hint: "请用 Excel 或 WPS 打开后另存一份重新提交"
        )
    }
}
