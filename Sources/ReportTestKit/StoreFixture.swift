public import ReportModel
public import ReportStore

/// A store in a folder of its own, which can be closed and opened again.
public final class StoreFixture {
    /// The clock of the store.
    public let clock: TestClock
    /// The folder of the store.
    public let directory: String
    /// The store, open for writing.
    public private(set) var store: Store
    private let folder: TemporaryFolder
    private let name: String

    /// Makes a store.
    /// - Parameters:
    ///   - name: name of the node.
    ///   - clock: its clock.
    /// - Throws: ``ReportError``.
    public init(name: String = "县", clock: TestClock = TestClock()) throws(ReportError) {
        self.clock = clock
        self.name = name
        folder = TemporaryFolder()
        directory = folder.path("store")
        store = try Self.open(directory, name, clock)
    }

    private static func open(
        _ directory: String,
        _ name: String,
        _ clock: TestClock
    ) throws(ReportError) -> Store {
        try Store.open(
            directory: directory,
            options: Store.Options(nodeName: name, mapByteCount: 1 << 30, clock: clock.closure)
        )
    }

    /// Closes the store and opens it again.
    /// - Parameter between: what happens while it is closed.
    /// - Throws: what `between` throws; ``ReportError``.
    public func reopen(_ between: () throws -> Void = {}) throws {
        store.close()
        try between()
        store = try Self.open(directory, name, clock)
    }

    /// Closes the store.
    public func close() { store.close() }

    /// Fails when anything in the store is not as it must be.
    /// - Throws: ``UnsoundStore``; ``ReportError``.
    public func verify() throws {
        let report = try store.verifyNow()
        guard report.isSound else { throw UnsoundStore(problems: report.problems) }
    }
}

/// A store that failed its verification at the end of a test.
public struct UnsoundStore: Error, CustomStringConvertible {
    /// What `verify` named.
    public var problems: [String]

    /// The problems, one a line.
    public var description: String { problems.joined(separator: "\n") }
}

/// Runs a test on a store of its own and verifies the whole store afterwards.
/// - Parameters:
///   - name: name of the node.
///   - clock: its clock.
///   - body: the test.
/// - Throws: what the body throws; ``UnsoundStore``.
public func withStore(
    name: String = "县",
    clock: TestClock = TestClock(),
    _ body: (Store) async throws -> Void
) async throws {
    try await withFixture(name: name, clock: clock) { try await body($0.store) }
}

/// Runs a test on a store that it may reopen, and verifies the whole store afterwards.
/// - Parameters:
///   - name: name of the node.
///   - clock: its clock.
///   - body: the test.
/// - Throws: what the body throws; ``UnsoundStore``.
public func withFixture(
    name: String = "县",
    clock: TestClock = TestClock(),
    _ body: (StoreFixture) async throws -> Void
) async throws {
    let fixture = try StoreFixture(name: name, clock: clock)
    defer { fixture.close() }
    try await body(fixture)
    try fixture.verify()
}
