import ReportModel

/// Why a file in an inbox has no outcome, and what to do, for people.
struct WaitingWords {
    let reason: String
    /// What to do; nil when nothing but time is needed.
    let advice: String?

    private typealias Words = (english: String, chinese: String)

    /// Reason and advice by the word of a node's status.
    private static let table: [String: (reason: Words, advice: Words?)] = [
        "settling": (("it may still be written", "可能仍在写入"), nil),
        "queued": (("other files come first", "排队等候"), nil),
        "working": (("it is being read", "正在处理"), nil),
        "incomplete": (("it looks cut off", "文件似乎不完整"), nil),
        "fault": (
            ("a fault of this machine", "本机故障"),
            ("reportctl doctor names what mends it", "运行 reportctl doctor 查看如何处理")
        ),
        "unreadable": (
            ("the node may not read it", "没有读取权限"),
            ("give the node the right to read it", "请检查文件或文件夹的权限")
        ),
        "link": (("a link", "这是链接（快捷方式）"), ("drop the file itself", "请放入文件本身")),
        "special": (("no regular file", "不是普通文件"), ("take it away", "请移走")),
        "too-deep": (
            ("its folder lies too deep", "文件夹层数太多"),
            ("move it to a folder above", "请移到上层文件夹")
        ),
        "too-many-folders": (
            ("the inbox has too many folders", "收件夹里的文件夹太多"),
            ("move it to a folder above", "请移到上层文件夹")
        ),
        "other-file-system": (
            ("its folder is on another disk", "所在文件夹在另一个磁盘上"),
            ("copy it into the inbox", "请把文件复制到收件夹")
        ),
        "receipt": (("a copy of a receipt", "这是回执的副本，不是报告"), ("it may be removed", "可以删除")),
    ]

    /// Takes the words for a reason of a node's status; a word of a later version stands for itself.
    /// - Parameters:
    ///   - word: `reason` of one of `waiting`; docs/protocol.md section 3.5.
    ///   - message: `message` beside it.
    init(_ word: String, message: String?) {
        let words = Self.table[word]
        let reason = words.map { Wording.pick($0.reason.english, $0.reason.chinese) } ?? word
        self.reason = reason + (message.map { ": \($0)" } ?? "")
        advice = words?.advice.map { Wording.pick($0.english, $0.chinese) }
    }
}
