import Glibc
import ReportIntake
public import ReportModel
import ReportStore

/// The two ways in: a node over TCP, or a store on this disk.
public enum ReportServices {
    /// Address of a node when nothing else is said.
    public static let defaultNode = "127.0.0.1:7323"

    /// Where the package keeps the store of the node on this machine.
    public static let usualStore = "/var/lib/reportd/store"

    /// Opens the place that arguments or environment name.
    ///
    /// The order is: arguments, `REPORTCTL_STORE`, `REPORTCTL_NODE`, for administrators
    /// ``usualStore(at:)``, ``defaultNode``.
    /// - Parameters:
    ///   - store: folder of a store, as given.
    ///   - node: address of a node, as given.
    ///   - forWriting: whether something will be handed in; while a node writes the store, that goes
    ///     to the node.
    ///   - readsPictures: whether a store on this disk reads pictures by tesseract; a node does what
    ///     its configuration says.
    ///   - identity: folder of the client's key and certificate, as given; then the node is asked under
    ///     TLS. Else `REPORTCTL_IDENTITY`.
    ///   - administers: whether a node takes it at its own socket only, unless a key is granted it.
    /// - Returns: the service; close it when done.
    /// - Throws: ``ReportError`` `unreachable`, `timed-out`, `not-found`, `conflict`.
    public static func open(
        store: String?,
        node: String?,
        forWriting: Bool,
        readsPictures: Bool = false,
        identity: String? = nil,
        administers: Bool = false
    ) async throws(ReportError) -> any ReportService {
        if let store {
            return try await open(
                store: store,
                forWriting: forWriting,
                readsPictures: readsPictures
            )
        }
        if let node { return try await connect(to: node, identity: identity) }
        if let store = environment("REPORTCTL_STORE") {
            return try await open(
                store: store,
                forWriting: forWriting,
                readsPictures: readsPictures
            )
        }
        if let address = environment("REPORTCTL_NODE") {
            return try await connect(to: address, identity: identity)
        }
        if administers, identity == nil, environment("REPORTCTL_IDENTITY") == nil,
            let store = usualStore()
        {
            return try await open(
                store: store,
                forWriting: forWriting,
                readsPictures: readsPictures
            )
        }
        return try await connect(to: defaultNode, identity: identity)
    }

    /// The store of the package's node, for those who may look into it: root and the node's user.
    /// - Parameter path: where it is; another folder in tests.
    /// - Returns: the path; nil when there is none, or it is closed to this user.
    package static func usualStore(at path: String = usualStore) -> String? {
        access("\(path)/data.mdb", R_OK) == 0 ? path : nil
    }

    /// Verifies the store that arguments or environment name: one on this disk in a child process,
    /// so that a damaged page ends neither this process nor the check's report.
    /// - Parameters:
    ///   - store: folder of a store, as given.
    ///   - node: address of a node, as given.
    ///   - identity: folder of the client's key and certificate, as given.
    ///   - progress: told how many entries of how many were checked.
    /// - Returns: the object of ``VerifyReport``.
    /// - Throws: ``ReportError`` `usage`, `unreachable`, `not-found`.
    public static func verify(
        store: String?,
        node: String?,
        identity: String? = nil,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> JSONValue {
        if store != nil, node != nil {
            throw ReportError(.usage, "give either --store or --node, not both")
        }
        if let directory = store ?? (node == nil ? environment("REPORTCTL_STORE") : nil) {
            return try await StoreCare.verify(directory: directory, progress: progress)
        }
        let service = try await open(
            store: nil,
            node: node,
            forWriting: false,
            identity: identity
        )
        let report: JSONValue
        do throws(ReportError) {
            report = try await service.verify(progress: progress)
        } catch {
            await service.close()
            throw error
        }
        await service.close()
        return report
    }

    private static func open(
        store directory: String,
        forWriting: Bool,
        readsPictures: Bool
    ) async throws(ReportError) -> any ReportService {
        // A page that the disk cannot give is an error then, and does not end the program.
        try StoreFaults.survivePageFaults()
        guard forWriting else {
            return LocalService(store: try Store.openReadOnly(directory: directory), workers: nil)
        }
        let workers = try LocalWorkers.pool(readsPictures: readsPictures)
        do throws(ReportError) {
            let name = environment("HOSTNAME") ?? "local"
            let store = try Store.open(
                directory: directory,
                options: Store.Options(nodeName: name)
            )
            return LocalService(store: store, workers: workers)
        } catch {
            guard error.code == .conflict else { throw error }
            let socket = NodeService.socketPrefix + directory + "/" + Store.socketName
            do throws(ReportError) {
                return try await NodeService.connect(to: socket)
            } catch let refusal {
                // A socket that a killed node left behind leads nowhere.
                guard refusal.code != .timedOut else { throw refusal }
            }
            guard let holder = error.details["holder"]?.stringValue, holder.contains(":")
            else { throw error }
            return try await NodeService.connect(to: holder)
        }
    }

    /// Connects to a node: under TLS when an identity is given, else in plain text, which nodes take at the
    /// loopback address only.
    private static func connect(
        to address: String,
        identity: String?
    ) async throws(ReportError) -> NodeService {
        guard !address.hasPrefix(NodeService.socketPrefix),
            let folder = identity ?? environment("REPORTCTL_IDENTITY"), !folder.isEmpty
        else { return try await NodeService.connect(to: address) }
        return try await NodeService.connect(
            to: address,
            secure: try SecureAccess(folder: folder, address: address)
        )
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
