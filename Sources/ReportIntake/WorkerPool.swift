import Glibc
public import ReportModel
import Subprocess
import SystemPackage

/// A few worker processes that parse one file at a time, each under limits.
///
/// A file that makes its worker trap, hang or grow too large costs that worker, not this process:
/// the file gets an error, the worker is replaced. Call ``stop()`` before the pool is dropped.
///
/// Source: DESIGN section 4 item 9.
public actor WorkerPool {
    struct Job {
        let request: WorkerRequest
        let answer: CheckedContinuation<Result<[UInt8], ReportError>, Never>
    }

    private let path: String
    private let limits: WorkerLimits
    private let tools: WorkerTools
    private let onJob: @Sendable (WorkerJobFacts) -> Void
    let localDivisions: [LocalDivision]
    private var waitingJobs: [Job] = []
    private var idleLanes: [CheckedContinuation<Job?, Never>] = []
    private var lanes: [Task<Void, Never>] = []
    private var isStopped = false
    private var busyCount = 0
    /// Number of workers that had to be replaced because of what they were given.
    public private(set) var replacementCount = 0

    /// Makes a pool; workers start when they are first needed.
    ///
    /// Writing to a worker that died raises SIGPIPE, which ends a process that does nothing about
    /// it: where the signal has its default effect, it is ignored from now on.
    /// - Parameters:
    ///   - path: the program `reportd-worker`.
    ///   - limits: ceilings.
    ///   - localDivisions: districts that the workers know beside the table.
    ///   - tools: programs of other makers that the workers may start.
    ///   - onJob: told of each request that a worker had.
    public init(
        path: String,
        limits: WorkerLimits = WorkerLimits(),
        localDivisions: [LocalDivision] = [],
        tools: WorkerTools = WorkerTools(),
        onJob: @escaping @Sendable (WorkerJobFacts) -> Void = { _ in }
    ) {
        self.onJob = onJob
        self.path = path
        self.limits = limits
        self.tools = tools
        self.localDivisions = localDivisions
        Self.ignoreBrokenPipes()
    }

    private static func ignoreBrokenPipes() {
        var action = sigaction()
        guard sigaction(SIGPIPE, nil, &action) == 0, action.__sigaction_handler.sa_handler == nil
        else { return }
        signal(SIGPIPE, SIG_IGN)
    }

    /// Does one request in a worker.
    /// - Parameter request: what to do.
    /// - Returns: the payload of the reply.
    /// - Throws: ``ReportError`` from the worker; `too-slow` when the time is over; `unreadable`
    ///   when the worker ended; `internal` when it cannot be started.
    public func perform(_ request: WorkerRequest) async throws(ReportError) -> [UInt8] {
        guard !isStopped else { throw ReportError(.internal, "the workers are stopped") }
        guard request.payload.count <= WorkerLimits.maximumPayloadByteCount else {
            throw ReportError(.tooLarge, "a file may have 64 MiB at most")
        }
        guard request.argument.canonicalBytes.count <= WorkerLimits.maximumArgumentByteCount else {
            throw ReportError(.usage, "a file's name and given facts may have 64 KiB at most")
        }
        if lanes.count < limits.workerCount, idleLanes.isEmpty { startLane() }
        busyCount += 1
        let result = await withCheckedContinuation { answer in
            submit(Job(request: request, answer: answer))
        }
        busyCount -= 1
        return try result.get()
    }

    /// Requests that wait for a worker, and requests that one has.
    public var load: (waitingCount: Int, workingCount: Int) {
        (waitingJobs.count, busyCount - waitingJobs.count)
    }

    /// Ends all workers; jobs that wait get an error.
    public func stop() async {
        isStopped = true
        for job in waitingJobs {
            job.answer.resume(returning: .failure(ReportError(.internal, "the node is stopping")))
        }
        waitingJobs = []
        for lane in idleLanes { lane.resume(returning: nil) }
        idleLanes = []
        for lane in lanes { await lane.value }
        lanes = []
    }

    private func submit(_ job: Job) {
        if idleLanes.isEmpty {
            waitingJobs.append(job)
        } else {
            idleLanes.removeFirst().resume(returning: job)
        }
    }

    private func startLane() {
        let path = path
        let limits = limits
        let tools = tools
        let onJob = onJob
        lanes.append(
            Task {
                while let job = await nextJob() {
                    await WorkerLane.serve(first: job, path: path, limits: limits, tools: tools) {
                        await self.nextJob()
                    } onJob: { facts in
                        onJob(facts)
                    } onReplacement: {
                        await self.countReplacement()
                    }
                }
            }
        )
    }

    private func nextJob() async -> Job? {
        if !waitingJobs.isEmpty { return waitingJobs.removeFirst() }
        if isStopped { return nil }
        return await withCheckedContinuation { idleLanes.append($0) }
    }

    private func countReplacement() { replacementCount += 1 }
}
