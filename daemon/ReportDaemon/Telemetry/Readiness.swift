import ReportModel
import Synchronization

/// One thing that must hold for a node to do its work.
struct ReadinessCondition: Hashable, Sendable {
    /// What is looked at; each may have a subject, such as the inbox of several.
    enum Name: String, Sendable, CaseIterable {
        /// A read of the store passes.
        case store
        /// The writer has committed, or has nothing to do.
        case writer
        /// There is room on the disk.
        case disk
        /// The last verification found nothing wrong, and no read since.
        case verified
        /// Reports are taken.
        case filing
        /// An inbox is watched, and scanned now and then.
        case inbox
        /// An upstream has signed for what was sent, or nothing is missing there.
        case upstream
        /// The certificate has not ended.
        case certificate
        /// All this was looked at a moment ago.
        case checks
        /// The node is not stopping.
        case running
    }

    var name: Name
    var subject: String?
    var isMet = true
    /// Whether it is not met only because the node has just started and has not come to it: nothing is wrong.
    var isPending = false
    /// What is wrong, or what was seen.
    var message: String
    /// What to do when it is not met.
    var advice: String?

    /// A condition that is met, with what was seen.
    static func met(_ name: Name, of subject: String? = nil, _ message: String) -> Self {
        ReadinessCondition(name: name, subject: subject, message: message)
    }

    /// A condition that is not met.
    static func unmet(
        _ name: Name,
        of subject: String? = nil,
        _ message: String,
        advice: String
    ) -> Self {
        ReadinessCondition(
            name: name,
            subject: subject,
            isMet: false,
            message: message,
            advice: advice
        )
    }

    /// A condition that a node which has just started has not come to yet.
    static func pending(_ name: Name, of subject: String? = nil, _ message: String) -> Self {
        var condition = unmet(name, of: subject, message, advice: "wait a moment")
        condition.isPending = true
        return condition
    }
}

/// Remembers since when each condition has been as it is.
final class ReadinessBook: Sendable {
    private struct Place: Hashable {
        var name: ReadinessCondition.Name
        var subject: String?
    }

    private struct State {
        var conditions: [ReadinessCondition] = []
        var since: [Place: (isMet: Bool, time: Timestamp)] = [:]
        var lookedAt: (wall: Timestamp, moment: ContinuousClock.Instant)?
        var isStopping = false
    }

    /// Looks that stay away for so long are told.
    static let staleness: Duration = .seconds(30)

    private let state = Mutex(State())

    /// Takes what a look found.
    /// - Parameters:
    ///   - conditions: all of them.
    ///   - now: the wall clock.
    ///   - moment: the clock that is never set.
    func take(
        _ conditions: [ReadinessCondition],
        at now: Timestamp,
        moment: ContinuousClock.Instant = .now
    ) {
        state.withLock { state in
            let old = state.since
            state.since = [:]
            for condition in conditions {
                let place = Place(name: condition.name, subject: condition.subject)
                if let known = old[place], known.isMet == condition.isMet {
                    state.since[place] = known
                } else {
                    state.since[place] = (condition.isMet, now)
                }
            }
            state.conditions = conditions
            state.lookedAt = (now, moment)
        }
    }

    /// From now on the node is stopping.
    func stop() { state.withLock { $0.isStopping = true } }

    /// A condition with the time since which it has been so.
    struct Row: Sendable {
        var condition: ReadinessCondition
        var since: Timestamp
    }

    /// How things stand.
    /// - Parameters:
    ///   - now: the wall clock.
    ///   - moment: the clock that is never set.
    /// - Returns: every condition; those of this book itself come first.
    func rows(
        at now: Timestamp,
        moment: ContinuousClock.Instant = .now
    ) -> [Row] {
        state.withLock { state in
            var rows: [Row] = []
            if state.isStopping {
                rows.append(
                    Row(
                        condition: .unmet(
                            .running,
                            "the node is stopping",
                            advice: "systemctl start reportd"
                        ),
                        since: now
                    )
                )
            }
            rows.append(Self.checks(state.lookedAt, at: now, moment))
            for condition in state.conditions {
                let place = Place(name: condition.name, subject: condition.subject)
                rows.append(Row(condition: condition, since: state.since[place]?.time ?? now))
            }
            return rows
        }
    }

    private static func checks(
        _ lookedAt: (wall: Timestamp, moment: ContinuousClock.Instant)?,
        at now: Timestamp,
        _ moment: ContinuousClock.Instant
    ) -> Row {
        guard let lookedAt else {
            return Row(
                condition: .pending(
                    .checks,
                    "the node has just started: nothing was looked at yet"
                ),
                since: now
            )
        }
        guard moment - lookedAt.moment <= staleness else {
            return Row(
                condition: .unmet(
                    .checks,
                    "the last look at the node ended \((moment - lookedAt.moment).components.seconds) s ago",
                    advice: "a disk may not answer: see dmesg, then systemctl restart reportd"
                ),
                since: lookedAt.wall
            )
        }
        return Row(
            condition: .met(.checks, "looked at \(lookedAt.wall)"),
            since: lookedAt.wall
        )
    }

    /// The body of `/readyz`, and whether the node is ready.
    func report(at now: Timestamp) -> (isReady: Bool, json: JSONValue) {
        let rows = rows(at: now)
        let unmet = rows.filter { !$0.condition.isMet }
        let reasons = unmet.map { row in
            (row.condition.subject.map { "\($0): " } ?? "") + row.condition.message
        }
        let json: JSONValue = [
            "ready": .bool(unmet.isEmpty),
            "starting": .bool(!unmet.isEmpty && unmet.allSatisfy(\.condition.isPending)),
            "version": .string(ReportdVersion.text),
            "time": .string(now.description), "reasons": .strings(reasons),
            "conditions": .array(rows.map(\.json)),
        ]
        return (unmet.isEmpty, json)
    }
}

extension ReadinessBook.Row {
    /// The row as an object.
    var json: JSONValue {
        [
            "condition": .string(condition.name.rawValue),
            "subject": .optional(condition.subject), "met": .bool(condition.isMet),
            "since": .string(since.description), "message": .string(condition.message),
            "advice": .optional(condition.isMet ? nil : condition.advice),
            "pending": .bool(condition.isPending),
        ]
    }
}
