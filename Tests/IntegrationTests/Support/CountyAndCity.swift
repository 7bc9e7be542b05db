/// A county that reports to its city, on loopback; neither runs yet.
struct CountyAndCity {
    static let region = "湛江市/麻章区"
    let root: TestFolder
    let county: NodeProcess
    let city: NodeProcess

    init() throws {
        root = try TestFolder()
        county = try NodeProcess("麻章区", in: root, inboxRegion: Self.region)
        city = try NodeProcess("湛江市", in: root)
        try NodeProcess.connect([(county, Self.region)], to: city)
    }
}

/// A suite of tests between the two.
protocol CountyCitySuite {
    var place: CountyAndCity { get }
}

extension CountyCitySuite {
    var root: TestFolder { place.root }
    var county: NodeProcess { place.county }
    var city: NodeProcess { place.city }

    /// Runs `reportctl … --store` beside a node; a running one takes it at its socket.
    func at(_ node: NodeProcess, _ arguments: String...) throws -> CommandRun {
        try CommandRun.reportctl(arguments + ["--store", node.store])
    }
}
