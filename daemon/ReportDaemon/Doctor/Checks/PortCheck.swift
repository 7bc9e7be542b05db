import Glibc
import ReportModel

/// The addresses that the node listens at are its own, or free.
enum PortCheck: DoctorCheck {
    static let name = "ports"
    static let title = Words("ports", "监听端口")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        // A node that runs has bound them, or would not run.
        guard let configuration = patient.configuration else { return [] }
        var addresses = configuration.listeners.map(\.address)
        if case .address(let address)? = configuration.watch?.place { addresses.append(address) }
        let names = addresses.map(\.description).joined(separator: ", ")
        guard patient.status == nil, patient.silence == nil else { return [ok(names, names)] }
        let found = addresses.compactMap { problem($0) }
        return found.isEmpty ? [ok("\(names) free", "\(names) 未被占用")] : found
    }

    private static func problem(_ address: ListenAddress) -> Diagnosis? {
        guard let number = Self.bindError(address) else { return nil }
        let isUsed = number == EADDRINUSE
        let reason = String(cString: strerror(number))
        return fault(
            .usage,
            isUsed
                ? "another program listens at \(address)"
                : "the node cannot listen at \(address): \(reason)",
            isUsed ? "\(address) 已被其他程序占用" : "无法监听 \(address)：\(reason)",
            command: isUsed
                ? "ss -ltnp 'sport = :\(address.port)'"
                : number == EADDRNOTAVAIL ? "ip -brief address" : "man reportd.yaml"
        )
    }

    /// The error of an attempt to listen; nil when it succeeds, which ends at once.
    private static func bindError(_ address: ListenAddress) -> Int32? {
        var wanted = addrinfo()
        wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        wanted.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &wanted, &list) == 0, let list
        else { return EADDRNOTAVAIL }
        defer { freeaddrinfo(list) }
        let first = list.pointee
        let descriptor = socket(first.ai_family, first.ai_socktype | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_REUSEADDR,
            &yes,
            socklen_t(MemoryLayout<Int32>.size)
        )
        guard bind(descriptor, first.ai_addr, first.ai_addrlen) == 0, listen(descriptor, 1) == 0
        else { return errno }
        return nil
    }
}
