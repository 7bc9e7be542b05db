import Glibc

/// Lets one thread wait for a sign of another.
final class Rendezvous: Sendable {
    private let semaphore: Semaphore

    init() {
        semaphore = Semaphore()
    }

    /// Gives the sign.
    func signal() { sem_post(semaphore.pointer) }

    /// Waits for the sign.
    func wait() {
        while sem_wait(semaphore.pointer) != 0 {}
    }

    /// A POSIX semaphore; `@unchecked Sendable` because the pointer never changes and the
    /// functions on it are made for several threads.
    private final class Semaphore: @unchecked Sendable {
        let pointer = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

        init() { sem_init(pointer, 0, 0) }

        deinit {
            sem_destroy(pointer)
            pointer.deallocate()
        }
    }
}

/// A thread of the system, so that blocking in it holds up no task.
final class SystemThread {
    private final class Work: Sendable {
        let body: @Sendable () throws -> Void
        nonisolated(unsafe) var failure: (any Error)?

        init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }
    }

    private let work: Work
    private var thread = pthread_t()

    /// Starts the body on a new thread.
    init(_ body: @escaping @Sendable () throws -> Void) {
        work = Work(body)
        let argument = Unmanaged.passRetained(work).toOpaque()
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                do {
                    try work.body()
                } catch {
                    work.failure = error
                }
                return nil
            },
            argument
        )
        precondition(status == 0, "no thread")
    }

    /// Waits for the end of the body and throws what it threw.
    func join() throws {
        pthread_join(thread, nil)
        // Written by the thread that has just ended.
        if let failure = work.failure { throw failure }
    }
}
