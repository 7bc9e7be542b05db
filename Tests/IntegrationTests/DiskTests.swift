import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// Full and failing disks under whole programs: nothing acknowledged is lost, nothing is doubled, the
    /// node says what is wrong and goes on by itself.
    @Suite struct FailingDisk {
        private let root: TestFolder
        private let node: NodeProcess

        init() throws {
            root = try TestFolder()
            node = try NodeProcess("县", in: root, inboxRegion: "湛江市/麻章区")
        }

        private func drop(_ number: Int) throws {
            try node.drop(Documents.numbered(number).text, as: "\(number).txt")
        }

        private func accepted(_ number: Int, within seconds: Double = 40) throws {
            _ = try node.awaitFile("已接收/\(number).txt.回执.json", within: seconds)
        }

        private func status() throws -> JSONValue { try node.ctl("status", "-o", "json").json() }

        /// The node holds each of some reports once, whole.
        private func expectWhole(_ count: Int) throws {
            let verified = try node.ctl("verify", "-o", "json")
            #expect(verified.status == 0, "\(verified)")
            #expect(try verified.json()["entries"] == .integer(count))
            let rows =
                try node.ctl("list", "--limit", "1000", "-o", "json").json()["rows"]?.arrayValue
                ?? []
            #expect(rows.count == count, "each report once: \(rows)")
        }

        @Test(
            "the disk of the store is full: files wait, reads go on, and all are stored once after it"
        )
        func full() throws {
            guard let disk = try TestDisk(.memory(megabytes: 24), at: node.store, in: root) else {
                return
            }
            try node.start(on: disk)
            try drop(1)
            try accepted(1)
            try disk.fill()
            for number in 2...4 { try drop(number) }
            try eventually("the node tells that the disk is full") {
                let status = try status()
                let fault = status["inboxes"]?.arrayValue?.first?["fault"]?["code"]
                return status["disk"]?["level"] == "full" && fault == "no-space" ? () : nil
            }
            #expect(try node.ctl("get", "\(Documents.numbered(1).year)/麻章区").status == 0)
            for number in 2...4 { #expect(Disk.exists("\(node.inbox)/\(number).txt")) }
            try disk.clear()
            for number in 2...4 { try accepted(number) }
            try expectWhole(4)
            #expect(try node.terminate() == 0)
        }

        @Test("an outcome folder without room: the version is stored once, the receipt follows")
        func outcomeFolder() throws {
            guard let disk = try TestDisk(.memory(megabytes: 2), at: node.inbox, in: root) else {
                return
            }
            let inbox = disk.outside(node.inbox)
            try node.start(on: disk)
            _ = try eventually("the folders") { Disk.exists("\(inbox)/已接收") ? () : nil }
            let text = Documents.numbered(1).text
            try Disk.write(text, to: "\(inbox)/.draft")
            try disk.fill()
            #expect(rename("\(inbox)/.draft", "\(inbox)/1.txt") == 0)
            try eventually("the node tells that there is no room") {
                let fault = try status()["inboxes"]?.arrayValue?.first?["fault"]?["code"]
                return fault == "no-space" ? () : nil
            }
            #expect(!Disk.exists("\(inbox)/已接收/1.txt.回执.json"))
            // The node is killed in the middle of it, too.
            node.crash()
            try node.start(on: disk)
            try disk.clear()
            try eventually("the receipt", within: 40) {
                Disk.exists("\(inbox)/已接收/1.txt.回执.json") && Disk.exists("\(inbox)/已接收/1.txt")
                    && !Disk.exists("\(inbox)/1.txt") ? () : nil
            }
            try expectWhole(1)
            #expect(try node.terminate() == 0)
        }

        @Test(
            "the store's file system turns read-only: reads go on, and after a mount anew the files"
        )
        func readOnly() throws {
            let disk = try TestDisk(.journaled(megabytes: 64), at: node.store, in: root)
            guard let disk else { return }
            try node.start(on: disk)
            try drop(1)
            try accepted(1)
            try disk.run("mount -o remount,abort '\(node.store)'")
            try drop(2)
            try eventually("the node tells that nothing can be written") {
                let fault = try status()["inboxes"]?.arrayValue?.first?["fault"]
                return fault.map { !$0.isNull } == true ? () : nil
            }
            #expect(try node.ctl("get", "\(Documents.numbered(1).year)/麻章区").status == 0)
            #expect(Disk.exists("\(node.inbox)/2.txt"))
            node.crash()
            try disk.mountAnew()
            try node.start(on: disk)
            try accepted(2)
            try expectWhole(2)
            #expect(try node.terminate() == 0)
        }

        @Test("a device that takes no more blocks: told, and the node goes on when it does")
        func failing() throws {
            guard let disk = try TestDisk(.failing, at: node.store, in: root) else { return }
            try node.configure("disk: {low: 0MiB, full: 0MiB}\n")
            try node.start(on: disk)
            try drop(1)
            try accepted(1)
            try disk.fill(under: true)
            // Larger than what lies in blocks that are there already.
            var number = 2
            try eventually("the node tells that its disk fails", within: 60) {
                try drop(number)
                number += 1
                usleep(200_000)
                let status = try status()
                let fault = status["inboxes"]?.arrayValue?.first?["fault"]?["code"]
                let isTold = status["readOnly"]?["reason"] == "write-fault" || fault == "no-space"
                return isTold ? () : nil
            }
            try disk.clear(under: true)
            for number in 2..<number { try accepted(number, within: 60) }
            try eventually("all is well") {
                try status()["readOnly"]?.isNull == true ? () : nil
            }
            try expectWhole(number - 1)
            #expect(try node.terminate() == 0)
        }

        @Test(
            "EIO of the disk: the node says so, reads go on, and it starts anew when it can write",
            arguments: FailingFiles.Kind.allCases
        )
        func inputOutput(kind: FailingFiles.Kind) throws {
            guard let files = try FailingFiles(in: root) else { return }
            try node.start(environment: files.environment)
            try drop(1)
            try accepted(1)
            try files.begin(kind)
            for number in 2...4 { try drop(number) }
            try eventually("the node tells that its disk fails") {
                try status()["readOnly"]?["reason"] == "write-fault" ? () : nil
            }
            #expect(try node.ctl("get", "\(Documents.numbered(1).year)/麻章区").status == 0)
            for number in 2...4 { #expect(Disk.exists("\(node.inbox)/\(number).txt")) }
            #expect(try Disk.text(node.log).contains("READ ONLY"))
            files.end()
            for number in 2...4 { try accepted(number, within: 60) }
            try eventually("all is well") {
                try status()["readOnly"]?.isNull == true ? () : nil
            }
            try expectWhole(4)
            #expect(try node.terminate() == 0)
        }

        @Test(
            "a backup that finds no room, or whose disk fails: told, nothing half is left, made later",
            arguments: [false, true]
        )
        func backup(isFailing: Bool) throws {
            let folder = "\(root.path)/备份"
            let kind: TestDisk.Kind = isFailing ? .failing : .memory(megabytes: 24)
            guard let disk = try TestDisk(kind, at: folder, in: root) else { return }
            try node.configure("backup: {folder: \(folder), key: true}\n")
            try disk.fill(under: isFailing)
            try node.start(on: disk)
            try eventually("the node tells that no backup was made") { () -> Void? in
                let backup = try status()["backup"]
                guard let code = backup?["lastFailure"]?["code"]?.stringValue else { return nil }
                #expect(isFailing || code == "no-space", "\(code)")
                #expect(backup?["lastSuccess"]?.isNull == true)
                return ()
            }
            let made = Disk.files(under: disk.outside(folder)).filter { $0.contains("reportd-") }
            #expect(made.isEmpty, "half of a backup: \(made)")
            // The store has a disk of its own.
            try drop(1)
            try accepted(1)
            try disk.clear(under: isFailing)
            #expect(try node.terminate() == 0)
            try node.start(on: disk)
            let name = try eventually("a backup, verified") { () -> String? in
                let last = try status()["backup"]?["lastSuccess"]
                guard last?["verified"] == true else { return nil }
                return last?["name"]?.stringValue
            }
            let list = ["backup", "list", disk.outside(folder), "-o", "json"]
            let items = try CommandRun.reportctl(list).json()["items"]?.arrayValue ?? []
            #expect(items.map { $0["name"]?.stringValue } == [name])
            #expect(items.first?["entries"] == 1 && items.first?["damaged"] == false)
            // It is as good as it says: restored elsewhere it holds the report.
            let restored = "\(root.path)/restored"
            let restore = ["restore", disk.outside(folder), "--new-key", "--store", restored]
            let run = try CommandRun.reportctl(restore)
            #expect(run.status == 0, "\(run)")
            let rows = try CommandRun.reportctl(["list", "-o", "json", "--store", restored])
            #expect(try rows.json()["rows"]?.arrayValue?.count == 1)
            try expectWhole(1)
            #expect(try node.terminate() == 0)
        }

        @Test(
            "faults at random while files are dropped: each report is stored once, nothing is lost"
        )
        func torture() throws {
            let rounds = getenv("REPORTD_DISK_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 1
            guard let disk = try TestDisk(.failing, at: node.store, in: root) else { return }
            try node.configure("disk: {low: 0MiB, full: 0MiB}\n")
            try node.start(on: disk)
            var dropped = 0
            for round in 0..<rounds {
                let isUnder = Bool.random()
                let isFaulty = dropped < Documents.count - 20
                if isFaulty { try disk.fill(under: isUnder) }
                for _ in 0..<min(8, Documents.count - dropped) {
                    try drop(dropped)
                    dropped += 1
                }
                usleep(UInt32.random(in: 0...600_000))
                if Bool.random() { node.crash() }
                if isFaulty { try disk.clear(under: isUnder) }
                if node.process == nil { try node.start(on: disk) }
                print("disk: round \(round + 1) of \(rounds), \(dropped) files, under \(isUnder)")
                for number in max(0, dropped - 8)..<dropped { try accepted(number, within: 120) }
                // An administrator's start ends the pauses that grow with each start of the node's own: so
                // many faults within minutes are more than they are made for.
                if round % 3 == 2 {
                    #expect(try node.terminate() == 0)
                    try node.start(on: disk)
                }
                if dropped == Documents.count { break }
            }
            try expectWhole(dropped)
            #expect(try node.terminate() == 0)
        }
    }
}
