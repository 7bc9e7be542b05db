import Dispatch
import Glibc
import NIOCore
import ReportModel
import ReportTLS
import ReportTestKit
import ReportWire
import Synchronization

/// A peer that says what a test has it say, with TLS or without.
final class ScriptedPeer {
    /// How a peer comes to the node.
    enum Road: String, CaseIterable {
        case plain, secure
    }

    let key: NodeKey
    private let node: NodeID
    private let plain: RawClient?
    private let secure: SecureClient?
    private var decoder = PeerMessageDecoder(gate: PeerGate(isOpen: true))
    private var arrived = ByteBuffer()
    /// Everything that this peer said.
    private(set) var said: [UInt8] = []

    /// Connects; nothing is said yet.
    init(_ identity: TLSIdentity, _ road: Road, to city: SecureCity) throws {
        key = identity.key
        node = city.key
        plain = road == .plain ? try RawClient(port: city.node.port) : nil
        secure = road == .secure ? try SecureClient(port: city.port, identity: identity) : nil
    }

    func say(_ bytes: [UInt8]) {
        said += bytes
        _ = plain?.send(bytes)
        secure?.send(bytes)
    }

    func say(_ message: PeerMessage) throws { say(try Self.bytes(message)) }

    static func bytes(_ message: PeerMessage) throws -> [UInt8] {
        var buffer = ByteBuffer()
        try message.write(to: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// Proves the key.
    func greet() throws {
        let handshake = InitiatorHandshake(
            role: .peer,
            key: key,
            pinned: node,
            channelBinding: secure?.certificate.fingerprint ?? .zero
        )
        try say(.hello(handshake.hello))
        let answer = try awaited("HELLO") { message -> Hello? in
            if case .hello(let hello) = message { hello } else { nil }
        }
        try say(.auth(signature: try handshake.authenticate(answer)))
    }

    /// Proves the key and states positions; the session stands then.
    /// - Returns: the positions that the node stated.
    @discardableResult
    func begin(_ positions: [LogPosition] = []) throws -> [LogPosition] {
        try greet()
        let stated = try awaited("POSITIONS") { message -> [LogPosition]? in
            if case .positions(let positions, isLast: true) = message { positions } else { nil }
        }
        try say(.positions(positions, isLast: true))
        return stated
    }

    /// Says a log and its entries from one on.
    func send(_ log: ForgedLog, from first: Int = 1) throws {
        try say(.log(log.descriptor, log.head(log.hashes.count)))
        try say(.batch(log.batch(first)))
    }

    /// The next message but pings, which are answered; nil when the node closes or is silent.
    func next(within seconds: Double = 120) throws -> PeerMessage? {
        let deadline = Clock.now + seconds
        while true {
            if let message = try decoder.decode(buffer: &arrived) {
                guard case .ping(let number) = message else { return message }
                try say(.pong(number))
                continue
            }
            let left = deadline - Clock.now
            guard left > 0,
                let bytes = plain?.chunk(within: left) ?? secure?.chunk(within: left)
            else { return nil }
            arrived.writeBytes(bytes)
        }
    }

    /// The next message that passes a test; others are passed over.
    func awaited<T>(
        _ what: String,
        within seconds: Double = 120,
        _ pick: (PeerMessage) -> T?
    ) throws -> T {
        var passed: [String] = []
        while let message = try next(within: seconds) {
            if let value = pick(message) { return value }
            passed.append(String("\(message)".prefix(200)))
        }
        throw TestFailure("\(what) did not come, but \(passed)")
    }

    /// Why the node does not take a log.
    func refusal(of log: LogID) throws -> (code: ReportError.Code, message: String) {
        try awaited("REFUSE") { message in
            if case .refuse(log, let code, let text) = message { (code, text) } else { nil }
        }
    }

    /// The error that ends the session; the connection is closed then.
    func failure(
        within seconds: Double = 120
    ) throws -> (code: ReportError.Code, message: String) {
        let error = try awaited("-ERR", within: seconds) { message in
            if case .failure(let code, let text) = message { (code, text) } else { nil }
        }
        while try next() != nil {}
        guard isClosed else { throw TestFailure("the node does not close after \(error)") }
        return error
    }

    var isClosed: Bool { plain?.isClosed ?? secure?.isClosed ?? false }

    /// Waits until the node has signed for an entry of a log.
    func awaitAcknowledgement(of log: LogID, _ sequence: Int) throws {
        try awaited("ACK of entry \(sequence)") { message -> Void? in
            guard case .acknowledgement(let signed) = message, signed.position.log == log,
                signed.position.sequence >= UInt64(sequence)
            else { return nil }
            return ()
        }
    }

    /// Closes the sending side only.
    func finish() {
        plain?.finish()
        secure?.finish()
    }
}

/// An honest peer that files on and on, and answers pings whatever the test waits for.
final class HonestPeer {
    private let attended: AttendedPeer
    private(set) var log: ForgedLog
    private let region: String

    init(_ peer: ScriptedPeer, region: String) throws {
        self.region = region
        log = try ForgedLog("邻", key: peer.key)
        try peer.begin()
        attended = AttendedPeer(peer)
    }

    deinit { attended.leave() }

    /// Files a further report and waits until the node has signed for it.
    func file() throws {
        let count = log.hashes.count + 1
        try log.file("2023/\(region)/单位\(count)/整体支出")
        try attended.use { peer in
            if count == 1 {
                try peer.send(log)
            } else {
                try peer.say(.batch(log.batch(count)))
            }
            try peer.awaitAcknowledgement(of: log.descriptor.id, count)
        }
    }
}

/// A peer whose pings a thread answers while nobody uses it: a node ends a session after a silence.
private final class AttendedPeer: @unchecked Sendable {
    private let peer: ScriptedPeer
    /// Whoever uses the peer holds it.
    private let turn = Mutex(())
    private let isLeft = Atomic(false)

    init(_ peer: ScriptedPeer) {
        self.peer = peer
        DispatchQueue(label: "reportd.test.peer").async { [self] in
            while !isLeft.load(ordering: .acquiring) {
                // What is not a ping is passed over: who files awaits only what comes after.
                use { while let message = try? $0.next(within: 0) { _ = message } }
                usleep(200_000)
            }
        }
    }

    func use<E: Error>(_ body: (ScriptedPeer) throws(E) -> Void) throws(E) {
        try turn.withLock { _ throws(E) in try body(peer) }
    }

    /// Ends the thread, and with it the connection.
    func leave() { isLeft.store(true, ordering: .releasing) }
}

extension ForgedLog {
    /// Files a report that is made up.
    mutating func file(_ key: String) throws { add(try Samples.filing(key)) }
}
