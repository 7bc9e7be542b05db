import Glibc
import ReportAuthority
import ReportModel
import ReportTLS

/// A node with an authority, which listens on loopback in plain text and under TLS.
final class SecureCity {
    let node: NodeProcess
    let authority: Authority
    let key: NodeID
    let port: Int

    var address: String { "127.0.0.1:\(port)" }
    var grants: String { "\(node.folder)/grants.yaml" }

    init(
        _ name: String = "湛江市",
        in root: TestFolder,
        grants text: String = "",
        more: String = ""
    ) throws {
        let port = try FreePort.next()
        self.port = port
        node = try NodeProcess(
            name,
            in: root,
            more: more
                + """
                tls:
                  folder: \(root.path)/\(name)/identity
                  authority: \(root.path)/\(name)/authority
                grants: \(root.path)/\(name)/grants.yaml

                """
        )
        node.lastPort = port
        try node.listen(["127.0.0.1:\(node.port)", "{address: \"127.0.0.1:\(port)\", tls: true}"])
        authority = try Authority.create(in: "\(node.folder)/authority", name: "\(name)财政局")
        try Disk.write(text, to: "\(node.folder)/grants.yaml")
        guard let key = NodeID(parsing: try node.showKey()) else { throw TestFailure("no key") }
        self.key = key
        let held = try authority.issue(to: key, name: name, kind: .node)
        try IssuedIdentity(held, authority).writeUnchecked(to: "\(node.folder)/identity")
    }

    /// A key with a certificate.
    func identity(
        _ name: String,
        kind: HeldCertificate.Kind = .client,
        key: NodeKey = NodeKey(),
        days: Int = 30,
        at now: Timestamp = .now
    ) throws -> TLSIdentity {
        try Self.identity(name, kind, key, days, now, authority)
    }

    static func identity(
        _ name: String,
        _ kind: HeldCertificate.Kind,
        _ key: NodeKey,
        _ days: Int,
        _ now: Timestamp,
        _ authority: Authority
    ) throws -> TLSIdentity {
        let held = try authority.issue(to: key.id, name: name, kind: kind, days: days, at: now)
        return try TLSIdentity(
            certificate: Array(PEM.text("CERTIFICATE", held.bytes).utf8),
            authority: Array(authority.pem.utf8),
            key: key,
            place: name
        )
    }

    /// Adds a grant to the file; a running node must be told.
    func grant(_ identity: TLSIdentity, _ regions: String, _ verbs: String) throws {
        let old = try Disk.text(grants)
        try Disk.write(
            old
                + "- {key: \"\(identity.key.id)\", name: 测试, regions: \(regions), verbs: \(verbs)}\n",
            to: grants
        )
    }

    /// Has the node read grants and certificates anew, and waits until it has.
    func reload() throws {
        let count = try lines("were read anew")
        node.process?.send(SIGHUP)
        try eventually("the node reads its grants anew; its log: \(node.shownLog)") {
            () throws -> Void? in
            try lines("were read anew") > count ? () : nil
        }
    }

    /// Lines of the log with a word.
    func lines(_ word: String) throws -> Int {
        try Disk.text(node.log).split(separator: "\n").count { $0.contains(word) }
    }

    /// Waits for a refusal in the log.
    func awaitRefusal(_ word: String) throws {
        try eventually("a log line with '\(word)'; the log: \(node.shownLog)") {
            () throws -> Void? in
            try Disk.text(node.log).split(separator: "\n").contains {
                $0.contains("refused") && $0.contains(word)
            } ? () : nil
        }
    }

    /// Sessions of peers that stand.
    func peerCount() throws -> Int {
        let status = try node.ctl("status", "-o", "json").json()
        return status["peers"]?.arrayValue?.count { $0["state"] != "away" } ?? 0
    }

    /// Sockets of the node whose other side has closed, while the node has not.
    ///
    /// Source: proc(5), /proc/net/tcp; state 8 is CLOSE_WAIT.
    func halfClosedCount() throws -> Int {
        let ports = [node.port, port].map { port in
            let digits = String(port, radix: 16, uppercase: true)
            return ":" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return try Disk.text("/proc/net/tcp").split(separator: "\n").count { line in
            let words = line.split(separator: " ")
            return words.count > 3 && words[3] == "08"
                && ports.contains { words[1].hasSuffix($0) }
        }
    }

    /// A connection that has proved its key.
    func client(_ identity: TLSIdentity) throws -> SecureClient {
        // On a busy machine the two seconds for a proof may be over: then it is tried again.
        try eventually("a key is proved in time") { () -> SecureClient? in
            let client = try SecureClient(port: port, identity: identity)
            let answer = try client.greet(identity.key, node: key)
            if answer?.hasPrefix("+OK ") == true { return client }
            guard answer?.contains("no key was proved") == true else {
                throw TestFailure("the key is not taken: \(answer ?? "closed")")
            }
            return nil
        }
    }
}
