import ReportModel
import ReportTLS
import ReportWire

/// What this node itself has against a session with an upstream, and which way entries go.
extension UpstreamCheck {
    /// This node broke the connection off: joining anew would not help, since the other side said nothing.
    static func distrust(
        _ error: String,
        _ upstream: NodeConfiguration.Upstream,
        _ patient: Patient
    ) -> Diagnosis {
        let address = upstream.address
        let file = patient.file.shellWord
        let folder = upstream.identity ?? patient.configuration?.tls?.identity ?? "-"
        guard patient.configuration?.tls != nil || address.isLoopbackName else {
            return fault(
                .notAllowed,
                "this node does not connect to \(address): \(error)",
                "本节点未连接 \(address)：\(error)",
                command: "reportctl pki join TOKEN --config \(file)"
            )
        }
        return fault(
            .notAllowed,
            "this node does not trust what answers at \(address): \(error). Ask that office what "
                + "`reportd --show-key` prints: it must be the key under upstreams, now \(upstream.key). If it is: "
                + "of a certificate that has ended or is not yet good look at this machine's clock first; of another "
                + "authority \(folder) may be from another office than this upstream: join there anew; else its "
                + "certificate must be renewed there",
            "本节点不信任 \(address) 的应答方：\(error)。请向该单位核对 reportd --show-key 的输出，"
                + "应与 upstreams 中的公钥一致，目前为 \(upstream.key)。如一致：提示证书过期或未生效时，先核对本机时间；"
                + "提示由其他机构签发时，\(folder) 中的证书可能并非该上级签发，请重新加入；否则应由该单位更换证书",
            command: "editor \(file) && systemctl restart reportd"
        )
    }

    /// One side speaks TLS and the other does not; nil when the error tells of something else.
    static func mismatch(
        _ error: String,
        _ upstream: NodeConfiguration.Upstream,
        _ patient: Patient
    ) -> Diagnosis? {
        let address = upstream.address
        let command = "editor \(patient.file.shellWord) && systemctl restart reportd"
        if error == TLSClient.noTLS.message {
            return fault(
                .unreachable,
                "the port at \(address) speaks no TLS: write the port at which that office takes others "
                    + "(mostly 7324), or tls: false when a tunnel on this machine leads there",
                "\(address) 端口不使用 TLS：请改为对方接收其他单位连接的端口（一般为 7324）；"
                    + "如经本机隧道连接，请在该上级下写 tls: false",
                command: command
            )
        }
        // Of another version the rest of the sentence may differ.
        guard error.hasPrefix(PlainTextHandler.refusal.message.prefix { $0 != ":" }) else {
            return nil
        }
        return fault(
            .notAllowed,
            "the port at \(address) is under TLS and this node speaks without: write tls: true under the "
                + "upstream; without a certificate of this node also reportctl pki join",
            "\(address) 端口须使用 TLS，而本节点未启用：请在该上级下写 tls: true；尚无证书时先运行 reportctl pki join",
            command: command
        )
    }

    /// The other side lets less through than this node is set up for; nil when both agree.
    static func contradiction(
        _ told: JSONValue?,
        _ upstream: NodeConfiguration.Upstream,
        store: String
    ) -> Diagnosis? {
        guard let told, told["established"]?.boolValue == true,
            let text = told["direction"]?.stringValue, text != upstream.direction.rawValue
        else { return nil }
        let address = upstream.address
        let takesNothing = upstream.direction.sends && Direction(rawValue: text)?.sends != true
        return fault(
            .notAllowed,
            (takesNothing
                ? "\(address) takes nothing from this node"
                : "\(address) sends nothing to this node")
                + ": its grant for this node has another direction than \(upstream.direction.rawValue) here. "
                + "There: change `direction` of the grant, then systemctl reload reportd",
            (takesNothing ? "\(address) 不接收本节点的数据" : "\(address) 不向本节点发送数据")
                + "：对方授权中的 direction 与本节点的 \(upstream.direction.rawValue) 不符。"
                + "请对方修改授权文件中的 direction 并执行 systemctl reload reportd",
            command: "reportctl peer list --store \(store.shellWord)"
        )
    }

    /// What an administrator should know of a direction that is not both.
    static func directions(
        _ upstream: NodeConfiguration.Upstream,
        _ patient: Patient
    ) -> [Diagnosis] {
        guard let configuration = patient.configuration, !configuration.inboxes.isEmpty else {
            return []
        }
        let address = upstream.address
        if upstream.direction == .push {
            return [
                notice(
                    "direction push: reviews and returns of \(address) do not come down here",
                    "direction 为 push：\(address) 的审核意见和退回不会下发到本节点"
                )
            ]
        }
        guard configuration.signers.isEmpty, upstream == configuration.upstreams.first
        else { return [] }
        return [
            notice(
                "direction pull: what is filed here is sent nowhere",
                "direction 为 pull：本节点收到的报告不会上报"
            )
        ]
    }
}
