import NIOCore
import NIOPosix

/// Runs tasks on the event loop of their connection.
///
/// For short work between reading a request and handing it to the store's writer: a pool of threads
/// would be woken twice for each request, and the event loop once more.
final class LoopExecutor: TaskExecutor {
    private static let variable = ThreadSpecificVariable<LoopExecutor>()

    private let eventLoop: any EventLoop

    private init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// That of an event loop, asked for on its thread.
    static func of(_ eventLoop: any EventLoop) -> LoopExecutor {
        if let executor = variable.currentValue, executor.eventLoop === eventLoop {
            return executor
        }
        let executor = LoopExecutor(eventLoop)
        variable.currentValue = executor
        return executor
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
