import Glibc
import ReportModel
import Testing

@testable import ReportConverters

@Suite("Running another program under limits")
struct ChildRunTests {
    @Test("a child gets its arguments, its folder, a small environment and nothing to read")
    func normal() throws {
        let folder = try TestFolder()
        setenv("REPORTD_TEST_SECRET", "x", 1)
        let ending = try folder.run(
            "echo \"$1|$(pwd)|$HOME|$REPORTD_TEST_SECRET|$(cat | wc -c)\"; exit 7"
        )
        #expect(ending == .exited(7))
        #expect(try folder.text("out") == "first argument|\(folder.path)|\(folder.path)||0\n")
    }

    @Test("a child that is killed is told apart from one that ends")
    func killed() throws {
        let ending = try TestFolder().run("kill -SEGV $$")
        #expect(ending == .signalled(SIGSEGV))
    }

    @Test("a child holds no descriptor but the three standard ones")
    func descriptors() throws {
        let folder = try TestFolder()
        let inherited = open("/dev/null", O_RDONLY)
        defer { close(inherited) }
        _ = try folder.run("ls /proc/$$/fd")
        let names = Set((try folder.text("out") ?? "").split(separator: "\n"))
        // The shell itself holds its script.
        #expect(names.isSubset(of: ["0", "1", "2", "10", "255"]), "\(names)")
    }

    @Test("when the time is over, the child and what it started are gone")
    func tooSlow() throws {
        let folder = try TestFolder()
        let start = ContinuousClock.now
        let ending = try folder.run(
            "sleep 3600 & echo $! > \"$HOME/child\"; (sleep 3601 & echo $! > \"$HOME/grandchild\"; wait)",
            seconds: 10
        )
        #expect(ending == .tooSlow)
        #expect(ContinuousClock.now - start < .seconds(1800))
        for name in ["child", "grandchild"] {
            let text = try #require(try folder.text(name))
            let process = try #require(pid_t(text.filter(\.isNumber)))
            #expect(!ProcessTree.isAlive(process), "\(name)")
        }
    }

    @Test("a group that holds too much memory is ended")
    func tooMuchMemory() throws {
        let folder = try TestFolder()
        let ending = try folder.run(
            "(head -c 90000000 /dev/zero; sleep 3600) | tail -c 90000000 >/dev/null & wait",
            memory: 48 << 20
        )
        #expect(ending == .tooMuchMemory)
    }

    @Test("allocations beyond the private memory of a child fail")
    func data() throws {
        let folder = try TestFolder()
        let ending = try folder.run(
            "head -c 900000000 /dev/zero | tail -c 900000000 >/dev/null 2>&1; echo $?",
            data: 64 << 20
        )
        #expect(ending == .exited(0))
        #expect(try folder.text("out") != "0\n")
    }

    @Test("a program that is missing is a missing tool, and time that is over starts nothing")
    func missing() throws {
        let folder = try TestFolder()
        var run = ChildRun(
            program: "/nonexistent/program",
            arguments: [],
            folder: folder.path,
            deadline: .now + .seconds(600),
            memoryByteCount: 1 << 30,
            dataByteCount: 1 << 30
        )
        let missing = code { () throws(ReportError) in _ = try run.run() }
        #expect(missing == .needsTool)
        run.deadline = .now
        #expect(try run.run() == .tooSlow)
    }
}
