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
    /// Why there is none although the node took the connection.
    var silence: ReportError?
    /// How long the node may say nothing.
    var patience = AnswerPatience(first: .seconds(10), question: .seconds(20))
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
        await ask(configuration)
    }

    /// Asks for the status by the socket of administrators, else at the loopback address.
    mutating func ask(_ configuration: NodeConfiguration) async {
        let socket = NodeService.socketPrefix + configuration.store + "/" + Store.socketName
        for address in [socket] + configuration.plainAddresses {
            do throws(ReportError) {
                status = try await status(at: address)
                return
            } catch {
                // Who is silent at an address that the node does not have is told with the ports.
                guard error.code == .timedOut, address == socket || !isOwner else { continue }
                silence = error
                return
            }
        }
    }

    private func status(at address: String) async throws(ReportError) -> JSONValue {
        let service = try await NodeService.connect(to: address, patience: patience)
        do throws(ReportError) {
            let status = try await service.status()
            await service.close()
            return status
        } catch {
            await service.close()
            throw error
        }
    }

    /// A command as this user types it so that root carries it out.
    func asRoot(_ command: String) -> String { geteuid() == 0 ? command : "sudo \(command)" }

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
