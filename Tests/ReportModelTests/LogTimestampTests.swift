import ReportModel
import Testing

@Suite("Times")
struct LogTimestampTests {
    @Test(
        "a time is written in UTC with milliseconds, and read back",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_717_056_062_003, "2024-05-30T08:01:02.003Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] as [(UInt64, String)]
    )
    func format(milliseconds: UInt64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        if milliseconds >= 86_400_000 {
            #expect(Timestamp(parsing: text)?.milliseconds == milliseconds)
        }
    }

    @Test(
        "a bare date is the end of that day at +08:00, a time without zone is at +08:00",
        arguments: [
            ("2024-05-30", "2024-05-30T15:59:59.999Z"), ("2024-02-29", "2024-02-29T15:59:59.999Z"),
            ("2024-05-30T08:01", "2024-05-30T00:01:00.000Z"),
            ("2024-05-30 08:01:02", "2024-05-30T00:01:02.000Z"),
            ("2024-05-30T08:01:02.5Z", "2024-05-30T08:01:02.500Z"),
            ("2024-05-30T08:01:02.05Z", "2024-05-30T08:01:02.050Z"),
            ("2024-05-30T00:00+08:00", "2024-05-29T16:00:00.000Z"),
            ("2024-05-30T00:00:00-05:30", "2024-05-30T05:30:00.000Z"),
            ("1717056062003", "2024-05-30T08:01:02.003Z"),
        ]
    )
    func parse(text: String, expected: String) {
        #expect(Timestamp(parsing: text)?.description == expected)
    }

    @Test(
        "what is asked for since a date has that day with it, a time stays what it is",
        arguments: [
            ("2024-05-30", "2024-05-29T16:00:00.000Z"), ("1970-01-02", "1970-01-01T16:00:00.000Z"),
            ("2024-05-30T08:01", "2024-05-30T00:01:00.000Z"),
            ("1717056062003", "2024-05-30T08:01:02.003Z"),
        ]
    )
    func beginning(text: String, expected: String) throws {
        #expect(Timestamp(parsing: text, bareDate: .beginning)?.description == expected)
        let options = ["since": text, "received-since": text]
        let arguments = QueryArguments(options: options)
        guard case .list(let list) = try StoreQuery(.list, arguments),
            case .audit(let audit) = try StoreQuery(
                .audit,
                QueryArguments(options: ["since": text])
            )
        else {
            Issue.record("another question")
            return
        }
        #expect(list.filter.since?.description == expected)
        #expect(list.filter.receivedSince?.description == expected)
        #expect(audit.since?.description == expected)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "2024", "2024-5-30", "2024-13-01", "2024-02-30", "2023-02-29", "2024-00-10",
            "2024-05-30T",
            "2024-05-30T24:00", "2024-05-30T08:60", "2024-05-30T08:00:60",
            "2024-05-30T08:00:00.1234Z",
            "2024-05-30T08:00:00.Z", "2024-05-30T08:00X", "2024-05-30T08:00+15:00",
            "2024-05-30T08:00+08",
            "2024-05-30T08:00Z ", "99999999999999999999999", "2024-05-30x08:00", "-024-05-30",
            "１９７０-01-02", "4503599627370496", "18446744073709551615",
        ]
    )
    func refused(text: String) { #expect(Timestamp(parsing: text) == nil) }

    @Test("the greatest number is written without a trap")
    func greatest() {
        let time = Timestamp(milliseconds: .max)
        #expect(time.description.hasSuffix("Z"))
        #expect(!time.officeText.isEmpty)
    }

    @Test("offices read times at +08:00")
    func office() {
        #expect(Timestamp(milliseconds: 1_717_056_062_003).officeText == "2024-05-30 16:01:02")
        #expect(Timestamp(parsing: "4503599627370495")?.officeText.isEmpty == false)
    }
}
