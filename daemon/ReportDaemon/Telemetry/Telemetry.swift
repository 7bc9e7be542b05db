import ReportIntake
import ReportModel
import ReportStore
import Synchronization

/// What a node counts while it runs; everything else is looked up when it is asked for.
final class Telemetry: Sendable {
    /// Upper ends of the buckets of commits, in seconds: from a fast disk to one that is ill.
    static let commitBounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// Upper ends of the buckets of a worker's work, in seconds: from a page of text to a scan.
    static let workBounds = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]

    /// Where a file came from.
    enum Source: String, CaseIterable {
        /// An inbox.
        case inbox
        /// `PUT`.
        case put
        /// `PUTREC`.
        case record
    }

    private let commits = Histogram(Telemetry.commitBounds)
    private let commitTotals = Mutex<(writes: Int, bytes: Int)>((0, 0))
    private let work: [WorkerOperation: Histogram]
    private let failures = LabelledCounter(["operation", "code"])
    private let outcomes: LabelledCounter
    private let refusals: LabelledCounter

    /// Makes counters that stand at 0.
    init() {
        work = Dictionary(
            uniqueKeysWithValues: WorkerOperation.allCases.map { ($0, Histogram(Self.workBounds)) }
        )
        var known = InboxOutcome.allCases.map { [Source.inbox.rawValue, $0.rawValue] }
        for source in [Source.put, .record] {
            let ends: [SubmitOutcome.Outcome] = [.stored, .duplicate, .rejected]
            known += ends.map { [source.rawValue, Self.word($0)] }
        }
        outcomes = LabelledCounter(["source", "outcome"], known: known)
        let codes = ReportError.Code.allCases.filter(\.isAboutDocument)
        refusals = LabelledCounter(["code"], known: codes.map { [$0.rawValue] })
    }

    // MARK: What is told

    /// The store has committed.
    func committed(_ facts: CommitFacts) {
        commits.observe(facts.duration.inSeconds)
        commitTotals.withLock { totals in
            totals.writes += facts.requestCount
            totals.bytes += facts.byteCount
        }
    }

    /// A worker has answered.
    func worked(_ facts: WorkerJobFacts) {
        work[facts.operation]?.observe(facts.duration.inSeconds)
        if let code = facts.failure {
            failures.count(facts.operation.rawValue.lowercased(), code.rawValue)
        }
    }

    /// A file of an inbox has its outcome.
    func finished(_ file: FinishedFile) {
        outcomes.count(Source.inbox.rawValue, file.outcome.rawValue)
        if let code = file.code { refusals.count(code.rawValue) }
    }

    /// A client's file or record has its outcome.
    func finished(_ outcome: SubmitOutcome, from source: Source) {
        outcomes.count(source.rawValue, Self.word(outcome.outcome))
        if let code = outcome.error?.code { refusals.count(code.rawValue) }
    }

    /// One word for stored files, wherever they came from.
    private static func word(_ outcome: SubmitOutcome.Outcome) -> String {
        outcome == .stored ? InboxOutcome.accepted.rawValue : outcome.rawValue
    }

    // MARK: What is scraped

    /// The families of these counters.
    var families: [MetricFamily] {
        let totals = commitTotals.withLock { $0 }
        var jobs = MetricFamily(
            "reportd_worker_job_duration_seconds",
            .histogram,
            "Time that a worker took for one request; operation parse is the reading of a file."
        )
        for operation in WorkerOperation.allCases {
            guard let histogram = work[operation] else { continue }
            jobs.add(
                [.init("operation", operation.rawValue.lowercased())],
                .histogram(histogram.snapshot)
            )
        }
        return [
            jobs,
            MetricFamily(
                "reportd_worker_job_failures_total",
                .counter,
                "Requests that a worker could not do, by error code.",
                failures.samples
            ),
            MetricFamily(
                "reportd_ingest_files_total",
                .counter,
                "Files and records with an outcome, by where they came from.",
                outcomes.samples
            ),
            MetricFamily(
                "reportd_ingest_refusals_total",
                .counter,
                "Files that were not taken or wait for a clerk, by error code.",
                refusals.samples
            ),
            MetricFamily(
                "reportd_commit_duration_seconds",
                .histogram,
                "Time from the beginning of a commit until the disk had it.",
                .histogram(commits.snapshot)
            ),
            MetricFamily(
                "reportd_commit_writes_total",
                .counter,
                "Writes that commits have made durable.",
                .integer(totals.writes)
            ),
            MetricFamily(
                "reportd_commit_bytes_total",
                .counter,
                "Bytes of bodies that commits have made durable, before compression.",
                .integer(totals.bytes)
            ),
        ]
    }
}
