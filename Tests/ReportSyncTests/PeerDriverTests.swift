import NIOCore
import ReportModel
import ReportSync
import ReportWire
import Synchronization
import Testing

/// One end of a pipe in memory that carries encoded bytes.
private final class PipeEnd: PeerTransport {
    private let gate = PeerGate()
    private let own: AsyncStream<ByteBuffer>.Continuation
    private let other: AsyncStream<ByteBuffer>.Continuation
    private let stream: AsyncStream<ByteBuffer>
    private let decoder: Mutex<PeerMessageDecoder>
    private let rest = Mutex(ByteBuffer())

    init(
        _ stream: AsyncStream<ByteBuffer>,
        own: AsyncStream<ByteBuffer>.Continuation,
        other: AsyncStream<ByteBuffer>.Continuation
    ) {
        self.stream = stream
        self.own = own
        self.other = other
        decoder = Mutex(PeerMessageDecoder(gate: gate))
    }

    static func pair() -> (PipeEnd, PipeEnd) {
        let (first, toFirst) = AsyncStream<ByteBuffer>.makeStream()
        let (second, toSecond) = AsyncStream<ByteBuffer>.makeStream()
        return (
            PipeEnd(first, own: toFirst, other: toSecond),
            PipeEnd(second, own: toSecond, other: toFirst)
        )
    }

    func receive() async throws -> PeerMessage? {
        while true {
            let message = try rest.withLock { rest in
                try decoder.withLock { try $0.decode(buffer: &rest) }
            }
            if let message { return message }
            var next: ByteBuffer?
            for await bytes in stream {
                next = bytes
                break
            }
            guard var next else { return nil }
            rest.withLock { _ = $0.writeBuffer(&next) }
        }
    }

    func send(_ message: PeerMessage) async throws {
        var buffer = ByteBuffer()
        try message.write(to: &buffer)
        other.yield(buffer)
    }

    func openGate() { gate.open() }

    func close() async {
        own.finish()
        other.finish()
    }
}

@Suite("The driver")
struct PeerDriverTests {
    private typealias Driver = PeerDriver<PipeEnd, InMemoryLog, ContinuousClock>

    private func drivers(
        _ county: InMemoryLog,
        _ city: InMemoryLog,
        onCounty: @escaping @Sendable (SyncEvent) -> Void
    ) -> (county: Driver, city: Driver) {
        let (countyEnd, cityEnd) = PipeEnd.pair()
        let grants = Grants([county.node: .everywhere])
        // Real time passes here, and a busy machine may be slow: only a hang ends these sessions.
        var limits = SyncLimits()
        limits.acceptorHandshakeTimeout = .seconds(600)
        limits.initiatorHandshakeTimeout = .seconds(600)
        limits.silenceTimeout = .seconds(600)
        limits.acknowledgementTimeout = .seconds(600)
        return (
            PeerDriver(
                transport: countyEnd,
                log: county,
                configuration: PeerSession.Configuration(
                    role: .initiator(upstream: city.node),
                    key: county.key,
                    grants: Grants(),
                    regions: InMemoryLog.regions,
                    limits: limits
                ),
                clock: ContinuousClock(),
                onEvent: onCounty
            ),
            PeerDriver(
                transport: cityEnd,
                log: city,
                configuration: PeerSession.Configuration(
                    role: .acceptor,
                    key: city.key,
                    grants: grants,
                    regions: InMemoryLog.regions,
                    limits: limits
                ),
                clock: ContinuousClock()
            )
        )
    }

    /// Runs a session of two nodes until a body has seen enough, then ends it in good order.
    /// - Returns: how it ended at the county, and at the city.
    @discardableResult
    private func session(
        _ county: InMemoryLog,
        _ city: InMemoryLog,
        _ body: (AsyncStream<SyncEvent>, Driver, Driver) async -> Void
    ) async -> [PeerSessionEnd] {
        let (events, event) = AsyncStream<SyncEvent>.makeStream()
        let (countyDriver, cityDriver) = drivers(county, city) { event.yield($0) }
        async let countyEnd = countyDriver.run()
        async let cityEnd = cityDriver.run()
        await body(events, countyDriver, cityDriver)
        await countyDriver.stop()
        return await [countyEnd, cityEnd]
    }

    @Test("two nodes catch up over a pipe, follow new commits and part in good order")
    func live() async {
        let (county, city) = (Nodes.county(entries: 30), Nodes.city())
        let ends = await session(county, city) { events, countyDriver, _ in
            for await event in events {
                guard case .acknowledged(let acknowledgement) = event else { continue }
                let position = acknowledgement.position
                if position.sequence == 30 { county.append("while the session stands") }
                if position.sequence == 31 { break }
            }
            #expect(city.contents == county.contents)
            #expect(await countyDriver.progress.isCaughtUp)
        }
        #expect(ends.allSatisfy { $0.code == nil && $0.wasEstablished })
        #expect(county.kept.last?.node == city.node)
    }

    @Test("questions are answered one after the other", .timeLimit(.minutes(5)))
    func questions() async {
        let (county, city) = (Nodes.county(entries: 30), Nodes.city())
        await session(county, city) { events, _, cityDriver in
            for await event in events {
                guard case .acknowledged(let acknowledgement) = event else { continue }
                if acknowledgement.position.sequence == 30 { break }
            }
            city.damage(county.own, [7])
            let found = await cityDriver.resync()?.first { $0.log == county.own }
            #expect(found?.damaged == [7] && found?.mendedEntryCount == 1)
        }
    }

    @Test("a driver whose task is cancelled returns")
    func cancelled() async {
        let (events, event) = AsyncStream<SyncEvent>.makeStream()
        let (countyDriver, cityDriver) = drivers(Nodes.county(entries: 1), Nodes.city()) {
            event.yield($0)
        }
        let city = Task { await cityDriver.run() }
        let county = Task { await countyDriver.run() }
        for await event in events {
            if case .acknowledged = event { break }
        }
        county.cancel()
        let countyEnd = await county.value
        let cityEnd = await city.value
        #expect(countyEnd.wasEstablished)
        #expect(cityEnd.wasEstablished)
    }
}
