import ReportModel

/// Sentences of the library in Chinese, where the locale asks for it; others stay as they are.
///
/// A pattern is a sentence with `*` for each value, which stands in the translation in the same order.
enum ErrorWords {
    private static let sentences: [(pattern: String, chinese: String)] = [
        ("no record matches *", "没有与 * 相符的记录"),
        ("* records match *", "有 * 条记录与 * 相符"),
        ("* has no version *", "* 没有版本 *"),
        ("the current version is *", "当前版本是 *"),
        ("add more parts of the key", "请写出编号的更多部分"),
        ("ask for one of *", "请指定其中之一：*"),
        ("there is no record of the unit *", "没有单位 * 的记录"),
        ("this version has * source files", "该版本有 * 个源文件"),
        ("the record of this version came without its files", "该版本只收到登记内容，没有收到源文件"),
        (
            "they are where the record was made; it lists name and SHA-256 of each",
            "源文件在原登记处；记录中有各文件的名称和 SHA-256"
        ),
        ("the record of this version was erased by law at *", "该版本的登记内容已依法删除，时间 *"),
        ("the list of people of this version was erased by law at *", "该版本的人员名单已依法删除，时间 *"),
        ("the source file of this version was erased by law at *", "该版本的源文件已依法删除，时间 *"),
        ("nothing of * is left to be erased", "* 没有可删除的内容"),
        ("this version was taken back by its unit", "该版本已由上报单位撤回"),
        ("the record changed meanwhile", "记录已被更改"),
        ("try again", "请重试"), ("try again in a moment", "请稍后重试"),
        ("there is no store in *", "* 中没有存储"),
        ("* is there already", "* 已存在"),
        ("the disk of the store is full", "存储所在磁盘已满"),
        ("the disk of the store is full: * MiB are free", "存储所在磁盘已满：剩余 * MiB"),
        ("make room on it", "请清理该磁盘"),
        ("'*' is too short to be looked for", "“*”太短，无法搜索"),
        ("a term has two or more characters beside each other", "搜索词至少两个相连的字"),
        ("'*' is no time", "“*”不是时间"),
        ("'*' is no range of numbers", "“*”不是数值范围"),
        ("'*' passes nothing: the first number is the greater one", "“*”不包含任何值：前一个数较大"),
        ("'*' is no kind of report: *", "“*”不是报告类型：*"),
        ("no number of a record is called *; perhaps *", "记录中没有名为 * 的数值；是否要找 *"),
        ("no number of a record is called *; there are *", "记录中没有名为 * 的数值；可用 *"),
        (
            "this node reports to another one and its key is not among its reviewers",
            "本节点有上级节点，且本节点密钥不在审核人之列"
        ),
        ("another process writes this store: *", "另一进程正在写入该存储：*"),
        ("ask it with --node, or stop it first", "请用 --node 访问，或先停止该进程"),
        ("no node answers at *", "* 处没有节点应答"),
        (
            "start it there (systemctl start reportd), or name another place with --node or --store",
            "请在该机器上启动节点（systemctl start reportd），或用 --node、--store 指定其他位置"
        ),
        (
            "the node at * does not answer: nothing came within * s",
            "节点 * 没有应答：* 秒内没有收到任何内容"
        ),
        (
            "try again; when it stays silent, on its machine: systemctl restart reportd",
            "请重试；如一直没有应答，请在该机器上运行 systemctl restart reportd"
        ),
        ("* is taken at the node's own socket only", "* 只能通过节点自己的套接字执行"),
        (
            "as root on the node's machine, with --store DIR where its store is not in /var/lib/reportd",
            "请在节点所在机器上以 root 身份运行；存储不在 /var/lib/reportd 中时，用 --store 指定目录"
        ),
        ("cannot read *: *", "无法读取 *：*"), ("cannot write *: *", "无法写入 *：*"),
    ]

    /// A sentence in the language of the locale.
    static func text(_ english: String) -> String {
        Wording.isChinese ? chinese(english) ?? english : english
    }

    /// The translation of a sentence; nil when there is none.
    static func chinese(_ english: String) -> String? {
        for (pattern, translation) in sentences {
            guard let values = values(of: pattern, in: english) else { continue }
            var result = ""
            for (index, piece) in translation.split(
                separator: "*",
                omittingEmptySubsequences: false
            )
            .enumerated() {
                if index > 0, values.indices.contains(index - 1) { result += values[index - 1] }
                result += piece
            }
            return result
        }
        return nil
    }

    /// What stands in the places of the `*` of a pattern; nil when the sentence is another one.
    private static func values(of pattern: String, in sentence: String) -> [Substring]? {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = pieces.first, sentence.hasPrefix(first) else { return nil }
        var rest = sentence.dropFirst(first.count)
        guard pieces.count > 1 else { return rest.isEmpty ? [] : nil }
        var values: [Substring] = []
        for piece in pieces.dropFirst().dropLast() {
            guard let found = rest.firstRange(of: piece) else { return nil }
            values.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        guard let last = pieces.last, rest.hasSuffix(last) else { return nil }
        values.append(rest.dropLast(last.count))
        return values.contains { $0.isEmpty } ? nil : values
    }
}
