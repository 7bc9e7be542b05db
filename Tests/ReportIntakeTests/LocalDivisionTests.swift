import ReportModel
import Testing

@testable import ReportIntake

@Suite("Local divisions on their way to a worker")
struct LocalDivisionTests {
    static let locals = [
        LocalDivision(name: "君山垦殖场", city: "岳阳市"), LocalDivision(name: "江北片", city: "重庆市"),
    ]

    private func request(_ locals: [LocalDivision]) -> WorkerRequest {
        .parse(name: "a.txt", bytes: [0x61], given: GivenFacts(year: 2023), localDivisions: locals)
    }

    @Test("a request carries them, and none adds nothing")
    func roundTrip() throws {
        let request = request(Self.locals)
        #expect(try request.localDivisions() == Self.locals)
        #expect(request.argument["given"]?["year"] == .integer(2023))
        #expect(self.request([]).argument["regions"] == nil)
        #expect(try self.request([]).localDivisions().isEmpty)
    }

    @Test("as many and as long ones as are allowed fit into a request")
    func largest() throws {
        let name = String(repeating: "片", count: KeyLimits.maximumLocalNameScalarCount)
        let most = Array(
            repeating: LocalDivision(name: name, city: name),
            count: KeyLimits.maximumLocalDivisionCount
        )
        let request = request(most)
        #expect(try request.localDivisions().count == most.count)
        #expect(
            request.argument.canonicalBytes.count < WorkerLimits.maximumArgumentByteCount / 2
        )
    }

    @Test("malformed ones are an error of usage")
    func malformed() {
        let row: JSONValue = ["name": "江北片", "city": "重庆市"]
        let long = String(repeating: "片", count: KeyLimits.maximumLocalNameScalarCount + 1)
        let bad: [JSONValue] = [
            "江北片", [["name": "江北片"]], [["name": "", "city": "重庆市"]],
            [["name": .string(long), "city": "重庆市"]], [["name": 7, "city": "重庆市"]],
            .array(Array(repeating: row, count: KeyLimits.maximumLocalDivisionCount + 1)),
        ]
        for regions in bad {
            let request = WorkerRequest(.parse, argument: ["regions": regions], payload: [])
            #expect(throws: ReportError.self) { try request.localDivisions() }
        }
    }

    @Test("an argument that is too large never reaches a worker")
    func tooLarge() async {
        let pool = WorkerPool(path: "/nonexistent")
        let name = String(repeating: "a", count: WorkerLimits.maximumArgumentByteCount)
        do throws(ReportError) {
            _ = try await pool.parse(name: name, bytes: [0x61])
            Issue.record("accepted")
        } catch {
            #expect(error.code == .usage)
        }
        await pool.stop()
    }

    @Test(
        "a worker finds the unit of a region that only the pool knows",
        .enabled(if: workerPath != nil, "reportd-worker is not built")
    )
    func parsedByWorker() async throws {
        let text = """
            岳阳市君山垦殖场财政局2023年度部门整体支出绩效自评报告
            一、部门概况
            君山垦殖场财政局编制12名，负责全场财政收支管理工作。
            """
        let pool = WorkerPool(
            path: try #require(workerPath),
            limits: WorkerLimits(timeout: .seconds(600), workerCount: 1),
            localDivisions: Self.locals
        )
        let given = GivenFacts(region: "岳阳市/君山垦殖场")
        let parsed = try await pool.parse(name: "a.txt", bytes: Array(text.utf8), given: given)
        await pool.stop()
        #expect(parsed.record.key == "2023/岳阳市/君山垦殖场/财政局/整体支出")
    }
}

/// The worker beside the tests.
private let workerPath = try? ProgramLocation.worker.find()
