import ReportModel

/// Why a file in an inbox has no outcome, and what to do, for people.
struct WaitingWords {
    let reason: String
    /// What to do; nil when nothing but time is needed.
    let advice: String?

    /// Takes the words for a reason of a node's status.
    /// - Parameters:
    ///   - reason: `reason` of one of `waiting`; docs/protocol.md section 3.5.
    ///   - message: `message` beside it.
    init(_ reason: String, message: String?) {
        let detail = message.map { ": \($0)" } ?? ""
        func say(_ english: String, _ chinese: String) -> String {
            Wording.pick(english, chinese) + detail
        }
        switch reason {
        case "settling": self.init(say("it may still be written", "可能仍在写入"))
        case "queued": self.init(say("other files come first", "排队等候"))
        case "working": self.init(say("it is being read", "正在处理"))
        case "incomplete": self.init(say("it looks cut off", "文件似乎不完整"))
        case "fault":
            self.init(
                say("a fault of this machine", "本机故障"),
                Wording.pick("reportctl doctor names what mends it", "运行 reportctl doctor 查看如何处理")
            )
        case "unreadable":
            self.init(
                say("the node may not read it", "没有读取权限"),
                Wording.pick("give the node the right to read it", "请检查文件或文件夹的权限")
            )
        case "link":
            self.init(
                say("a link", "这是链接（快捷方式）"),
                Wording.pick("drop the file itself", "请放入文件本身")
            )
        case "special":
            self.init(say("no regular file", "不是普通文件"), Wording.pick("take it away", "请移走"))
        case "too-deep":
            self.init(
                say("its folder lies too deep", "文件夹层数太多"),
                Wording.pick("move it to a folder above", "请移到上层文件夹")
            )
        case "too-many-folders":
            self.init(
                say("the inbox has too many folders", "收件夹里的文件夹太多"),
                Wording.pick("move it to a folder above", "请移到上层文件夹")
            )
        case "other-file-system":
            self.init(
                say("its folder is on another disk", "所在文件夹在另一个磁盘上"),
                Wording.pick("copy it into the inbox", "请把文件复制到收件夹")
            )
        case "receipt":
            self.init(
                say("a copy of a receipt", "这是回执的副本，不是报告"),
                Wording.pick("it may be removed", "可以删除")
            )
        default: self.init(reason + detail)
        }
    }

    private init(_ reason: String, _ advice: String? = nil) {
        self.reason = reason
        self.advice = advice
    }
}
