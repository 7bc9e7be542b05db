import Glibc
import ReportModel
import ReportTestKit
import Testing

extension IntegrationTests {
    /// Flipped bytes in the data file, and scheduled backups, with whole programs.
    @Suite struct Damage {
        private static let region = "湛江市/麻章区"
        private let root: TestFolder
        private let county: NodeProcess
        private let city: NodeProcess

        init() throws {
            root = try TestFolder()
            county = try NodeProcess("麻章区", in: root, inboxRegion: Self.region)
            city = try NodeProcess("湛江市", in: root)
        }

        private func connect() throws {
            try NodeProcess.connect([(county, Self.region)], to: city)
            try city.start()
            try county.start()
        }

        private func drop(_ number: Int) throws {
            try county.drop(Documents.numbered(number).text, as: "\(number).txt")
        }

        private func awaitReceipt(_ number: Int, atCity: Bool = true) throws {
            _ = try county.awaitFile("已接收/\(number).txt.回执.txt", within: 40) {
                !atCity || $0.contains("市级已收到")
            }
        }

        private func local(_ arguments: String...) throws -> CommandRun {
            try CommandRun.reportctl(arguments + ["--store", county.store])
        }

        /// Changes the data file of the county, which is stopped: every place where some bytes stand.
        private func change(_ text: String, _ change: (inout [UInt8], _ offset: Int) -> Void) throws
        {
            let path = "\(county.store)/data.mdb"
            var file = try Disk.read(path)
            let wanted = Array(text.utf8)
            var count = 0
            var offset = 0
            while offset + wanted.count <= file.count {
                if file[offset] == wanted[0],
                    file[offset..<offset + wanted.count].elementsEqual(wanted)
                {
                    change(&file, offset)
                    count += 1
                    offset += wanted.count
                } else {
                    offset += 1
                }
            }
            guard count > 0 else { throw TestFailure("\(text) stands nowhere in the file") }
            try Disk.write(file, to: path)
        }

        @Test("a flipped byte in a value is named, refused to readers, and mended from the city")
        func value() throws {
            let port = try FreePort.next()
            try county.configure("http: 127.0.0.1:\(port)\n")
            try connect()
            for number in [3, 14] { try drop(number) }
            for number in [3, 14] { try awaitReceipt(number) }
            let lookup = "\(Documents.numbered(3).year)/\(Documents.numbered(3).unit)"
            let whole = try county.ctl("get", lookup, "-o", "json")
            #expect(whole.status == 0)
            let key = try #require(try whole.json()["key"]?.stringValue)
            #expect(try county.terminate() == 0)
            // The record says so, and nothing else does.
            let mark = "\"schema\""
            try change(mark) { file, offset in file[offset + 1] ^= 1 }
            try county.start()
            let refused = try county.ctl("get", lookup, "-o", "json")
            #expect(refused.status == 8, "\(refused)")
            let message = try refused.json()["error"]?["message"]?.stringValue
            #expect(message?.hasPrefix("\(key)@1: its record is damaged") == true, "\(refused)")
            #expect(message?.contains("reportctl repair") == true)
            try seenUnverified("\(key)@1: its record is damaged", lookup, port)
            let verified = try county.ctl("verify")
            #expect(verified.status == 8 && verified.output.contains("\(key)@1, record"))
            // Without anybody who has it nothing is mended, and nothing made up.
            #expect(try city.terminate() == 0)
            let alone = try local("repair", "-o", "json")
            #expect(alone.status == 8, "\(alone)")
            #expect(try alone.json()["remaining"]?.arrayValue?.count == 2)
            try city.start()
            try eventually("the county mends itself from the city", within: 60) { () -> Void? in
                let run = try local("repair", "-o", "json")
                guard run.status == 0 else { return nil }
                let mended = try run.json()["mended"]?.arrayValue ?? []
                guard !mended.isEmpty else { return nil }
                let ours = mended.first { $0["key"]?.stringValue == key }
                #expect(ours?["parts"] == ["record"] && ours?["from"]?.stringValue != nil)
                return ()
            }
            #expect(try county.ctl("get", lookup, "-o", "json").bytes == whole.bytes)
            #expect(try county.ctl("verify").status == 0)
            let again = try local("repair")
            #expect(again.status == 0 && again.output.contains("nothing to repair"), "\(again)")
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
        }

        /// What a read met shows everywhere before anything was verified, and once in the log.
        private func seenUnverified(_ text: String, _ lookup: String, _ port: Int) throws {
            func told() throws -> Int {
                try Disk.text(county.log).split(separator: "\n").count {
                    $0.contains("met on reading") && $0.contains("reportctl repair --store")
                }
            }
            let check = try eventually("the damage in status; \(county.shownLog)") {
                () -> [JSONValue]? in
                let check = try county.ctl("status", "-o", "json").json()["verification"]
                let problems = check?["problems"]?.arrayValue ?? []
                let isThere = problems.contains { $0.stringValue?.hasPrefix(text) == true }
                return isThere ? check.map { [$0] } : nil
            }[0]
            #expect(check["lastVerified"]?.isNull == true, "\(check.canonicalText)")
            let count = try told()
            #expect(count >= 1, "\(county.shownLog)")
            let line = try county.ctl("status").output
            #expect(line.contains("PROBLEMS: run reportctl repair"), "\(line)")
            #expect(try metric("reportd_verify_problems", port: port) >= 1)
            let answer = try eventually("not ready; \(county.shownLog)") {
                let answer = try RawClient.get("/readyz", port: port)
                return answer.status == 503 && answer.body.contains("met on reading") ? answer : nil
            }
            #expect(answer.body.contains("reportctl repair"))
            for _ in 0..<3 { _ = try county.ctl("get", lookup) }
            usleep(1_500_000)
            #expect(try told() == count, "told once: \(county.shownLog)")
        }

        @Test("a flipped byte in a page: told, and the node serves what it can, but writes nothing")
        func page() throws {
            try county.start()
            for number in [3, 14] { try drop(number) }
            for number in [3, 14] { try awaitReceipt(number, atCity: false) }
            try county.awaitIndex()
            #expect(try county.terminate() == 0)
            try change("\"schema\"") { file, offset in
                // The number that the page says it has.
                file[offset / 4096 * 4096] ^= 0x40
            }
            try county.start()
            let verified = try county.ctl("verify", "-o", "json")
            #expect(verified.status == 8, "\(verified)")
            #expect(try verified.json()["damagedPages"] == true)
            try eventually("the node writes nothing any more") {
                let status = try county.ctl("status", "-o", "json").json()
                return status["readOnly"]?["reason"] == "damaged-pages" ? () : nil
            }
            // A fault that ends the process: the next start looks first.
            county.process?.send(SIGSEGV)
            _ = try county.process?.wait(seconds: 20)
            try county.start()
            let status = try county.ctl("status", "-o", "json").json()
            #expect(status["readOnly"]?["reason"] == "damaged-pages", "\(status.canonicalText)")
            #expect(try Disk.text(county.log).contains("READ ONLY"))
            #expect(try county.ctl("list", "-o", "json").json()["rows"]?.arrayValue?.count == 2)
            try drop(25)
            let path = "\(root.path)/26.txt"
            try Disk.write(Documents.numbered(26).text, to: path)
            #expect(try county.ctl("submit", path).status == 9)
            #expect(Disk.exists("\(county.inbox)/25.txt"), "the file waits")
            let text = try CommandRun.reportctl(["status", "--node", county.address])
            #expect(text.output.contains("READ ONLY"))
            #expect(try local("repair").status == 8)
            #expect(try county.terminate() == 0)
            // What was damaged is looked at again before anything is written.
            try county.start()
            let still = try county.ctl("status", "-o", "json").json()
            #expect(still["readOnly"]?["reason"] == "damaged-pages")
            #expect(try county.terminate() == 0)
        }

        /// One figure of a scrape.
        private func metric(_ name: String, port: Int) throws -> Double {
            let client = try RawClient(port: port)
            client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let text = String(decoding: client.rest(within: 15) ?? [], as: UTF8.self)
            let head = try #require(text.firstRange(of: "\r\n\r\n"), "no answer")
            let figures = try MetricsText(String(text[head.upperBound...]))
            return try #require(figures.value(name))
        }

        @Test("scheduled backup, machine lost, restored from the folder, the rest from the city")
        func rehearsal() throws {
            try connect()
            try drop(1)
            try awaitReceipt(1)
            #expect(try county.terminate() == 0)
            let folder = "\(root.path)/备份"
            try Disk.makeFolder(folder)
            let http = try FreePort.next()
            try county.configure("http: 127.0.0.1:\(http)\n")
            try county.configure("backup: {folder: \(folder), every: 24h, key: true}\n")
            try county.start()
            try eventually("the first backup, verified", within: 60) {
                let status = try county.ctl("status", "-o", "json").json()["backup"]
                #expect(status?["lastFailure"]?.isNull ?? true, "\(status?.canonicalText ?? "")")
                return status?["lastSuccess"]?["verified"] == true ? () : nil
            }
            let listed = try CommandRun.reportctl(["backup", "list", folder, "-o", "json"]).json()
            #expect(listed["items"]?.arrayValue?.count == 1)
            #expect(
                listed["state"]?["lastSuccess"]?["name"] == listed["items"]?.arrayValue?[0]["name"]
            )
            let shown = try CommandRun.reportctl(["backup", "list", folder])
            #expect(shown.status == 0 && shown.output.contains("verified"), "\(shown)")
            let last = try metric("reportd_backup_last_success_timestamp_seconds", port: http)
            #expect(last > 1_600_000_000)
            #expect(try metric("reportd_backup_interval_seconds", port: http) == 86_400)
            #expect(try metric("reportd_backup_failures", port: http) == 0)
            for number in [2, 14] { try drop(number) }
            for number in [2, 14] { try awaitReceipt(number) }
            let expected = try county.ctl("list", "-o", "json").output
            county.crash()
            Disk.remove(county.store)

            // The notes beside the backups are not needed for it.
            #expect(truncate("\(folder)/backups.json", 3) == 0)
            let unclear = try CommandRun.reportctl(["backup", "list", folder])
            #expect(unclear.status == 0 && unclear.output.contains("UNREADABLE: backups.json"))
            let restored = try local("restore", folder)
            #expect(restored.status == 0, "\(restored)")
            try county.start()
            try eventually("everything is here again", within: 60) {
                let status = try county.ctl("status", "-o", "json").json()
                return try county.ctl("list", "-o", "json").output == expected
                    && status["hold"]?.isNull == true ? () : nil
            }
            try drop(25)
            try awaitReceipt(25)
            for node in [county, city] {
                #expect(try node.ctl("verify").status == 0)
                let logs = try node.ctl("status", "-o", "json").json()["logs"]?.arrayValue ?? []
                #expect(logs.allSatisfy { $0["forked"] == false })
            }
            try eventually("status is back to normal") {
                let status = try county.ctl("status", "-o", "json").json()
                let peer = status["peers"]?.arrayValue?.first
                return status["readOnly"]?.isNull == true && peer?["state"] == "caught-up"
                    && peer?["missingEntries"] == 0 ? () : nil
            }
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
        }
    }
}
