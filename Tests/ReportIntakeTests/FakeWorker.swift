import Glibc
import ReportIntake
import ReportModel

/// A shell script that speaks the worker's frames and does what the payload says.
///
/// `exit`, `sleep`, `nonsense`, `flood`, `huge` and `half` misbehave so; `error` is an error reply;
/// `wait` asks for 600 seconds and answers after three, `stuck` asks for one and never answers;
/// `late S` answers after so many seconds; `id` answers its process id; anything else comes back.
final class FakeWorker {
    let path: String

    private static let script = """
        #!/bin/sh
        LC_ALL=C
        reply() { printf '+OK %s\\n%s' "${#1}" "$1"; }
        while read -r verb argument payload; do
            head -c "$argument" >/dev/null
            text=$(head -c "$payload")
            case "$text" in
                exit*) exit 3 ;;
                kill*) kill -SEGV $$ ;;
                sleep*) sleep 3600 ;;
                wait*) printf '+WAIT 600\\n+WAIT 600\\n'; sleep 3; reply "$text" ;;
                stuck*) printf '+WAIT 1\\n'; sleep 3600 ;;
                late*) sleep "${text#late }"; reply "$text" ;;
                nonsense*) echo 'what is this about' ;;
                flood*) yes 'flood without any frame' ;;
                huge*) printf '+OK 99999999999\\n' ;;
                half*) printf '+OK 100\\nhalf'; exit 0 ;;
                error*) body='{"code":"encrypted","message":"locked"}'
                        printf -- '-ERR %s\\n%s' "${#body}" "$body" ;;
                id*) reply "$$" ;;
                *) reply "$text" ;;
            esac
        done
        """

    init() throws {
        var template = Array("/tmp/reportd-test-worker-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw ReportError(.internal, "no temporary file") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let bytes = Array(Self.script.utf8) + [10]
        let count = write(descriptor, bytes, bytes.count)
        fchmod(descriptor, 0o700)
        close(descriptor)
        guard count == bytes.count else {
            throw ReportError(.internal, "the script was not written")
        }
    }

    deinit { unlink(path) }

    /// Runs `body` with a pool of these workers, and stops the pool.
    static func withPool<T>(
        timeout: Duration = .seconds(600),
        workerCount: Int = 1,
        _ body: (WorkerPool) async throws -> T
    ) async throws -> T {
        let worker = try FakeWorker()
        let limits = WorkerLimits(timeout: timeout, workerCount: workerCount)
        let pool = WorkerPool(path: worker.path, limits: limits)
        do {
            let result = try await body(pool)
            await pool.stop()
            return result
        } catch {
            await pool.stop()
            throw error
        }
    }
}

extension WorkerPool {
    /// Says one word until a worker answers in time, however busy the machine is.
    func answer(to text: String) async -> String {
        while true {
            let answer = await say(text)
            if answer != ReportError.Code.tooSlow.rawValue { return answer }
        }
    }

    /// Says one word to a worker; its answer, or the code of its error.
    func say(_ text: String) async -> String {
        do throws(ReportError) {
            let reply = try await perform(WorkerRequest(.extract, payload: Array(text.utf8)))
            return String(decoding: reply, as: UTF8.self)
        } catch {
            return error.code.rawValue
        }
    }
}
