/// Numbers as OFD writes them: divided by blanks.
enum OfdNumbers {
    /// Reads numbers; what is none ends the list.
    /// - Parameter text: numbers, blanks between.
    /// - Returns: finite numbers.
    static func list(_ text: String?) -> [Double] {
        var result: [Double] = []
        for part in text?.split(whereSeparator: { $0.isWhitespace || $0 == "," }) ?? [] {
            guard let value = Double(part), value.isFinite, result.count < 100_000 else { break }
            result.append(value)
        }
        return result
    }

    /// Reads a box: x, y, width, height.
    static func box(_ text: String?) -> Box? {
        let values = list(text)
        guard values.count >= 4 else { return nil }
        return Box(
            left: values[0],
            top: values[1],
            right: values[0] + values[2],
            bottom: values[1] + values[3]
        )
    }

    /// Reads distances between characters, in which `g n v` stands for n times v.
    ///
    /// Source: GB/T 33190-2016 11.3, DeltaX and DeltaY.
    /// - Parameters:
    ///   - text: the attribute.
    ///   - count: the most that are needed.
    /// - Returns: at most `count` distances.
    static func deltas(_ text: String?, count: Int) -> [Double] {
        guard let text, count > 0 else { return [] }
        var result: [Double] = []
        var parts = text.split(whereSeparator: \.isWhitespace)[...]
        while let part = parts.popFirst(), result.count < count {
            if part == "g" {
                guard let times = parts.popFirst().flatMap({ Int($0) }),
                    let value = parts.popFirst().flatMap({ Double($0) }), value.isFinite
                else { break }
                let room = count - result.count
                result += [Double](repeating: value, count: max(0, min(times, room)))
            } else {
                guard let value = Double(part), value.isFinite else { break }
                result.append(value)
            }
        }
        return result
    }
}

/// A transformation of coordinates: `a b c d e f`.
struct OfdMatrix: Hashable, Sendable {
    private let a: Double
    private let b: Double
    private let c: Double
    private let d: Double
    private let e: Double
    private let f: Double

    /// Reads the attribute CTM; nothing changes without one.
    init(_ text: String?) {
        let values = OfdNumbers.list(text)
        if values.count >= 6 {
            (a, b, c) = (values[0], values[1], values[2])
            (d, e, f) = (values[3], values[4], values[5])
        } else {
            (a, b, c, d, e, f) = (1, 0, 0, 1, 0, 0)
        }
    }

    /// A point after the transformation.
    func apply(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// How much heights grow.
    var growth: Double { (c * c + d * d).squareRoot() }

    /// Quarter turns clockwise that come nearest.
    var turns: Int {
        if abs(a) >= abs(b) { return a >= 0 ? 0 : 2 }
        return b >= 0 ? 1 : 3
    }
}
