import ReportModel
import ReportTestKit
import Testing

@testable import ReportPostgres

@Suite("Addresses of databases")
struct AddressTests {
    @Test(
        "with a password that would be read as something else are refused, and nothing of it is told",
        arguments: [
            "postgresql://u:geheim/wort@127.0.0.1:1/db",
            "postgresql://u:geheim@wort@127.0.0.1:1/db",
            "postgresql://u:geheim?wort/x@127.0.0.1:1/db",
            "postgresql://u:geheim%zzwort@127.0.0.1/db",
            "postgresql://127.0.0.1:1/db?geheim=wort",
            "postgresql://127.0.0.1:1/db?password=geheim=wort",
            "postgresql://u@127.0.0.1:1/db?geheimwort",
        ]
    )
    func unreadable(text: String) throws {
        let error = #expect(throws: ReportError.self) {
            _ = try PostgresConnection(text, library: PostgresLibrary.standardName)
        }
        #expect(error?.code == .usage)
        let told = (error?.message ?? "") + (error?.hint ?? "")
        for part in ["geheim", "wort"] { #expect(!told.contains(part)) }
        let secrets = AddressSecrets(text)
        let isReadable = try PostgresLibrary.load().canRead(text)
        #expect(throws: ReportError.self) { try secrets.check(isReadable: isReadable) }
    }

    @Test("with marks as they are to be written are taken")
    func readable() throws {
        for text in [
            "postgresql://u:a%2Fb%40c@127.0.0.1:1/db?sslmode=disable",
            "postgresql://u:a?b#c@127.0.0.1:1/db",
            "postgresql:///db?host=/run/postgresql&user=a@b", "postgresql://[::1]:5432/db",
            "postgresql://db1:5432,db2:5433/db?target_session_attrs=read-write",
        ] {
            let isReadable = try PostgresLibrary.load().canRead(text)
            #expect(isReadable)
            try AddressSecrets(text).check(isReadable: isReadable)
        }
    }

    @Test(
        "are shown without user and password, wherever these stand",
        arguments: [
            ("postgresql://u:a?b#c@db1:5432/db", "db1:5432/db"),
            ("postgresql://u:a?b=c@db1/db", ""),
            ("postgresql://u@db1,db2/db?target_session_attrs=read-write", "db1,db2/db"),
            ("postgresql://db1:5432/db?user=u&password=p@ss", "db1:5432/db"),
            ("postgresql:///db?user=a@b", "/db"),
        ]
    )
    func shown(text: String, place: String) throws {
        #expect(try #require(PostgresAddress(text)).shown == "postgresql://" + place)
    }

    @Test("no message quotes a password, as it stands or as it is meant")
    func redacted() {
        let secrets = AddressSecrets("postgresql://u:gehe%2Fim@db/x?sslpassword=noch%20eins")
        let message = "\"gehe%2Fim\" gehe/im \"noch%20eins\" noch eins: no"
        #expect(secrets.redacted(message) == "\"***\" *** \"***\" ***: no")
        #expect(AddressSecrets("postgresql://u@db/x").redacted(message) == message)
    }
}
