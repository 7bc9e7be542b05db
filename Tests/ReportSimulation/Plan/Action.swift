import ReportModel

/// Where a commit is when its machine stops.
enum CrashPoint: String, Sendable, CaseIterable {
    /// The pages are being written: nothing points to them.
    case pages
    /// The page that makes the commit count is being written.
    case lastPage = "last-page"
    /// The disk has everything, and some of those who waited were told.
    case told
}

/// Something that is done to the world at a time.
struct Action: Sendable, CustomStringConvertible {
    enum Kind: Sendable {
        case submit(node: Int, Filing)
        case crash(node: Int, losesPower: Bool, down: Duration)
        case crashAtCommit(node: Int, CrashPoint, countdown: Int, down: Duration)
        case fullDisk(node: Int, for: Duration)
        case slowDisk(node: Int, for: Duration)
        case partition([Int], for: Duration)
        case reset(node: Int)
        case halfOpen(node: Int, side: Int)
        case stall(node: Int, sides: [Int], for: Duration)
        case connectAgain(node: Int)
        case jumpClock(node: Int, by: Duration)
        case backUp(node: Int)
        /// Brings back the last backup; found out, the store begins a new log.
        case restore(node: Int, isFoundOut: Bool, down: Duration)
        /// Puts a second machine with the same disk and key beside the first.
        case copy(node: Int, isFoundOut: Bool)
    }

    var time: Duration
    var kind: Kind

    var description: String { "\(Moment(time)) \(text)" }

    private var text: String {
        switch kind {
        case .submit(let node, let filing):
            "node \(node) files \(filing.kind.name) \(filing.number) of \(filing.region)"
        case .crash(let node, let losesPower, let down):
            "node \(node) \(losesPower ? "loses power" : "is killed") for \(Moment(down))"
        case .crashAtCommit(let node, let point, let countdown, let down):
            "node \(node) loses power for \(Moment(down)) at \(point.rawValue) of commit \(countdown) from now"
        case .fullDisk(let node, let time): "disk of node \(node) is full for \(Moment(time))"
        case .slowDisk(let node, let time): "disk of node \(node) is slow for \(Moment(time))"
        case .partition(let nodes, let time): "nodes \(nodes) are cut off for \(Moment(time))"
        case .reset(let node): "a connection of node \(node) breaks"
        case .halfOpen(let node, let side):
            "a connection of node \(node) is half open, side \(side)"
        case .stall(let node, let sides, let time):
            "a connection of node \(node) stalls for \(Moment(time)), sides \(sides)"
        case .connectAgain(let node): "node \(node) connects a second time"
        case .jumpClock(let node, let by):
            "clock of node \(node) jumps by \(by.components.seconds) s"
        case .backUp(let node): "node \(node) is backed up"
        case .restore(let node, let isFoundOut, let down):
            "node \(node) is restored, \(isFoundOut ? "with a new log" : "unnoticed"), down for \(Moment(down))"
        case .copy(let node, let isFoundOut):
            "node \(node) is copied, \(isFoundOut ? "with a new log" : "unnoticed")"
        }
    }
}

/// A time as `1:02.345`.
struct Moment: CustomStringConvertible {
    var time: Duration

    init(_ time: Duration) { self.time = time }

    var description: String {
        let (seconds, attoseconds) = time.components
        let milliseconds = Int(attoseconds / 1_000_000_000_000_000)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(seconds / 60):\(padded(Int(seconds % 60), 2)).\(padded(milliseconds, 3))"
    }
}
