import ReportCompression
import ReportModel

/// The text of a document's files as it is kept: names of people blanked, cut where it is too long.
///
/// It has the form of the inside of a JSON string, backslashes doubled, as texts of a record have.
struct SourceText: Sendable {
    /// The text.
    let bytes: [UInt8]
    /// The text as it is stored: zstd; the text itself when that is not smaller.
    let stored: [UInt8]

    /// What stands between the texts of two files, so that no term is found across them.
    private static let divider = Array("\n----\n".unicodeScalars.map(\.value))
    /// What a record's quotations have in place of a name: `＊`.
    private static let blank: UInt32 = 0xFF0A

    /// Makes the text of a document; nil when there is nothing to keep.
    /// - Parameters:
    ///   - texts: texts of its files.
    ///   - people: names and telephone numbers that stand in them.
    init?(_ texts: [String], people: [String]) {
        var scalars: [UInt32] = []
        for text in texts {
            if !scalars.isEmpty { scalars += Self.divider }
            for scalar in text.unicodeScalars {
                guard scalars.count < SearchLimits.maximumDocumentScalarCount else { break }
                scalars.append(scalar.value)
            }
        }
        Self.blank(people, in: &scalars)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scalars.count * 3)
        for value in scalars {
            guard let scalar = Unicode.Scalar(value), value != 0 else { continue }
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            if value == UInt32(UInt8(ascii: "\\")) { bytes.append(UInt8(ascii: "\\")) }
        }
        guard !bytes.isEmpty else { return nil }
        self.bytes = bytes
        stored = Compression.compressed(bytes) ?? bytes
    }

    /// Overwrites names wherever they stand, however they are spaced or how wide they are printed.
    private static func blank(_ people: [String], in scalars: inout [UInt32]) {
        guard !people.isEmpty else { return }
        var folding = TextFolding(tracksOrigins: true)
        for scalar in scalars { folding.add(scalar) }
        for person in people {
            let name = TextFolding.folded(person)
            guard !name.isEmpty else { continue }
            var start = 0
            while let place = folding.scalars.place(of: name, from: start) {
                let end = place + name.count
                for origin in folding.origins[place]...folding.origins[end - 1] {
                    scalars[Int(origin)] = blank
                }
                start = end
            }
        }
    }

    /// Names and telephone numbers of a list of people; nil when there are too many to look for.
    static func people(_ body: [UInt8]) -> [String]? {
        guard let rows = (try? JSONValue(parsing: body))?.arrayValue,
            rows.count <= SearchLimits.maximumPeopleCount
        else { return nil }
        let texts = rows.flatMap { row in
            [row["name"]?.stringValue, row["phone"]?.stringValue].compactMap { $0 }
        }
        return Array(Set(texts)).filter { $0.unicodeScalars.count > 1 }
    }
}
