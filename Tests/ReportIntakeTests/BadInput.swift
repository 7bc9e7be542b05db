/// Files that no reader should be given, made here so that none lies in the repository.
enum BadInput {
    /// Each with a name that says what it claims to be.
    static let all: [(name: String, bytes: [UInt8])] = [
        ("random.doc", random(1 << 20)),
        (
            "random after a signature.doc",
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + random(90_000)
        ),
        ("one line.txt", Array(String(repeating: sentence, count: 40_000).utf8.prefix(6_000_000))),
        ("nothing but zeros.txt", [UInt8](repeating: 0, count: 48 << 20)),
        ("one letter.txt", [UInt8](repeating: 0x61, count: 48 << 20)),
        ("damaged.txt", Array(sentence.utf8.dropLast()) + [0xFF, 0xFE, 0x80, 0xC0]),
        ("picture.docx", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + random(4000)),
        ("cut.pdf", Array("%PDF-1.7\n".utf8) + random(200_000)),
        ("deep.html", Array(("<html><body>" + String(repeating: "<div>", count: 200_000)).utf8)),
        (
            "wide.html",
            Array(
                ("<html><body><table>"
                    + String(repeating: "<tr><td rowspan=60000 colspan=1000>x", count: 2000)).utf8
            )
        ),
        ("cut.zip", [0x50, 0x4B, 0x03, 0x04] + random(5000)),
        ("bomb.docx", package(["word/document.xml": .zeros(1 << 30)])),
        ("bomb.xlsx", package(["xl/workbook.xml": .zeros(1 << 30)])),
        ("bomb.ofd", package(["OFD.xml": .zeros(1 << 30)])),
        ("laughs.docx", package(["word/document.xml": .text(laughs)])),
        ("outside.docx", package(["word/document.xml": .text(outside)])),
        (
            "path.docx",
            package(["../../../word/document.xml": .text("x"), "/word/document.xml": .text("x")])
        ),
        (
            "deep.docx",
            package(["word/document.xml": .text(String(repeating: "<w:p>", count: 200_000))])
        ),
    ]

    private static let sentence = "2023年度支出总计216.40万元，其中：基本支出151.20万元，项目支出65.20万元；"

    private static let laughs =
        "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\">"
        + (1...9).map {
            "<!ENTITY a\($0) \"" + String(repeating: $0 == 1 ? "&a;" : "&a\($0 - 1);", count: 10)
                + "\">"
        }
        .joined() + "]><d>&a9;</d>"

    private static let outside =
        "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><d>&x;</d>"

    private static func random(_ count: Int) -> [UInt8] {
        var state: UInt64 = 20_261_121
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    /// What an entry of a package holds when it is inflated.
    private enum Content {
        case text(String)
        /// This many zero bytes, deflated to about a thousandth.
        case zeros(Int)
    }

    /// A zip package; sums are left zero, which a reader meets after the content.
    private static func package(_ entries: KeyValuePairs<String, Content>) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in entries {
            let body: [UInt8]
            let size: Int
            let method: Int
            switch content {
            case .text(let text): (body, size, method) = (Array(text.utf8), text.utf8.count, 0)
            case .zeros(let count): (body, size, method) = (deflatedZeros(count), count, 8)
            }
            let facts =
                little(20, 2) + little(0, 2) + little(method, 2) + little(0, 4) + little(0, 4)
                + little(body.count, 4) + little(size, 4) + little(name.utf8.count, 2)
                + little(0, 2)
            directory += little(0x0201_4B50, 4) + little(20, 2) + facts + little(0, 10)
            directory += little(bytes.count, 4) + Array(name.utf8)
            bytes += little(0x0403_4B50, 4) + facts + Array(name.utf8) + body
        }
        return bytes + directory + little(0x0605_4B50, 4) + little(0, 4) + little(entries.count, 2)
            + little(entries.count, 2) + little(directory.count, 4) + little(bytes.count, 4)
            + little(0, 2)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// One block with fixed codes: a zero, then runs of 258 that repeat it.
    ///
    /// Source: RFC 1951 3.2.5 and 3.2.6.
    private static func deflatedZeros(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var used: UInt32 = 0
        func put(_ value: UInt32, _ width: UInt32) {
            pending |= value << used
            used += width
            while used >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                used -= 8
            }
        }
        put(0b011, 3)
        // Codes are written from their highest bit: 00110000 is the literal 0.
        put(0b0000_1100, 8)
        for _ in 0..<(count - 1) / 258 {
            // 11000101: length 258; 00000: distance 1.
            put(0b1010_0011, 8)
            put(0, 5)
        }
        put(0, 7)
        put(0, 7)
        return bytes
    }
}
