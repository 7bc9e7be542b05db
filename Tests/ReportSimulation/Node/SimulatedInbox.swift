import Glibc
import ReportDaemon
import ReportIntake
import ReportModel

/// The inbox of one office: a real folder, and the product's filer over the journal of the simulated store.
///
/// Sendable without locks for the same reason as ``World``.
final class SimulatedInbox: @unchecked Sendable {
    private static let receiptEndings = [".回执.txt", ".回执.json"]

    private let folder: String
    private unowned let node: SimulatedNode
    private unowned let world: World
    /// The filer of the process that runs now.
    private var process: (store: SimulatedStore, attempts: InboxAttempts)?
    private var filings: [String: Filing] = [:]
    private var wasPutBack = false
    /// What the store answered last.
    private(set) var receipts: [Int: StoreContents.Receipt] = [:]

    init(_ node: SimulatedNode, in folder: String, world: World) {
        self.node = node
        self.folder = folder
        self.world = world
        mkdir(folder, 0o700)
    }

    private static func name(_ filing: Filing) -> String { "filing \(filing.number).txt" }

    /// A clerk puts a file into the folder.
    func drop(_ filing: Filing) {
        let name = Self.name(filing)
        filings[name] = filing
        let descriptor = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let bytes = filing.body.bytes
        if write(descriptor, bytes, bytes.count) != bytes.count {
            world.checker.fail("\(name) cannot be dropped")
        }
        close(descriptor)
    }

    /// Makes one attempt at a file.
    /// - Returns: whether it has its outcome.
    func attempt(_ filing: Filing, _ store: SimulatedStore) async -> Bool {
        if process?.store !== store {
            let attempts = attempts(store)
            do throws(ReportError) { try await attempts.prepare() } catch { return false }
            guard !store.isDead else { return false }
            process = (store, attempts)
        }
        guard let attempts = process?.attempts else { return false }
        switch await attempts.attempt(Self.name(filing)) {
        case .finished, .gone: return true
        case .again: return false
        }
    }

    /// The disk is put back: what was answered may not be there any more.
    func forgetReceipts() {
        receipts = [:]
        wasPutBack = true
    }

    /// The process is gone, and the simulation over.
    func end() { process = nil }

    private func attempts(_ store: SimulatedStore) -> InboxAttempts {
        let (node, world) = (node, world)
        return InboxAttempts(
            configuration: InboxConfiguration(path: folder, usesWatcher: false),
            journal: SimulatedJournal(store: store),
            submit: { name, _, _, _ throws(ReportError) in try await self.submit(name, store) },
            now: { node.wall },
            failpoint: { point in
                if !store.isDead, world.stopsBetweenSteps() {
                    world.note("node \(node.number) stops at \(point.rawValue) of a file")
                    node.crash(
                        losesPower: world.chance(0.5),
                        down: world.random(.seconds(1), .seconds(30))
                    )
                }
                if store.isDead { throw SimulatedStore.gone }
            }
        )
    }

    /// What the worker and the store make of a file: the parser is not simulated.
    private func submit(
        _ name: String,
        _ store: SimulatedStore
    ) async throws(ReportError) -> SubmitOutcome {
        guard let filing = filings[name] else { throw ReportError(.internal, "no such file") }
        let (key, wall) = (node.key, node.wall)
        let receipt = try await store.perform { contents in
            do throws(ReportError) {
                return .success(try contents.append(filing, key: key, clock: wall))
            } catch {
                return .failure(error)
            }
        }
        receipts[filing.number] = receipt
        return SubmitOutcome(
            file: name,
            outcome: receipt.isDuplicate ? .duplicate : .stored,
            version: VersionInfo(
                key: filing.key,
                number: Int(receipt.number),
                hash: receipt.position.hash,
                parents: [],
                log: receipt.position.log,
                sequence: receipt.position.sequence,
                recordedAt: receipt.arrivedAt,
                arrivedAt: receipt.arrivedAt,
                node: node.plan.name
            )
        )
    }

    /// What a clerk would complain about: a file without exactly one outcome, or without its receipts.
    var complaint: String? {
        for (dropped, filing) in filings.sorted(by: { $0.key < $1.key }) {
            if exists(dropped) { return "\(dropped) of node \(node.number) has no outcome" }
            let name = outcomeName(dropped, filing)
            let places = places(name)
            guard places.count == 1, let place = places.first else {
                return "\(name) of node \(node.number) lies in \(places)"
            }
            guard Self.receiptEndings.allSatisfy({ exists("\(place)/\(name)\($0)") }) else {
                return "\(name) of node \(node.number) has no receipt in \(place)"
            }
            // With a clock that went back it cannot be told who filed first; nobody else has this file.
            if place != InboxOutcome.accepted.folderName, !node.hasOddTime {
                return "\(name) of node \(node.number) lies in \(place)"
            }
        }
        return nil
    }

    /// The name of a file in its outcome folder.
    ///
    /// A journal that was put back may have forgotten a file of which one receipt was written already: that
    /// name is taken then, and the file has its outcome under the next one.
    private func outcomeName(_ dropped: String, _ filing: Filing) -> String {
        let next = "filing \(filing.number) (2).txt"
        return wasPutBack && places(dropped).isEmpty && !places(next).isEmpty ? next : dropped
    }

    private func places(_ name: String) -> [String] {
        InboxOutcome.allCases.map(\.folderName).filter { exists("\($0)/\(name)") }
    }

    private func exists(_ path: String) -> Bool { access("\(folder)/\(path)", F_OK) == 0 }
}

/// The inbox's journal in the commits of a simulated store.
private struct SimulatedJournal: InboxJournal {
    let store: SimulatedStore

    private func journal() throws(ReportError) -> [[UInt8]: [UInt8]] {
        guard !store.isDead else { throw SimulatedStore.gone }
        return store.contents.journal
    }

    func get(_ key: [UInt8]) async throws(ReportError) -> [UInt8]? { try journal()[key] }

    func write(_ changes: [InboxJournalChange]) async throws(ReportError) {
        try await store.perform { (contents: inout StoreContents) -> Result<Void, ReportError> in
            for change in changes {
                switch change {
                case .put(let key, let value): contents.journal[key] = value
                case .delete(let key): contents.journal[key] = nil
                }
            }
            return .success(())
        }
    }

    func scan(
        prefix: [UInt8],
        after key: [UInt8]?,
        limit: Int
    ) async throws(ReportError) -> [InboxJournalRow] {
        try journal().filter { row in
            row.key.starts(with: prefix)
                && key.map { $0.lexicographicallyPrecedes(row.key) } ?? true
        }
        .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        .prefix(limit).map { InboxJournalRow(key: $0.key, value: $0.value) }
    }
}
