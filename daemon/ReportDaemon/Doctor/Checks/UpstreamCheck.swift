import Glibc
import ReportModel

/// The nodes above can be reached, and take what is sent.
enum UpstreamCheck: DoctorCheck {
    static let name = "upstream"
    static let title = Words("upstream", "上级节点")
    /// How long a connection may take.
    private static let patience: Int32 = 5000

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration else { return [] }
        let isTop = configuration.tls?.authority != nil || !configuration.inboxes.isEmpty
        guard !configuration.upstreams.isEmpty else {
            guard configuration.tls?.authority == nil, isTop else { return [] }
            return [
                notice(
                    "no node above is configured: nothing is sent anywhere",
                    "未配置上级节点，报告不会上报",
                    command: "reportctl pki join TOKEN --config \(patient.file.shellWord)"
                )
            ]
        }
        return configuration.upstreams.flatMap { upstream in
            examine(upstream, patient)
        }
    }

    private static func examine(
        _ upstream: NodeConfiguration.Upstream,
        _ patient: Patient
    ) -> [Diagnosis] {
        let address = upstream.address
        let told = peer(upstream, patient.status)
        let state = told?["state"]?.stringValue
        if let error = told?["lastError"]?.stringValue, state != "caught-up" {
            let code = ReportError.Code(rawValue: String(error.prefix { $0 != ":" }))
            if code == .notAllowed || code == .forked || code == .integrity {
                return [
                    fault(
                        code ?? .notAllowed,
                        "\(address) refuses this node: \(error)",
                        "\(address) 拒绝本节点：\(error)",
                        command: code == .forked
                            ? "reportctl peer evidence"
                            : "reportctl status; journalctl -u reportd -n 50"
                    )
                ]
            }
        }
        guard let reason = connectError(address) else {
            let rest = told?["missingEntries"]?.integerValue ?? 0
            return [
                ok(
                    "\(address) answers" + (told == nil ? "" : ", \(rest) to send"),
                    "\(address) 可连接" + (told == nil ? "" : "，待发 \(rest)")
                )
            ]
        }
        return [
            fault(
                .unreachable,
                "\(address) cannot be reached: \(reason)",
                "无法连接 \(address)：\(reason)",
                command: "ping -c 3 \(address.host); ss -tn dst \(address.host)"
            )
        ]
    }

    private static func peer(
        _ upstream: NodeConfiguration.Upstream,
        _ status: JSONValue?
    ) -> JSONValue? {
        status?["peers"]?.arrayValue?.first {
            $0["key"]?.stringValue == upstream.key.description
        }
    }

    /// Why no connection comes about; nil when it does.
    private static func connectError(_ address: ListenAddress) -> String? {
        var wanted = addrinfo()
        wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(address.host, String(address.port), &wanted, &list)
        guard result == 0, let list else { return String(cString: gai_strerror(result)) }
        defer { freeaddrinfo(list) }
        // A name may have an address of a kind that this machine has no way to.
        var reason: String?
        var next: UnsafeMutablePointer<addrinfo>? = list
        while let place = next {
            guard let problem = connectError(place.pointee) else { return nil }
            reason = reason ?? problem
            next = place.pointee.ai_next
        }
        return reason
    }

    private static func connectError(_ place: addrinfo) -> String? {
        let kind = place.ai_socktype | O_CLOEXEC | O_NONBLOCK
        let descriptor = socket(place.ai_family, kind, 0)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        if connect(descriptor, place.ai_addr, place.ai_addrlen) == 0 { return nil }
        guard errno == EINPROGRESS else { return String(cString: strerror(errno)) }
        var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&waited, 1, patience) == 1 else { return String(cString: strerror(ETIMEDOUT)) }
        var number: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
        return number == 0 ? nil : String(cString: strerror(number))
    }
}
