import Glibc
import ReportModel
import ReportWire

/// The nodes above can be reached, and take what is sent.
enum UpstreamCheck: DoctorCheck {
    static let name = "upstream"
    static let title = Words("upstream", "上级节点")
    /// How long a connection may take.
    private static let patience: Int32 = 5000

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        guard let configuration = patient.configuration else { return [] }
        let isTop = configuration.tls?.authority != nil || !configuration.inboxes.isEmpty
        let carried = configuration.carriedUpstreams.map { upstream in
            let name = upstream.name ?? upstream.key.description
            return ok(
                "\(name) has no address: bundles go there (reportctl bundle export)",
                "\(name) 未写地址：以离线包往来（reportctl bundle export）"
            )
        }
        guard !configuration.upstreams.isEmpty || !carried.isEmpty else {
            guard configuration.tls?.authority == nil, isTop else { return [] }
            return [
                notice(
                    "no node above is configured: nothing is sent anywhere",
                    "未配置上级节点，报告不会上报",
                    command: "reportctl pki join TOKEN --config \(patient.file.shellWord)"
                )
            ]
        }
        return carried
            + configuration.upstreams.flatMap { upstream in
                examine(upstream, patient) + directions(upstream, patient)
            }
    }

    private static func examine(
        _ upstream: NodeConfiguration.Upstream,
        _ patient: Patient
    ) -> [Diagnosis] {
        let address = upstream.address
        let told = peer(upstream, patient.status)
        if let refusal = refusal(told, upstream, patient) { return [refusal] }
        let store = patient.configuration?.store ?? ""
        if let contradiction = contradiction(told, upstream, store: store) {
            return [contradiction]
        }
        let logs = told.map { refusedLogs($0, upstream, patient) } ?? []
        guard let reason = connectError(address) else {
            guard logs.isEmpty else { return logs }
            guard upstream.direction.sends else {
                return [
                    ok(
                        "\(address) answers; nothing is sent there, as configured",
                        "\(address) 可连接；按配置只接收，不上报"
                    )
                ]
            }
            let rest = told?["missingEntries"]?.integerValue ?? 0
            return [
                ok(
                    "\(address) answers" + (told == nil ? "" : ", \(rest) to send"),
                    "\(address) 可连接" + (told == nil ? "" : "，待发 \(rest)")
                )
            ]
        }
        return logs + [
            fault(
                .unreachable,
                "\(address) cannot be reached: \(reason)",
                "无法连接 \(address)：\(reason)",
                command: "ping -c 3 \(address.host); ss -tn dst \(address.host)"
            )
        ]
    }

    /// Why there is no session though somebody answers; nil when there is one, or nobody answers.
    private static func refusal(
        _ told: JSONValue?,
        _ upstream: NodeConfiguration.Upstream,
        _ patient: Patient
    ) -> Diagnosis? {
        let address = upstream.address
        guard let told, told["established"]?.boolValue != true,
            let text = told["lastErrorCode"]?.stringValue,
            let code = ReportError.Code(rawValue: text)
        else { return nil }
        let error = told["lastError"]?.stringValue ?? text
        if let mismatch = mismatch(error, upstream, patient) { return mismatch }
        switch code {
        case .unreachable: return nil
        case .notAllowed where told["lastErrorBy"] == "here":
            return distrust(error, upstream, patient)
        case .notAllowed:
            return fault(
                code,
                "no session with \(address): \(error). If that office refused this node: ask it to grant "
                    + "the node's key again, or for a token with which the node joins anew",
                "与 \(address) 无法建立会话：\(error)。如系上级拒绝，请联系上级恢复授权，或索取新的口令后重新加入",
                command: "reportctl pki join TOKEN --config \(patient.file.shellWord)"
            )
        default:
            return fault(
                code,
                "no session with \(address): \(text): \(error)",
                "与 \(address) 无法建立会话：\(text)：\(error)",
                command: command(for: code, patient)
            )
        }
    }

    /// Logs that one side refuses while the session stands, one fault for each reason.
    private static func refusedLogs(
        _ told: JSONValue,
        _ upstream: NodeConfiguration.Upstream,
        _ patient: Patient
    ) -> [Diagnosis] {
        let states = patient.status?["logs"]?.arrayValue ?? []
        let refused = RefusedLogs.all(of: told) { log in
            // A log with two branches here is told with the store.
            let state = states.first { $0["log"] == log["log"] }
            return log["error"]?.stringValue == ReportError.Code.forked.rawValue
                && state?["forked"]?.boolValue == true
        }
        return refused.map { fault(of: $0, with: upstream.address.description, patient) }
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
