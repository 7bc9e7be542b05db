import ReportModel
import ReportStore

/// The mapping `backup` of the configuration.
struct BackupSettings: Hashable, Sendable {
    /// Where backups go.
    var folder: String
    /// Time from one to the next.
    var every: Duration = .seconds(86_400)
    /// Minute of the day at +08:00; nil: whenever the time has passed.
    var minute: Int?
    /// Time after which a full backup follows; nil: every backup is a full one.
    var fullEvery: Duration?
    /// Which ones are kept.
    var rotation = BackupRotation()
    /// Whether each is read back and verified.
    var verifies = true
    /// Whether the node's secret key goes with full backups.
    var includesKey = false

    /// What the next backup is made by.
    func plan(
        _ directory: String,
        _ estimate: (storeID: String, byteCount: Int),
        _ node: NodeID
    ) -> BackupFolder.Plan {
        BackupFolder.Plan(
            store: directory,
            storeID: estimate.storeID,
            node: node,
            byteCount: estimate.byteCount,
            fullEvery: fullEvery,
            includesKey: includesKey,
            verifies: verifies,
            rotation: rotation
        )
    }

    /// Reads the mapping.
    init(_ reader: SettingReader) throws(ReportError) {
        try reader.allow(["folder", "every", "at", "full", "keep", "verify", "key"])
        folder = try reader.requiredFolder("folder", example: "/backup/reportd")
        if let text = try reader.text("every") {
            guard let interval = try reader.interval(text, "every") else {
                throw reader.fail(
                    "every",
                    Words("days or hours are expected", "应为天数或小时数"),
                    example: "every: 24h"
                )
            }
            every = interval
        }
        if let text = try reader.text("at") {
            minute = try Self.minute(text, reader)
            guard every.components.seconds % 86_400 == 0 else {
                throw reader.fail(
                    "at",
                    Words("goes with whole days of every only", "every 为整天数时才能写 at")
                )
            }
        }
        if let text = try reader.text("full"), text != "always" {
            fullEvery = try reader.interval(text, "full")
        }
        if let keep = try reader.optionalMapping("keep") {
            try keep.allow(["daily", "weekly", "monthly"])
            func count(_ name: String, _ usual: Int) throws(ReportError) -> Int {
                try keep.number(name, in: 0...1000) ?? usual
            }
            rotation = BackupRotation(
                daily: try count("daily", rotation.daily),
                weekly: try count("weekly", rotation.weekly),
                monthly: try count("monthly", rotation.monthly)
            )
        }
        verifies = try reader.flag("verify") ?? true
        includesKey = try reader.flag("key") ?? false
    }

    /// Minute of the day of `02:30`.
    private static func minute(_ text: String, _ reader: SettingReader) throws(ReportError) -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute)
        else {
            throw reader.fail(
                "at",
                Words("a time of the day is expected", "应为一天中的时刻"),
                example: "at: \"02:30\""
            )
        }
        return hour * 60 + minute
    }
}
