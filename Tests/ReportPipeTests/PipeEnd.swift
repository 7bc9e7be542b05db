import Glibc
import ReportModel
import ReportPipe
import ReportStore
import ReportTestKit
import Testing

/// One end of a pipe: a store, and the process beside it, which may be lost.
final class End {
    let store: Store
    let folder: TemporaryFolder
    private let broker: LossyBroker
    private let regions: [String]
    private var pipe: Pipe?
    /// What the pipe told.
    private(set) var events: [PipeEvent] = []
    /// What the node answers in place of taking a bundle.
    var refusal: ReportError?
    /// Regions that the other end was granted.
    var granted = ["*"]
    var limits = PipeLimits()

    init(_ store: Store, _ broker: LossyBroker, regions: [String] = ["*"]) {
        self.store = store
        self.broker = broker
        self.regions = regions
        folder = TemporaryFolder()
        limits.partByteCount = 1000
        limits.entryCount = 4
    }

    /// Loses the process with everything that it knew.
    func restart() { pipe = nil }

    func step(with other: Store, at now: ContinuousClock.Instant) async throws {
        if pipe == nil {
            pipe = Pipe(
                store: store,
                stream: broker.stream(of: store.node),
                peers: [PipePeer(other.node, regions: regions)],
                folder: try PartFolder(folder.path("nats")),
                limits: limits,
                tell: { [unowned self] in events.append($0) },
                take: { [unowned self] path throws(ReportError) in
                    if let refusal { throw refusal }
                    let sender = other.node
                    let regions = granted
                    let rules = BundleRules(regions: { $0 == sender ? regions : nil })
                    return try await store.importBundle(path, rules: rules)
                }
            )
        }
        try await pipe?.step(at: now)
    }

    /// Bundles that were sent, each with the number of its entries.
    var sent: [Int] {
        events.compactMap { if case .sent(_, let count, _, _) = $0 { count } else { nil } }
    }

    var failures: [ReportError.Code] {
        events.compactMap { if case .failed(_, let error) = $0 { error.code } else { nil } }
    }

    var refusals: [ReportError.Code] {
        events.compactMap { if case .refused(_, let error, _) = $0 { error.code } else { nil } }
    }

    var passedOver: Int { events.count { if case .passedOver = $0 { true } else { false } } }
}

/// What the suites of the pipe share.
protocol PipeSuite {}

private let beginning = ContinuousClock.now

extension PipeSuite {
    /// When the test begins.
    var start: ContinuousClock.Instant { beginning }

    func file(_ number: Int) throws -> Filing {
        try Samples.filing("2023/湛江市/麻章区/单位\(number % 5)/整体支出", files: ["文件\(number)"])
    }

    func signed(_ log: LogID, at store: Store, by other: Store) async throws -> UInt64 {
        try await store.acknowledgement(log: log, from: other.node)?.position.sequence ?? 0
    }

    /// Rounds of both ends, a second each, until a condition holds.
    func rounds(
        _ left: End,
        _ right: End,
        from second: Int = 0,
        most: Int = 40,
        until isDone: () async throws -> Bool
    ) async throws -> Int {
        for round in 0..<most {
            if try await isDone() { return round }
            let now = start + .seconds(second + round)
            for (end, other) in [(left, right), (right, left)] {
                do { try await end.step(with: other.store, at: now) } catch let error as ReportError
                {
                    guard error.code == .unreachable else { throw error }
                }
            }
        }
        Issue.record("not done after \(most) rounds")
        return most
    }
}

/// The first MiB of a file.
func contents(of path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
}
