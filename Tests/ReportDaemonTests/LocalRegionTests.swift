import ReportModel
import ReportStore
import Testing

@testable import ReportDaemon

@Suite("regions of the configuration")
struct LocalRegionTests {
    private func configuration(_ regions: String) throws(ReportError) -> NodeConfiguration {
        let folder = TestFolder()
        folder.write("node: {name: 甲}\nstore: /s\nregions:\n\(regions)", to: "reportd.yaml")
        return try NodeConfiguration(file: folder.full("reportd.yaml"))
    }

    @Test("names with their cities are read and cleaned")
    func read() throws {
        let regions = try configuration("- {name: 君山 垦殖场, city: 岳阳市}\n- {name: 江北片, city: 重庆市}\n")
            .regions
        #expect(
            regions == [
                LocalDivision(name: "君山垦殖场", city: "岳阳市"), LocalDivision(name: "江北片", city: "重庆市"),
            ]
        )
    }

    @Test(
        "a city that is none, a name too long and too many lines are errors of usage",
        arguments: [
            "- {name: 君山垦殖场, city: 岳阳}\n", "- {name: 君山垦殖场, city: 湖南省}\n",
            "- {name: 君山垦殖场, city: 岳阳市君山区}\n", "- {name: 君山垦殖场, city: 没有市}\n",
            "- {name: \(String(repeating: "片", count: 21)), city: 岳阳市}\n",
            String(repeating: "- {name: 江北片, city: 重庆市}\n", count: 201),
        ]
    )
    func refused(_ regions: String) {
        do throws(ReportError) {
            _ = try configuration(regions)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .usage)
        }
    }

    @Test("an inbox may be in one of them and in no region that is unknown")
    func inboxRegion() throws {
        let inbox = "inboxes: [{path: /x, region: 岳阳市/君山垦殖场}]\n"
        let known = try configuration("- {name: 君山垦殖场, city: 岳阳市}\n" + inbox)
        #expect(known.inboxes.map(\.region) == ["岳阳市/君山垦殖场"])
        do throws(ReportError) {
            _ = try configuration("- {name: 江北片, city: 重庆市}\n" + inbox)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .usage)
        }
    }

    @Test("a store takes the full name of a unit apart by them", arguments: [true, false])
    func lookup(isConfigured: Bool) async throws {
        let folder = TestFolder(inMemory: true)
        var options = Store.Options(mapByteCount: 64 << 20)
        if isConfigured {
            options.divisions = Divisions(adding: [LocalDivision(name: "君山垦殖场", city: "岳阳市")])
        }
        let store = try Store.open(directory: folder.full("store"), options: options)
        defer { store.close() }
        let key = try ReportKey(parsing: "2023/岳阳市/君山垦殖场/教育局/整体支出")
        var record = Record(parser: "test", rules: "test")
        record.year = 2023
        record.key = key.text
        let bytes: [UInt8] = [0x61]
        record.sources = [
            SourceFile(
                name: "a.txt",
                format: "txt",
                bytes: bytes.count,
                sha256: Hash256(hashing: bytes).hex
            )
        ]
        _ = try await store.append(Filing(key: key, record: record, sources: [.bytes(bytes)]))
        for text in ["2023/君山垦殖场教育局", "2023/岳阳市君山垦殖场教育局/整体支出"] {
            let lookup = try Lookup(parsing: text)
            let answer = try? await store.get(lookup, body: .record, at: .now)
            #expect((answer != nil) == isConfigured, "\(text)")
        }
    }
}
