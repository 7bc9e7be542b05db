import Failpoints
import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

/// kill -9 at every step of a commit to the database that nodes share.
extension IntegrationTests.SharedDatabase {
    @Test("a node killed at any step of a commit loses nothing, and the other takes over")
    func killedNode() throws {
        try makeTables()
        try right.start()
        try county.start()
        var commands = KilledCommands()
        var count = 0
        func drop() throws {
            try county.drop(Documents.numbered(count).text, as: "报告\(count).txt")
            count += 1
        }
        for point in Failpoint.ofDatabases {
            for side in Failpoint.Side.allCases {
                try left.launch(failpoint: point.name(side))
                try drop()
                // The other node may be first with a report: then another one is filed.
                try commands.await(left, point, side, meanwhile: drop)
                // The one that died holds nothing back.
                let wanted = count
                try eventually("\(wanted) reports at the other node: \(right.shownLog)") {
                    (try? CrashChecks.rows(of: right))?.count == wanted ? () : nil
                }
            }
        }
        try left.start()
        let total = count
        let rows = try eventually("\(total) reports at the node that was killed") {
            () -> [JSONValue]? in
            let rows = (try? CrashChecks.rows(of: left)) ?? []
            return rows.count == total ? rows : nil
        }
        #expect(try CrashChecks.rows(of: right) == rows)
        #expect(try left.terminate() == 0)
        try CrashChecks.run(county, right, count: total)
        try expectInDatabase(total)
    }

    @Test("a copy killed at any step goes on where it was, either way")
    func killedCopy() async throws {
        let source = "\(root.path)/source"
        let count = 12
        try await fill(source, count: count)
        try makeTables()
        // An empty folder: what follows counts the commits of entries.
        let target = "\(root.path)/target"
        let empty = try CommandRun.reportctl(["store", "copy", url, target])
        #expect(empty.status == 0, "\(empty)")
        var commands = KilledCommands()
        // Three transactions: none of them is there, one, one, two.
        let into = ["store", "copy", source, url, "-o", "json"]
        try commands.run(into, to: .sharedClaim, .before)
        try expectInDatabase(0)
        try commands.run(into, to: .sharedClaim, .after, count: 2)
        let first = try inDatabase()
        #expect(first > 0 && first < count)
        try commands.run(into, to: .sharedCommit, .before)
        try expectInDatabase(first)
        try commands.run(into, to: .sharedCommit, .after)
        let second = try inDatabase()
        #expect(second > first && second < count)
        let rest = try CommandRun.reportctl(into)
        #expect(try rest.json()["copied"]?.integerValue == count - second, "\(rest)")
        #expect(try rest.json()["checked"]?.integerValue == count, "\(rest)")
        try expectInDatabase(count)

        let back = ["store", "copy", url, target, "-o", "json"]
        let held = try killHalfWay(back, target, count, &commands)
        let done = try CommandRun.reportctl(back)
        #expect(try done.json()["copied"]?.integerValue == count - held, "\(done)")
        #expect(entries(in: target) == count)
    }

    /// Kills copies into a folder at one commit later each time, until some entries are there.
    /// - Returns: how many are there.
    private func killHalfWay(
        _ copy: [String],
        _ target: String,
        _ count: Int,
        _ commands: inout KilledCommands
    ) throws -> Int {
        for passage in 1...40 {
            try commands.run(copy, to: .commit, .after, count: passage)
            let held = try #require(entries(in: target), "passage \(passage)")
            guard held > 0 else { continue }
            #expect(held < count, "the kill at commit \(passage) came too late")
            return held
        }
        throw TestFailure("no copy was killed after its first entry")
    }

    /// Entries of a store, all verified; nil when there is no sound one.
    private func entries(in store: String) -> Int? {
        let run = try? CommandRun.reportctl(["verify", "--store", store, "-o", "json"])
        guard let run, run.status == 0 else { return nil }
        return try? run.json()["entries"]?.integerValue
    }

    /// Files reports with large files of which zstd makes nothing smaller.
    private func fill(_ directory: String, count: Int) async throws {
        var generator = SeededGenerator(seed: 7)
        let store = try Store.open(directory: directory, options: Store.Options(nodeName: "县"))
        defer { store.close() }
        for number in 0..<count {
            var text = ""
            text.reserveCapacity(1 << 21)
            while text.utf8.count < 1_900_000 {
                text += String(generator.next(), radix: 36)
            }
            let key = "2023/湛江市/麻章区/单位\(number)/整体支出"
            _ = try await store.append(try Samples.filing(key, files: [text]))
        }
    }

    func makeTables() throws {
        let made = try CommandRun.reportctl(["store", "init", url])
        #expect(made.status == 0, "\(made)")
    }

    /// Entries in the database, each of them checked.
    private func inDatabase() throws -> Int {
        let run = try CommandRun.reportctl(["store", "check", url, "-o", "json"])
        #expect(run.status == 0, "\(run)")
        return try #require(try run.json()["checked"]?.integerValue)
    }

    private func expectInDatabase(_ count: Int) throws {
        #expect(try inDatabase() == count)
    }
}
