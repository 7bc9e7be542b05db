public import NIOCore
import ReportModel

extension PeerMessage {
    /// Writes the message: its line and its payload.
    /// - Parameter buffer: where it goes.
    /// - Throws: ``WireError`` `payloadTooLarge` when it exceeds a limit of the protocol.
    public func write(to buffer: inout ByteBuffer) throws(WireError) {
        switch self {
        case .hello(let hello):
            var line = ControlLineWriter("HELLO")
            line.append(String(hello.version))
            line.append(hello.role.rawValue)
            line.append(hello.node.key.hex)
            line.append(hello.nonce.hex)
            if let signature = hello.signature { line.append(HexText.text(signature)) }
            buffer.writeImmutableBuffer(try line.finish())
        case .auth(let signature):
            buffer.writeString("AUTH \(HexText.text(signature))\n")
        case .positions(let positions, let isLast):
            try PeerMessage.write(positions, isLast: isLast, to: &buffer)
        case .forms(let forms, let direction):
            var words = BodyForms.words.filter { forms.contains($0.form) }.map(\.word)
            if let direction { words.append(direction.rawValue) }
            buffer.writeString("FORMS" + words.map { " " + $0 }.joined() + "\n")
        case .log(let descriptor, let head):
            let bytes = descriptor.bytes
            buffer.writeString("LOG \(2 + bytes.count + SignedHead.byteCount)\n")
            buffer.writeInteger(UInt16(bytes.count))
            buffer.writeBytes(bytes)
            buffer.writeBytes(head.bytes)
        case .key(let key):
            var line = ControlLineWriter("KEY")
            line.append(key)
            buffer.writeImmutableBuffer(try line.finish())
        case .batch(let batch, let checksum):
            guard
                max(batch.encodedByteCount, batch.wireByteCount)
                    <= WireLimits.maximumBatchByteCount
            else {
                throw WireError(.payloadTooLarge, "the batch is too large")
            }
            buffer.writeString("BATCH \(batch.wireByteCount)\n")
            try batch.write(to: &buffer, checksum)
        case .acknowledgement(let acknowledgement):
            buffer.writeString("ACK \(Acknowledgement.byteCount)\n")
            buffer.writeBytes(acknowledgement.bytes)
        case .witness(let acknowledgement):
            buffer.writeString("WITNESS \(Acknowledgement.byteCount)\n")
            buffer.writeBytes(acknowledgement.bytes)
        case .compare(let question):
            try question.write(to: &buffer, verb: .compare)
        case .nodes(let answer):
            try answer.write(to: &buffer, verb: .nodes)
        case .fetch(let log, let sequences):
            guard (1...FetchedEntries.maximumCount).contains(sequences.count) else {
                throw WireError(.payloadTooLarge, "too many entries are wanted at once, or none")
            }
            buffer.writeString("FETCH \(LogID.byteCount + 8 * sequences.count)\n")
            buffer.writeBytes(log.bytes)
            for sequence in sequences { buffer.writeInteger(sequence) }
        case .entries(let fetched):
            try fetched.write(to: &buffer)
        case .refuse(let log, let code, let message):
            var line = ControlLineWriter("REFUSE")
            line.append(log.description)
            line.append(code.rawValue)
            line.append(PeerMessage.shortened(message))
            buffer.writeImmutableBuffer(try line.finish())
        case .ping(let number): buffer.writeString("PING \(number)\n")
        case .pong(let number): buffer.writeString("PONG \(number)\n")
        case .bye: buffer.writeString("BYE\n")
        case .failure(let code, let message):
            Reply.writeError(code, message: message, to: &buffer)
        }
    }

    private static func write(
        _ positions: [LogPosition],
        isLast: Bool,
        to buffer: inout ByteBuffer
    ) throws(WireError) {
        guard positions.count <= WireLimits.maximumPositionCount else {
            throw WireError(.payloadTooLarge, "too many positions in one message")
        }
        let count = positions.count * WireLimits.positionByteCount
        buffer.writeString("POSITIONS \(count)\(isLast ? "" : " more=1")\n")
        for position in positions {
            buffer.writeBytes(position.log.bytes)
            buffer.writeInteger(position.sequence)
            buffer.writeBytes(position.hash.bytes)
        }
    }

    /// A message that fits into a line even if every byte is escaped.
    private static func shortened(_ message: String) -> String {
        guard !message.isEmpty else { return "refused" }
        var text = message
        while text.utf8.count > 1000 { text.unicodeScalars.removeLast() }
        return text
    }
}
