import Failpoints
import Glibc
import Testing

/// Programs that kill themselves at named failpoints, and which of these were reached.
struct KilledCommands {
    private(set) var reached: Set<String> = []

    /// Notes that a process ended itself where it was told to.
    mutating func note(_ name: String, status: Int32?, errors: String) {
        let isReached = status == 128 + SIGKILL && errors.contains("failpoint \(name)\n")
        #expect(
            isReached,
            "\(name) was not reached: status \(String(describing: status)), \(errors)"
        )
        if isReached { reached.insert(name) }
    }

    /// Runs `reportctl` up to a failpoint.
    /// - Parameters:
    ///   - arguments: its arguments.
    ///   - point: where it kills itself.
    ///   - side: on which side.
    ///   - count: at which passage.
    /// - Throws: ``TestFailure`` when it does not run.
    mutating func run(
        _ arguments: [String],
        to point: Failpoint,
        _ side: Failpoint.Side,
        count: Int = 1
    ) throws {
        let name = point.name(side)
        let run = try CommandRun.reportctl(
            arguments,
            environment: [Failpoint.variableName: "\(name)@\(count)"]
        )
        note(name, status: run.status, errors: run.errors)
    }

    /// Waits until a node has killed itself.
    mutating func await(
        _ node: NodeProcess,
        _ point: Failpoint,
        _ side: Failpoint.Side,
        meanwhile: () throws -> Void = {}
    ) throws {
        let name = point.name(side)
        let deadline = Clock.now + 60
        var next = Clock.now + 3
        while node.process?.poll() == nil, Clock.now < deadline {
            usleep(5000)
            guard Clock.now > next else { continue }
            next = Clock.now + 3
            try meanwhile()
        }
        note(name, status: node.process?.poll(), errors: node.shownLog + "\n")
        node.crash()
    }
}
