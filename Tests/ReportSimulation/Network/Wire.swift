import NIOCore
import ReportWire
import Synchronization

/// One connection: bytes in order in both directions, until it breaks at any byte.
///
/// A direction may be slow, may stall and go on, or may swallow everything without a word, as a
/// line does whose other end lost power.
final class Wire: Sendable {
    enum Ending {
        /// Both ends hear of it; what is under way is cut at any byte.
        case reset
        /// Nobody hears of it.
        case silent
    }

    let world: World
    let name: String
    let nodes: [Int]
    private struct State {
        var isSwallowing = [false, false]
        var stalledUntil: [Duration] = [.zero, .zero]
        var lastArrival: [Duration] = [.zero, .zero]
        var latency: Duration
        var isReset = false
    }

    private let state: Mutex<State>
    private let ends = Mutex<[Endpoint]>([])

    init(world: World, name: String, nodes: [Int]) {
        self.world = world
        self.name = name
        self.nodes = nodes
        state = Mutex(State(latency: world.random(.milliseconds(1), .milliseconds(120))))
    }

    /// Makes both ends, the initiator's first.
    func makeEnds() -> (Endpoint, Endpoint) {
        let first = Endpoint(wire: self, side: 0)
        let second = Endpoint(wire: self, side: 1)
        ends.withLock { $0 = [first, second] }
        return (first, second)
    }

    /// Lets go of both ends, which hold the wire.
    func release() { ends.withLock { $0 = [] } }

    /// Carries bytes from one side to the other in pieces.
    func carry(_ bytes: ByteBuffer, from side: Int) {
        guard !state.withLock({ $0.isSwallowing[side] || $0.isReset }) else { return }
        var rest = bytes
        while rest.readableBytes > 0 {
            let most = rest.readableBytes
            let count = world.chance(0.2) ? world.random(1, most) : most
            guard let piece = rest.readSlice(length: count) else { return }
            let time = arrival(side)
            world.agenda.plan(at: time) { self.arrive(piece, from: side) }
        }
    }

    private func arrival(_ side: Int) -> Duration {
        let jitter = world.random(.zero, .milliseconds(5))
        let now = world.agenda.now
        return state.withLock { state in
            let time = max(now + state.latency + jitter, state.lastArrival[side])
            state.lastArrival[side] = time
            return time
        }
    }

    private func arrive(_ piece: ByteBuffer, from side: Int) {
        let now = world.agenda.now
        let (isGone, stalled) = state.withLock { state in
            (state.isSwallowing[side] || state.isReset, state.stalledUntil[side])
        }
        if isGone { return }
        if stalled > now {
            world.agenda.plan(at: stalled) { self.arrive(piece, from: side) }
            return
        }
        let other = ends.withLock { $0[1 - side] }
        other.take(piece)
        ends.withLock { $0[side] }.carried(piece.readableBytes)
    }

    /// One side closes: the other hears of it after everything that was sent before.
    func close(from side: Int) {
        guard !state.withLock({ $0.isSwallowing[side] || $0.isReset }) else { return }
        let time = arrival(side)
        world.agenda.plan(at: time) { self.arriveEnd(from: side) }
    }

    private func arriveEnd(from side: Int) {
        let now = world.agenda.now
        let (isGone, stalled) = state.withLock { state in
            (state.isSwallowing[side] || state.isReset, state.stalledUntil[side])
        }
        if isGone { return }
        if stalled > now {
            world.agenda.plan(at: stalled) { self.arriveEnd(from: side) }
            return
        }
        ends.withLock { $0[1 - side] }.otherClosed()
    }

    /// Breaks the connection.
    func end(_ ending: Ending) {
        let ends = ends.withLock { $0 }
        switch ending {
        case .silent: state.withLock { $0.isSwallowing = [true, true] }
        case .reset:
            state.withLock { $0.isReset = true }
            for end in ends { end.otherClosed() }
        }
    }

    /// One direction swallows everything from now on.
    func swallow(from side: Int) { state.withLock { $0.isSwallowing[side] = true } }

    /// Nothing arrives until a time; then everything does, in order.
    func stall(_ sides: [Int], until time: Duration) {
        state.withLock { state in
            for side in sides { state.stalledUntil[side] = max(state.stalledUntil[side], time) }
        }
    }
}
