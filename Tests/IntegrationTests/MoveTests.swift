import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// What docs/operations.md has people do when a machine is replaced, or its key is lost.
    @Suite struct Move {
        private static let region = "湛江市/麻章区"
        private let root: TestFolder
        private let city: NodeProcess
        private let county: NodeProcess

        init() throws {
            root = try TestFolder()
            city = try NodeProcess("湛江市", in: root)
            county = try NodeProcess("麻章区", in: root, inboxRegion: Self.region)
            try NodeProcess.connect([(county, Self.region)], to: city)
        }

        private func drop(_ number: Int, at node: NodeProcess) throws {
            try node.drop(Documents.numbered(number).text, as: "\(number).txt")
        }

        private func signed(_ number: Int, at node: NodeProcess) throws {
            _ = try node.awaitFile("已接收/\(number).txt.回执.txt", within: 60) {
                $0.contains("市级已收到")
            }
        }

        private func rowCount(_ node: NodeProcess) throws -> Int? {
            try node.ctl("list", "-o", "json").json()["rows"]?.arrayValue?.count
        }

        private func expectSound(_ nodes: [NodeProcess], rows: Int) throws {
            for node in nodes {
                let verified = try node.ctl("verify")
                #expect(verified.status == 0, "\(verified)")
                let logs = try node.ctl("status", "-o", "json").json()["logs"]?.arrayValue ?? []
                #expect(logs.allSatisfy { $0["forked"] == false })
                #expect(try rowCount(node) == rows)
            }
        }

        @Test("a node moves to another machine with its identity, by a backup and its key")
        func machine() throws {
            try city.start()
            try county.start()
            try drop(3, at: county)
            try signed(3, at: county)
            let key = try county.showKey()
            #expect(try county.terminate() == 0)
            // The stick: a backup without the key, the key, and the configuration.
            let stick = "\(root.path)/stick"
            let backup = try CommandRun.reportctl(["backup", stick, "--store", county.store])
            #expect(backup.status == 0, "\(backup)")
            let secret = "\(root.path)/node.key"
            #expect(rename("\(county.store)/node.key", secret) == 0)

            let other = try TestFolder()
            let moved = try NodeProcess("麻章区", in: other, inboxRegion: Self.region)
            try moved.configure(
                "upstreams:\n  - address: \(city.address)\n    key: \(try city.showKey())\n"
            )
            let restore = ["restore", stick, "--store", moved.store, "--key", secret]
            let restored = try CommandRun.reportctl(restore)
            #expect(restored.status == 0, "\(restored)")
            #expect(try moved.showKey() == key)
            try moved.start()
            try drop(14, at: moved)
            try signed(14, at: moved)
            try expectSound([moved, city], rows: 2)
            #expect(try moved.terminate() == 0)
            #expect(try city.terminate() == 0)
        }

        @Test("a node whose key is lost goes on with a new one, once the city knows it")
        func lostKey() throws {
            try city.start()
            try county.start()
            try drop(3, at: county)
            try signed(3, at: county)
            let old = try county.showKey()
            #expect(try county.terminate() == 0)
            #expect(unlink("\(county.store)/node.key") == 0)
            try county.start()
            let new = try county.showKey()
            #expect(new != old)
            try drop(14, at: county)
            _ = try county.awaitFile("已接收/14.txt.回执.txt")
            #expect(try rowCount(city) == 1, "nobody is let in with a key that is not known")
            // The city takes the old key out of its grants, and the new one in.
            #expect(try city.terminate() == 0)
            let text = try Disk.text(city.configuration)
            try Disk.write(text.replacing(old, with: new), to: city.configuration)
            try city.start()
            // Else it tries again after a pause that has grown meanwhile.
            #expect(try county.terminate() == 0)
            try county.start()
            try signed(14, at: county)
            try expectSound([county, city], rows: 2)
            // What was filed under the old key is proved by it still.
            let file = "\(root.path)/proof"
            let lookup = "\(Documents.numbered(3).year)/\(Documents.numbered(3).unit)"
            let proof = try city.ctl("prove", lookup, "-o", file)
            #expect(proof.status == 0, "\(proof)")
            let verified = try CommandRun.reportctl(["verify", file])
            #expect(verified.status == 0, "\(verified)")
            #expect(try county.terminate() == 0)
            #expect(try city.terminate() == 0)
        }
    }
}
