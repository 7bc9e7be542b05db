import Descriptors
import Glibc
public import ReportModel
import Yams

extension NodeConfiguration {
    /// Where the configuration is when nothing else is said.
    public static let usualPath = "/etc/reportd/reportd.yaml"
    /// Longest configuration file.
    static let maximumByteCount = 1 << 20

    /// Reads a configuration file.
    /// - Parameter path: a YAML file.
    /// - Throws: ``ReportError`` `usage` that names line and setting of the first fault, and says what is
    ///   expected.
    public init(file path: String) throws(ReportError) {
        let list = FaultList(path: path)
        let read = try Self.read(file: path, list)
        try list.throwIfAny()
        guard let read else { throw ReportError(.usage, "\(path) is empty") }
        self = read
    }

    /// Reads a configuration file for all its faults, with those that the start of a node would find later.
    /// - Parameter path: a YAML file.
    /// - Returns: what was understood, nil when the file is no YAML; and the faults by line.
    /// - Throws: ``ReportError`` when the file cannot be read.
    public static func check(
        file path: String
    ) throws(ReportError) -> (configuration: NodeConfiguration?, faults: [ConfigurationFault]) {
        let list = FaultList(path: path)
        let read = try read(file: path, list)
        if let read { LaterFaults(read, list)?.add() }
        return (read, list.sorted)
    }

    /// Reads a configuration file for the start of its node, which also wants the places it names.
    /// - Parameter path: a YAML file.
    /// - Throws: ``ReportError`` as ``init(file:)``; of the faults that ``check(file:)`` adds, those with which the
    ///   node could not work: `usage`, or `not-allowed` for an address that would be open without TLS.
    public init(starting path: String) throws(ReportError) {
        let list = FaultList(path: path)
        let read = try Self.read(file: path, list)
        try list.throwIfAny()
        guard let read else { throw ReportError(.usage, "\(path) is empty") }
        LaterFaults(read, list)?.add()
        try list.throwIfAny()
        self = read
    }

    /// How a node logs whose configuration may have faults: text unless its setting `log` can be read.
    static func logFormat(file path: String) -> LogFormat {
        (try? read(file: path, FaultList(path: path)))?.logFormat ?? .text
    }

    private static func read(
        file path: String,
        _ list: FaultList
    ) throws(ReportError) -> NodeConfiguration? {
        let text: String
        do throws(ReportError) {
            text = try read(path)
        } catch {
            throw ReportError(.usage, error.message, hint: error.hint)
        }
        return understood(text, path: path, list)
    }

    /// Reads the text of a configuration.
    /// - Parameters:
    ///   - text: YAML.
    ///   - path: where it stands or will stand.
    /// - Throws: ``ReportError`` `usage` that names line and setting of the first fault.
    init(text: String, path: String) throws(ReportError) {
        let list = FaultList(path: path)
        let read = Self.understood(text, path: path, list)
        try list.throwIfAny()
        guard let read else { throw ReportError(.usage, "\(path) is empty") }
        self = read
    }

    private static func understood(
        _ text: String,
        path: String,
        _ list: FaultList
    ) -> NodeConfiguration? {
        guard let root = list.attempt(try root(of: text, path: path)) else { return nil }
        guard let root else {
            list.add(
                ConfigurationFault(
                    path: path,
                    setting: "",
                    message: Words("the file is empty", "文件为空"),
                    instead: Words("reportd init writes one", "可由 reportd init 生成")
                )
            )
            return nil
        }
        var read = NodeConfiguration(SettingReader(root, name: "", list: list))
        read.file = path
        read.lines = SettingLines(root)
        return read
    }

    /// The YAML of a text; nil when it is empty.
    static func root(of text: String, path: String) throws(ReportError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch {
            throw fault(error, path)
        }
    }

    private static func fault(_ error: any Error, _ path: String) -> ReportError {
        var line: Int?
        var reason = "\(error)"
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            line = mark.line
            reason = problem
        case .duplicatedKeysInMapping(let names, let context):
            line = context.mark.line
            reason = names.joined(separator: ", ") + " stands twice"
        default: break
        }
        return ConfigurationFault(
            path: path,
            line: line,
            setting: "",
            message: Words("this is not YAML: \(reason)", "不是有效的 YAML：\(reason)"),
            instead: Words(
                "a setting is `name: value`, spaces in front of it, no tabs; text with : or # in quotes",
                "写法为“名称: 值”，用空格缩进，不用制表符；含 : 或 # 的文字加引号"
            )
        ).error
    }

    private static func unreadable(_ path: String) -> ReportError {
        let number = errno
        return ReportError(
            number == ENOENT ? .notFound : .usage,
            "the configuration \(path) cannot be read: \(String(cString: strerror(number)))",
            hint: number == ENOENT
                ? "reportd init writes one"
                : number == EACCES || number == EPERM
                    ? "run it as root, or as the user reportd" : nil
        )
    }

    static func read(_ path: String) throws(ReportError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        guard let bytes = Descriptor.read(descriptor, limit: maximumByteCount) else {
            throw unreadable(path)
        }
        guard bytes.count <= maximumByteCount,
            let text = String(validating: bytes, as: UTF8.self)
        else { throw ReportError(.usage, "\(path) is no UTF-8 text of at most 1 MiB") }
        return text
    }
}
