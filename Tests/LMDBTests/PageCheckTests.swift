import Glibc
import LMDB
import Testing

@Suite("The check of pages")
struct PageCheckTests {
    /// A closed environment with tables of many kinds; its folder and the size of its file.
    private func fill(_ path: String) throws -> Int {
        let environment = try Environment(path: path, options: small())
        let plain = try environment.database(named: "plain")
        var options = Database.Options()
        options.duplicateSorted = true
        let sets = try environment.database(named: "sets", options: options)
        for round in 0..<3 {
            try environment.write { transaction in
                for number in 0..<300 {
                    let name = key(UInt32(number * 7 + round))
                    let count = number % 50 == 0 ? 9000 : number % 9 * 20
                    try transaction.put(name, [UInt8](repeating: 7, count: count), in: plain)
                    try transaction.put(key(UInt32(number % 3)), name, in: sets)
                }
            }
            // Something for the list of free pages.
            try environment.write { transaction in
                for number in stride(from: 0, to: 300, by: 4) {
                    _ = try transaction.delete(key(UInt32(number * 7 + round)), in: plain)
                }
            }
        }
        try environment.close()
        var status = stat()
        try #require(stat(path + "/data.mdb", &status) == 0)
        return Int(status.st_size)
    }

    private func check(_ path: String) throws -> PageReport {
        let environment = try Environment(path: path, options: small(readOnly: true))
        let report = try environment.checkPages()
        try environment.close()
        return report
    }

    private func flip(_ path: String, at offset: Int, by mask: UInt8) throws {
        let descriptor = open(path + "/data.mdb", O_RDWR | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var byte: UInt8 = 0
        try #require(pread(descriptor, &byte, 1, offset) == 1)
        byte ^= mask
        try #require(pwrite(descriptor, &byte, 1, offset) == 1)
    }

    @Test("a sound file has no problems, also while it is written")
    func sound() throws {
        try withDirectory { path in
            _ = try fill(path)
            let report = try check(path)
            #expect(report.problems == [])
            #expect(report.pageCount > 50)
            let environment = try Environment(path: path, options: small())
            let plain = try environment.database(named: "plain")
            for number in 0..<20 {
                try environment.write { transaction in
                    try transaction.put(key(UInt32(number)), [UInt8]([1, 2, 3]), in: plain)
                }
                #expect(try environment.checkPages().problems == [])
            }
            try environment.close()
        }
    }

    @Test("a flipped bit in the header of any page in use is told, and no flip ends the check")
    func flipped() throws {
        try withDirectory { path in
            let byteCount = try fill(path)
            let page = 4096
            let sound = try check(path)
            var told = 0
            for number in 2..<byteCount / page {
                // Number and flags of the page.
                for offset in [0, 10] {
                    try flip(path, at: number * page + offset, by: 1)
                    if try !check(path).problems.isEmpty { told += 1 }
                    try flip(path, at: number * page + offset, by: 1)
                }
            }
            // Pages behind the first of a large value, and free ones, have no header that matters.
            #expect(told > sound.pageCount)
            #expect(try check(path) == sound)
            var random = SystemRandomNumberGenerator()
            for _ in 0..<400 {
                let offset = Int.random(in: 2 * page..<byteCount, using: &random)
                let mask = UInt8(1) << UInt8.random(in: 0..<8, using: &random)
                try flip(path, at: offset, by: mask)
                _ = try check(path)
                try flip(path, at: offset, by: mask)
            }
            #expect(try check(path) == sound)
        }
    }

    @Test("a file that was cut is a finding")
    func cut() throws {
        try withDirectory { path in
            let byteCount = try fill(path)
            let environment = try Environment(path: path, options: small(readOnly: true))
            try #require(truncate(path + "/data.mdb", byteCount / 2) == 0)
            let problems = try environment.checkPages().problems
            #expect(problems.contains { $0.contains("cannot be read") })
            try environment.close()
        }
    }
}
