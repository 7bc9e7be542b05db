public import NIOCore

/// What a server reads from a connection.
public enum RequestFrame: Hashable, Sendable {
    /// A request, with its payload when the verb has one.
    case request(Request, payload: Payload?)
    /// A message of the handshake or of a peer session.
    case peer(PeerMessage)
    /// Something wrong. When it is final nothing follows: answer, then close.
    case failure(WireError)
}

/// Decodes everything that arrives at a server, for clients and peers alike.
///
/// Never throws: faults come out as ``RequestFrame/failure(_:)`` in their place among the requests,
/// so that replies stay in order. After a final one all further bytes are dropped.
public struct RequestDecoder: NIOSingleStepByteToMessageDecoder {
    /// One frame.
    public typealias InboundOut = RequestFrame

    private enum State {
        case line
        case payload(Request, PayloadCollector)
        /// The payload of a request that is not allowed: the request comes out without it.
        case passing(Request, PayloadCollector)
        case skipping(WireError, PayloadCollector)
        case authenticating(SessionRole)
        case peer
        case ended
    }

    private var state = State.line
    private var lines = LineReader()
    private var peers = PeerFrameReader()
    private var isFirstLine = true
    private let gate: PeerGate
    private let budget: PayloadBudget?
    private let takesPayloadsOfStrangers: Bool
    /// Asked before a payload is gathered; when it says no the bytes are passed over, and the request
    /// comes out without a payload, to be refused.
    public var mayTakePayload: (Request) -> Bool = { _ in true }

    /// Makes a decoder for one connection.
    /// - Parameters:
    ///   - gate: opened by the peer session once the other side has proved its key.
    ///   - budget: bytes that payloads may hold together; nil: no such limit.
    ///   - takesPayloadsOfStrangers: whether files are taken before the gate is open, as from the
    ///     loopback address; otherwise they are passed over.
    public init(
        gate: PeerGate = PeerGate(),
        budget: PayloadBudget? = nil,
        takesPayloadsOfStrangers: Bool = true
    ) {
        self.gate = gate
        self.budget = budget
        self.takesPayloadsOfStrangers = takesPayloadsOfStrangers
    }

    /// Whether the next byte begins a line of a client: no payload, handshake or peer session is
    /// under way, and no part of a line was looked at.
    public var isBetweenLines: Bool {
        guard case .line = state else { return false }
        return lines.isFresh
    }

    /// Whether the next byte belongs to the payload of a request.
    public var isWithinPayload: Bool {
        switch state {
        case .payload, .passing, .skipping: true
        case .line, .authenticating, .peer, .ended: false
        }
    }

    /// Takes note of lines that were taken off the buffer by somebody else.
    public mutating func passedLines() { isFirstLine = false }

    /// Decodes one frame.
    /// - Parameter buffer: what has arrived.
    /// - Returns: the frame; nil while it is not complete.
    public mutating func decode(buffer: inout ByteBuffer) -> RequestFrame? {
        do throws(WireError) {
            return try step(&buffer)
        } catch {
            guard error.isFinal || isPeerState else { return .failure(error) }
            state = .ended
            buffer.moveReaderIndex(to: buffer.writerIndex)
            return .failure(error.asFinal)
        }
    }

    /// Decodes what is left when the client has closed its sending side.
    /// - Parameters:
    ///   - buffer: what is left.
    ///   - seenEOF: whether the client closed.
    /// - Returns: the frame; nil when nothing is left.
    public mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) -> RequestFrame? {
        if let frame = decode(buffer: &buffer) { return frame }
        guard seenEOF, isWithinFrame || buffer.readableBytes > 0 else { return nil }
        state = .ended
        buffer.moveReaderIndex(to: buffer.writerIndex)
        return .failure(
            WireError(.truncated, "the connection ended within a line or payload", isFinal: true)
        )
    }

    private var isPeerState: Bool {
        switch state {
        case .authenticating, .peer: true
        default: false
        }
    }

    private var isWithinFrame: Bool {
        switch state {
        case .payload, .passing, .skipping: true
        case .peer: peers.isWithinPayload
        case .line, .authenticating, .ended: false
        }
    }

    private mutating func step(_ buffer: inout ByteBuffer) throws(WireError) -> RequestFrame? {
        switch state {
        case .ended:
            buffer.moveReaderIndex(to: buffer.writerIndex)
            return nil
        case .authenticating(let role):
            guard let message = try peers.next(from: &buffer, isOpen: false) else { return nil }
            guard case .auth = message else {
                throw WireError(.outOfPlace, "AUTH must follow HELLO")
            }
            state = role == .peer ? .peer : .line
            return .peer(message)
        case .peer:
            return try peers.next(from: &buffer, isOpen: gate.isOpen).map { .peer($0) }
        case .payload(let request, var collector):
            // Taken out first: two owners would copy the bytes at every arrival.
            state = .line
            if let payload = try collector.take(from: &buffer) {
                return .request(request, payload: payload)
            }
            state = .payload(request, collector)
            return nil
        case .passing(let request, var collector):
            state = .line
            if try collector.take(from: &buffer) != nil { return .request(request, payload: nil) }
            state = .passing(request, collector)
            return nil
        case .skipping(let error, var collector):
            state = .line
            if try collector.take(from: &buffer) != nil { throw error }
            state = .skipping(error, collector)
            return nil
        case .line:
            guard let line = try lines.next(from: &buffer) else { return nil }
            defer { isFirstLine = false }
            guard let request = try begin(line.readableBytesView) else {
                return try step(&buffer)
            }
            return request
        }
    }

    /// Reads one line; nil when a payload follows.
    private mutating func begin(_ view: ByteBufferView) throws(WireError) -> RequestFrame? {
        if view.starts(with: "GET ".utf8) {
            return .request(try Request(parsing: view), payload: nil)
        }
        let line: ControlLine
        do throws(WireError) {
            line = try ControlLine(view)
        } catch {
            throw RequestDecoder.mayHavePayload(view) ? error.asFinal : error
        }
        guard let verb = Verb(rawValue: line.verb) else {
            let error = WireError(.unknownVerb, "unknown verb; HELP lists those known")
            throw RequestDecoder.isNumeric(line) ? error.asFinal : error
        }
        if verb == .hello { return .peer(.hello(try hello(line))) }
        guard let limit = verb.maximumPayloadByteCount else {
            return .request(try Request(line), payload: nil)
        }
        guard let count = line.number(0) else {
            throw WireError(
                .missingArgument,
                "\(verb.rawValue) begins with a number of bytes",
                isFinal: true
            )
        }
        guard count <= UInt64(limit) else {
            throw WireError(
                .payloadTooLarge,
                "at most \(limit) bytes are taken here",
                isFinal: true
            )
        }
        do throws(WireError) {
            guard takesPayloadsOfStrangers || gate.isOpen else {
                throw WireError(.outOfPlace, "\(verb.rawValue) needs a key with a grant")
            }
            let request = try Request(line)
            state =
                mayTakePayload(request)
                ? .payload(request, PayloadCollector(byteCount: Int(count), budget: budget))
                : .passing(request, PayloadCollector(byteCount: Int(count), discards: true))
        } catch {
            state = .skipping(error, PayloadCollector(byteCount: Int(count), discards: true))
        }
        return nil
    }

    private mutating func hello(_ line: ControlLine) throws(WireError) -> Hello {
        guard isFirstLine else {
            throw WireError(.outOfPlace, "HELLO is the first line of a connection", isFinal: true)
        }
        do throws(WireError) {
            let hello = try Hello(line)
            state = .authenticating(hello.role)
            return hello
        } catch {
            throw error.asFinal
        }
    }

    private static func isNumeric(_ line: ControlLine) -> Bool {
        line.argumentCount > 0
            && line.argument(0).allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }

    /// Whether a line that cannot be cut may be followed by a payload.
    private static func mayHavePayload(_ view: ByteBufferView) -> Bool {
        guard !view.isEmpty else { return false }
        let end = view.firstIndex(of: 0x20) ?? view.endIndex
        let word = String(decoding: view[..<end], as: UTF8.self).uppercased()
        guard let verb = Verb(rawValue: word) else { return true }
        return verb.maximumPayloadByteCount != nil || verb == .hello
    }
}
