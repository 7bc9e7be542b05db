import NIOCore
import ReportModel

/// Verbs of peer sessions.
enum PeerVerb: String {
    case hello = "HELLO"
    case auth = "AUTH"
    case positions = "POSITIONS"
    case forms = "FORMS"
    case log = "LOG"
    case key = "KEY"
    case batch = "BATCH"
    case acknowledgement = "ACK"
    case refuse = "REFUSE"
    case witness = "WITNESS"
    case compare = "COMPARE"
    case nodes = "NODES"
    case fetch = "FETCH"
    case entries = "ENTRIES"
    case ping = "PING"
    case pong = "PONG"
    case bye = "BYE"
    case failure = "-ERR"

    /// Smallest and largest payload; nil when none follows.
    var payloadByteCounts: ClosedRange<UInt64>? {
        switch self {
        case .positions: 0...UInt64(WireLimits.maximumPositionsByteCount)
        case .log: 1...UInt64(WireLimits.maximumLogByteCount)
        case .batch: 1...UInt64(WireLimits.maximumBatchByteCount)
        case .acknowledgement, .witness:
            UInt64(Acknowledgement.byteCount)...UInt64(Acknowledgement.byteCount)
        case .compare: 33...UInt64(WireLimits.maximumComparisonByteCount)
        case .nodes: 65...UInt64(WireLimits.maximumNodesByteCount)
        case .fetch: 24...UInt64(WireLimits.maximumFetchByteCount)
        case .entries: 28...UInt64(WireLimits.maximumBatchByteCount)
        default: nil
        }
    }

    /// Whether the verb may come before the handshake is over.
    var isForStrangers: Bool {
        switch self {
        case .hello, .auth, .bye, .failure: true
        default: false
        }
    }
}

extension PeerMessage {
    /// Reads a line without payload.
    init(_ verb: PeerVerb, _ line: ControlLine) throws(WireError) {
        switch verb {
        case .hello: self = .hello(try Hello(line))
        case .auth:
            try line.require(1...1)
            self = .auth(signature: try line.hex(0, byteCount: NodeKey.signatureByteCount))
        case .refuse:
            try line.require(3...3)
            guard let log = LogID(try line.hex(0, byteCount: LogID.byteCount)) else {
                throw WireError(.badArgument, "REFUSE without a log")
            }
            let code = ReportError.Code(rawValue: try line.text(1) ?? "") ?? .internal
            self = .refuse(log, code, message: try line.text(2) ?? "")
        case .ping, .pong:
            try line.require(1...1)
            guard let number = line.number(0) else {
                throw WireError(.badArgument, "PING and PONG carry a number")
            }
            self = verb == .ping ? .ping(number) : .pong(number)
        case .forms: self = PeerMessage.forms(line)
        case .key:
            try line.require(1...1)
            self = .key(try line.text(0) ?? "")
        case .bye:
            try line.require(0...0)
            self = .bye
        case .positions, .log, .batch, .acknowledgement, .failure, .compare, .nodes, .fetch,
            .entries, .witness:
            throw WireError(.malformedLine, "the line is not complete")
        }
    }

    /// Reads a payload.
    init(_ verb: PeerVerb, payload: ByteBuffer, isLast: Bool) throws(WireError) {
        var payload = payload
        switch verb {
        case .positions: self = .positions(try PeerMessage.positions(&payload), isLast: isLast)
        case .log:
            guard let count = payload.readInteger(as: UInt16.self),
                let descriptorBytes = payload.readBytes(length: Int(count)),
                let descriptor = LogDescriptor(descriptorBytes),
                let headBytes = payload.readBytes(length: SignedHead.byteCount),
                let head = SignedHead(headBytes), payload.readableBytes == 0
            else { throw WireError(.badPayload, "LOG is not a descriptor and a head") }
            self = .log(descriptor, head)
        case .batch:
            let (batch, checksum) = try EntryBatch.read(&payload)
            self = .batch(batch, checksum)
        case .acknowledgement, .witness:
            guard let acknowledgement = Acknowledgement(payload.readableBytesView) else {
                throw WireError(.badPayload, "ACK is not an acknowledgement")
            }
            self = verb == .witness ? .witness(acknowledgement) : .acknowledgement(acknowledgement)
        case .compare: self = .compare(try TreeNodes(reading: &payload, hasHashes: false))
        case .nodes: self = .nodes(try TreeNodes(reading: &payload, hasHashes: true))
        case .fetch: self = try PeerMessage.fetch(&payload)
        case .entries: self = .entries(try FetchedEntries(reading: &payload))
        default: throw WireError(.malformedLine, "this line has no payload")
        }
    }

    /// Reads the words of `FORMS`; those of later versions are passed over, and of directions the first counts.
    private static func forms(_ line: ControlLine) -> PeerMessage {
        var forms: BodyForms = []
        var direction: Direction?
        for index in 0..<line.argumentCount {
            let word = line.argument(index)
            for (name, form) in BodyForms.words where word.elementsEqual(name.utf8) {
                forms.insert(form)
            }
            direction =
                direction ?? Direction.allCases.first { word.elementsEqual($0.rawValue.utf8) }
        }
        return .forms(forms, direction)
    }

    private static func positions(_ payload: inout ByteBuffer) throws(WireError) -> [LogPosition] {
        guard payload.readableBytes.isMultiple(of: WireLimits.positionByteCount) else {
            throw WireError(.badPayload, "POSITIONS is not whole rows")
        }
        var positions: [LogPosition] = []
        var logs: Set<LogID> = []
        while payload.readableBytes > 0 {
            guard let logBytes = payload.readBytes(length: LogID.byteCount),
                let log = LogID(logBytes), let sequence = payload.readInteger(as: UInt64.self),
                let hashBytes = payload.readBytes(length: Hash256.byteCount),
                let hash = Hash256(hashBytes), logs.insert(log).inserted,
                sequence > 0 || hash == .zero
            else { throw WireError(.badPayload, "POSITIONS has a bad row") }
            positions.append(LogPosition(log: log, sequence: sequence, hash: hash))
        }
        return positions
    }
}

extension Hello {
    /// Reads the arguments of `HELLO`.
    init(_ line: ControlLine) throws(WireError) {
        guard let version = line.number(0) else {
            throw WireError(.missingArgument, "HELLO begins with the version of the protocol")
        }
        guard version == UInt64(WireLimits.protocolVersion) else {
            throw WireError(
                .unsupportedVersion,
                "this node speaks version \(WireLimits.protocolVersion) of the protocol"
            )
        }
        try line.require(4...5)
        guard let role = SessionRole(rawValue: try line.text(1) ?? "") else {
            throw WireError(.badArgument, "the role must be peer or client")
        }
        guard let node = NodeID(try line.hex(2, byteCount: Hash256.byteCount)),
            let nonce = Hash256(try line.hex(3, byteCount: Hash256.byteCount))
        else { throw WireError(.badArgument, "key and nonce have 64 digits") }
        let signature =
            line.argumentCount == 5
            ? try line.hex(4, byteCount: NodeKey.signatureByteCount) : nil
        self.init(
            version: UInt16(version),
            role: role,
            node: node,
            nonce: nonce,
            signature: signature
        )
    }
}

extension ControlLine {
    /// Whether the verb is one that a later version may have: letters, digits and `-`.
    var hasFormOfMessage: Bool {
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let word = verb.utf8
        return word.first.map(letters.contains) == true && word.count <= 32
            && word.allSatisfy {
                letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    func require(_ counts: ClosedRange<Int>) throws(WireError) {
        guard argumentCount >= counts.lowerBound else {
            throw WireError(.missingArgument, "\(verb) lacks an argument")
        }
        guard argumentCount <= counts.upperBound else {
            throw WireError(.unexpectedArgument, "\(verb) has an argument too many")
        }
    }

    func hex(_ index: Int, byteCount: Int) throws(WireError) -> [UInt8] {
        let digits = String(decoding: argument(index), as: UTF8.self)
        guard digits.utf8.count == byteCount * 2, let bytes = HexText.bytes(digits) else {
            throw WireError(.badArgument, "\(byteCount * 2) hexadecimal digits are needed")
        }
        return bytes
    }
}
