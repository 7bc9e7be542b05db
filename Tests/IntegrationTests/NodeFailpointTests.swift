import Failpoints
import Glibc
import ReportModel
import Testing

/// kill -9 around what a node does for itself: the clerk's page, scheduled backups, notes of damage.
extension IntegrationTests.EveryFailpoint {
    /// The page is whole or the one before it, and a file of others in its place is taken in once.
    func page(_ commands: inout KilledCommands) throws {
        let node = try NodeProcess("页", in: root, inboxRegion: Self.region)
        let page = "\(node.inbox)/本年情况.html"
        var count = 0
        func drop() throws {
            try node.drop(Documents.numbered(count).text, as: "报告\(count).txt")
            count += 1
        }
        for point in [Failpoint.pageName, .pageExchange] {
            for side in Failpoint.Side.allCases {
                try node.launch(failpoint: point.name(side))
                try drop()
                try commands.await(node, point, side, meanwhile: drop)
                let text = (try? Disk.text(page)) ?? "</html>"
                #expect(text.contains("</html>"), "\(point) \(side): half a page")
            }
        }
        // Somebody's report under the name of the page.
        try Disk.write("<p>" + Documents.numbered(count + 100).text + "</p>", to: page)
        for side in Failpoint.Side.allCases {
            try node.launch(failpoint: Failpoint.pageAside.name(side))
            try commands.await(node, .pageAside, side)
        }
        try node.start()
        let total = count + 1
        try eventually("an outcome for each of \(total) files") {
            CrashChecks.outcomes(of: node) >= total ? () : nil
        }
        try eventually("a page of ours") {
            (try? Disk.text(page))?.contains("<!-- reportd 本年情况 -->") == true ? () : nil
        }
        #expect(try node.terminate() == 0)
        let files = Disk.files(under: node.inbox).filter { !$0.contains(".回执.") }
        #expect(files.count == total + 1, "\(files)")
        #expect(files.count { $0.contains("/本年情况（来件）") } == 1, "\(files)")
        #expect(files.count { $0.hasPrefix("已接收/报告") } == count, "\(files)")
    }

    /// A name stands for a whole, verified backup; what is removed is so whole.
    func scheduledBackups(_ commands: inout KilledCommands) throws {
        let node = try NodeProcess("备", in: root, inboxRegion: Self.region)
        let folder = "\(root.path)/备份"
        let state = "\(folder)/backups.json"
        try Disk.makeFolder(folder)
        try node.start()
        try node.drop(Documents.numbered(0).text, as: "报告.txt")
        _ = try node.awaitFile("已接收/报告.txt.回执.json")
        #expect(try node.terminate() == 0)
        try node.configure(
            "backup: {folder: \(folder), keep: {daily: 1, weekly: 0, monthly: 0}}\n"
        )
        try node.start()
        try awaitBackup(node)
        #expect(try node.terminate() == 0)
        for point in [Failpoint.scheduledName, .scheduledRemoval, .backupStateRename] {
            for side in Failpoint.Side.allCases {
                try askForBackup(state)
                try node.launch(failpoint: point.name(side))
                try commands.await(node, point, side)
                let names = Disk.files(under: folder).filter {
                    $0.hasPrefix("reportd-") && $0.hasSuffix("/data.mdb")
                }
                #expect(!names.isEmpty, "\(point) \(side): no backup is left")
                for name in names {
                    let backup = "\(folder)/" + name.prefix { $0 != "/" }
                    let store = "\(root.path)/\(point)-\(side)-\(name.prefix { $0 != "/" })"
                    try restore([backup], to: store, entries: 1)
                }
            }
        }
        try askForBackup(state)
        try node.start()
        try awaitBackup(node)
        #expect(try node.terminate() == 0)
        let left = Disk.files(under: folder).filter { !$0.hasPrefix("reportd-") }
        #expect(left == ["backups.json"], "\(left)")
        let folders = Set(
            Disk.files(under: folder).compactMap { $0.split(separator: "/").first }
                .filter { $0.hasPrefix("reportd-") }
        )
        #expect(folders.count == 1, "\(folders)")
        try expectSound(node.store, entries: 1)
    }

    /// Lets the next start make a backup at once, in a second that no other has its name of.
    private func askForBackup(_ state: String) throws {
        // An empty file says that none was made yet.
        try Disk.write("", to: state)
        let second = time(nil)
        try eventually("the next second") { time(nil) > second ? () : nil }
    }

    private func awaitBackup(_ node: NodeProcess) throws {
        try eventually("a backup, verified") {
            let backup = try node.ctl("status", "-o", "json").json()["backup"]
            guard backup?["lastFailure"]?.isNull == true else {
                throw TestFailure("no backup was made: \(node.shownLog)")
            }
            return backup?["lastSuccess"]?["verified"] == true ? () : nil
        }
    }

    /// A node whose disk fails writes nothing over it, wherever its note of that was cut off.
    func failingDisk(_ commands: inout KilledCommands) throws {
        let node = try NodeProcess("盘", in: root, inboxRegion: Self.region)
        let data = "\(node.store)/data.mdb"
        for side in Failpoint.Side.allCases {
            try node.launch(failpoint: Failpoint.guardSync.name(side))
            try commands.await(node, .guardSync, side)
        }
        try node.start()
        for number in [3, 14] {
            try node.drop(Documents.numbered(number).text, as: "\(number).txt")
        }
        for number in [3, 14] { _ = try node.awaitFile("已接收/\(number).txt.回执.json") }
        try node.awaitIndex()
        #expect(try node.terminate() == 0)
        let whole = try Disk.read(data)
        for side in Failpoint.Side.allCases {
            try Disk.write(damaged(whole), to: data)
            // The first note is that of the start; one that is written but not flushed outlives a kill, so
            // that the second start meets damage by itself.
            try node.launch(failpoint: "\(Failpoint.guardSync.name(side))@2")
            try commands.await(node, .guardSync, side) { _ = try node.ctl("verify") }
        }
        let before = try Disk.read(data)
        for side in Failpoint.Side.allCases {
            try node.launch(failpoint: Failpoint.probeSync.name(side))
            try commands.await(node, .probeSync, side)
            let isSame = try Disk.read(data) == before
            #expect(isSame, "\(side): it wrote to the store")
        }
        try Disk.write(whole, to: data)
        try node.start()
        #expect(try node.ctl("status", "-o", "json").json()["readOnly"]?.isNull == true)
        try node.drop(Documents.numbered(25).text, as: "25.txt")
        _ = try node.awaitFile("已接收/25.txt.回执.json")
        #expect(try node.terminate() == 0)
        try expectSound(node.store, entries: 3)
    }

    /// The file with the number changed that the page of each record says it has.
    private func damaged(_ file: [UInt8]) -> [UInt8] {
        var file = file
        let wanted = Array("\"schema\"".utf8)
        for page in stride(from: 0, to: file.count - 4096, by: 4096)
        where file[page..<page + 4096].firstRange(of: wanted) != nil {
            file[page] ^= 0x40
        }
        return file
    }
}
