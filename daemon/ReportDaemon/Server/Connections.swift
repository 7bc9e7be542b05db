import NIOCore
import Synchronization

/// The connections that there are, and how many more may come.
///
/// Those under TLS are counted apart from those of this machine, so that strangers take no place from it,
/// and those of the node's own socket apart from everybody else's;
/// of each address only some are taken, and only some that have not proved a key yet.
final class Connections: Sendable {
    fileprivate struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var addresses: [ObjectIdentifier: String] = [:]
        var administrators: Set<ObjectIdentifier> = []
        var countByAddress: [String: Int] = [:]
        var pending: Set<ObjectIdentifier> = []
    }

    private let state = Mutex(State())

    /// Every connection.
    var all: [any Channel] { state.withLock { Array($0.channels.values) } }

    /// How many there are, by where they came in.
    var countByListener: [(listener: String, count: Int)] {
        state.withLock { state in
            let others = state.addresses.count + state.administrators.count
            return [
                ("loopback", state.channels.count - others), ("socket", state.administrators.count),
                ("tls", state.addresses.count),
            ]
        }
    }

    /// Keeps a connection until it is closed.
    /// - Parameters:
    ///   - channel: the connection.
    ///   - authority: what clients of its listener may do before they prove a key.
    /// - Returns: nil when it is taken, else why it is not.
    func add(_ channel: any Channel, _ authority: ClientAuthority) -> String? {
        let id = ObjectIdentifier(channel)
        let refusal: String? = state.withLock { state in
            switch authority {
            case .stranger: return state.addSecure(id, channel.remoteAddress?.ipAddress ?? "")
            case .administrator:
                guard state.administrators.count < ServerLimits.maximumSocketConnectionCount else {
                    return "too many connections at the node's own socket"
                }
                state.administrators.insert(id)
                return nil
            case .anyone, .key:
                let others = state.addresses.count + state.administrators.count
                let count = state.channels.count - others
                return count < ServerLimits.maximumConnectionCount ? nil : "too many connections"
            }
        }
        guard refusal == nil else { return refusal }
        state.withLock { $0.channels[id] = channel }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.remove(id) } }
        return nil
    }

    /// A connection has proved a key.
    func proved(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in _ = state.pending.remove(id) }
    }
}

extension Connections.State {
    fileprivate mutating func addSecure(_ id: ObjectIdentifier, _ address: String) -> String? {
        guard addresses.count < ServerLimits.maximumSecureConnectionCount else {
            return "too many connections"
        }
        guard pending.count < ServerLimits.maximumUnprovenConnectionCount else {
            return "too many connections that have proved no key"
        }
        let count = countByAddress[address, default: 0]
        guard count < ServerLimits.maximumConnectionCountPerAddress else {
            return "too many connections from one address"
        }
        countByAddress[address] = count + 1
        addresses[id] = address
        pending.insert(id)
        return nil
    }

    fileprivate mutating func remove(_ id: ObjectIdentifier) {
        channels[id] = nil
        pending.remove(id)
        administrators.remove(id)
        guard let address = addresses.removeValue(forKey: id) else { return }
        let count = countByAddress[address, default: 1] - 1
        countByAddress[address] = count > 0 ? count : nil
    }
}
