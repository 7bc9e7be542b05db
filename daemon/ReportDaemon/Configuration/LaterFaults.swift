import ReportModel

extension NodeConfiguration {
    /// Adds what a node would stumble over after the reading of its configuration.
    func addLaterFaults(to list: FaultList) {
        guard let file else { return }
        func fault(_ setting: String, _ message: Words, _ instead: Words) {
            list.add(
                ConfigurationFault(
                    path: file,
                    setting: setting,
                    message: message,
                    instead: instead
                )
            )
        }
        for listener in listeners where !listener.address.isLoopbackName {
            if listener.usesTLS == false {
                fault(
                    "listen",
                    Words(
                        "\(listener.address) can be reached by other machines and is not served without TLS",
                        "\(listener.address) 可从其他机器访问，必须启用 TLS"
                    ),
                    Words("leave out tls: false", "请删去 tls: false")
                )
            } else if tls == nil {
                fault(
                    "listen",
                    Words("\(listener.address) needs TLS", "\(listener.address) 需要 TLS"),
                    Words(
                        "add tls: {folder: /var/lib/reportd/identity}, or listen at 127.0.0.1 only",
                        "加上 tls: {folder: /var/lib/reportd/identity}，或只监听 127.0.0.1"
                    )
                )
            }
        }
        for upstream in upstreams
        where tls == nil && (upstream.usesTLS ?? !upstream.address.isLoopbackName) {
            fault(
                "upstreams",
                Words("\(upstream.address) is asked under TLS", "连接 \(upstream.address) 需要 TLS"),
                Words(
                    "reportctl pki join gets a certificate and writes the tls lines",
                    "运行 reportctl pki join 可取得证书并写入 tls 设置"
                )
            )
        }
        addInboxFaults(fault)
    }

    private func addInboxFaults(_ fault: (String, Words, Words) -> Void) {
        var seen: Set<String> = []
        for inbox in inboxes {
            let own = Words("use a folder of its own", "请另用一个文件夹")
            if !seen.insert(inbox.path).inserted {
                fault("inboxes", Words("\(inbox.path) stands twice", "\(inbox.path) 重复出现"), own)
            }
            if !store.isEmpty, (inbox.path + "/").hasPrefix(store + "/") {
                fault(
                    "inboxes",
                    Words("\(inbox.path) is inside the store", "\(inbox.path) 位于存储目录之内"),
                    own
                )
            }
            if let region = inbox.region,
                Divisions(adding: regions).resolve(region)?.isAmbiguous == true
            {
                fault(
                    "inboxes",
                    Words("several regions are called '\(region)'", "名为“\(region)”的地区不止一个"),
                    Words(
                        "write the city in front, such as 湛江市/麻章区",
                        "在前面写明所属市，如 湛江市/麻章区"
                    )
                )
            }
        }
    }
}
