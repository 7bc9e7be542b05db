import FuzzSupport
import NIOCore

/// A line and its payload, so that a change of the payload can be declared as its length.
struct WireFrame {
    var line: [UInt8]
    var payload: [UInt8]

    /// Cuts an encoded frame behind its first line.
    init(_ buffer: ByteBuffer) {
        let view = buffer.readableBytesView
        let end = view.firstIndex(of: 0x0A) ?? view.endIndex
        line = Array(view[..<end])
        payload = Array(view[end...].dropFirst())
    }

    var bytes: [UInt8] { line + [0x0A] + payload }

    /// Whether the line declares the length of the payload; the LF after a reply's payload does not count.
    private var countedByteCount: Int {
        line.starts(with: "+OK ".utf8) ? max(0, payload.count - 1) : payload.count
    }

    private static let counts = [
        "0", "1", "164", "56", "1024", "4096", "65535", "1048576", "16777216", "67108864",
        "67108865", "134217728", "134217729", "917504", "18446744073709551615",
        "18446744073709551616", "00000000000000000007", "-1", "+5", "9223372036854775807",
    ]

    /// Changes line or payload; most of the time the line declares the length that there is.
    mutating func change(other: WireFrame, _ random: inout FuzzGenerator) {
        if !payload.isEmpty, random.below(4) < 3 {
            ByteMutator.change(&payload, other: other.payload, &random)
            if payload.count > 4000 { payload.removeSubrange(4000...) }
            if random.below(5) < 4 { declare(String(countedByteCount)) }
            return
        }
        switch random.below(4) {
        case 0: declare(random.pick(Self.counts))
        case 1: changeArgument(&random)
        default:
            ByteMutator.change(&line, other: other.line, &random)
            if random.once(in: 20) {
                line += [UInt8](
                    repeating: random.pick([0x20, 0x25, 0x61, 0xE9, 0x0D]),
                    count: 4050 + random.below(100) - min(60, line.count)
                )
            }
        }
    }

    /// Replaces the last run of digits that stands as an argument.
    private mutating func declare(_ count: String) {
        var pieces = line.split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard
            let index = pieces.dropFirst().firstIndex(where: {
                !$0.isEmpty && $0.allSatisfy { digits.contains($0) }
            })
        else { return }
        pieces[index] = Array(count.utf8)
        line = Array(pieces.joined(separator: [0x20]))
    }

    /// Drops, doubles, swaps or lowers the case of arguments.
    private mutating func changeArgument(_ random: inout FuzzGenerator) {
        var pieces = line.split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
        guard !pieces.isEmpty else { return }
        let index = random.below(pieces.count)
        switch random.below(5) {
        case 0: pieces.remove(at: index)
        case 1: pieces.insert(pieces[index], at: random.below(pieces.count + 1))
        case 2: pieces.swapAt(index, random.below(pieces.count))
        case 3:
            pieces[index] = Array(String(decoding: pieces[index], as: UTF8.self).lowercased().utf8)
        default: pieces[index] += Array("%E9%BA".utf8)
        }
        line = Array(pieces.joined(separator: [0x20]))
    }
}
