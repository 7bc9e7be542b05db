import ReportModel
import ReportWire

extension World {
    /// What a liar says in place of a message: most of the time the truth.
    func lie(_ message: PeerMessage, by end: Endpoint) -> [PeerMessage] {
        guard chance(0.15) else { return [message] }
        let key = nodes[end.node].key
        let lie: [PeerMessage]
        switch message {
        case .batch(let batch, _): lie = [.batch(changed(batch, key))]
        case .positions(let positions, let isLast):
            lie = [.positions(positions.map { changed($0) }, isLast: isLast)]
        case .acknowledgement(let value):
            let position = changed(value.position)
            lie = [
                .acknowledgement(
                    Acknowledgement(position: position, receivedAt: value.receivedAt, key: key)
                )
            ]
        case .log(let descriptor, let head):
            lie = [.log(descriptor, changed(head, key)), message]
        case .ping, .pong: lie = mischief(message)
        default: lie = [message]
        }
        note("node \(end.node) lies instead")
        return lie
    }

    private func mischief(_ message: PeerMessage) -> [PeerMessage] {
        switch random(0, 4) {
        case 0: return [message, message, message]
        case 1:
            guard let log = checkerLogs.randomElement(using: &generator) else { return [message] }
            return [.refuse(log, .conflict, message: "no"), message]
        case 2:
            guard let log = checkerLogs.randomElement(using: &generator) else { return [message] }
            let position = LogPosition(log: log, sequence: UInt64(random(0, 30)), hash: hash())
            return [.positions([position], isLast: true), message]
        case 3: return [.bye]
        default: return []
        }
    }

    private var checkerLogs: [LogID] {
        nodes.flatMap { $0.disk.contents.logs.keys }.sorted()
    }

    private func changed(_ position: LogPosition) -> LogPosition {
        var position = position
        switch random(0, 2) {
        case 0: position.sequence += UInt64(random(1, 9))
        case 1: position.hash = hash()
        default: position.sequence = UInt64(random(0, Int(position.sequence)))
        }
        return position
    }

    private func changed(_ head: SignedHead, _ key: NodeKey) -> SignedHead {
        SignedHead(
            log: head.log,
            size: head.size + UInt64(random(0, 5)),
            root: chance(0.5) ? head.root : hash(),
            last: head.last,
            signedAt: head.signedAt,
            key: key
        )
    }

    private func changed(_ batch: EntryBatch, _ key: NodeKey) -> EntryBatch {
        var batch = batch
        switch random(0, 5) {
        case 0:
            let index = random(0, batch.entries.count - 1)
            let place = random(0, batch.entries[index].header.count - 1)
            // The first bytes are the format: a peer does not even encode another.
            if place >= 8, place < 120 { batch.entries[index].header[place] ^= 1 }
        case 1:
            let index = random(0, batch.entries.count - 1)
            if !batch.entries[index].bodies.isEmpty {
                let count = batch.entries[index].bodies[0]?.bytes.count ?? 0
                if count > 0 {
                    batch.entries[index].bodies[0]?.bytes[random(0, count - 1)] ^= 1
                }
            }
        case 2 where batch.entries.count > 1:
            batch.entries.remove(at: random(0, batch.entries.count - 1))
        case 3 where batch.entries.count > 1: batch.entries.swapAt(0, batch.entries.count - 1)
        case 4: batch.head = changed(batch.head, key)
        default: batch.first += 1
        }
        return batch
    }
}
