import Glibc
import ReportModel
import Subprocess
import Synchronization
import SystemPackage

/// One worker process and the jobs it does one after the other.
enum WorkerLane {
    /// Runs one worker until it has done its share of jobs, fails, or no more jobs come.
    static func serve(
        first: WorkerPool.Job,
        path: String,
        limits: WorkerLimits,
        tools: WorkerTools,
        nextJob: @Sendable () async -> WorkerPool.Job?,
        onJob: @Sendable (WorkerJobFacts) -> Void,
        onReplacement: @Sendable () async -> Void
    ) async {
        let pending = PendingJob(first)
        var options = PlatformOptions()
        options.processGroupID = 0
        do {
            _ = try await run(
                .path(FilePath(path)),
                arguments: Arguments(
                    [
                        "--address-space", String(limits.addressSpaceByteCount),
                        "--data", String(limits.dataByteCount),
                        "--time-limit", String(limits.timeout.components.seconds + 5),
                    ] + tools.arguments
                ),
                platformOptions: options,
                input: .inputWriter,
                output: .sequence,
                error: .discarded
            ) { execution in
                var output = execution.standardOutput.makeAsyncIterator()
                let writer = execution.standardInputWriter
                let process = execution.processIdentifier.value
                var job: WorkerPool.Job? = first
                var count = 0
                while let current = job {
                    pending.set(current)
                    let start = ContinuousClock.now
                    let result = await exchange(
                        current.request,
                        timeout: limits.timeout,
                        process: process,
                        write: { bytes in _ = try await writer.write(bytes) },
                        read: { try await output.next() }
                    )
                    onJob(
                        WorkerJobFacts(current.request.operation, .now - start, result.answer)
                    )
                    pending.take()?.answer.resume(returning: result.answer)
                    count += 1
                    guard result.isAlive else {
                        kill(-process, SIGKILL)
                        await onReplacement()
                        return
                    }
                    guard count < WorkerLimits.maximumJobCount else { break }
                    job = await nextJob()
                }
                try await writer.finish()
            }
        } catch {
            let failure = ReportError(
                .internal,
                "the parsing worker cannot be run: \(error)",
                hint: "check that \(path) is there and executable"
            )
            pending.take()?.answer.resume(returning: .failure(failure))
        }
    }

    private struct Exchange {
        var answer: Result<[UInt8], ReportError>
        var isAlive: Bool
    }

    /// Sends one request and reads its reply; kills the process when the time is over.
    private static func exchange(
        _ request: WorkerRequest,
        timeout: Duration,
        process: pid_t,
        write: ([UInt8]) async throws -> Void,
        read: () async throws -> SubprocessOutputSequence.Buffer?
    ) async -> Exchange {
        let start = ContinuousClock.now
        let deadline = Deadline(start + timeout)
        let watchdog = Task {
            while let left = deadline.left() {
                do { try await Task.sleep(for: left) } catch { return }
            }
            if deadline.isOver { kill(-process, SIGKILL) }
        }
        let answer = await answer(
            request,
            start: start,
            deadline: deadline,
            write: write,
            read: read
        )
        // A reply may come at the very moment the time ends. What is settled first counts, and no signal
        // is sent any more when this returns: the next file would get it.
        let isInTime = deadline.settle()
        watchdog.cancel()
        await watchdog.value
        if let answer {
            return Exchange(answer: answer.result, isAlive: answer.isAlive && isInTime)
        }
        let error =
            isInTime
            ? ReportError(
                .unreadable,
                "the parser failed on this file; the file is kept",
                hint: "send the file to the makers of reportd if it may be shared"
            )
            : ReportError(.tooSlow, "reading the file took longer than \(deadline.moment - start)")
        return Exchange(answer: .failure(error), isAlive: false)
    }

    private struct Answer {
        var result: Result<[UInt8], ReportError>
        /// Whether the worker keeps to the protocol and takes another request.
        var isAlive: Bool
    }

    /// The worker's reply; nil when it ended without one.
    private static func answer(
        _ request: WorkerRequest,
        start: ContinuousClock.Instant,
        deadline: Deadline,
        write: ([UInt8]) async throws -> Void,
        read: () async throws -> SubprocessOutputSequence.Buffer?
    ) async -> Answer? {
        do {
            try await write(request.head)
            if !request.payload.isEmpty { try await write(request.payload) }
            var buffer = WorkerReplyBuffer()
            while let chunk = try await read() {
                chunk.withUnsafeBytes { buffer.append($0) }
                while let reply = try buffer.next() {
                    switch reply {
                    case .wait(let seconds):
                        let time = min(.seconds(seconds), WorkerLimits.maximumTimeout)
                        deadline.extend(to: start + time)
                    case .success(let payload):
                        return Answer(result: .success(payload), isAlive: true)
                    case .failure(let error):
                        return Answer(result: .failure(error), isAlive: true)
                    }
                }
            }
        } catch let error as ReportError {
            return Answer(result: .failure(error), isAlive: false)
        } catch {
            // The pipe broke: the worker is gone.
        }
        return nil
    }
}

/// When the time of a job is over.
private final class Deadline: Sendable {
    private enum Phase {
        case running
        case over
        case settled
    }

    private struct State {
        var moment: ContinuousClock.Instant
        var phase = Phase.running
    }

    private let state: Mutex<State>

    init(_ moment: ContinuousClock.Instant) { state = Mutex(State(moment: moment)) }

    var moment: ContinuousClock.Instant { state.withLock { $0.moment } }
    var isOver: Bool { state.withLock { $0.phase == .over } }

    /// Moves the end further away, never nearer.
    func extend(to moment: ContinuousClock.Instant) {
        state.withLock { $0.moment = max($0.moment, moment) }
    }

    /// The time that is left; nil when it is over or the job is settled, which both are final.
    func left() -> Duration? {
        state.withLock { state in
            guard state.phase == .running else { return nil }
            let left = state.moment - .now
            guard left > .zero else {
                state.phase = .over
                return nil
            }
            return left
        }
    }

    /// Ends the job; false when its time was over before.
    func settle() -> Bool {
        state.withLock { state in
            guard state.phase == .running else { return false }
            state.phase = .settled
            return true
        }
    }
}

/// The job that must still be answered when the worker cannot be run any more.
private final class PendingJob: Sendable {
    private let job: Mutex<WorkerPool.Job?>
    init(_ job: WorkerPool.Job) { self.job = Mutex(job) }
    func set(_ next: WorkerPool.Job) { job.withLock { $0 = next } }
    func take() -> WorkerPool.Job? {
        job.withLock { held in
            defer { held = nil }
            return held
        }
    }
}
