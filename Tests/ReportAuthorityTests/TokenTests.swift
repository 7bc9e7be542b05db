import ReportAuthority
import ReportModel
import ReportTLS
import Testing

@Suite struct TokenTests {
    private let place: TestAuthority

    init() throws { place = try TestAuthority() }

    private func token(until: Timestamp = Timestamp.now.days(1)) throws -> JoinToken {
        let token = JoinToken(address: "10.0.0.1:7324", authority: place.authority.fingerprint)
        try place.authority.keep(
            TokenRecord(
                token,
                name: "麻章区",
                kind: .node,
                regions: ["湛江市/麻章区"],
                verbs: ["peer"],
                validUntil: until
            )
        )
        return token
    }

    @Test("a token is one line that is read back, also with blanks in it")
    func line() throws {
        let token = try token()
        #expect(JoinToken(parsing: token.description) == token)
        #expect(
            JoinToken(
                parsing: "  \(token.description.prefix(60))\n \(token.description.dropFirst(60)) "
            ) == token
        )
        for text in [
            "", "reportd-join/1/a:1/00/00/00", token.description + "/x", "x" + token.description,
        ] {
            #expect(JoinToken(parsing: text) == nil)
        }
        let kept = try place.authority.tokens()
        #expect(kept.count == 1)
        let stored = IdentityFile.names(in: place.authority.folder + "/tokens").compactMap {
            try? IdentityFile.textIfAny(place.authority.folder + "/tokens/" + $0)
        }
        #expect(!stored.joined().contains(token.secret.hex), "the secret is kept nowhere")
    }

    @Test("a token gives one key one certificate, and no other key any")
    func once() throws {
        let token = try token()
        let node = NodeKey().id
        let (first, record) = try place.authority.redeem(token.id, secret: token.secret, by: node)
        #expect(first.node == node)
        #expect(record.regions == ["湛江市/麻章区"])
        let (again, _) = try place.authority.redeem(token.id, secret: token.secret, by: node)
        #expect(again.serial == first.serial, "the answer may have been lost")
        let error = failure {
            _ = try place.authority.redeem(token.id, secret: token.secret, by: NodeKey().id)
        }
        #expect(error?.code == .notAllowed)
        #expect(error?.message.contains("used already") == true)
        #expect(try place.authority.issued().count == 1)
    }

    @Test("a used token does not undo a revocation")
    func revoked() throws {
        let token = try token()
        let node = NodeKey().id
        let (held, _) = try place.authority.redeem(token.id, secret: token.secret, by: node)
        try place.authority.revoke([held])
        let expired = failure {
            _ = try place.authority.redeem(token.id, secret: token.secret, by: node)
        }
        #expect(expired?.message.contains("the token has expired") == true)
        // Nor when the token's own time was not ended.
        let other = try self.token()
        let second = NodeKey().id
        let (lost, _) = try place.authority.redeem(other.id, secret: other.secret, by: second)
        let path = "\(place.authority.folder)/tokens/\(other.id).json"
        let kept = try IdentityFile.read(path)
        try place.authority.revoke(matching: lost.serial)
        try IdentityFile.write(kept, to: path, mode: 0o600)
        let error = failure {
            _ = try place.authority.redeem(other.id, secret: other.secret, by: second)
        }
        #expect(error?.code == .notAllowed)
        #expect(error?.message == "the certificate of this token was revoked")
        #expect(try place.authority.issued().count == 2)
    }

    @Test("that the grant was written is remembered on disk")
    func granted() throws {
        let token = try token()
        let node = NodeKey().id
        let (_, first) = try place.authority.redeem(token.id, secret: token.secret, by: node)
        #expect(!first.isGranted)
        try place.authority.markGranted(token.id)
        let (_, second) = try place.authority.redeem(token.id, secret: token.secret, by: node)
        #expect(second.isGranted)
    }

    @Test("a damaged certificate keeps no other from being revoked")
    func damaged() throws {
        let held = try place.authority.issue(to: NodeKey().id, name: "甲", kind: .client)
        try IdentityFile.write([0x41], to: "\(place.authority.folder)/issued/00.pem")
        let found = try place.authority.revoke(matching: "甲")
        #expect(found.map(\.serial) == [held.serial])
        #expect(try place.authority.revocations().entry(of: held.serial) != nil)
    }

    @Test("a wrong secret, a wrong id and a token after its time give nothing")
    func refusals() throws {
        let token = try token()
        let late = try self.token(until: Timestamp.now.days(-1))
        for (id, secret) in [
            (token.id, Hash256.random()), ("0000000000000000", token.secret),
            ("../../../etc/passwd", token.secret), (late.id, late.secret),
        ] {
            let error = failure {
                _ = try place.authority.redeem(id, secret: secret, by: NodeKey().id)
            }
            #expect(error?.code == .notAllowed)
        }
        #expect(try place.authority.issued().isEmpty)
    }
}
