import Descriptors
import Glibc

/// The request that a worker is at.
public struct WorkerProgress: Sendable {
    /// When the request began.
    public let start: ContinuousClock.Instant
    private let slackSeconds: Int

    init(start: ContinuousClock.Instant, slackSeconds: Int) {
        self.start = start
        self.slackSeconds = slackSeconds
    }

    /// Tells who waits for the reply that it needs another program and may take longer.
    /// - Parameter seconds: time for the whole request from its beginning; what is beyond
    ///   ``WorkerLimits/maximumTimeout`` is not granted.
    public func needs(seconds: Int) {
        let granted = min(seconds, Int(WorkerLimits.maximumTimeout.components.seconds))
        let spent = Int((ContinuousClock.now - start).components.seconds)
        alarm(UInt32(clamping: max(1, granted - spent + slackSeconds)))
        _ = Descriptor.write(WorkerReply.wait(seconds: granted).bytes, to: STDOUT_FILENO)
    }
}

/// What happens when a worker's time is over and nobody ended it.
enum WorkerAlarm {
    /// Ends the process on SIGALRM; when it leads its group, the programs that it started too.
    static func install() {
        signal(SIGALRM) { _ in
            // kill and _exit are safe in a signal handler.
            if getpgrp() == getpid() { kill(0, SIGKILL) }
            _exit(124)
        }
    }
}
