import NIOCore
import ReportModel
import ReportWire
import Testing

@Suite("Requests")
struct RequestTests {
    private func parse(_ line: String) throws(WireError) -> Request {
        try Request(parsing: ByteBuffer(string: line).readableBytesView)
    }

    @Test(
        "what is written is read back",
        arguments: [
            Request.ping, .help, .version, .status, .verify, .quit,
            .get(GetRequest(lookup: "2023/湛江市/麻章区/总工会/整体支出@2")),
            .get(
                GetRequest(
                    lookup: "2023/a",
                    body: .people,
                    moment: .knownHere(.init(milliseconds: 1_700_000_000_005))
                )
            ),
            .resolve(lookup: "2023/雷州", moment: .asOf(.init(milliseconds: 1_700_000_000_123))),
            .query(.history, QueryArguments(positional: ["2023/麻章区"])),
            .watch(lookup: nil, from: 0),
            .watch(lookup: "2024", from: nil), .putRecord(byteCount: 12, ifVersion: 3),
            .parse(FileRequest(byteCount: 1, name: "a=b c.docx"), people: true),
        ]
    )
    func roundTrip(request: Request) throws {
        var bytes = try request.encoded()
        let slice = bytes.readSlice(length: bytes.readableBytes - 1)
        let line = try #require(slice)
        #expect(try Request(parsing: line.readableBytesView) == request)
        #expect(bytes.readableBytesView.elementsEqual("\n".utf8))
    }

    @Test("every option of a list is read back")
    func list() throws {
        var list = ListFilter(lookup: try Lookup(parsing: "2023/441800"), limit: 1000)
        list.province = "广东省"
        list.city = "东莞市"
        list.district = "麻章区"
        list.unit = "总工会（汇总）"
        list.kind = "项目支出"
        list.status = .returned
        list.since = Timestamp(milliseconds: 1_700_000_000_007)
        list.after = "2023/东莞市/总工会/其他"
        list.years = 2021...2023
        list.region = "湛江市/麻章区"
        list.receivedSince = Timestamp(milliseconds: 1_700_000_000_008)
        list.findings = .medium
        list.ranges = [
            try MeasureRange(argument: "80..", of: .score),
            try MeasureRange(argument: "12.5万元..", of: .amount("executed-total")),
            try MeasureRange(argument: "..3", of: .amount("three-public-total")),
        ]
        let query = StoreQuery.list(
            ListQuery(list, at: .asOf(.init(milliseconds: 1_700_000_000_009)))
        )
        var bytes = try Request.query(query).encoded()
        let slice = bytes.readSlice(length: bytes.readableBytes - 1)
        let line = try #require(slice)
        let request = try Request(parsing: line.readableBytesView)
        #expect(request == .query(query))
        guard case .query(let verb, let arguments) = request else { return }
        #expect(try StoreQuery(verb, arguments) == query)
    }

    @Test("verbs may be lower case, and escapes keep an option's sign apart")
    func leniency() throws {
        #expect(try parse("get 2023/a") == .get(GetRequest(lookup: "2023/a")))
        #expect(
            try parse("LIST limit%3D3")
                == .query(.list, QueryArguments(positional: ["limit=3"]))
        )
        #expect(
            try parse("GET 2023/%E9%BA%BB as-of=2024-05-30")
                == .get(
                    GetRequest(
                        lookup: "2023/麻",
                        moment: .asOf(.init(milliseconds: 1_717_084_799_999))
                    )
                )
        )
    }

    @Test("bytes of a file name that are not UTF-8 are replaced")
    func fileName() throws {
        guard case .put(let file) = try parse("PUT 1 name=%B1%A8.doc") else {
            Issue.record("no PUT")
            return
        }
        #expect(file.name == "\u{FFFD}\u{FFFD}.doc")
    }

    @Test(
        "what must fail, and how",
        arguments: [
            ("", WireError.Code.malformedLine), ("GET", .missingArgument), ("GET ", .malformedLine),
            ("GET  2023", .malformedLine), ("GET 2023 ", .malformedLine),
            (" GET 2023", .malformedLine),
            ("GET 2023\u{7}", .malformedLine), ("GET 2023\t", .malformedLine),
            ("GET 20%2", .badEscape), ("GET 20%zz", .badEscape), ("GET %FF", .notUTF8),
            ("GET 2023 2024", .unexpectedArgument), ("GET 2023 body=zip", .badArgument),
            ("GET 2023 body=people source=1", .badArgument), ("GET 2023 source=-1", .badArgument),
            ("GET 2023 source=99999", .badArgument), ("GET 2023 as-of=soon", .badArgument),
            ("GET 2023 as-of=2024-01-01 known-here=2024-01-01", .unexpectedArgument),
            ("GET 2023 as-of=2024-01-01 as-of=2024-01-01", .unexpectedArgument),
            ("PING 1", .unexpectedArgument), ("WATCH from=x", .badArgument),
            ("WATCH from=99999999999999999999", .badArgument),
            ("PUT", .missingArgument), ("PUT x name=a", .missingArgument),
            ("PUT 1", .missingArgument),
            ("PUT 1 name=", .missingArgument), ("PUT 1 name=a year=23456", .badArgument),
            ("PUT 1 name=a force=maybe", .badArgument),
            ("PUT 1 name=a if-version=+1", .badArgument),
            ("PARSE 1 name=a if-version=1", .unexpectedArgument), ("PUTREC -1", .missingArgument),
            ("FETCH 2023", .unknownVerb), ("HELLO 1 peer a b", .outOfPlace),
            ("AUTH ff", .outOfPlace),
        ]
    )
    func mustFail(line: String, code: WireError.Code) {
        let error = #expect(throws: WireError.self) { try parse(line) }
        #expect(error?.code == code)
    }

    @Test("raw bytes that are not UTF-8 are refused in a plain GET too")
    func rawBytes() {
        let buffer = ByteBuffer(bytes: Array("GET 2023/".utf8) + [0xE9, 0xBA])
        let error = #expect(throws: WireError.self) {
            try Request(parsing: buffer.readableBytesView)
        }
        #expect(error?.code == .notUTF8)
    }

    @Test("a request that does not fit into a line is an error of the client")
    func tooLong() {
        let request = Request.query(
            .history,
            QueryArguments(positional: [String(repeating: "麻", count: 1400)])
        )
        let error = #expect(throws: WireError.self) { try request.encoded() }
        #expect(error?.code == .lineTooLong)
    }

    @Test("HELP has a line for every verb of a client")
    func help() {
        let lines = Verb.helpText.split(separator: "\n")
        let verbs = Verb.allCases.filter { $0 != .hello && $0 != .auth }
        #expect(lines.count == verbs.count)
        for (line, verb) in zip(lines, verbs) { #expect(line.hasPrefix(verb.rawValue)) }
    }

    @Test("questions and commands are read back as they were written")
    func questions() throws {
        let arguments = QueryArguments(
            positional: ["2023/麻章区", "a=b c"],
            options: ["by": "单位", "limit": "5"]
        )
        let requests: [Request] = [
            .query(.notes, arguments), .command(.note, byteCount: 123),
        ]
        for request in requests {
            var line = try request.encoded()
            line.moveWriterIndex(to: line.writerIndex - 1)
            #expect(try Request(parsing: line.readableBytesView) == request)
        }
        #expect(requests[1].payloadByteCount == 123)
    }
}
