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
        nextJob: @Sendable () async -> WorkerPool.Job?,
        onReplacement: @Sendable () async -> Void
    ) async {
        let pending = PendingJob(first)
        var options = PlatformOptions()
        options.processGroupID = 0
        do {
            _ = try await run(
                .path(FilePath(path)),
                arguments: [
                    "--address-space", String(limits.addressSpaceByteCount),
                    "--time-limit", String(limits.timeout.components.seconds + 5),
                ],
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
                    let result = await exchange(
                        current.request,
                        timeout: limits.timeout,
                        process: process,
                        write: { bytes in _ = try await writer.write(bytes) },
                        read: { try await output.next() }
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
        let deadline = DeadlineFlag()
        let watchdog = Task {
            try await Task.sleep(for: timeout)
            deadline.expire()
            kill(-process, SIGKILL)
        }
        defer { watchdog.cancel() }
        do {
            try await write(request.head)
            if !request.payload.isEmpty { try await write(request.payload) }
            var buffer = WorkerReplyBuffer()
            while let chunk = try await read() {
                chunk.withUnsafeBytes { buffer.append($0) }
                if let reply = try buffer.next() {
                    switch reply {
                    case .success(let payload):
                        return Exchange(answer: .success(payload), isAlive: true)
                    case .failure(let error):
                        return Exchange(answer: .failure(error), isAlive: true)
                    }
                }
            }
        } catch let error as ReportError {
            return Exchange(answer: .failure(error), isAlive: false)
        } catch {
            // The pipe broke: the worker is gone, told below.
        }
        let error =
            deadline.isExpired
            ? ReportError(.tooSlow, "reading the file took longer than \(timeout)")
            : ReportError(
                .unreadable,
                "the parser failed on this file; the file is kept",
                hint: "send the file to the makers of reportd if it may be shared"
            )
        return Exchange(answer: .failure(error), isAlive: false)
    }
}

/// Whether the time of a job is over.
private final class DeadlineFlag: Sendable {
    private let expired = Atomic<Bool>(false)
    func expire() { expired.store(true, ordering: .releasing) }
    var isExpired: Bool { expired.load(ordering: .acquiring) }
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
