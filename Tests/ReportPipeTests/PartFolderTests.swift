import Glibc
import ReportModel
import ReportPipe
import ReportTestKit
import Testing

@Suite("Parts of a bundle, their headers and subjects")
struct PartFolderTests {
    @Test("one process works with a folder of parts, of few transfers, and a new one sweeps it")
    func parts() throws {
        let folder = TemporaryFolder()
        let parts = try PartFolder(folder.path("nats"))
        #expect(throws: ReportError.self) { try PartFolder(folder.path("nats")) }
        let sender = try #require(NodeID([UInt8](repeating: 7, count: 32)))
        var first = PartHeader(count: 2)
        var second = PartHeader(count: 2)
        #expect(try !parts.keep([1], first, from: sender, .entries))
        #expect(try !parts.keep([3], second, from: sender, .entries))
        first.index = 1
        second.index = 1
        #expect(try parts.keep([4], second, from: sender, .entries), "beside the other")
        #expect(parts.has(sender, .entries))
        #expect(try contents(of: parts.bundle(of: sender, .entries)) == [3, 4])
        parts.drop(sender, .entries)
        #expect(!parts.has(sender, .entries))
        // The oldest makes room.
        #expect(try !parts.keep([2], first, from: sender, .entries))
        for _ in 0..<3 {
            usleep(20_000)
            #expect(try !parts.keep([9], PartHeader(count: 2), from: sender, .entries))
        }
        first.index = 0
        #expect(try !parts.keep([1], first, from: sender, .entries))
        let folders = try names(parts.bundle(of: sender, .entries) + ".parts")
        #expect(folders.count == 3)
        // What a killed process left goes; what is not ours stays.
        let outgoing = parts.outgoing(to: sender, .entries) + ".partial-1"
        let others = ["else", "to-do.entries", "年报.entries.csv"]
        for path in [outgoing] + others.map({ folder.path("nats/\($0)") }) {
            fclose(fopen(path, "w"))
        }
        parts.sweep(keeping: [sender])
        let left = Set(try names(folder.path("nats")))
        #expect(left == Set(others + ["lock", "\(sender.key.hex).entries.parts"]))
        parts.sweep(keeping: [])
        #expect(Set(try names(folder.path("nats"))) == Set(others + ["lock"]))
    }

    @Test(
        "headers and subjects that are none of ours are not read",
        arguments: [
            "", "0 1", "g0000000000000000000000000000000 0 1",
            "00000000000000000000000000000000 1 1",
            "00000000000000000000000000000000 -1 1", "00000000000000000000000000000000 0 4097",
            "00000000000000000000000000000000 0 0", "../../../../../../../../../etc/00 0 1",
            "00000000000000000000000000000000  0 1",
        ]
    )
    func headers(text: String) {
        #expect(PartHeader(text) == nil)
        #expect(PipeSubject("reportd." + text) == nil)
    }

    private func names(_ path: String) throws -> [String] {
        let stream = try #require(opendir(path))
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
