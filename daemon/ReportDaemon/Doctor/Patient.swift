import Glibc
import ReportClient
import ReportModel
import ReportStore

/// The node that is examined, with what several checks want to know of it.
struct Patient: Sendable {
    /// The configuration's file.
    var file: String
    /// What it says; nil when it cannot be read.
    var configuration: NodeConfiguration?
    /// What is wrong in it.
    var faults: [ConfigurationFault] = []
    /// Why it cannot be read.
    var unreadable: ReportError?
    /// Who the node runs as.
    var account = Account.current
    /// The status of the running node; nil: it does not run, or does not answer.
    var status: JSONValue?
    /// Where the kernel shows its settings; another folder in tests.
    var kernel = "/proc/sys"
    /// The environment.
    var environment: @Sendable (String) -> String? = ServiceManager.variable
    /// The time.
    var now: @Sendable () -> Timestamp = { .now }

    /// Takes a configuration for granted.
    init(_ configuration: NodeConfiguration, file: String) {
        self.configuration = configuration
        self.file = file
    }

    /// Reads the configuration and asks the node, when it runs.
    init(file: String) async {
        self.file = file
        do throws(ReportError) {
            (configuration, faults) = try NodeConfiguration.check(file: file)
        } catch {
            unreadable = error
        }
        guard let configuration, !configuration.store.isEmpty else { return }
        var information = stat()
        if stat(configuration.store, &information) == 0 {
            account = Account(number: information.st_uid)
        } else if let usual = Account(name: Account.usualName) {
            account = usual
        }
        status = await Self.ask(configuration)
    }

    /// The status by the socket of administrators, else at the loopback address.
    private static func ask(_ configuration: NodeConfiguration) async -> JSONValue? {
        let socket = NodeService.socketPrefix + configuration.store + "/" + Store.socketName
        let plain = configuration.listeners.filter {
            $0.usesTLS != true && $0.address.isLoopbackName
        }
        for address in [socket] + plain.map(\.address.description) {
            guard let service = try? await NodeService.connect(to: address) else { continue }
            let status = try? await service.status()
            await service.close()
            if let status { return status }
        }
        return nil
    }

    /// Whether this process sees what the node sees.
    var isOwner: Bool { geteuid() == 0 || geteuid() == account.user }

    /// A number that the kernel shows under `/proc/sys`.
    func kernelNumber(_ path: String) -> Int? {
        guard let text = Self.text(of: "\(kernel)/\(path)") else { return nil }
        return Int(text.prefix { $0.isNumber })
    }

    /// The beginning of a small file; nil when it cannot be read.
    static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }
}
