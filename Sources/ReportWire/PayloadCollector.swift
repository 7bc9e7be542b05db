import NIOCore

/// Gathers the counted bytes after a line; grows as they arrive, never by what was declared.
struct PayloadCollector: Sendable {
    private var missing: Int
    private var bytes = ByteBuffer()
    private let reservation: PayloadReservation?
    /// Whether the bytes are passed over and not kept.
    let discards: Bool

    init(byteCount: Int, budget: PayloadBudget? = nil, discards: Bool = false) {
        missing = byteCount
        reservation = budget.map { PayloadReservation($0) }
        self.discards = discards
    }

    /// Takes what there is.
    /// - Returns: the payload once it is complete.
    /// - Throws: ``WireError`` `busy` when the budget is used up.
    mutating func take(from buffer: inout ByteBuffer) throws(WireError) -> Payload? {
        let count = min(missing, buffer.readableBytes)
        if discards {
            buffer.moveReaderIndex(forwardBy: count)
        } else if count > 0 {
            if let reservation, !reservation.grow(by: count) {
                throw WireError(.busy, "too many files at once", isFinal: true)
            }
            if bytes.readableBytes == 0, count == missing {
                bytes = buffer.readSlice(length: count) ?? bytes
            } else if var piece = buffer.readSlice(length: count) {
                bytes.writeBuffer(&piece)
            }
        }
        missing -= count
        guard missing == 0 else { return nil }
        return Payload(bytes: bytes, reservation: reservation)
    }
}
