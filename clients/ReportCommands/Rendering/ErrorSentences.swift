/// Sentences of the library and their Chinese, the common ones of each topic; see ``ErrorWords``.
enum ErrorSentences {
    typealias Sentence = (pattern: String, chinese: String)

    /// All of them; the first pattern that fits is taken, so that general ones come last.
    static let all: [Sentence] = [
        records, questions, rosters, workflow, files, places, general,
    ].flatMap { $0 }

    private static let records: [Sentence] = [
        ("the document does not say: *", "文件中没有写明：*"),
        ("ask for one of *", "请指定其中之一：*"),
        ("no record matches *", "没有与 * 相符的记录"),
        ("* records match *", "有 * 条记录与 * 相符"),
        ("* has no version *", "* 没有版本 *"),
        ("the current version is *", "当前版本是 *"),
        ("add more parts of the key", "请写出编号的更多部分"),
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
        ("try again", "请重试"),
        ("try again in a moment", "请稍后重试"),
        (
            "try again; when it stays silent, on its machine: systemctl restart reportd",
            "请重试；如一直没有应答，请在该机器上运行 systemctl restart reportd"
        ),
        ("no record matched * at that time", "当时没有与 * 相符的记录"),
        ("the first version of * was recorded at *", "* 的第一个版本登记于 *"),
        ("the first version of * arrived here at *", "* 的第一个版本于 * 到达本节点"),
        ("there are several versions of this number", "该编号下有多个同号版本"),
        ("* of this version was never sent to this node", "本节点未收到该版本的内容"),
        ("there is no field '*' in this record", "该记录中没有字段“*”"),
        ("it has * rows, the first is 0", "共 * 行，从 0 数起"),
        ("version * of * follows no other; name two versions", "* 号版本（*）之前没有其他版本，请写出要比较的两个版本"),
        ("'*' is no lookup: *", "“*”不能用来查找：*"),
        ("'*' is no key: *", "“*”不是编号：*"),
        ("write a year and parts of a key, such as *", "请写年度和编号的一部分，例如 *"),
        ("write a whole key, such as *", "请写完整编号，例如 *"),
        ("a part of '*' is empty", "“*”有一部分是空的"),
        ("'*' does not begin with a year of four digits", "“*”不是以四位年度开头"),
        ("'*' lacks the city or the unit", "“*”缺少市或单位"),
        ("'*' has too many parts", "“*”部分太多"),
        ("'*' names none of the kinds *", "“*”没有写明类型：*"),
        ("'*' is the name of a kind and cannot be a district or unit", "“*”是报告类型，不能作区县或单位"),
        ("* are * units, name the city, the district and the unit: *", "* 对应 * 个单位，请写明市、区县和单位：*"),
        ("no key: *", "没有编号：*"),
        ("the region's name is shared by several regions: *", "有几个地区同名：*"),
        (
            "give what is missing with --year, --region, --unit or --kind",
            "请用 --year、--region、--unit 或 --kind 补上缺少的内容"
        ),
    ]

    private static let questions: [Sentence] = [
        ("* must be one of *", "* 须为以下之一：*"),
        ("'*' is too short to be looked for", "“*”太短，无法搜索"),
        ("a term has two or more characters beside each other", "搜索词至少两个相连的字"),
        ("'*' is no time", "“*”不是时间"),
        ("'*' is no range of numbers", "“*”不是数值范围"),
        ("'*' passes nothing: the first number is the greater one", "“*”不包含任何值：前一个数较大"),
        ("'*' is no kind of report: *", "“*”不是报告类型：*"),
        ("no number of a record is called *; perhaps *", "记录中没有名为 * 的数值；是否要找 *"),
        ("no number of a record is called *; there are *", "记录中没有名为 * 的数值；可用 *"),
        ("by must be some of *", "--by 可用：*"),
        ("* must be a number from * to *", "* 须为 * 至 * 的数"),
        ("* must be a number such as 12.5", "* 须为数，例如 12.5"),
        (
            "* must be a year such as 2023, or years such as 2021..2023",
            "* 须为年度，如 2023；或多个年度，如 2021..2023（前小后大）"
        ),
        ("* needs a role, such as *", "* 须写明性质，例如 *"),
        ("write 2024-05-30 or 2024-05-30T08:00+08:00", "请写 2024-05-30 或 2024-05-30T08:00+08:00"),
        ("write MIN..MAX, MIN.. or ..MAX, such as *", "请写 最小..最大、最小.. 或 ..最大，例如 *"),
        ("a project is 项目支出/NAME, a part *", "项目写作 项目支出/名称，组成部分为：*"),
        (
            "docs/export.md lists all roles; stats --of takes several",
            "docs/export.md 列有全部性质；stats --of 可写多个"
        ),
        ("'*' is nothing that can be counted", "“*”不能统计"),
        ("'*' is no region", "“*”不是地区"),
        ("write a name, a path such as *, or a code of six digits", "请写名称、路径（如 *）或六位代码"),
        ("as-of and known-here exclude each other", "--as-of 与 --known-here 不能同用"),
        ("nothing is looked for", "没有搜索内容"),
        ("write a word of two or more characters, such as *", "请写两个字以上的词，例如 *"),
        ("* is no number and no range of numbers", "* 不是数，也不是数值范围"),
        ("'*' is no place to continue a search after", "“*”不是可继续搜索的位置"),
        ("take `next` of the page before", "请用上一页的 next"),
        ("after names no row of this order", "--after 不是这个排序中的行"),
        ("after names no entry", "--after 不是已有的行"),
        ("give what next said, with the same order", "请用上一页给出的 next，排序不变"),
        ("give what next said", "请用上一页给出的 next"),
        (
            "there are more than * groups: ask for fewer records, or group by less",
            "分组超过 * 个：请缩小范围或减少分组项"
        ),
        ("a unit is missing, such as *", "缺少单位，例如 *"),
        ("'*' is no other name", "“*”不是曾用名"),
        ("'*' is no outcome", "“*”不是处理结果"),
    ]

    private static let rosters: [Sentence] = [
        ("no roster is configured here", "本节点没有设置应报名册"),
        (
            "give one with --roster FILE, or set roster in the node's configuration",
            "请用 --roster 文件 指定，或在节点配置中设置 roster"
        ),
        (
            "--roster goes with --store: a node answers by its own roster",
            "--roster 须与 --store 同用：节点按自己的名册回答"
        ),
        ("set roster in the node's configuration", "请在节点配置中设置 roster"),
        ("--aliases needs --roster", "--aliases 须与 --roster 同用"),
        ("* has no header line", "* 没有标题行"),
        ("* is neither UTF-8 nor GB18030", "* 既不是 UTF-8 也不是 GB18030 编码"),
        ("save it as CSV UTF-8", "请另存为 CSV UTF-8"),
        ("* needs the column unit (单位)", "* 缺少“单位”一列"),
        ("* needs the columns old and new (原名称, 新名称)", "* 缺少“原名称”“新名称”两列"),
        ("docs/queries.md section * shows an example", "docs/queries.md 第 * 节有例子"),
        ("* line * lacks the unit", "* 第 * 行缺少单位"),
        ("* line * lacks the old or the new name", "* 第 * 行缺少原名称或新名称"),
        ("* line * has '*' as year", "* 第 * 行的年度“*”无法识别"),
        ("write 2023, 2021-2023 or 2021-", "请写 2023、2021-2023 或 2021-"),
        (
            "* line * names the region in '*', which is no known region or one of several",
            "* 第 * 行：“*”中没有可识别的地区，或有几个同名地区"
        ),
        (
            "* line * names '*', which is no known region or one of several",
            "* 第 * 行的地区“*”无法识别，或有几个同名地区"
        ),
        ("write city and district, such as *, or the code of six digits", "请写市和区县，如 *，或六位代码"),
        ("* line * has '*' as kind", "* 第 * 行的类型“*”无法识别"),
        ("* line * has '*' as deadline", "* 第 * 行的截止日期“*”无法识别"),
        (
            "write 2024-05-31, or 05-31 for that day of the year after the evaluated one",
            "请写 2024-05-31；写 05-31 则为评价年度次年的这一天"
        ),
        ("* line * opens a quote that is never closed", "* 第 * 行的引号没有闭合"),
        ("* line *: '*' is no year", "* 第 * 行：“*”不是年度"),
    ]

    private static let workflow: [Sentence] = [
        ("give one of --approve, --return COMMENT, --undo", "请用 --approve、--return 意见 或 --undo 之一"),
        ("no record is named", "没有写明记录"),
        ("give keys, or --from-file FILE", "请写编号，或用 --from-file 文件"),
        ("this version was moved to another key", "该版本已改报到别的编号"),
        ("this version was taken back already", "该版本已经撤回"),
        ("no judgement of this version stands", "该版本没有可撤销的意见"),
        ("with --undo it stands again", "可用 --undo 恢复"),
        ("the version stands under this key already", "该版本已在此编号下"),
        ("the version was moved already", "该版本已改报过"),
        ("* has these files already: version *", "* 已有这些文件：版本 *"),
        ("take the other one back: reportctl retract", "请撤回另一份：reportctl retract"),
        ("* has no finding *", "* 没有疑点 *"),
        ("* names * findings", "* 对应 * 个疑点"),
        ("one of: *", "可用：*"),
        ("one of *", "可用：*"),
        ("--only takes record, people, sources or notes", "--only 可用：record、people、sources、notes"),
        ("the version was read anew meanwhile", "该版本已被重新识别"),
        ("give lookups, --all-in LOOKUP, or --all", "请写编号，或用 --all-in 编号的一部分，或 --all"),
        ("--if-version takes 0 or a version number", "--if-version 须为 0 或版本号"),
        ("--fail-on takes info, low, medium or high", "--fail-on 可用：info、low、medium、high"),
    ]

    private static let files: [Sentence] = [
        ("* is there already", "* 已存在"),
        ("cannot read *: *", "无法读取 *：*"),
        ("cannot write *: *", "无法写入 *：*"),
        ("* is empty", "* 是空文件"),
        ("* cannot be read: *", "* 无法读取：*"),
        ("* cannot be read", "* 无法读取"),
        ("No such file or directory", "没有这个文件或目录"),
        ("Permission denied", "没有权限"),
        ("Is a directory", "这是目录"),
        ("give another name, or --force to replace it", "请换个文件名，或用 --force 替换"),
        ("name another file with -o", "请用 -o 指定别的文件名"),
        ("give a name that is not taken: a backup overwrites nothing", "请换个名字：备份从不覆盖已有文件"),
        ("the file is missing", "没有写明文件"),
        ("give -o FILE, or -o -", "请用 -o 文件，或 -o -"),
        ("the format is missing", "没有写明格式"),
        ("give --format entries, jsonl, csv or xlsx", "请用 --format，可为 entries、jsonl、csv、xlsx"),
        ("names and telephone numbers stay out unless they are asked for", "未经要求不导出人员姓名和电话"),
        ("add --people", "请加 --people"),
        ("a workbook goes to a file, not to standard output", "工作簿只能写入文件，不能写到标准输出"),
        ("an archive goes to a file, not to standard output", "压缩包只能写入文件，不能写到标准输出"),
        (
            "entries are exported by whole logs: a part of a log cannot be verified",
            "entries 只能导出整条日志：部分日志无法核对"
        ),
        (
            "use --format jsonl for a selection, or leave lookup and filters out",
            "要导出部分记录请用 --format jsonl，否则不要写编号和条件"
        ),
        ("this is no proof: *", "这不是证明：*"),
        ("this proof is not as it was written: it is not in canonical form", "证明与原文件不一致：格式已被改动"),
        ("take the file itself, not what an editor saved", "请用原文件，不要用编辑器另存的文件"),
        ("* is no backup of reportd", "* 不是 reportd 的备份"),
        ("* is an increment", "* 是增量备份"),
        ("give the full backup first, then its increments in their order", "请先写完整备份，再按先后写增量备份"),
        ("* is not empty", "* 不是空目录"),
        ("restore into a new folder; nothing is overwritten", "请恢复到新目录：不会覆盖任何文件"),
        (
            "* holds no key: without it the store would be that of another node",
            "* 中没有密钥：没有密钥，恢复后就是另一个节点"
        ),
    ]

    private static let places: [Sentence] = [
        ("there is no store in *", "* 中没有存储"),
        ("the disk of the store is full", "存储所在磁盘已满"),
        ("the disk of the store is full: * MiB are free", "存储所在磁盘已满：剩余 * MiB"),
        ("make room on it", "请清理该磁盘"),
        (
            "this node reports to another one and its key is not among its reviewers",
            "本节点有上级节点，且本节点密钥不在审核人之列"
        ),
        (
            "the node above does not have this version: the log that it is in has two branches",
            "上级没有这个版本：它所在的日志出现了两个分支"
        ),
        ("file the report again: that makes a version which it takes", "请重新报送该报告，生成上级能收到的新版本"),
        ("another process writes this store: *", "另一进程正在写入该存储：*"),
        ("ask it with --node, or stop it first", "请用 --node 访问，或先停止该进程"),
        ("no node answers at *", "* 处没有节点应答"),
        (
            "start it there (systemctl start reportd), or name another place with --node or --store",
            "请在该机器上启动节点（systemctl start reportd），或用 --node、--store 指定其他位置"
        ),
        ("the node at * does not answer: nothing came within * s", "节点 * 没有应答：* 秒内没有收到任何内容"),
        ("* is taken at the node's own socket only", "* 只能通过节点自己的套接字执行"),
        (
            "as root on the node's machine, with --store DIR where its store is not in /var/lib/reportd",
            "请在节点所在机器上以 root 身份运行；存储不在 /var/lib/reportd 中时，用 --store 指定目录"
        ),
        (
            "reportd makes one at its first start, reportctl submit --store as well",
            "reportd 首次启动时会建立，reportctl submit --store 也会"
        ),
        ("give either --store or --node, not both", "--store 与 --node 只能用一个"),
        (
            "this needs the store itself: a node does not give whole logs to strangers",
            "须直接读取存储：节点不向外提供整条日志"
        ),
        (
            "run it as root on the node's machine, or give --store DIR; the node may go on running",
            "请在节点所在机器上以 root 运行，或用 --store 指定目录；节点可继续运行"
        ),
        ("this store was opened for reading", "存储以只读方式打开"),
        ("* needs the verb * in the grant of this key", "* 需要该密钥有 * 权限"),
        (
            "* is taken at the node's own socket, or from a key with the verb * only",
            "* 只能通过节点自己的套接字执行，或由有 * 权限的密钥执行"
        ),
        ("the grant of this key does not cover that region", "该密钥的授权不含这个地区"),
        (
            "it is not known which records * may read: no node has run on this store",
            "不清楚 * 可以读取哪些登记内容：该存储上未运行过节点"
        ),
        (
            "start the node with its grants, or name the regions: --regions REGION,…, or --regions '*' "
                + "for all records",
            "请先以写明授权的配置启动节点；或写明地区：--regions 地区,…；--regions '*' 表示全部"
        ),
        ("the bundle is for *, which has no grant here", "离线包发给 *，但本节点未授予其任何权限"),
        (
            "grant the key regions and the verb peer in the node's configuration, or name it under "
                + "upstreams; then: systemctl restart reportd",
            "请在节点配置中授予该公钥地区和 peer 权限，或将其写入 upstreams，然后运行 systemctl restart reportd"
        ),
        ("the log * of * is forked: it goes into no bundle", "日志 *（*）有分叉，不列入离线包"),
        ("reportctl peer evidence shows both branches", "reportctl peer evidence 可查看两个分支"),
        ("the region * is not granted to *", "地区 * 不在 * 的授权之内"),
        ("it may read *", "可读取：*"),
        ("a check is running", "正在核对"),
        ("ask again when it is over", "请在核对结束后再试"),
        ("'*' is no address", "“*”不是地址"),
        ("write HOST:PORT", "请写 主机:端口"),
    ]

    private static let general: [Sentence] = [
        ("* makes no sense with --format *", "* 不能与 --format * 同用"),
        ("-o * makes no sense here; use one of *", "这里不能用 -o *；可用：*"),
        ("unknown option *", "没有选项 *"),
        ("'*' is an argument too many", "多了参数“*”"),
        ("* must be 1 or 0", "* 须为 1 或 0"),
        ("* is missing", "缺少 *"),
        ("*: No such file or directory", "*：没有这个文件或目录"),
        ("write *", "请写 *"),
        ("perhaps *", "是否要找：*"),
    ]
}
