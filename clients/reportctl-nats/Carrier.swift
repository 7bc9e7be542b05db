import Glibc
import ReportClient
import ReportModel
import ReportNATS
import ReportPipe
import ReportStore

/// Keeps a pipe going: through broken streams, and when the store is put back under it.
final class Carrier {
    private static let shortPause = Duration.seconds(1)
    private static let longPause = Duration.seconds(30)

    private let address: NATSAddress
    private let streamName: String
    private let peers: [PipePeer]
    private let directory: String
    private let folder: PartFolder
    private let limits: PipeLimits
    private var teller = EventTeller()
    private var opened: (store: Store, file: StoreFile)?
    private var pipe: Pipe?

    /// Which file is the store: another one after a restore.
    private struct StoreFile: Equatable {
        private let device: dev_t
        private let number: ino_t

        init?(_ directory: String) {
            var status = stat()
            guard stat(directory + "/data.mdb", &status) == 0 else { return nil }
            device = status.st_dev
            number = status.st_ino
        }
    }

    /// Makes a carrier; nothing is opened yet.
    /// - Parameters:
    ///   - address: the servers of NATS.
    ///   - streamName: name of the stream.
    ///   - peers: the nodes at the other end.
    ///   - directory: absolute path of the store.
    ///   - folder: where parts wait.
    ///   - limits: bounds and patience.
    init(
        address: NATSAddress,
        streamName: String,
        peers: [PipePeer],
        directory: String,
        folder: PartFolder,
        limits: PipeLimits
    ) {
        self.address = address
        self.streamName = streamName
        self.peers = peers
        self.directory = directory
        self.folder = folder
        self.limits = limits
    }

    /// Carries until the process is ended.
    /// - Throws: ``ReportError`` for what an administrator must mend, unless it went well before.
    func run() async throws {
        var hasWorked = false
        var pause = Self.shortPause
        while true {
            do throws(ReportError) {
                let store = try open()
                let stream = try JetStream(address, name: streamName, recipient: store.node)
                let pipe = pipe(store, stream)
                teller.tellConnected()
                hasWorked = true
                while StoreFile(directory) == opened?.file {
                    try await pipe.step(at: .now)
                    pause = Self.shortPause
                }
            } catch {
                if !hasWorked, [.usage, .notFound, .notAllowed].contains(error.code) {
                    throw error
                }
                teller.tell(error)
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longPause)
        }
    }

    /// The store that lies in the folder now.
    private func open() throws(ReportError) -> Store {
        let file = StoreFile(directory)
        if let opened, opened.file == file { return opened.store }
        pipe = nil
        opened?.store.close()
        opened = nil
        let store = try Store.openReadOnly(directory: directory)
        guard let file, !peers.contains(where: { $0.node == store.node }) else {
            store.close()
            throw ReportError(.usage, "--peer names this node itself")
        }
        opened = (store, file)
        return store
    }

    /// The pipe of that store, with what it knows, on a new stream.
    private func pipe(_ store: Store, _ stream: JetStream) -> Pipe {
        if let pipe {
            pipe.stream = stream
            return pipe
        }
        let made = Pipe(
            store: store,
            stream: stream,
            peers: peers,
            folder: folder,
            limits: limits,
            tell: { [unowned self] in teller.tell($0) },
            take: { [directory] path throws(ReportError) in try await Self.take(path, directory) }
        )
        pipe = made
        return made
    }

    /// Hands a bundle to the node at its socket.
    private static func take(
        _ path: String,
        _ directory: String
    ) async throws(ReportError) -> JSONValue {
        let socket = NodeService.socketPrefix + directory + "/" + Store.socketName
        let node = try await NodeService.connect(to: socket)
        do throws(ReportError) {
            let answer = try await node.perform(.bundle(BundleCommand(path: path, senders: [])))
            await node.close()
            return answer
        } catch {
            await node.close()
            throw error
        }
    }
}
