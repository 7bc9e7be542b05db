import NIOCore
import ReportModel
import ReportSync
import ReportWire

/// Two sides, the bytes between them and a clock that only tests move.
final class Conversation {
    let county: SimulatedSide
    let city: SimulatedSide
    private(set) var deliveredCount = 0

    init(
        county countyLog: InMemoryLog,
        city cityLog: InMemoryLog,
        grant: Grant? = .everywhere,
        pinned: NodeID? = nil,
        limits: SyncLimits = SyncLimits(),
        reviewers: Set<NodeID> = [],
        judgement: @escaping @Sendable (EntryBatch, NodeID) -> EntryKind? = { _, _ in nil },
        readableRegion: (@Sendable (Entry) -> String?)? = nil,
        countyReadableRegion: (@Sendable (Entry) -> String?)? = nil,
        cityForms: BodyForms = [.zstd, .held, .keys, .xxh3],
        countyDirection: Direction = .both,
        regions: @escaping @Sendable (EntryBatch, [String]) -> [String] = InMemoryLog.regions,
        countyKeys: (@Sendable (Entry) -> String?)? = nil
    ) {
        var grants = Grants()
        grants[countyLog.node] = grant
        county = SimulatedSide(
            countyLog,
            PeerSession.Configuration(
                role: .initiator(upstream: pinned ?? cityLog.node),
                key: countyLog.key,
                grants: Grants(),
                direction: countyDirection,
                regions: InMemoryLog.regions,
                readableRegion: countyReadableRegion,
                recordKey: countyKeys,
                limits: limits
            )
        )
        city = SimulatedSide(
            cityLog,
            PeerSession.Configuration(
                role: .acceptor,
                key: cityLog.key,
                grants: grants,
                regions: regions,
                reviewers: reviewers,
                judgement: judgement,
                readableRegion: readableRegion,
                forms: cityForms,
                limits: limits
            )
        )
        city.step(.connected)
        county.step(.connected)
    }

    enum Step: CaseIterable { case toCity, toCounty, countyWork, cityWork }

    var possible: [Step] {
        Step.allCases.filter { step in
            switch step {
            case .toCity: !county.outbound.isEmpty
            case .toCounty: !city.outbound.isEmpty
            case .countyWork: !county.work.isEmpty
            case .cityWork: !city.work.isEmpty
            }
        }
    }

    func perform(_ step: Step) {
        switch step {
        case .toCity:
            deliveredCount += 1
            city.deliver(county.outbound.removeFirst())
        case .toCounty:
            deliveredCount += 1
            county.deliver(city.outbound.removeFirst())
        case .countyWork: county.doWork()
        case .cityWork: city.doWork()
        }
    }

    /// Runs until nothing is left to carry or to do, or the limit of messages is reached.
    func run(messages: Int = .max) {
        while deliveredCount < messages, let step = possible.first { perform(step) }
    }

    /// Runs in an order that follows from the generator.
    func run(using generator: inout SeededGenerator, steps: Int = .max) {
        var count = 0
        while count < steps, let step = possible.randomElement(using: &generator) {
            perform(step)
            count += 1
        }
    }

    /// Moves both clocks and fires the timers that are due, in order.
    func advance(to time: Duration, county movesCounty: Bool = true, city movesCity: Bool = true) {
        for (side, moves) in [(county, movesCounty), (city, movesCity)] where moves {
            while let due = side.timer, due <= time, !side.isEnded {
                side.now = due
                side.timer = nil
                side.step(.timerFired)
            }
            side.now = time
        }
    }

    /// The line is cut; what the stores were asked is done or not, but nobody hears of it.
    func cut(storesFinish: Bool) {
        for side in [county, city] {
            side.outbound = []
            while storesFinish, !side.work.isEmpty { side.doWork(isHeard: false) }
            side.work = []
            side.step(.closed)
        }
    }

    var isCaughtUp: Bool { county.progress.isCaughtUp && city.progress.isCaughtUp }
    var holdTheSame: Bool { county.log.contents == city.log.contents }
}

enum Nodes {
    static func key(_ byte: UInt8) -> NodeKey {
        guard let key = NodeKey(secret: [UInt8](repeating: byte, count: 32)) else {
            preconditionFailure("32 bytes are a key")
        }
        return key
    }

    static func county(entries: Int = 0) -> InMemoryLog {
        filled(InMemoryLog(key: key(1), name: "麻章区总工会"), entries)
    }

    static func city(entries: Int = 0) -> InMemoryLog {
        filled(InMemoryLog(key: key(2), name: "湛江市总工会"), entries)
    }

    static func province() -> InMemoryLog { InMemoryLog(key: key(3), name: "广东省总工会") }

    static func filled(_ log: InMemoryLog, _ count: Int) -> InMemoryLog {
        for number in 0..<count { log.append("record \(number)") }
        return log
    }

    /// One entry in each batch, so that a conversation has many messages.
    static let small: SyncLimits = {
        var limits = SyncLimits()
        limits.batchEntryCount = 1
        return limits
    }()
}
