import Glibc
import ReportModel
import Testing

@testable import ReportIntake

/// The worker beside the tests; nil when it is not built.
private let workerPath = try? ProgramLocation.worker.find()
private let hasOffice = access("/usr/bin/soffice", X_OK) == 0 || getenv("REPORTD_SOFFICE") != nil

/// The program itself, with its sandbox and its limits.
@Suite(
    "The worker program",
    .serialized,
    .enabled(if: workerPath != nil, "reportd-worker is not built")
)
struct RealWorkerTests {
    private static let codes: Set<ReportError.Code> = [
        .empty, .unreadable, .truncated, .encrypted, .tooLarge, .tooDeep, .tooSlow, .noText,
        .notAReport, .unsupported, .needsTool,
    ]

    /// Runs the program with arguments; its standard output.
    private func output(_ arguments: String) throws -> String {
        let path = try #require(workerPath)
        let stream = try #require(popen("'\(path)' \(arguments) </dev/null 2>/dev/null", "r"))
        defer { pclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&chunk, 1, chunk.count, stream)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    @Test("it has no network, and says so")
    func network() throws {
        let json = try JSONValue(parsing: Array(try output("--self-test").dropLast().utf8))
        #expect(json["network"] == "blocked")
        #expect(json["localSockets"] == "open")
        #expect(json["failures"] == .array([]))
        #expect(json["tools"]?["optical"] == .null)
    }

    @Test(
        "an office document is read by way of LibreOffice, which the record names",
        .enabled(if: hasOffice, "libreoffice-writer-nogui is not installed")
    )
    func office() async throws {
        let text = """
            湛江市麻章区红星小学2023年度部门整体支出绩效自评报告
            单位名称：湛江市麻章区红星小学
            2023年度支出总计216.40万元，其中：基本支出151.20万元，项目支出65.20万元。
            """
        let escaped = text.unicodeScalars.map { scalar -> String in
            if scalar == "\n" { return "\\par " }
            if scalar.isASCII { return String(scalar) }
            return "\\u\(Int16(bitPattern: UInt16(truncatingIfNeeded: scalar.value)))?"
        }
        let rtf = "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 SimSun;}}\\f0 " + escaped.joined() + "\\par}"
        let pool = try pool(seconds: 600)
        let parsed = try await pool.parse(name: "报告.doc", bytes: Array(rtf.utf8))
        await pool.stop()
        #expect(parsed.record.key == "2023/湛江市/麻章区/红星小学/整体支出")
        #expect(parsed.record.sources.first?.format == "rtf")
        #expect(parsed.record.parser.contains("+libreoffice/"))
        #expect(parsed.record.amounts.contains { $0.value == "216.40" })
    }

    @Test("an office program that is not there is named")
    func missing() async throws {
        let pool = try pool(seconds: 600, tools: WorkerTools(office: "/nonexistent/soffice"))
        do throws(ReportError) {
            _ = try await pool.parse(name: "a.rtf", bytes: Array("{\\rtf1 x}".utf8))
            Issue.record("read")
        } catch {
            #expect(error.code == .needsTool && error.details["tool"] == "libreoffice")
        }
        await pool.stop()
    }

    @Test(
        "bad input ends in an error of the schema, in time and within 512 MiB",
        .timeLimit(.minutes(30))
    )
    func badInput() async throws {
        // Debug builds are many times slower; the pool's own limit is what must hold.
        let pool = try pool(seconds: 10)
        var peak = 0
        for (name, bytes) in BadInput.all {
            do throws(ReportError) {
                _ = try await pool.parse(name: name, bytes: bytes)
            } catch {
                #expect(Self.codes.contains(error.code), "\(name): \(error)")
            }
            peak = max(peak, WorkerMemory.peakByteCount)
        }
        await pool.stop()
        #expect(peak > 0 && peak < 512 << 20, "\(peak >> 20) MiB")
    }

    private func pool(seconds: Int, tools: WorkerTools = WorkerTools()) throws -> WorkerPool {
        WorkerPool(
            path: try #require(workerPath),
            limits: WorkerLimits(timeout: .seconds(seconds), workerCount: 1),
            tools: tools
        )
    }
}

/// Memory of the workers that this process started.
private enum WorkerMemory {
    /// Greatest peak of resident memory among those that live.
    static var peakByteCount: Int {
        children.map(peak).max() ?? 0
    }

    private static var children: [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let process = pid_t(name), status(process, "PPid:") == Int(getpid()) else {
                continue
            }
            if text(process).contains("Name:\treportd-worker") { found.append(process) }
        }
        return found
    }

    private static func peak(_ process: pid_t) -> Int {
        (status(process, "VmHWM:") ?? 0) * 1024
    }

    private static func status(_ process: pid_t, _ field: String) -> Int? {
        let line = text(process).split(separator: "\n").first { $0.hasPrefix(field) }
        return line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first
    }

    private static func text(_ process: pid_t) -> String {
        guard let file = fopen("/proc/\(process)/status", "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
