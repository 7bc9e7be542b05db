import ReportModel
import ReportStore

extension NodeConfiguration {
    /// The settings `backup`, `verify.every`, `disk.low` and `disk.full`.
    mutating func readCare(_ reader: SettingReader) throws(ReportError) {
        if let settings = try reader.optionalMapping("backup") {
            backup = try BackupSettings(settings)
        }
        if let verify = try reader.optionalMapping("verify") {
            try verify.allow(["every"])
            if let text = try verify.text("every") {
                verificationInterval = try verify.interval(text, "every")
            }
        }
        if let settings = try reader.optionalMapping("disk") {
            try settings.allow(["low", "full"])
            disk.lowByteCount = try Self.bytes("low", settings)
            disk.fullByteCount = try Self.bytes("full", settings)
            if let low = disk.lowByteCount, let full = disk.fullByteCount, low < full {
                throw settings.fail("low", "at least as much as full is expected")
            }
        }
    }

    /// A number of MiB or GiB.
    private static func bytes(
        _ setting: String,
        _ reader: SettingReader
    ) throws(ReportError) -> Int? {
        guard let text = try reader.text(setting) else { return nil }
        for (unit, shift) in [("MiB", 20), ("GiB", 30)] where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count).filter { $0 != " " }
            guard let count = Int(digits), (0...1_000_000).contains(count) else { break }
            return count << shift
        }
        throw reader.fail(setting, "MiB or GiB are expected, such as 512MiB")
    }
}

extension SettingReader {
    /// A number of days or hours; nil for `never`.
    func interval(_ text: String, _ setting: String) throws(ReportError) -> Duration? {
        if text == "never" { return nil }
        let units: [Character: Int] = ["d": 86_400, "h": 3600]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (1...10_000).contains(count)
        else {
            throw fail(setting, "never, or days or hours are expected, such as 7d or 12h")
        }
        return .seconds(count * unit)
    }
}
