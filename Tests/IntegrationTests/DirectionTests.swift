import ReportModel
import Testing

extension IntegrationTests {
    /// Peers between which entries go one way only.
    @Suite struct Directions: CountyCitySuite {
        let place: CountyAndCity

        init() throws { place = try CountyAndCity() }

        private func peer(_ node: NodeProcess) throws -> JSONValue? {
            try node.ctl("status", "-o", "json").json()["peers"]?.arrayValue?.first
        }

        private func awaitCaughtUp(_ node: NodeProcess, _ direction: String) throws {
            _ = try eventually("\(node.name) has caught up; \(node.shownLog)") {
                let row = try peer(node)
                return row?["state"] == "caught-up" && row?["direction"]?.stringValue == direction
                    && row?["missingEntries"] == 0 ? true : nil
            }
        }

        private func file(_ number: Int, at node: NodeProcess) throws {
            try Disk.write(Documents.numbered(number).text, to: "\(root.path)/\(number).txt")
            let run = try node.ctl("submit", "\(root.path)/\(number).txt")
            #expect(run.status == 0, "\(run)")
        }

        /// How many records a node has.
        private func count(_ node: NodeProcess) throws -> Int? {
            try node.ctl("status", "-o", "json").json()["keys"]?.integerValue
        }

        @Test(
            "a county that only pushes, then one that only pulls; what each is not to have is no lag"
        )
        func county() throws {
            try county.configure("    direction: push\n")
            try city.start()
            try file(1, at: city)
            try county.start()
            try county.drop(Documents.numbered(2).text, as: "二.txt")
            _ = try county.awaitFile("已接收/二.txt.回执.txt") { $0.contains("市级已收到") }
            try awaitCaughtUp(county, "push")
            try awaitCaughtUp(city, "pull")
            #expect(try count(county) == 1 && count(city) == 2)
            let text = try county.ctl("status").output
            #expect(text.contains("push"), "\(text)")
            let doctor = try CommandRun.reportctl(["doctor", "--config", county.configuration])
            #expect(doctor.output.contains("do not come down here"), "\(doctor)")

            #expect(try county.terminate() == 0)
            try county.replace("    direction: push\n", with: "    direction: pull\n")
            try county.start()
            try awaitCaughtUp(county, "pull")
            try awaitCaughtUp(city, "push")
            #expect(try count(county) == 2)
            try county.drop(Documents.numbered(3).text, as: "三.txt")
            _ = try county.awaitFile("已接收/三.txt.回执.json")
            try file(4, at: city)
            _ = try eventually("the city's second report at the county") {
                try count(county) == 4 ? true : nil
            }
            try awaitCaughtUp(county, "pull")
            #expect(try count(city) == 3, "what the county files stays there")
            #expect(try county.terminate() == 0)
            // Away, it lacks what it has not signed for, and only that.
            try file(5, at: city)
            let row = try peer(city)
            #expect(row?["missingEntries"] == 1, "\(row as Any)")
            #expect(try city.terminate() == 0)
        }

        @Test("a city that takes nothing is told at the county, until its grant says otherwise")
        func city() throws {
            try city.configure("    direction: push\n")
            try city.start()
            try file(1, at: city)
            try county.start()
            try county.drop(Documents.numbered(2).text, as: "二.txt")
            _ = try county.awaitFile("已接收/二.txt.回执.json")
            try awaitCaughtUp(city, "push")
            let row = try eventually("the county knows; \(county.shownLog)") { () -> JSONValue? in
                let row = try peer(county)
                return row?["missingEntries"] == 1 && row?["direction"] == "pull" ? row : nil
            }
            #expect(row["caughtUp"] == false, "\(row)")
            let doctor = try CommandRun.reportctl(["doctor", "--config", county.configuration])
            #expect(doctor.output.contains("takes nothing from this node"), "\(doctor)")
            #expect(try count(city) == 1)

            try city.replace("    direction: push\n", with: "    direction: both\n")
            #expect(try city.terminate() == 0)
            try city.start()
            _ = try county.awaitFile("已接收/二.txt.回执.txt") { $0.contains("市级已收到") }
            try awaitCaughtUp(county, "both")
            #expect(try county.terminate() == 0 && city.terminate() == 0)
        }
    }
}
