import ReportIntake
import ReportModel

/// Small pieces of a receipt's text.
enum ReceiptWords {
    /// The first line of every receipt begins so; a file that does is never taken in.
    static let headline = "【reportd 收件回执】"
    /// The line that is completed when the city has the version.
    static let cityLabel = "市级收件："
    /// The same line after that.
    static let cityDoneLabel = "市级已收到："
    /// How the line begins that is added when the version was judged.
    static func label(_ status: VersionStatus) -> String {
        switch status {
        case .submitted: "审核意见已撤销："
        case .approved: "审核已通过："
        case .returned: "审核退回："
        case .retracted: "已撤回："
        }
    }

    /// Text in one line, without control and direction characters, cut at a limit of scalars.
    static func clean(_ text: String, limit: Int) -> String {
        SafeText.clean(text, limit: limit)
    }

    /// Text of a document, which may have several lines, as one line.
    static func line(_ text: String, limit: Int = InboxLimits.maximumTextScalarCount) -> String {
        SafeText.line(text, limit: limit)
    }

    /// A time at +08:00 to the second: `2024-05-30 16:01:02`.
    static func time(_ time: Timestamp) -> String { time.officeText }

    /// The name of a severity.
    static func severity(_ severity: Severity) -> String {
        switch severity {
        case .high: "高"
        case .medium: "中"
        case .low: "低"
        case .info: "提示"
        }
    }

    /// The lines as a file that Notepad reads: byte order mark and CRLF.
    static func bytes(_ lines: [String]) -> [UInt8] {
        [0xEF, 0xBB, 0xBF] + Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }
}
