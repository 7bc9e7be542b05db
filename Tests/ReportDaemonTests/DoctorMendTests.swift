import Glibc
import ReportAuthority
import ReportModel
import Testing

@testable import ReportDaemon

@Suite("What the doctor says mends it")
struct DoctorMendTests {
    private let folder = TestFolder()

    private func patient(_ more: String = "") throws -> Patient { try folder.patient(more) }

    @Test(
        "an inbox that only the service can write to is a fault, whose command opens it to the group",
        .enabled(if: getuid() == 0)
    )
    func closedInbox() async throws {
        let service = try #require(Account(name: "daemon"))
        #expect(!service.isPerson, "nobody logs in as daemon")
        for name in ["store", "in"] {
            folder.makeFolder(name)
            chown(folder.full(name), service.user, service.group)
        }
        var patient = try patient("inboxes: [{path: \(folder.full("in"))}]\n")
        patient.account = service
        let path = folder.full("in")
        func examine(_ mode: UInt32) async -> [Diagnosis] {
            chmod(path, mode)
            return await PermissionCheck.examine(patient)
        }
        for mode in [0o700, 0o755, 0o2750] as [UInt32] {
            let found = await examine(mode)
            #expect(found.map(\.code) == [.notAllowed], "\(mode)")
            #expect(found.first?.finding.english.contains("put files into the inbox") == true)
            let command = try #require(found.first?.command)
            #expect(command.hasPrefix("chmod 2770 '\(path)'"))
            #expect(command.hasSuffix("adduser CLERK daemon"))
            #expect(system(command) == 0)
            #expect(await PermissionCheck.examine(patient).map(\.level) == [.ok])
        }
        // A folder of everybody is none of the doctor's business; a group that nobody is in opens nothing.
        #expect(await examine(0o1777).map(\.level) == [.ok])
        chown(path, service.user, 0)
        let roots = await examine(0o2770)
        #expect(roots.first?.command?.hasPrefix("chgrp daemon '\(path)' && chmod 2770") == true)
        // Who runs a node as itself drops its own files.
        patient.account.isPerson = true
        #expect(await examine(0o700).map(\.level) == [.ok])
    }

    @Test("a node that does not run is a fault, with the command that starts it")
    func stopped() async throws {
        var patient = try patient()
        let found = await ServiceCheck.examine(patient)
        #expect(found.map(\.code) == [.unreachable])
        #expect(Diagnosis.exitCode(of: found) == 6)
        #expect(found.first?.command == "reportd --config '\(folder.full("reportd.yaml"))'")
        patient.account.user = 12_345
        patient.account.name = "other"
        let others = await ServiceCheck.examine(patient)
        #expect(others.first?.command?.contains("runuser -u other -- reportd --config") == true)
        patient.status = ["error": ["code": "integrity"]]
        #expect(await ServiceCheck.examine(patient).map(\.level) == [.ok])
    }

    @Test("a certificate for a key beside the store is mended by the command that puts it back")
    func keyPutBack() async throws {
        let authority = try Authority.create(in: folder.full("authority"), name: "财政局")
        let (old, new) = (NodeKey(), NodeKey())
        for (name, key) in [("store.old", old), ("store", new)] {
            folder.makeFolder(name)
            folder.write(HexText.text(key.secret) + "\n", to: "\(name)/node.key")
            chmod(folder.full("\(name)/node.key"), 0o600)
        }
        let held = try authority.issue(to: old.id, name: "甲", kind: .node)
        let identity = folder.full("identity")
        try IssuedIdentity(held, authority).writeUnchecked(to: identity)
        let patient = try patient("tls: {folder: \(identity)}\n")
        let found = await CertificateCheck.examine(patient).filter { $0.level == .fault }
        #expect(found.map(\.code) == [.notAllowed])
        let command = try #require(found.first?.command)
        #expect(command.contains(folder.full("store.old/node.key")))
        // The command as it stands, where systemctl only says that it was called.
        folder.makeFolder("bin")
        folder.write("#!/bin/sh\necho $1 >> '\(folder.full("called"))'\n", to: "bin/systemctl")
        chmod(folder.full("bin/systemctl"), 0o755)
        #expect(system("PATH='\(folder.full("bin"))':$PATH; \(command)") == 0)
        #expect(folder.text("called") == "stop\nstart\n")
        #expect(folder.text("store/node.key") == folder.text("store.old/node.key"))
        var status = stat()
        #expect(stat(folder.full("store/node.key"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(await CertificateCheck.examine(patient).map(\.level) == [.ok])
        // With no such key, only another certificate helps.
        folder.remove("store.old/node.key")
        folder.write(HexText.text(new.secret) + "\n", to: "store/node.key")
        let lost = await CertificateCheck.examine(patient).filter { $0.level == .fault }
        #expect(lost.first?.command?.hasPrefix("reportctl pki join TOKEN --config") == true)
    }
}
