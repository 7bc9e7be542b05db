import ReportModel
import Testing

@testable import ReportParsing

@Suite("Hostile web pages")
struct HtmlHostileTests {
    static func code(_ text: String) -> ReportError.Code? {
        do throws(ReportError) {
            _ = try Extractors.extract(Array(text.utf8))
            return nil
        } catch {
            return error.code
        }
    }

    @Test("elements within elements without end are too deep")
    func deep() {
        let divs = String(repeating: "<div>", count: 100_000)
        #expect(Self.code("<html><body>\(divs)甲") == .tooDeep)
        let some = String(repeating: "<div>", count: 5000)
        #expect(Self.code("<html><body>\(some)甲") == .tooDeep)
        let tables = String(repeating: "<table><tr><td>", count: 3000)
        #expect(Self.code("<html><body>\(tables)甲") == .tooDeep)
    }

    @Test("many stray end tags and unclosed cells take linear time")
    func stray() throws {
        let begin = ThreadTime.now
        let open = String(repeating: "<b>", count: 200)
        let stray = String(repeating: "</u></span></i>", count: 100_000)
        #expect(Self.code("<html><body>\(open)甲\(stray)") == nil)
        let cells = String(repeating: "<tr><td>甲<td>乙", count: 20_000)
        #expect(Self.code("<html><body><table>\(cells)") == nil)
        let tables = String(repeating: "<table><tr><td>甲<td>", count: 60)
        let text = String(repeating: "文字内容。<br>", count: 20_000)
        #expect(Self.code("<html><body>\(tables)\(text)") == nil)
        #expect(ThreadTime.now - begin < .seconds(20))
    }

    @Test("spans beyond all measure are cut, columns beyond the ceiling refused")
    func spans() throws {
        let wide =
            "<html><body><table><tr><td colspan=1000000>甲<td>乙<tr><td rowspan=99999999999>丙<td>丁</table>"
        let document = try Extractors.extract(Array(wide.utf8)).document
        #expect(document.tables.first?.columnCount == 3)
        let columns = String(repeating: "<td>甲", count: 600)
        #expect(Self.code("<html><body><table><tr>\(columns)<tr>\(columns)</table>") == .tooLarge)
        let spread = String(repeating: "<td colspan=1000>甲", count: 40)
        #expect(Self.code("<html><body><table><tr>\(spread)</table>") == .tooLarge)
        let odd = "<html><body><table><tr><td colspan=-5 rowspan=x>甲<td colspan=''>乙</table>"
        #expect(Self.code(odd) == nil)
    }

    @Test("entities of the page's own, broken markup and emptiness are harmless")
    func broken() {
        let entity = "<!DOCTYPE html [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><html><body>&a;甲"
        #expect(Self.code(entity) == nil)
        #expect(Self.code("<html><body>甲&#0;&#xFFFFFFF;&nosuch;<<<>>></p></td></html") == nil)
        #expect(Self.code("<html><body><script>甲</script></body></html>") == .noText)
        #expect(Self.code("<html>") == .noText)
        #expect(
            Self.code("<html><body><ol start=999999999999999999999><li value=-9999999>甲</ol>")
                == nil
        )
    }

    @Test("the smallest number a machine knows is a harmless start of a list")
    func smallest() throws {
        let page =
            "<html><body><ol start=\(Int.min)><li>甲<li>乙</ol><ol><li value=\(Int.min)>丙</ol>"
        let texts = try Extractors.extract(Array(page.utf8)).document.blocks.map(\.text)
        #expect(texts == ["1.甲", "2.乙", "1.丙"])
    }

    @Test("a page cut at any byte gives a document or an error with a code")
    func cut() {
        let page = Array(
            "<html><head><meta charset=gbk></head><body><table><tr><td rowspan=2>甲<td>乙</tr></table><p>丙"
                .utf8
        )
        for end in 1..<page.count {
            do throws(ReportError) {
                let document = try Extractors.extract(Array(page[..<end])).document
                #expect(document.blocks.isEmpty == false)
            } catch {
                #expect(error.code != .internal)
            }
        }
    }
}
