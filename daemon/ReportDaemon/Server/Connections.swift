import NIOCore
import Synchronization

/// The connections that there are, and how many more may come.
///
/// Those under TLS are counted apart from those of this machine, so that strangers take no place from it;
/// of each address only some are taken, and only some that have not proved a key yet.
final class Connections: Sendable {
    fileprivate struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var addresses: [ObjectIdentifier: String] = [:]
        var countByAddress: [String: Int] = [:]
        var pending: Set<ObjectIdentifier> = []
    }

    private let state = Mutex(State())

    /// Every connection.
    var all: [any Channel] { state.withLock { Array($0.channels.values) } }

    /// Keeps a connection until it is closed.
    /// - Parameters:
    ///   - channel: the connection.
    ///   - isSecure: whether it comes in under TLS.
    /// - Returns: nil when it is taken, else why it is not.
    func add(_ channel: any Channel, isSecure: Bool) -> String? {
        let id = ObjectIdentifier(channel)
        let refusal = state.withLock { state in
            if isSecure { return state.addSecure(id, channel.remoteAddress?.ipAddress ?? "") }
            let count = state.channels.count - state.addresses.count
            return count < ServerLimits.maximumConnectionCount ? nil : "too many connections"
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
        guard let address = addresses.removeValue(forKey: id) else { return }
        let count = countByAddress[address, default: 1] - 1
        countByAddress[address] = count > 0 ? count : nil
    }
}
