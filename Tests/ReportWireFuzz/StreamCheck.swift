import FuzzSupport
import NIOCore
import ReportModel
import ReportWire

/// What came out of a decoder.
struct StreamOutcome<Frame: Equatable>: Equatable {
    var frames: [Frame] = []
    var error: WireError?
    /// What must never happen.
    var fault: String?
}

/// Feeds bytes to decoders of streams and compares what comes out.
enum StreamCheck {
    /// Decodes a stream; the pieces are as long as `lengths` says.
    static func decode<Decoder: NIOSingleStepByteToMessageDecoder>(
        _ decoder: Decoder,
        _ bytes: ByteBuffer,
        by lengths: () -> Int
    ) -> StreamOutcome<Decoder.InboundOut> where Decoder.InboundOut: Equatable {
        let processor = NIOSingleStepByteToMessageProcessor(decoder)
        var outcome = StreamOutcome<Decoder.InboundOut>()
        var bytes = bytes
        do {
            while bytes.readableBytes > 0 {
                let length = min(bytes.readableBytes, max(1, lengths()))
                guard let piece = bytes.readSlice(length: length) else { break }
                try processor.process(buffer: piece) { outcome.frames.append($0) }
                if processor.unprocessedBytes > WireLimits.maximumLineByteCount + 2 {
                    outcome.fault = "\(processor.unprocessedBytes) bytes are held undecoded"
                }
            }
            try processor.finishProcessing(seenEOF: true) { outcome.frames.append($0) }
        } catch let error as WireError {
            outcome.error = error
        } catch {
            outcome.fault = "an error without type: \(error)"
        }
        return outcome
    }

    /// Decodes at once and in pieces; what differs is a fault.
    static func compare<Decoder: NIOSingleStepByteToMessageDecoder>(
        _ bytes: ByteBuffer,
        _ random: inout FuzzGenerator,
        _ make: () -> Decoder
    ) -> StreamOutcome<Decoder.InboundOut> where Decoder.InboundOut: Equatable {
        var whole = decode(make(), bytes) { Int.max }
        var pieces = random
        let longest = random.once(in: 4) ? 1 : 1 + random.below(200)
        let parts = decode(make(), bytes) { 1 + pieces.below(longest) }
        if whole.fault == nil { whole.fault = parts.fault }
        if whole.fault == nil, whole != parts {
            whole.fault = "in pieces of at most \(longest) bytes: \(parts), at once: \(whole)"
        }
        return whole
    }

    /// Whether a message is read back as it was written.
    static func fault(writing message: PeerMessage) -> String? {
        var buffer = ByteBuffer()
        do throws(WireError) {
            try message.write(to: &buffer)
        } catch {
            return "what was read cannot be written: \(error)"
        }
        // Messages for people are cut where they are written.
        switch message {
        case .refuse(_, _, let text) where text.utf8.count > 1000: return nil
        case .failure(_, let text) where text.utf8.count > 1000: return nil
        default: break
        }
        let again = decode(PeerMessageDecoder(gate: PeerGate(isOpen: true)), buffer) { Int.max }
        guard again.frames == [message], again.error == nil else {
            return "\(message) is read back as \(again)"
        }
        return nil
    }

    /// Whether a request is read back as it was written.
    static func fault(writing request: Request, _ payload: Payload?) -> String? {
        guard request.payloadByteCount == payload?.bytes.readableBytes else {
            return "\(request) has a payload of another length"
        }
        var buffer: ByteBuffer
        do throws(WireError) {
            buffer = try request.encoded()
        } catch {
            // A line near the limit may need more escapes than it came with.
            return error.code == .lineTooLong ? nil : "what was read cannot be written: \(error)"
        }
        if let payload { buffer.writeImmutableBuffer(payload.bytes) }
        let again = decode(RequestDecoder(), buffer) { Int.max }
        guard again.frames == [.request(request, payload: payload)], again.error == nil else {
            return "\(request) is read back as \(again)"
        }
        return nil
    }

    /// Whether a reply is read back as it was written.
    static func fault(writing reply: Reply) -> String? {
        if case .error(_, let message) = reply, message.utf8.count > 1000 { return nil }
        var buffer = ByteBuffer()
        reply.write(to: &buffer)
        let again = decode(ReplyDecoder(), buffer) { Int.max }
        guard again.frames == [reply], again.error == nil else {
            return "\(reply) is read back as \(again)"
        }
        return nil
    }

    /// The first fault of frames that a server read.
    static func fault(of frames: [RequestFrame]) -> String? {
        for frame in frames {
            let fault: String? =
                switch frame {
                case .request(let request, let payload): fault(writing: request, payload)
                case .peer(let message): fault(writing: message)
                case .failure: nil
                }
            if let fault { return fault }
        }
        return nil
    }
}
