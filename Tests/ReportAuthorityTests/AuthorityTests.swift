import Glibc
import ReportAuthority
import ReportModel
import ReportTLS
import Testing

@Suite struct AuthorityTests {
    private let place: TestAuthority

    init() throws { place = try TestAuthority() }

    @Test("a certificate carries the key, the name and the kind that it was issued for")
    func issued() throws {
        let key = NodeKey()
        let held = try place.authority.issue(to: key.id, name: "麻章区", kind: .node, days: 10)
        #expect(held.node == key.id)
        #expect(held.name == "麻章区")
        #expect(held.kind == .node)
        #expect(held.daysLeft(at: .now) == 9)
        let all = try place.authority.issued()
        #expect(all.map(\.serial) == [held.serial])
        let client = try place.authority.issue(to: NodeKey().id, name: "审核员", kind: .client)
        #expect(client.kind == .client)
    }

    @Test("a good certificate is taken, and who it is comes from its key")
    func good() throws {
        let identity = try place.identity("麻章区")
        let held = try place.judge().judge(identity.certificate, as: .node)
        #expect(held.node == identity.key.id)
        #expect(identity.certificate.node == identity.key.id)
    }

    @Test(
        "expired, early, revoked, foreign and client's certificates are refused, each with its reason"
    )
    func refusals() throws {
        let judge = try place.judge()
        let old = try place.identity("过期", days: 10, at: Timestamp.now.days(-11))
        let early = try place.identity("未来", at: Timestamp.now.days(2))
        let client = try place.identity("审核员", kind: .client)
        let stranger = try TestAuthority("别的机构").identity("麻章区")
        let twin = try TestAuthority().identity("麻章区")
        let revoked = try place.identity("丢失")
        try place.authority.revoke(try place.authority.issued(matching: "丢失"))
        let later = try place.judge()
        for (identity, judge, word) in [
            (old, judge, "has expired"), (early, judge, "valid from"),
            (client, judge, "none of a node"), (stranger, judge, "not from this authority"),
            (twin, judge, "not from this authority"), (revoked, later, "was revoked"),
        ] {
            let error = failure { try judge.judge(identity.certificate, as: .node) }
            #expect(error?.code == .notAllowed)
            #expect(error?.message.contains(word) == true, "\(word): \(error?.message ?? "taken")")
        }
        #expect(failure { try judge.judge(client.certificate, as: .client) } == nil)
        #expect(failure { try judge.judge(revoked.certificate, as: .node) } == nil)
    }

    @Test("when the authority's own certificate has expired, nothing of it is good")
    func authorityExpired() throws {
        let place = try TestAuthority(days: 10, at: Timestamp.now.days(-11))
        let identity = try place.identity("麻章区")
        let error = failure { try place.judge().judge(identity.certificate, as: .node) }
        #expect(error?.message.contains("authority's certificate has expired") == true)
    }

    @Test("the key of an authority that others may read is refused")
    func openKey() throws {
        let path = place.authority.folder + "/authority.key"
        #expect(chmod(path, 0o640) == 0)
        let error = failure { _ = try Authority(folder: place.authority.folder) }
        #expect(error?.code == .notAllowed)
        #expect(error?.hint == "chmod 600 \(path.shellWord)")
    }

    @Test("a second authority in the same folder is refused, and the first goes on")
    func twice() throws {
        let error = failure { _ = try Authority.create(in: place.authority.folder, name: "又一个") }
        #expect(error?.code == .conflict)
        #expect(
            try Authority(folder: place.authority.folder).fingerprint == place.authority.fingerprint
        )
    }

    @Test("a list of revoked certificates counts only whole and signed")
    func forgedList() throws {
        try place.authority.issue(to: NodeKey().id, name: "丢失", kind: .node)
        try place.authority.revoke(try place.authority.issued(matching: "丢失"))
        let path = place.authority.folder + "/revoked"
        let text = try #require(try IdentityFile.textIfAny(path))
        let bytes = place.authority.certificate.bytes
        let list = try RevocationList(parsing: text, authority: bytes)
        #expect(list.entries.map(\.name) == ["丢失"])
        #expect(list.number == 2)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let shortened = lines.filter { !$0.hasPrefix("serial") }.joined(separator: "\n")
        let other = try TestAuthority().authority.certificate.bytes
        for (text, authority) in [
            (shortened, bytes), (String(text.dropLast(9)), bytes), ("", bytes), (text, other),
            (text.replacing("number 2", with: "number 9"), bytes),
        ] {
            let error = failure { _ = try RevocationList(parsing: text, authority: authority) }
            #expect(error?.code == .integrity)
        }
    }

    @Test("a private key goes through its file, unless others may read it")
    func keyFile() throws {
        let key = NodeKey()
        let path = place.root + "/key.pem"
        try IdentityFile.write(Array(PrivateKeyFile.pem(key).utf8), to: path, mode: 0o600)
        #expect(try PrivateKeyFile.read(path).id == key.id)
        #expect(chmod(path, 0o644) == 0)
        #expect(failure { _ = try PrivateKeyFile.read(path) }?.code == .notAllowed)
        unlink(path)
    }
}
