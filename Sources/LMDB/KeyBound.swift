/// One end of a range of keys.
public enum KeyBound: Sendable, Hashable {
    /// The range has no end on this side.
    case unbounded
    /// The range ends with this key, at most 511 bytes.
    case including([UInt8])
    /// The range ends beside this key, at most 511 bytes.
    case excluding([UInt8])

    /// Makes the lower end of the keys that begin with a prefix.
    init(_ prefix: UnsafeRawBufferPointer) {
        self = prefix.isEmpty ? .unbounded : .including([UInt8](prefix))
    }

    /// The key, or nil without an end.
    var key: [UInt8]? {
        switch self {
        case .unbounded: nil
        case .including(let key), .excluding(let key): key
        }
    }

    /// Whether a key lies above a lower end of this kind.
    func admits(asLower key: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .unbounded: true
        case .including(let end): end.withBytes { compareBytes($0, key) <= 0 }
        case .excluding(let end): end.withBytes { compareBytes($0, key) < 0 }
        }
    }

    /// Whether a key lies below an upper end of this kind.
    func admits(asUpper key: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .unbounded: true
        case .including(let end): end.withBytes { compareBytes(key, $0) <= 0 }
        case .excluding(let end): end.withBytes { compareBytes(key, $0) < 0 }
        }
    }

    /// The upper end of the keys that begin with a prefix: the next prefix of the same or a
    /// smaller length, or none when all bytes are 255.
    static func above(prefix: UnsafeRawBufferPointer) -> KeyBound {
        guard let place = prefix.lastIndex(where: { $0 != 0xFF }) else { return .unbounded }
        var end = [UInt8](prefix[...place])
        end[place] += 1
        return .excluding(end)
    }
}

/// Whether a scan goes on.
public enum ScanStep: Sendable, Hashable {
    /// The next entry, please.
    case `continue`
    /// This entry was the last.
    case stop
}
