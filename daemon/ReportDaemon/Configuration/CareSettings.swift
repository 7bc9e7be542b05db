import ReportModel
import ReportStore

extension NodeConfiguration {
    /// The settings `backup`, `verify.every`, `disk.low` and `disk.full`.
    mutating func readCare(_ reader: SettingReader) {
        let list = reader.list
        if let settings = list.attempt(try reader.optionalMapping("backup")) ?? nil {
            backup = list.attempt(try BackupSettings(settings))
            // An increment carries the files of its entries, and a backup is made without the database.
            if database != nil, backup?.fullEvery != nil {
                list.add(
                    settings.fail(
                        "full",
                        Words(
                            "goes with a store on this disk only: large files are in the database",
                            "仅在 store 为本机目录时使用：较大的文件在数据库中"
                        ),
                        example: "full: always"
                    )
                )
            }
        }
        if let verify = list.attempt(try reader.optionalMapping("verify")) ?? nil,
            list.attempt(try verify.allow(["every"])) != nil,
            let text = list.attempt(try verify.text("every")) ?? nil,
            let interval = list.attempt(try verify.interval(text, "every"))
        {
            verificationInterval = interval
        }
        if let settings = list.attempt(try reader.optionalMapping("disk")) ?? nil,
            list.attempt(try settings.allow(["low", "full"])) != nil
        {
            disk.lowByteCount = list.attempt(try Self.bytes("low", settings)) ?? nil
            disk.fullByteCount = list.attempt(try Self.bytes("full", settings)) ?? nil
            if let low = disk.lowByteCount, let full = disk.fullByteCount, low < full {
                list.add(
                    settings.fail(
                        "low",
                        Words("at least as much as full is expected", "不应小于 full")
                    )
                )
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
        throw reader.fail(
            setting,
            Words("MiB or GiB are expected, such as 512MiB", "应带单位 MiB 或 GiB，如 512MiB"),
            example: "\(setting): 512MiB"
        )
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
            throw fail(
                setting,
                Words(
                    "never, or days or hours are expected, such as 7d or 12h",
                    "应为 never，或天数、小时数，如 7d、12h"
                ),
                example: "\(setting): 7d"
            )
        }
        return .seconds(count * unit)
    }
}
