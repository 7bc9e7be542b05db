import Glibc
import ReportIntake
import ReportModel
import Testing

@Suite struct WorkerPoolTests {
    @Test("a worker answers, with payloads of every size, and keeps its process")
    func answers() async throws {
        try await FakeWorker.withPool { pool in
            let first = await pool.say("id")
            for count in [1, 4095, 4096, 65_536, 300_000] {
                let text = String(repeating: "x", count: count)
                #expect(await pool.say(text) == text)
            }
            #expect(await pool.say("error") == "encrypted")
            #expect(await pool.say("id") == first)
            #expect(await pool.replacementCount == 0)
        }
    }

    @Test(
        "what a file does to its worker costs that file only",
        arguments: [
            ("exit", "unreadable"), ("kill", "unreadable"), ("half", "unreadable"),
            ("nonsense", "internal"), ("flood", "internal"), ("huge", "internal"),
        ]
    )
    func misbehaviour(word: String, code: String) async throws {
        try await FakeWorker.withPool { pool in
            let first = await pool.say("id")
            #expect(await pool.say(word) == code)
            #expect(await pool.say("after") == "after")
            #expect(await pool.say("id") != first, "another process")
            #expect(await pool.replacementCount == 1)
        }
    }

    @Test("a worker that hangs is killed when the time is over", .timeLimit(.minutes(30)))
    func hang() async throws {
        try await FakeWorker.withPool(timeout: .seconds(3)) { pool in
            let id = try #require(pid_t(await pool.answer(to: "id")))
            #expect(await pool.say("sleep") == "too-slow")
            #expect(await pool.answer(to: "after") == "after")
            #expect(kill(id, 0) != 0, "the process is gone")
        }
    }

    @Test(
        "a worker that asks for time gets it, and no more than it asked for",
        .timeLimit(.minutes(30))
    )
    func wait() async throws {
        try await FakeWorker.withPool(timeout: .seconds(2)) { pool in
            // On a busy machine its wish may come too late; never to be heard takes a fault.
            var isKept = false
            for _ in 0..<60 where !isKept {
                let first = await pool.answer(to: "id")
                let waited = await pool.say("wait for me")
                let next = await pool.say("id")
                isKept = waited == "wait for me" && next == first
            }
            #expect(isKept)
            #expect(await pool.say("stuck") == "too-slow")
        }
    }

    @Test("a reply at the last moment never costs the next file its worker")
    func lastMoment() async throws {
        try await FakeWorker.withPool(timeout: .seconds(1)) { pool in
            for time in 970..<985 {
                let word = "late 0.\(time)"
                let late = await pool.say(word)
                #expect(late == word || late == "too-slow")
                let next = await pool.say("next")
                #expect(next == "next" || next == "too-slow", "a busy machine may be slow")
            }
        }
    }

    @Test("many jobs at once share few workers, good ones beside bad ones")
    func manyJobs() async throws {
        try await FakeWorker.withPool(workerCount: 2) { pool in
            let words = (0..<60).map { $0 % 7 == 3 ? "exit" : "job \($0)" }
            let answers = await withTaskGroup(of: (Int, String).self) { group in
                for (index, word) in words.enumerated() {
                    group.addTask { (index, await pool.say(word)) }
                }
                return await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
            }
            for (index, word) in words.enumerated() {
                #expect(answers[index] == (word == "exit" ? "unreadable" : word))
            }
        }
    }

    @Test("a worker that is missing or no program is an internal error, every time")
    func noWorker() async {
        for path in ["/nonexistent/worker", "/dev/null", "/bin/true"] {
            let limits = WorkerLimits(timeout: .seconds(600), workerCount: 1)
            let pool = WorkerPool(path: path, limits: limits)
            for _ in 0..<3 {
                let code = await pool.say("hello")
                #expect(code == (path == "/bin/true" ? "unreadable" : "internal"), "\(path)")
            }
            await pool.stop()
        }
    }

    @Test("a stopped pool takes nothing more, and stopping leaves no process")
    func stop() async throws {
        let worker = try FakeWorker()
        let limits = WorkerLimits(timeout: .seconds(600), workerCount: 2)
        let pool = WorkerPool(path: worker.path, limits: limits)
        let id = try #require(pid_t(await pool.say("id")))
        await pool.stop()
        #expect(kill(id, 0) != 0)
        #expect(await pool.say("late") == "internal")
        await pool.stop()
    }

    @Test("a file too large or empty never reaches a worker")
    func ceilings() async throws {
        try await FakeWorker.withPool { pool in
            await #expect(throws: ReportError.self) { try await pool.parse(name: "a", bytes: []) }
            let bytes = [UInt8](repeating: 65, count: WorkerLimits.maximumSourceByteCount + 1)
            do throws(ReportError) {
                _ = try await pool.parse(name: "a", bytes: bytes)
                Issue.record("taken")
            } catch {
                #expect(error.code == .tooLarge)
            }
        }
    }

    @Test("a reply that is no record is an internal error, not a crash")
    func noRecord() async throws {
        try await FakeWorker.withPool { pool in
            for text in ["{}", "[]", "no json", #"{"record":{"schema":1}}"#, #"{"record":null}"#] {
                do throws(ReportError) {
                    _ = try await pool.parse(name: "a", bytes: Array(text.utf8))
                    Issue.record("taken: \(text)")
                } catch {
                    #expect(error.code == .internal)
                }
            }
        }
    }
}
