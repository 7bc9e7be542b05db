import Glibc
import ReportModel
import ReportStore
import Testing

/// Compares receipts with the store after each kill: no receipt for what is not stored.
struct ReceiptLedger {
    private let node: NodeProcess
    private var held: [String: String] = [:]
    private var position: UInt64 = 0
    private var checked: Set<String> = []

    init(_ node: NodeProcess) { self.node = node }

    /// Looks at the receipts that came since the last look; the node must not run.
    mutating func check(_ comment: String) async throws {
        let folder = "\(node.inbox)/已接收"
        let names = Disk.files(under: folder).filter {
            $0.hasSuffix(".回执.json") && !checked.contains($0)
        }
        guard !names.isEmpty else { return }
        try await read()
        for name in names {
            let receipt = try JSONValue(parsing: try Disk.read("\(folder)/\(name)"))
            let key = receipt["key"]?.stringValue ?? ""
            let number = receipt["version"]?["number"]?.integerValue ?? 0
            let id = receipt["version"]?["id"]?.stringValue
            let found = held["\(key)@\(number)"]
            #expect(found != nil && found == id, "\(name) promises \(key)@\(number), \(comment)")
            checked.insert(name)
        }
    }

    /// Reads what the store has gained.
    private mutating func read() async throws {
        let store = try Store.openReadOnly(directory: node.store)
        defer { store.close() }
        while true {
            let page = try await store.changes(after: position, matching: nil, limit: 1000)
            for version in page.items.map(\.version) {
                held["\(version.key)@\(version.number)"] = version.id
            }
            guard page.upTo > position else { return }
            position = page.upTo
        }
    }
}
