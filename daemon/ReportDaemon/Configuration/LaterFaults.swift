import ReportModel

/// Adds what a node would stumble over after the reading of its configuration.
struct LaterFaults {
    let configuration: NodeConfiguration
    let list: FaultList
    let file: String
    /// Whether everything was understood: else settings of a list are not counted as they stand.
    private let isWhole: Bool

    /// Looks a configuration over; nothing when it has no file.
    init?(_ configuration: NodeConfiguration, _ list: FaultList) {
        guard let file = configuration.file else { return nil }
        self.configuration = configuration
        self.list = list
        self.file = file
        isWhole = list.faults.isEmpty
    }

    /// Adds everything.
    func add() {
        addListenerFaults()
        addUpstreamFaults()
        addInboxFaults()
        addFolderFaults()
        addFileFaults()
    }

    /// Puts a fault on the list.
    /// - Parameters:
    ///   - setting: its name, such as `inboxes[0].path`.
    ///   - message: what is wrong.
    ///   - instead: what to do.
    ///   - code: the kind of error.
    ///   - endsStart: whether a node does not start with it.
    func fault(
        _ setting: String,
        _ message: Words,
        _ instead: Words,
        code: ReportError.Code = .usage,
        endsStart: Bool
    ) {
        // The lists of what was understood may be shorter than those of the file.
        let known = isWhole ? setting : String(setting.prefix { $0 != "[" })
        list.add(
            ConfigurationFault(
                path: file,
                line: configuration.lines[known],
                setting: known,
                message: message,
                instead: instead,
                code: code,
                endsStart: endsStart
            )
        )
    }

    /// The name of an element of a list that may also be written as a single value.
    private func element(_ name: String, _ index: Int) -> String {
        let inner = "\(name)[\(index)]"
        return configuration.lines[inner] == nil ? name : inner
    }

    private func addListenerFaults() {
        var known: [(setting: String, address: ListenAddress)] = []
        for (index, listener) in configuration.listeners.enumerated() {
            known.append((element("listen", index), listener.address))
            let isOpen = !listener.address.isLoopbackName
            if isOpen, listener.usesTLS == false {
                fault(
                    element("listen", index),
                    Words(
                        "\(listener.address) can be reached by other machines and is not served without TLS",
                        "\(listener.address) 可从其他机器访问，必须启用 TLS"
                    ),
                    Words("leave out tls: false", "请删去 tls: false"),
                    code: .notAllowed,
                    endsStart: true
                )
            } else if listener.usesTLS ?? isOpen, configuration.tls == nil {
                fault(
                    element("listen", index),
                    Words(
                        "\(listener.address) needs TLS, and tls.folder is not configured",
                        "\(listener.address) 需要 TLS，但没有设置 tls.folder"
                    ),
                    Words(
                        "add tls: {folder: /var/lib/reportd/identity}, or listen at 127.0.0.1 only, in plain text",
                        "加上 tls: {folder: /var/lib/reportd/identity}，或只监听 127.0.0.1 且不用 TLS"
                    ),
                    code: .notAllowed,
                    endsStart: true
                )
            }
        }
        if case .address(let address)? = configuration.watch?.place {
            known.append(("http", address))
        }
        for (index, later) in known.enumerated() {
            guard let first = known[..<index].first(where: { $0.address.excludes(later.address) })
            else { continue }
            fault(
                later.setting,
                Words(
                    "\(later.address) is taken already by \(first.setting): \(first.address)",
                    "\(later.address) 已被 \(first.setting)（\(first.address)）占用"
                ),
                Words("give each a port of its own", "请各用不同的端口"),
                endsStart: true
            )
        }
    }

    private func addUpstreamFaults() {
        guard configuration.tls == nil else { return }
        for (index, upstream) in configuration.upstreams.enumerated()
        where upstream.usesTLS ?? !upstream.address.isLoopbackName {
            fault(
                "upstreams[\(index)]",
                Words("\(upstream.address) is asked under TLS", "连接 \(upstream.address) 需要 TLS"),
                Words(
                    "reportctl pki join gets a certificate and writes the tls lines",
                    "运行 reportctl pki join 可取得证书并写入 tls 设置"
                ),
                endsStart: false
            )
        }
    }

    private func addInboxFaults() {
        for (index, inbox) in configuration.inboxes.enumerated() {
            guard let region = inbox.region,
                Divisions(adding: configuration.regions).resolve(region)?.isAmbiguous == true
            else { continue }
            fault(
                "inboxes[\(index)].region",
                Words("several regions are called '\(region)'", "名为“\(region)”的地区不止一个"),
                Words(
                    "write the city in front, such as 湛江市/麻章区",
                    "在前面写明所属市，如 湛江市/麻章区"
                ),
                endsStart: false
            )
        }
    }
}

extension ListenAddress {
    /// Whether only one of two listeners can have its address: the port is the same, and the hosts overlap.
    func excludes(_ other: ListenAddress) -> Bool {
        // Port 0 is any that is free.
        guard port != 0, port == other.port else { return false }
        let hosts = [self, other].map { $0.host == "localhost" ? "127.0.0.1" : $0.host }
        if hosts[0] == hosts[1] || hosts.contains("::") { return true }
        return hosts.contains("0.0.0.0") && !hosts.contains { $0.contains(":") }
    }
}
