import ReportModel

/// The commented configuration that `reportd init` writes.
struct ConfigurationTemplate {
    let text: String

    /// Writes the text.
    /// - Parameter setup: what was asked or given.
    /// - Throws: ``ReportModel/ReportError`` `usage` when something given cannot be meant.
    init(_ setup: NodeSetup) throws(ReportError) {
        let region = try NodeSetup.region(setup.region)
        guard setup.store.hasPrefix("/"), setup.inbox?.hasPrefix("/") ?? true,
            setup.file.hasPrefix("/")
        else { throw ReportError(.usage, "paths are written from the root: /…") }
        let state = Self.folder(above: setup.store)
        var text = """
            # reportd 节点配置，由 reportd init 生成 / Configuration of a reportd node, written by reportd init.
            # 检查 / look it over: reportd check-config \(setup.file)     说明 / explained: man reportd.yaml
            # 修改后 / after a change: systemctl restart reportd

            node:
              name: \(Self.scalar(setup.name))    # 本节点的名称，见于历史和回执 / name of this node in histories and receipts

            # 存储目录，节点密钥 node.key 也在其中，请另存一份 / The store; keep a copy of the node.key in it elsewhere.
            store: \(Self.scalar(setup.store))


            """
        text += Self.listen(setup, state)
        text += Self.inboxes(setup, region)
        text += Self.upstreams(setup, state)
        text += """
            # 有权审核本节点报告的上级公钥 / Keys whose reviews this node takes: that of the city.
            reviewers: []

            # 区划表中没有的片区 / Districts that the table of divisions does not have.
            # regions:
            #   - name: 第一师
            #     city: 阿拉尔市    # 市的全称 / the full name of the city

            # 应报单位名单和单位曾用名，CSV / Who is expected to file, and other names of units (CSV).
            # roster: \(state)/应报单位.csv
            # aliases: \(state)/单位曾用名.csv

            # 定期备份，放在另一块磁盘上 / Backups by themselves, on another disk than the store. First:
            #   install -d -o reportd -g reportd -m 0700 /backup/reportd
            # backup: {folder: /backup/reportd, at: "02:30"}

            # 运行状况，供本机监控程序读取 / Health and metrics for programs on this machine.
            # http: 127.0.0.1:7071

            # 扫描件识别，需安装 tesseract-ocr-chi-sim 和 poppler-utils / Scanned pages; needs these two packages.
            # ocr:
            #   tesseract: /usr/bin/tesseract
            #   language: chi_sim

            # workers: 2            # 同时解析的文件数 / files parsed at the same time
            # log: text             # 日志格式 text 或 json / text or json
            # verify:
            #   every: 7d           # 后台全库核对的间隔 / time between two checks of the whole store
            # disk:
            #   low: 4GiB           # 低于此值时告警 / a warning below this
            #   full: 256MiB        # 低于此值时停止写入 / no writes below this

            """
        self.text = text
    }

    private static func listen(_ setup: NodeSetup, _ state: String) -> String {
        guard let address = setup.listen else {
            return """
                # 监听地址：本机为明文，其他地址一律 TLS / Loopback is plain text, any other address is under TLS.
                listen: 127.0.0.1:7323


                """
        }
        return """
            # 监听地址：本机为明文，其他地址一律 TLS / Loopback is plain text, any other address is under TLS.
            listen: ["127.0.0.1:7323", \(JSONValue.string(address).canonicalText)]

            # 证书，由 reportctl pki init 和 issue 生成 / Certificates, made by reportctl pki init and issue.
            tls:
              folder: \(scalar(state + "/identity"))
              authority: \(scalar(state + "/authority"))

            # 加入的单位，由本节点自动写入 / Who has joined; the node writes them itself.
            grants: \(scalar(state + "/grants.yaml"))


            """
    }

    private static func inboxes(_ setup: NodeSetup, _ region: String) -> String {
        guard let inbox = setup.inbox else { return "" }
        return """
            # 收件夹：放入的文件由本节点收取；region 补足文件中未写明的地区 /
            # Folders that are watched; region fills in what a document lacks.
            inboxes:
              - path: \(scalar(inbox))
                region: \(scalar(region))
            #   year: 2024          # 可选 / if wanted
            #   unit: 总工会         # 可选 / if wanted
            #   tidy: 400d          # 可选，旧文件归入年度子文件夹 / if wanted: old files go into a folder of their year


            """
    }

    private static func upstreams(_ setup: NodeSetup, _ state: String) -> String {
        switch setup.upstream {
        case .unsaid:
            return upstreams(
                "# 上级节点，由 reportctl pki join 写入 / The node above; reportctl pki join writes it."
            )
        case .absent:
            return upstreams(
                "# 没有上级节点，报告只存于本节点 / No node above: reports stay here. reportctl pki join adds one.\n"
                    + "# 以离线包往来的上级只写公钥 / One without a network between is named by its key:\n"
                    + "#   - {key: ed25519:…, name: 湛江市}"
            )
        case .address(let address):
            return upstreams(
                "# 上级节点 \(address)，由 reportctl pki join 写入 / "
                    + "The node above, \(address); reportctl pki join writes it."
            )
        case .known(let address, let key):
            let certificate = """
                # 证书，由 reportctl pki join 取得 / The certificate; reportctl pki join gets it.
                tls:
                  folder: \(scalar(state + "/identity"))


                """
            return (setup.joinsByToken ? certificate : "") + """
                # 上级节点 / The node above: everything is sent there, and its reviews come down.
                upstreams:
                  - address: \(JSONValue.string(address).canonicalText)
                    key: \(key)
                #   direction: both     # push 只发送，pull 只接收 / push: send only; pull: take only


                """
        }
    }

    /// The empty setting under a comment; joining puts lines in its place.
    private static func upstreams(_ comment: String) -> String { comment + "\nupstreams:\n\n" }

    private static func folder(above path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return String(path[..<end])
    }

    /// A value of YAML: bare when nothing in it could be misread, else in quotes.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "/._-".unicodeScalars.contains(scalar)
        }
        let words = ["", "null", "Null", "NULL", "-", "."]
        guard isPlain, !words.contains(text), !text.hasPrefix("-") else {
            return JSONValue.string(text).canonicalText
        }
        return text
    }
}
