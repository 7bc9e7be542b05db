import Descriptors
import Glibc
import NIOCore
import NIOPosix
import ReportIntake
import ReportModel
import ReportStore
import Testing

@testable import ReportDaemon

@Suite("The doctor")
struct DoctorTests {
    private let folder = TestFolder()

    private func patient(_ more: String = "") throws -> Patient { try folder.patient(more) }

    private var inbox: String { "inboxes: [{path: \(folder.full("in"))}]\n" }

    @Test("a configuration that is missing or faulty is told with the command that mends it")
    func configuration() async throws {
        let missing = await ConfigurationCheck.examine(Patient(file: folder.full("none.yaml")))
        #expect(missing.first?.level == .fault)
        #expect(missing.first?.command?.hasPrefix("reportd init") == true)
        folder.write("node: {name: 甲}\nstore: /s\nlog: xml\nworkers: 0\n", to: "bad.yaml")
        let bad = await ConfigurationCheck.examine(Patient(file: folder.full("bad.yaml")))
        #expect(bad.count == 2)
        #expect(bad.first?.finding.english.contains("bad.yaml:3") == true)
        #expect(Diagnosis.exitCode(of: bad) == 2)
    }

    @Test("limits of inotify that are too small are told with enough of them")
    func inotify() async throws {
        for path in ["in", "in/a", "in/b", "proc", "proc/fs", "proc/fs/inotify"] {
            folder.makeFolder(path)
        }
        var patient = try patient(inbox)
        patient.kernel = folder.full("proc")
        folder.write("5\n", to: "proc/fs/inotify/max_user_watches")
        folder.write("128\n", to: "proc/fs/inotify/max_user_instances")
        let few = await InotifyCheck.examine(patient)
        #expect(few.map(\.level) == [.fault])
        #expect(few.first?.command?.contains("fs.inotify.max_user_watches=65536") == true)
        folder.write("65536\n", to: "proc/fs/inotify/max_user_watches")
        #expect(await InotifyCheck.examine(patient).map(\.level) == [.ok])
        folder.write("4\n", to: "proc/fs/inotify/max_user_instances")
        let instances = await InotifyCheck.examine(patient)
        #expect(instances.first?.command?.contains("max_user_instances=256") == true)
    }

    @Test("an inbox that is missing, and a key that others may read, are faults")
    func permissions() async throws {
        folder.makeFolder("store")
        folder.write("secret", to: "store/node.key")
        chmod(folder.full("store/node.key"), 0o644)
        let found = await PermissionCheck.examine(try patient(inbox))
        #expect(found.map(\.code) == [.notFound, .notAllowed])
        #expect(found.first?.command?.hasPrefix("install -d") == true)
        #expect(found.last?.command == "chmod 600 '\(folder.full("store/node.key"))'")
        folder.makeFolder("in")
        chmod(folder.full("store/node.key"), 0o600)
        #expect(await PermissionCheck.examine(try patient(inbox)).map(\.level) == [.ok])
    }

    @Test(
        "a folder that another user may not enter is named as the obstacle",
        .enabled(if: getuid() == 0)
    )
    func obstacle() async throws {
        folder.makeFolder("store")
        folder.makeFolder("closed")
        folder.makeFolder("closed/in")
        chmod(folder.full("closed"), 0o700)
        var patient = try patient("inboxes: [{path: \(folder.full("closed/in"))}]\n")
        patient.account = Account(number: 65534)
        chown(folder.full("store"), 65534, 65534)
        chmod(folder.full("reportd.yaml"), 0o644)
        let found = await PermissionCheck.examine(patient)
        #expect(found.count == 1)
        #expect(found.first?.command == "chmod o+x '\(folder.full("closed"))'")
        // A file that root made among those of the node.
        folder.write("", to: "store/lock.mdb")
        let foreign = await PermissionCheck.examine(patient)
        #expect(foreign.contains { $0.command?.hasPrefix("chown -R") == true })
    }

    @Test("a port that another program has is a fault, unless it is the node itself")
    func ports() async throws {
        let other = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(other.localAddress?.port)
        var patient = try patient("listen: 127.0.0.1:\(port)\n")
        let used = await PortCheck.examine(patient)
        #expect(used.map(\.level) == [.fault])
        #expect(used.first?.command?.contains(String(port)) == true)
        patient.status = .object([:])
        #expect(await PortCheck.examine(patient).map(\.level) == [.ok])
        try await other.close()
    }

    @Test("an upstream that nobody answers for is a fault of reach")
    func upstream() async throws {
        let key = NodeKey().id
        let patient = try patient("upstreams: [{address: '127.0.0.1:1', key: \(key)}]\n")
        let found = await UpstreamCheck.examine(patient)
        #expect(found.map(\.code) == [.unreachable])
        #expect(Diagnosis.exitCode(of: found) == 6)
    }

    /// A node whose upstream answers, and what its status says of it.
    private func upstreamPatient(
        _ key: NodeID,
        _ port: Int,
        _ row: [String: JSONValue]
    ) throws -> Patient {
        let more = "reviewers: []\nupstreams: [{address: '127.0.0.1:\(port)', key: \(key)}]\n"
        var patient = try patient(more)
        var row = row
        row["key"] = .string(key.description)
        let log: JSONValue = ["log": "l1", "node": .string(key.description), "forked": false]
        patient.status = ["peers": [.object(row)], "logs": [log]]
        return patient
    }

    @Test("a log of a county that is refused here is a fault with the grant as its mend")
    func refusedHere() async throws {
        var patient = try patient("")
        var row: [String: JSONValue] = [
            "key": "k", "name": "麻章区", "upstream": false, "established": true,
            "logs": [
                [
                    "log": "l1", "error": "not-allowed", "errorBy": "here",
                    "errorMessage": "the region 乐山市/市中区 is not granted to this key",
                ]
            ],
        ]
        patient.status = ["peers": [.object(row)]]
        let found = await PeerCheck.examine(patient)
        #expect(found.map(\.code) == [.notAllowed])
        #expect(found.first?.finding.english.contains("乐山市/市中区") == true)
        #expect(found.first?.command?.hasPrefix("editor ") == true)
        // The peer refuses: for a reviewer that it lacks, or for a region that this node may not send.
        let key = NodeKey().id
        row["logs"] = [
            [
                "log": "l2", "error": "not-allowed", "errorBy": "peer",
                "errorMessage": .string(
                    "the log holds a review of what another node filed: list \(key) under reviewers"
                ),
            ],
            [
                "log": "l3", "error": "not-allowed", "errorBy": "peer",
                "errorMessage": "the region 乐山市/市中区 is not granted to this key",
            ],
        ]
        patient.status = ["peers": [.object(row)]]
        let there = await PeerCheck.examine(patient)
        #expect(there.count == 2)
        #expect(there[0].finding.english.contains("the key \(key) must stand under `reviewers`"))
        #expect(!there[1].finding.english.contains("reviewers"))
        #expect(there[1].finding.english.contains("There: change the grant"))
        #expect(there.allSatisfy { $0.command?.contains("editor") == false })
        row["logs"] = [["log": "l1", "error": .null, "withheld": true]]
        patient.status = ["peers": [.object(row)]]
        #expect(await PeerCheck.examine(patient).isEmpty)
    }

    @Test("an upstream that refuses the node, or one of its logs, is a fault with what mends it")
    func refusingUpstream() async throws {
        let other = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(other.localAddress?.port)
        let key = NodeKey().id
        func examine(_ row: [String: JSONValue]) async throws -> [Diagnosis] {
            await UpstreamCheck.examine(try upstreamPatient(key, port, row))
        }
        let refused = try await examine([
            "state": "waiting", "established": false, "lastErrorCode": "not-allowed",
            "lastError": "the certificate was revoked at 2024-05-30T08:01:02.003Z",
        ])
        #expect(refused.map(\.code) == [.notAllowed] && refused.first?.level == .fault)
        #expect(refused.first?.finding.english.contains("was revoked at") == true)
        #expect(refused.first?.command?.hasPrefix("reportctl pki join TOKEN --config") == true)
        // The same while the next connection is under way, and for any other reason but the line.
        let forked = try await examine([
            "state": "connected", "established": false, "lastErrorCode": "forked", "lastError": "x",
        ])
        #expect(forked.first?.command?.hasPrefix("reportctl peer evidence") == true)
        let away = try await examine([
            "state": "waiting", "established": false, "lastErrorCode": "unreachable",
            "lastError": "the connection is gone",
        ])
        #expect(away.map(\.level) == [.ok])
        let well = try await examine(["state": "sending", "established": true, "missingEntries": 3])
        #expect(well.map(\.level) == [.ok])

        func logs(_ log: JSONValue) -> [String: JSONValue] {
            ["state": "sending", "established": true, "logs": [log]]
        }
        let own = try await examine(
            logs([
                "log": "l2", "name": "麻章区", "error": "not-allowed", "errorBy": "peer",
                "errorMessage": "the region 湛江市/麻章区 is not granted to this key",
            ])
        )
        #expect(own.map(\.code) == [.notAllowed])
        #expect(own.first?.finding.english.contains("does not take logs of 麻章区") == true)
        // Refused here in the first batch, so that this node has no row of the log: of the office itself,
        // and of the one above it.
        for reviewer in [key, NodeKey().id] {
            let reviews = try await examine(
                logs([
                    "log": "l3", "name": "湛江市", "error": "not-allowed", "errorBy": "here",
                    "errorMessage": .string(
                        "the log holds a review of what another node filed: list \(reviewer) under reviewers"
                    ),
                ])
            )
            #expect(reviews.map(\.code) == [.notAllowed])
            #expect(reviews.first?.command?.contains("reviewers: [\"\(reviewer)\"]") == true)
            #expect(reviews.first?.command?.hasPrefix("sed -i") == true)
        }
        let damaged = try await examine(
            logs(["log": "l1", "name": "湛江市", "error": "integrity", "missingHere": 1])
        )
        #expect(damaged.map(\.code) == [.integrity])
        #expect(damaged.first?.command?.hasPrefix("reportctl verify --store") == true)
        try await other.close()
    }

    @Test("a clock behind the newest entry is a fault")
    func clock() async throws {
        var patient = try patient()
        let store = try Store.open(
            directory: folder.full("store"),
            options: Store.Options(mapByteCount: 64 << 20)
        )
        let key = try ReportKey(parsing: "2023/湛江市/麻章区/教育局/整体支出")
        var record = Record(parser: "test", rules: "test")
        record.year = 2023
        record.key = key.text
        let bytes: [UInt8] = [0x61]
        record.sources = [
            SourceFile(name: "a", format: "txt", bytes: 1, sha256: Hash256(hashing: bytes).hex)
        ]
        _ = try await store.append(Filing(key: key, record: record, sources: [.bytes(bytes)]))
        store.close()
        patient.now = { Timestamp(milliseconds: 1_000_000) }
        let behind = await ClockCheck.examine(patient)
        #expect(behind.contains { $0.level == .fault } == true)
        patient.now = { .now }
        #expect(await !ClockCheck.examine(patient).contains { $0.level == .fault })
    }

    @Test("a log with stamps more than 24 hours ahead is named")
    func stampAhead() async throws {
        var patient = try patient()
        patient.status = [
            "logs": [
                ["name": "霞山区", "aheadOfClock": "2031-05-01T02:30:00.000Z"],
                ["name": "麻章区", "aheadOfClock": .null],
            ]
        ]
        let found = await ClockCheck.examine(patient).filter {
            $0.finding.english.contains("ahead")
        }
        #expect(found.count == 1)
        #expect(found.first?.finding.english.contains("霞山区") == true)
        #expect(found.first?.finding.chinese.contains("2031-05-01 10:30:00") == true)
    }

    @Test("a disk below the thresholds is a fault of space")
    func disk() async throws {
        folder.makeFolder("store")
        let full = await DiskCheck.examine(
            try patient("disk: {low: 900000GiB, full: 900000GiB}\n")
        )
        #expect(full.first?.code == .noSpace)
        #expect(Diagnosis.exitCode(of: full) == 9)
    }

    @Test(
        "a locale without UTF-8 is told",
        arguments: [
            ("C.UTF-8", true), ("zh_CN.utf8", true), ("zh_CN.GB18030", false), ("C", false),
        ]
    )
    func locale(value: String, isFine: Bool) async throws {
        var patient = try patient()
        patient.environment = { $0 == "LANG" ? value : nil }
        #expect(await LocaleCheck.examine(patient).map(\.level) == [isFine ? .ok : .notice])
    }

    @Test("scanned pages without their programs are a fault, old office formats a notice")
    func converters() async throws {
        var patient = try patient()
        patient.configuration?.tools.office = folder.full("none")
        patient.configuration?.tools.tesseract = folder.full("none")
        let found = await ConverterCheck.examine(patient)
        #expect(found.map(\.level) == [.notice, .fault])
        #expect(found.allSatisfy { $0.command?.hasPrefix("apt-get install") == true })
    }

    @Test("backups that fail, or are old, are faults")
    func backups() async throws {
        var patient = try patient()
        #expect(await BackupCheck.examine(patient).isEmpty)
        patient.status = .object([:])
        let none = await BackupCheck.examine(patient)
        #expect(none.map(\.level) == [.notice])
        #expect(none.first?.command?.contains("backup: {folder: /backup/reportd") == true)
        let now = Timestamp.now
        func status(daysAgo: UInt64, failures: Int) -> JSONValue {
            let time = Timestamp(milliseconds: now.milliseconds - daysAgo * 86_400_000)
            return [
                "backup": [
                    "failures": .integer(failures),
                    "lastSuccess": ["at": .string(time.description)],
                    "lastFailure": ["message": "the disk is full"],
                ]
            ]
        }
        patient.status = status(daysAgo: 1, failures: 0)
        #expect(await BackupCheck.examine(patient).map(\.level) == [.ok])
        patient.status = status(daysAgo: 4, failures: 0)
        #expect(await BackupCheck.examine(patient).map(\.level) == [.fault])
        // Old is what the schedule makes old.
        let configuration = try NodeConfiguration(file: monthly)
        var other = Patient(configuration, file: folder.full("monthly.yaml"))
        other.status = patient.status
        #expect(await BackupCheck.examine(other).map(\.level) == [.ok])
        patient.status = status(daysAgo: 1, failures: 2)
        let failed = await BackupCheck.examine(patient)
        #expect(failed.map(\.level) == [.fault, .ok])
        #expect(failed.first?.finding.english.contains("disk is full") == true)
    }

    @Test("a database that does not answer is a fault; what backups of its nodes lack is told")
    func database() async throws {
        var patient = try patient()
        #expect(await DatabaseCheck.examine(patient).isEmpty)
        let url = "postgresql://reportd:secret@/reportd?host=\(folder.full("nowhere"))"
        folder.write(
            "node: {name: 甲}\nstore: \(url)\nfolder: \(folder.full("store"))\n",
            to: "shared.yaml"
        )
        let configuration = try NodeConfiguration(file: folder.full("shared.yaml"))
        patient = Patient(configuration, file: folder.full("shared.yaml"))
        let found = await DatabaseCheck.examine(patient)
        #expect(found.map(\.level) == [.fault])
        #expect(found.allSatisfy { !$0.finding.english.contains("secret") })
        patient.status = .object([:])
        let backups = await BackupCheck.examine(patient)
        #expect(backups.map(\.level) == [.notice])
        #expect(backups.first?.finding.english.contains("node.key") == true)
    }

    /// A configuration with a backup a month.
    private var monthly: String {
        let place = folder.full("backup")
        folder.write(
            "node: {name: 甲}\nstore: \(folder.full("store"))\nbackup: {folder: \(place), every: 30d}\n",
            to: "monthly.yaml"
        )
        return folder.full("monthly.yaml")
    }

    @Test("a node that is read-only, or has no folder for its backups, is told")
    func care() async throws {
        folder.makeFolder("store")
        let file = monthly
        var patient = Patient(try NodeConfiguration(file: file), file: file)
        let missing = await PermissionCheck.examine(patient).filter { $0.level == .fault }
        #expect(missing.count == 1)
        #expect(missing.first?.finding.english.contains("backup folder") == true)
        #expect(missing.first?.command?.hasPrefix("install -d") == true)
        folder.makeFolder("backup")
        #expect(await PermissionCheck.examine(patient).map(\.level) == [.ok])
        #expect(patient.configuration?.writtenFolders.contains(folder.full("backup")) == true)
        folder.write("no pages", to: "store/data.mdb")
        patient.status = ["readOnly": ["message": "pages are damaged", "hint": "restore"]]
        let store = await StoreCheck.examine(patient)
        #expect(store.map(\.level) == [.fault])
        #expect(store.first?.finding.english.contains("pages are damaged") == true)
        #expect(store.first?.command == "restore")
    }

    @Test("every check has its word once, and a title in both languages")
    func titles() {
        let titles = Doctor.titles
        #expect(titles.count == Doctor.checks.count)
        #expect(titles.values.allSatisfy { !$0.english.isEmpty && !$0.chinese.isEmpty })
    }

    @Test("a word of a command stays one word in a shell, whatever stands in it")
    func shellWords() throws {
        let words = ["/srv/报 告", "it's", "a;rm -rf $HOME `b` \"c\" \\", "", "行\n二"]
        let line = "printf '%s\\0' " + words.map(\.shellWord).joined(separator: " ")
        let output = try #require(popen(line, "r"))
        defer { pclose(output) }
        let bytes = try #require(Descriptor.read(fileno(output), limit: 4096))
        #expect(bytes == words.flatMap { Array($0.utf8) + [0] })
    }

    @Test("faults of several kinds end with the code of partial")
    func exitCodes() {
        func fault(_ code: ReportError.Code) -> Diagnosis {
            LocaleCheck.fault(code, "a", "b", command: nil)
        }
        #expect(Diagnosis.exitCode(of: []) == 0)
        #expect(Diagnosis.exitCode(of: [LocaleCheck.notice("a", "b")]) == 0)
        #expect(Diagnosis.exitCode(of: [fault(.noSpace), fault(.readOnly)]) == 9)
        #expect(Diagnosis.exitCode(of: [fault(.noSpace), fault(.usage)]) == 11)
    }
}
