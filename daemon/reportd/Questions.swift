import Glibc
import ReportCommands
import ReportDaemon
import ReportModel

/// Asks a person for what the arguments did not say.
struct Questions {
    /// Whether there is a person.
    let isAsking: Bool

    private static let maximumAttemptCount = 5

    private func ask(_ question: String, usual: String? = nil) -> String? {
        Output.error(question + (usual.map { " [\($0)]" } ?? ""))
        guard let line = readLine() else { return nil }
        let answer = line.trimmed
        return answer.isEmpty ? usual : answer
    }

    func name() throws(ReportError) -> String {
        guard isAsking else {
            throw ReportError(.usage, "--name is missing", hint: "such as --name 麻章区")
        }
        for _ in 0..<Self.maximumAttemptCount {
            let question = Wording.pick(
                "Name of this office, as receipts will show it (such as 麻章区):",
                "本单位的名称，将显示在回执中（如 麻章区）："
            )
            if let name = ask(question) { return name }
        }
        throw ReportError(.usage, "--name is missing")
    }

    func region() throws(ReportError) -> String {
        guard isAsking else {
            throw ReportError(.usage, "--region is missing", hint: "such as --region 湛江市/麻章区")
        }
        for _ in 0..<Self.maximumAttemptCount {
            let question = Wording.pick(
                "Region that files here: city/district or six-digit code (such as 湛江市/麻章区):",
                "在此报送的地区：市/区县，或六位代码（如 湛江市/麻章区）："
            )
            guard let answer = ask(question) else { continue }
            do throws(ReportError) {
                return try NodeSetup.region(answer)
            } catch {
                let message = Wording.pick(error.message, "没有名为“\(answer)”的地区，或不止一个")
                Output.error(message + (error.hint.map { ": " + $0 } ?? ""))
            }
        }
        throw ReportError(.usage, "--region is missing")
    }

    func inbox(_ usual: String) -> String {
        guard isAsking else { return usual }
        let question = Wording.pick("Folder where files are dropped:", "放入文件的收件夹：")
        return ask(question, usual: usual) ?? usual
    }

    func listen(isGiven: Bool) -> String? {
        guard isAsking, !isGiven else { return nil }
        let question = Wording.pick(
            "Do other offices send to this node? Its own HOST:PORT (such as 10.20.0.1:7324), empty for no:",
            "是否有其他单位向本节点报送？填本机“地址:端口”（如 10.20.0.1:7324），没有则直接回车："
        )
        return ask(question)
    }

    /// The node above; asked of those only who were asked for the name as well.
    func upstream(
        isGiven: Bool,
        takesOthers: Bool
    ) throws(ReportError) -> NodeSetup.Upstream {
        guard isAsking, !isGiven else { return .unsaid }
        for _ in 0..<Self.maximumAttemptCount {
            let question = Wording.pick(
                "Node above, to which reports are sent: HOST:PORT (such as 10.20.0.1:7324), empty for none:",
                "上级节点（报告报送到哪里）：填“地址:端口”（如 10.20.0.1:7324），没有则直接回车："
            )
            guard let address = ask(question) else { return .absent }
            do throws(ReportError) {
                let needsKey = try NodeSetup.needsUpstreamKey(address, takesOthers: takesOthers)
                let key = needsKey ? ask(Self.keyQuestion) : nil
                return try NodeSetup.upstream(address, key: key, takesOthers: takesOthers)
            } catch {
                let message = Wording.pick(error.message, "上级节点的地址或公钥不正确")
                Output.error(message + (error.hint.map { ": " + $0 } ?? ""))
            }
        }
        throw ReportError(
            .usage,
            "the node above is not known",
            hint: "--upstream HOST:PORT, or --no-upstream"
        )
    }

    private static var keyQuestion: String {
        Wording.pick(
            "Its key, as reportd --show-key prints it there:",
            "上级节点的公钥（在该节点运行 reportd --show-key 可得）："
        )
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
