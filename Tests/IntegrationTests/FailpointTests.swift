import Failpoints
import Glibc
import ReportCompression
import ReportModel
import Testing

extension IntegrationTests {
    /// kill -9 before and after each fsync, rename and acknowledgement.
    @Suite struct EveryFailpoint {
        let root: TestFolder
        static let region = "湛江市/麻章区"

        init() throws { root = try TestFolder() }

        @Test("whatever a kill at a failpoint leaves is whole, and what was begun can be ended")
        func everyPoint() async throws {
            var commands = KilledCommands()
            try await nodes(&commands)
            try filing(&commands)
            try newStores(&commands)
            try copies(&commands)
            try restores(&commands)
            try erasure(&commands)
            try rebuilding(&commands)
            try upgrade(&commands)
            try authority(&commands)
            try page(&commands)
            try scheduledBackups(&commands)
            try failingDisk(&commands)
            // Those of databases have a test of their own, which needs a server.
            let others = Failpoint.ofDatabases.flatMap { point in
                Failpoint.Side.allCases.map { point.name($0) }
            }
            let missing = Set(Failpoint.names).subtracting(commands.reached)
                .subtracting(others).sorted()
            #expect(missing.isEmpty, "never reached: \(missing)")
        }

        /// Ingest and replication: the county or the city kills itself while reports are filed.
        private func nodes(_ commands: inout KilledCommands) async throws {
            let county = try NodeProcess("麻章区", in: root, inboxRegion: Self.region)
            let city = try NodeProcess("湛江市", in: root)
            try NodeProcess.connect([(county, Self.region)], to: city)
            var ledger = ReceiptLedger(county)
            var count = 0
            func drop() throws {
                try county.drop(Documents.numbered(count).text, as: "报告\(count).txt")
                count += 1
            }
            try city.start()
            let atCounty: [(Failpoint, ClosedRange<Int>)] = [
                (.environmentFolderSync, 1...1), (.commit, 1...6), (.storeAnswer, 1...4),
                (.inboxFileSync, 1...2), (.inboxFileRename, 1...2), (.inboxMove, 1...1),
                (.inboxFolderSync, 1...3), (.peerBatch, 1...1), (.peerAcknowledgementKept, 1...1),
            ]
            for (point, passages) in atCounty {
                for side in Failpoint.Side.allCases {
                    for passage in passages {
                        try county.launch(failpoint: "\(point.name(side))@\(passage)")
                        try drop()
                        try commands.await(county, point, side, meanwhile: drop)
                        try await ledger.check("\(point.name(side))@\(passage)")
                    }
                }
            }
            try county.start()
            city.crash()
            let atCity: [(Failpoint, ClosedRange<Int>)] = [
                (.commit, 1...4), (.storeAnswer, 1...1), (.peerAcknowledgement, 1...1),
            ]
            for (point, passages) in atCity {
                for side in Failpoint.Side.allCases {
                    for passage in passages {
                        try city.launch(failpoint: "\(point.name(side))@\(passage)")
                        try drop()
                        try commands.await(city, point, side, meanwhile: drop)
                    }
                }
            }
            try city.start()
            let total = count
            try eventually("an outcome for each of \(total) files", within: 120) {
                CrashChecks.outcomes(of: county) >= total ? () : nil
            }
            try CrashChecks.run(county, city, count: total)
        }

        /// Filing over the line protocol: who was told of success finds the report, once.
        private func filing(_ commands: inout KilledCommands) throws {
            let node = try NodeProcess("县", in: root)
            for (number, side) in Failpoint.Side.allCases.enumerated() {
                let file = try report(number)
                try node.start(environment: [
                    Failpoint.variableName: Failpoint.filingReply.name(side)
                ])
                let told = try node.ctl("submit", file)
                try commands.await(node, .filingReply, side)
                try node.start()
                let again = try node.ctl("submit", file, "-o", "json")
                #expect(again.status == 0, "\(again)")
                #expect(again.output.contains("duplicate"), "\(told), then \(again)")
                #expect(try node.terminate() == 0)
            }
            try expectSound(node.store, entries: Failpoint.Side.allCases.count)
        }

        /// The first filing into a store that is not there yet.
        private func newStores(_ commands: inout KilledCommands) throws {
            let points: [(Failpoint, Int)] = [
                (.newFolderSync, 1), (.keySync, 1), (.keyRename, 1), (.keyFolderSync, 1),
                (.environmentFolderSync, 1), (.commit, 1), (.commit, 2), (.commit, 3),
                (.storeAnswer, 1),
            ]
            let file = try report(0)
            for (point, count) in points {
                for side in Failpoint.Side.allCases {
                    let store = "\(root.path)/new-\(point)-\(side)-\(count)"
                    let submit = ["submit", "--store", store, file]
                    try commands.run(submit, to: point, side, count: count)
                    try expectDone(submit)
                    try expectSound(store, entries: 1)
                }
            }
        }

        /// Backups, increments, bundles and exports: a name stands for a whole file or for none.
        private func copies(_ commands: inout KilledCommands) throws {
            let store = try store("copied")
            let base = "\(root.path)/base"
            try expectDone(["backup", "--store", store, base])
            let key = String(repeating: "ab", count: 32)
            let from = ["--store", store]
            let kinds: [(name: String, words: [String], points: [Failpoint])] = [
                (
                    "backup", ["backup"] + from,
                    [.backupFileSync, .backupManifestSync, .backupName, .backupFolderSync]
                ),
                ("folder", ["backup"] + from, [.backupFileSync, .backupName]),
                (
                    "increment", ["backup", "--since", base] + from,
                    [.incrementName, .backupFolderSync]
                ),
                (
                    "bundle", ["bundle", "export", "--for", key, "--regions", "*"] + from,
                    [.bundleName]
                ),
                (
                    "export", ["export", "--format", "entries"] + from + ["-o"],
                    [.exportSync, .exportName]
                ),
            ]
            for kind in kinds {
                for point in kind.points {
                    for side in Failpoint.Side.allCases {
                        let path = "\(root.path)/\(kind.name)-\(point)-\(side)"
                        let target = kind.name == "folder" ? path + "/" : path
                        try commands.run(kind.words + [target], to: point, side)
                        // A name was given to something whole; without one it is made now.
                        if !Disk.exists(path) { try expectDone(kind.words + [target]) }
                        switch kind.name {
                        case "backup", "folder":
                            try restore([path], to: path + "-store", entries: 2)
                        case "increment":
                            try restore([base, path], to: path + "-store", entries: 2)
                        default: #expect(try !Disk.read(path).isEmpty)
                        }
                    }
                }
            }
        }

        /// A restore that was killed is run again, into the same folder.
        private func restores(_ commands: inout KilledCommands) throws {
            let backup = "\(root.path)/with-key"
            try expectDone(["backup", "--with-key", "--store", try store("kept"), backup])
            let points: [(Failpoint, Int)] = [
                (.backupFileSync, 1), (.backupFileSync, 2), (.commit, 1), (.restoreName, 1),
                (.restoreName, 2), (.backupFolderSync, 1),
            ]
            for (point, count) in points {
                for side in Failpoint.Side.allCases {
                    let store = "\(root.path)/restored-\(point)-\(side)-\(count)"
                    let words = ["restore", "--store", store, backup]
                    try commands.run(words, to: point, side, count: count)
                    if !Disk.exists("\(store)/data.mdb") {
                        // Nothing takes the folder for a new store meanwhile.
                        let other = try CommandRun.reportctl([
                            "submit", "--store", store, try report(5),
                        ])
                        #expect(other.status != 0, "\(point) \(side): \(other)")
                        try expectDone(words)
                    }
                    #expect(Disk.exists("\(store)/node.key"), "\(point) \(side)")
                    try expectSound(store, entries: 2)
                }
            }
        }

        /// What the law has dropped does not come back.
        private func erasure(_ commands: inout KilledCommands) throws {
            let (unit, year, _) = Documents.numbered(0)
            let erasedKey = "\(year)/麻章区/\(unit)"
            for side in Failpoint.Side.allCases {
                let store = try store("erased-\(side)")
                let words = [
                    "erase", erasedKey, "--reason", "申请", "--authority", "法",
                    "--yes", "--store", store,
                ]
                try commands.run(words, to: .scrubSync, side)
                let get = try CommandRun.reportctl([
                    "get", erasedKey, "--store", store, "-o", "json",
                ])
                #expect(get.status != 0, "\(get)")
                try expectSound(store, entries: 3)
            }
        }

        /// Making the derived tables anew.
        private func rebuilding(_ commands: inout KilledCommands) throws {
            let store = try store("rebuilt")
            for count in 1...3 {
                for side in Failpoint.Side.allCases {
                    let words = ["reindex", "--store", store]
                    try commands.run(words, to: .commit, side, count: count)
                    try expectDone(words)
                    try expectSound(store, entries: 2)
                }
            }
        }

        /// The first opening of a store of format 1 by this program.
        private func upgrade(_ commands: inout KilledCommands) throws {
            let file = try report(0)
            for count in 1...4 {
                for side in Failpoint.Side.allCases {
                    let store = "\(root.path)/old-\(count)-\(side)"
                    try OldStore.unpack(to: store)
                    let words = ["submit", "--store", store, file]
                    try commands.run(words, to: .commit, side, count: count)
                    try expectDone(words)
                    try expectSound(store, entries: OldStore.entryCount + 1)
                }
            }
        }

        /// An authority is there whole, or is made by the same command.
        private func authority(_ commands: inout KilledCommands) throws {
            for point in [Failpoint.identitySync, .identityRename, .identityFolderSync] {
                for side in Failpoint.Side.allCases {
                    for count in 1...2 {
                        let folder = "\(root.path)/authority-\(point)-\(side)-\(count)"
                        let words = ["pki", "init", "--authority", folder, "--name", "财政局"]
                        try commands.run(words, to: point, side, count: count)
                        let again = try CommandRun.reportctl(words)
                        let issue = try CommandRun.reportctl([
                            "pki", "issue", "--authority", folder, "--name", "湛江市", "--key",
                            "ed25519:" + String(repeating: "ab", count: 32), "--out",
                            folder + "-identity",
                        ])
                        #expect(issue.status == 0, "\(point) \(side) \(count): \(again) \(issue)")
                    }
                }
            }
        }

        private func report(_ number: Int) throws -> String {
            let path = "\(root.path)/report-\(number).txt"
            try Disk.write(Documents.numbered(number * 10).text, to: path)
            return path
        }

        /// A store with two reports.
        private func store(_ name: String) throws -> String {
            let store = "\(root.path)/\(name)"
            try expectDone(["submit", "--store", store, try report(0), try report(1)])
            return store
        }

        func restore(_ backups: [String], to store: String, entries: Int) throws {
            try expectDone(["restore", "--standalone", "--new-key", "--store", store] + backups)
            try expectSound(store, entries: entries)
        }

        func expectDone(_ arguments: [String]) throws {
            let run = try CommandRun.reportctl(arguments)
            #expect(run.status == 0, "\(arguments): \(run)")
        }

        func expectSound(_ store: String, entries: Int) throws {
            let run = try CommandRun.reportctl(["verify", "--store", store, "-o", "json"])
            #expect(run.status == 0, "\(store): \(run)")
            #expect(try run.json()["entries"]?.integerValue == entries, "\(store): \(run)")
        }
    }
}
