import Glibc
import ReportExport
package import ReportModel

/// Words of the program in the language of the locale.
package enum Wording {
    /// Whether the locale asks for Chinese.
    static let isChinese: Bool = {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = getenv(name), value.pointee != 0 {
                return String(cString: value).hasPrefix("zh")
            }
        }
        return false
    }()

    /// One of two texts by the locale.
    package static func pick(_ english: String, _ chinese: String) -> String {
        isChinese ? chinese : english
    }

    /// What an error code means, in a few words.
    package static func title(of code: ReportError.Code) -> String {
        guard isChinese else { return code.rawValue }
        return switch code {
        case .internal: "内部错误"
        case .usage: "用法错误"
        case .notFound: "未找到"
        case .erased: "已依法删除"
        case .ambiguous: "不唯一"
        case .conflict: "版本冲突"
        case .noKey: "缺少年度、地区或单位"
        case .unreachable: "无法连接"
        case .notAllowed: "无权限"
        case .integrity: "数据校验失败"
        case .forked: "日志分叉"
        case .noSpace: "磁盘已满"
        case .readOnly: "只读"
        case .timedOut: "超时"
        case .partial: "部分失败"
        case .empty: "空文件"
        case .unreadable: "无法读取"
        case .truncated: "文件不完整"
        case .encrypted: "文件已加密"
        case .tooLarge: "文件过大"
        case .tooDeep: "嵌套过深"
        case .tooSlow: "读取超时"
        case .noText: "没有文字"
        case .notAReport: "不是绩效报告"
        case .unsupported: "不支持的格式"
        case .needsTool: "缺少转换工具"
        }
    }

    /// Severity for people.
    static func severity(_ word: String) -> String {
        isChinese ? WordTitle.severity(word) : word
    }

    /// How a peer stands, for people.
    static func peerState(_ word: String) -> String {
        guard isChinese else { return word }
        return [
            "connecting": "连接中", "connected": "已连接", "waiting": "等待重连", "sending": "同步中",
            "caught-up": "已同步", "away": "未连接", "bundles": "离线包往来",
        ][word] ?? word
    }

    /// How a peer stands, and which way entries go unless it is both.
    static func peerState(of peer: JSONValue) -> String {
        let state = peerState(peer["state"]?.stringValue ?? "")
        switch peer["direction"]?.stringValue {
        case "push": return state + pick(", push", "，只发送")
        case "pull": return state + pick(", pull", "，只接收")
        case "none": return state + pick(", NEITHER WAY", "，双方均不收发")
        default: return state
        }
    }

    /// A role of amounts for people.
    static func amountRole(_ word: String) -> String {
        isChinese ? WordTitle.amountRole(word) : word
    }

    /// A role of rates for people.
    static func rateRole(_ word: String) -> String { isChinese ? WordTitle.rateRole(word) : word }

    /// A role of staffing for people.
    static func staffRole(_ word: String) -> String { isChinese ? WordTitle.staffRole(word) : word }

    /// A kind of part for people.
    static func part(_ word: String) -> String { isChinese ? WordTitle.part(word) : word }

    /// Status for people.
    static func status(_ word: String) -> String {
        isChinese ? WordTitle.status(word) : word
    }
}
