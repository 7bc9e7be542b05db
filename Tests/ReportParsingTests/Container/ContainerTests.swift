import ReportModel
import Testing

@testable import ReportParsing

@Suite("Containers and trees")
struct ContainerTests {
    static func code(_ work: () throws(ReportError) -> Void) -> ReportError.Code? {
        do {
            try work()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("entries are read by name, whatever slashes and case their names have")
    func names() throws {
        let zip = try ZipArchive(
            ZipMaker.zip(["./Word\\Document.xml": "<a/>", "目录/": "", "other": "x"])
        )
        #expect(try zip.read(named: "word/document.xml") == Array("<a/>".utf8))
        #expect(zip.entries.map(\.name) == ["Word/Document.xml", "目录/", "other"])
        #expect(zip.entries[1].isDirectory && zip.entries[1].isUTF8)
        #expect(try zip.read(named: "missing") == nil)
    }

    @Test("a name without the flag of UTF-8 keeps its raw bytes")
    func rawNames() throws {
        var maker = ZipMaker()
        maker.add([0xB1, 0xA8, 0xB8, 0xE6], [1], flags: 0)
        let zip = try ZipArchive(maker.finish())
        #expect(zip.entries[0].rawName == [0xB1, 0xA8, 0xB8, 0xE6])
        #expect(!zip.entries[0].isUTF8)
    }

    @Test("a small file that compresses well is read, a bomb is too large")
    func bombs() throws {
        let small = ZipMaker.bomb(2 << 20)
        let large = ZipMaker.bomb(9 << 20)
        var maker = ZipMaker()
        maker.add(Array("small".utf8), small.bytes, deflatedFrom: (small.count, small.checksum))
        maker.add(Array("large".utf8), large.bytes, deflatedFrom: (large.count, large.checksum))
        maker.add(Array("liar".utf8), large.bytes, deflatedFrom: (10, large.checksum))
        var limits = ContainerLimits()
        limits.maximumCompressionRatio = 100
        let zip = try ZipArchive(maker.finish(), limits: limits)
        #expect(try zip.read(zip.entries[0]).count == small.count)
        let code = Self.code { () throws(ReportError) in _ = try zip.read(zip.entries[1]) }
        #expect(code == .tooLarge)
        let liar = Self.code { () throws(ReportError) in _ = try zip.read(zip.entries[2]) }
        #expect(liar == .tooLarge || liar == .unreadable)
    }

    @Test("the total of all entries is bounded")
    func total() throws {
        var limits = ContainerLimits()
        limits.maximumTotalByteCount = 5
        let zip = try ZipArchive(ZipMaker.zip(["a": "123", "b": "456"]), limits: limits)
        #expect(try zip.read(zip.entries[0]).count == 3)
        let code = Self.code { () throws(ReportError) in _ = try zip.read(zip.entries[1]) }
        #expect(code == .tooLarge)
    }

    @Test("damage, encryption and too many entries have codes of their own")
    func refusals() throws {
        let good = ZipMaker.zip(["a": "1234567890", "b": "456"])
        let cut = Self.code { () throws(ReportError) in _ = try ZipArchive(good.dropLast(30)) }
        #expect(cut == .truncated)
        var damaged = good
        damaged[33] ^= 0xFF
        let zip = try ZipArchive(damaged)
        let broken = Self.code { () throws(ReportError) in _ = try zip.read(zip.entries[0]) }
        #expect(broken == .unreadable)
        var maker = ZipMaker()
        maker.add(Array("a".utf8), Array(repeating: 7, count: 20), flags: 0x801)
        let locked = try ZipArchive(maker.finish())
        let secret = Self.code { () throws(ReportError) in _ = try locked.read(locked.entries[0]) }
        #expect(secret == .encrypted)
        var limits = ContainerLimits()
        limits.maximumEntryCount = 1
        let many = Self.code { () throws(ReportError) in _ = try ZipArchive(good, limits: limits) }
        #expect(many == .tooLarge)
    }

    @Test("a tree is read by local names")
    func tree() throws {
        let xml = """
            <?xml version="1.0"?><w:a xmlns:w="urn:x" w:val="1&amp;2&amp;#38;&lt;&#38;"><w:b>一<c>二</c></w:b>\
            <!-- no --><d><![CDATA[<三>]]></d></w:a>
            """
        let root = try XMLDocument(Array(xml.utf8)).root
        #expect(root.name == "a" && root.namespace == "urn:x")
        #expect(root.attribute("val") == "1&2&#38;<&")
        #expect(root.children.map(\.name) == ["b", "d"])
        #expect(root.text == "一二<三>" && root.child("b")?.text == "一二")
        #expect(root.descendants("c").map(\.text) == ["二"])
        #expect(root.descendant("b", "c")?.parent?.name == "b")
    }

    @Test("entities, document types, depth and broken XML are refused")
    func hostileXML() {
        func code(_ xml: String) -> ReportError.Code? {
            Self.code { () throws(ReportError) in _ = try XMLDocument(Array(xml.utf8)) }
        }
        #expect(code("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>") == .unreadable)
        #expect(code("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>") == .unreadable)
        #expect(code("<a>&x;</a>") == .unreadable)
        #expect(code("<a><b></a>") == .unreadable)
        #expect(code("") == .unreadable)
        let deep = String(repeating: "<a>", count: 400) + String(repeating: "</a>", count: 400)
        #expect(code(deep) == .tooDeep)
        var limits = ContainerLimits()
        limits.maximumTreeByteCount = 1000
        let wide = "<a>" + String(repeating: "<b/>", count: 100) + "</a>"
        let large = Self.code { () throws(ReportError) in
            _ = try XMLDocument(Array(wide.utf8), limits: limits)
        }
        #expect(large == .tooLarge)
    }

    @Test("HTML is mended, and a bottomless one is refused")
    func html() throws {
        let page = "<html><body><p>一<p>二<table><tr><td>三</table>&nbsp;<script>x</script>"
        let root = try XMLDocument(html: Array(page.utf8), encoding: "UTF-8").root
        #expect(root.descendants("td").map(\.text) == ["三"])
        #expect(root.descendants("p").count == 2)
        let deep = Array(String(repeating: "<div>", count: 5000).utf8)
        let code = Self.code { () throws(ReportError) in _ = try XMLDocument(html: deep) }
        #expect(code == .tooDeep)
    }

    @Test("a container is told by its directory, not by what its members hold")
    func sniffing() {
        let types = "[Content_Types].xml"
        let docx = ZipMaker.zip([types: "", "word/document.xml": "<a/>"])
        #expect(FileFormat.sniff(docx).name == "docx")
        #expect(FileFormat.sniff(Array(docx.dropLast(40))).name == "docx")
        #expect(FileFormat.sniff(ZipMaker.zip(["./OFD.xml": ""])).name == "ofd")
        let sheet = ZipMaker.zip([types: "", "xl\\workbook.xml": ""])
        #expect(FileFormat.sniff(sheet).name == "xlsx")
        var outer = ZipMaker()
        outer.add(Array("报告.docx".utf8), docx)
        outer.add(Array("word/OFD.xml.txt".utf8), [])
        #expect(FileFormat.sniff(outer.finish()).name == "zip")
        let text = ZipMaker.zip([
            "mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "",
        ])
        #expect(FileFormat.sniff(text).name == "odt")
    }
}
