import ArgumentParser
import Glibc
import ReportAuthority
import ReportClient
import ReportCommands
import ReportModel
import ReportTLS
import Synchronization

struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Enrol this office, or a client, with a token.",
        discussion: """
            --config FILE   a node: its key is that of its store; what is missing in FILE is added
            --client        a program or a person: a key is made in --folder
            """
    )

    @Argument(
        help:
            "The line that reportctl pki token printed; - reads it from standard input, unseen by others."
    )
    var token: String

    /// Where the package keeps the configuration of a node.
    private static let usualConfiguration = "/etc/reportd/reportd.yaml"

    @Option(
        help: ArgumentHelp(
            "The configuration of the node; \(usualConfiguration) when it is there and nothing else is said.",
            valueName: "file"
        )
    )
    var config: String?

    @Option(help: ArgumentHelp("The store of the node; else what --config says.", valueName: "dir"))
    var store: String?

    @Option(
        help: ArgumentHelp(
            "Folder of the identity; for a node the folder identity beside its store, or one of its own when the node has an authority itself.",
            valueName: "dir"
        )
    )
    var folder: String?

    @Flag(help: "For a client.")
    var client = false

    func run() async throws {
        let line = token == "-" ? readLine() ?? "" : token
        guard let token = JoinToken(parsing: line) else {
            throw ReportError(
                .usage,
                "this is no token, or a part of one",
                hint: "it begins with reportd-join/1/ and is one line"
            )
        }
        if client {
            guard let folder else { throw ReportError(.usage, "--client needs --folder") }
            let key = try ClientKey.make(in: folder)
            let node = try await join(token, key: key, folder: folder).node
            try remember(node, at: token.address, in: folder)
        } else {
            try await joinNode(token)
        }
    }

    private func joinNode(_ token: JoinToken) async throws {
        let usual = Self.usualConfiguration
        let config = config ?? (store == nil && access(usual, R_OK) == 0 ? usual : nil)
        let file = try config.map { path throws(ReportError) in try ConfigurationText(path) }
        guard let store = store ?? file?.store else {
            throw ReportError(.usage, "which store?", hint: "give --config FILE or --store DIR")
        }
        if let file, file.hasOtherTLS {
            throw ReportError(
                .usage,
                "\(file.path): tls is written in a way that is not understood here",
                hint:
                    "write tls: and below it, indented, folder: and authority: on lines of their own"
            )
        }
        let own = file?.tlsFolder ?? Self.folder(beside: store)
        let identity = try folder.map(Self.plain) ?? Self.folder(for: token, own: own, file)
        try Self.refuseForeign(token, identity, file)
        let key = try StoreKey.read(store)
        let (node, name) = try await join(token, key: key, folder: identity)
        let lines = ConfigurationText.lines(
            folder: file?.tlsFolder ?? identity,
            upstreamFolder: file?.tlsFolder.map { $0 != identity } == true ? identity : nil,
            address: token.address,
            node: node,
            name: name
        )
        if let file, file.holds(lines) {
            let text = Wording.pick(
                "\(file.path) has these lines already; start reportd anew",
                "\(file.path) 中已有相应设置，请重新启动 reportd"
            )
            return Output.line(text)
        }
        guard let file, file.canTake(lines) else {
            Output.line(Wording.pick("add to the configuration:", "请在配置文件中加入："))
            (lines.tls + lines.upstreams).forEach(Output.line)
            return
        }
        try file.append(lines)
        Output.line(
            Wording.pick(
                "\(file.path) was completed; start reportd anew",
                "已补全 \(file.path)，请重新启动 reportd"
            )
        )
    }

    /// The folder of an identity under the authority of a token: of its own at a node that enrols others.
    ///
    /// Its usual identity is what the offices that it enrolled trust.
    private static func folder(
        for token: JoinToken,
        own: String,
        _ file: ConfigurationText?
    ) throws(ReportError) -> String {
        guard file?.hasAuthority == true, try isForeign(token, own) else { return own }
        return "\(own)-\(token.authority.hex.prefix(8))"
    }

    /// Refuses to write over the identity that the offices which a node enrolled trust.
    private static func refuseForeign(
        _ token: JoinToken,
        _ folder: String,
        _ file: ConfigurationText?
    ) throws(ReportError) {
        guard file?.hasAuthority == true, file?.tlsFolder == folder,
            try isForeign(token, folder)
        else { return }
        throw ReportError(
            .notAllowed,
            "\(folder) holds the certificate of this node's own authority, which those it enrolled trust",
            hint:
                "leave out --folder: the certificate of the other authority gets a folder of its own"
        )
    }

    /// Whether a folder holds an identity of another authority than that of a token.
    private static func isForeign(
        _ token: JoinToken,
        _ folder: String
    ) throws(ReportError) -> Bool {
        let path = "\(folder)/\(TLSIdentity.FileName.authority)"
        guard let text = try IdentityFile.textIfAny(path),
            let bytes = PEM.bytes("CERTIFICATE", in: Array(text.utf8))
        else { return false }
        return Hash256(hashing: bytes) != token.authority
    }

    /// Gets the certificate and writes it.
    /// - Returns: the key of the node that enrolled, and the name in its certificate.
    private func join(
        _ token: JoinToken,
        key: NodeKey,
        folder: String
    ) async throws(ReportError) -> (node: NodeID, name: String) {
        let seen = Mutex("")
        let check: TLSClient.Check = { chain throws(ReportError) in
            guard chain.count >= 2, chain[1].fingerprint == token.authority else {
                throw ReportError(
                    .notAllowed,
                    "who answers at \(token.address) is not of the authority of the token",
                    hint: "ask who gave you the token whether the address is right"
                )
            }
            try CertificateJudge(authority: chain[1].bytes, revocations: nil)
                .judge(chain[0], as: .node)
            let name = try HeldCertificate(der: chain[0].bytes).name
            seen.withLock { $0 = name }
        }
        let (answer, node) = try await NodeService.join(
            at: token.address,
            token: token.id,
            secret: token.secret,
            key: key,
            check: check
        )
        try IssuedIdentity(answer).write(to: folder, key: key, authority: token.authority)
        let held = try HeldCertificate(
            pem: IdentityFile.read("\(folder)/certificate.pem"),
            place: folder
        )
        CertificateText.lines(held, nil).forEach(Output.line)
        Output.line(Wording.pick("folder    ", "目录      ") + folder)
        return (node, seen.withLock { $0 })
    }

    /// Writes down the key of the node that a client asks from now on.
    private func remember(
        _ node: NodeID,
        at address: String,
        in folder: String
    ) throws(ReportError) {
        let path = "\(folder)/\(TLSIdentity.FileName.nodes)"
        let old = (try IdentityFile.textIfAny(path) ?? "").split(separator: "\n")
            .filter { !$0.hasPrefix(address + " ") }
        let text = (old.map(String.init) + ["\(address) \(node)"]).joined(separator: "\n") + "\n"
        try IdentityFile.write(Array(text.utf8), to: path)
    }

    /// A path without slashes at its end.
    private static func plain(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func folder(beside store: String) -> String {
        let end = store.lastIndex(of: "/") ?? store.startIndex
        return store[..<end] + "/identity"
    }
}
