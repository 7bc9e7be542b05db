import Glibc
import ReportModel
import Yams

/// Reads the settings of one YAML mapping, with faults that name line and setting.
struct SettingReader {
    private let node: Node
    private let name: String
    /// Where faults go that do not end the reading.
    let list: FaultList

    init(_ node: Node, name: String, list: FaultList) {
        self.node = node
        self.name = name
        self.list = list
    }

    private func inner(_ node: Node, _ name: String) -> SettingReader {
        SettingReader(node, name: name, list: list)
    }

    private var path: String { list.path }

    private func place(_ setting: String) -> String {
        name.isEmpty ? setting : "\(name).\(setting)"
    }

    /// A fault of one setting, with its line, or that of the mapping which lacks it.
    /// - Parameters:
    ///   - setting: its name within this mapping.
    ///   - message: what is wrong.
    ///   - instead: what to write instead.
    /// - Returns: an error `usage`, of which the list makes a ``ConfigurationFault``.
    func fail(_ setting: String, _ message: Words, instead: Words? = nil) -> ReportError {
        let key = node.mapping?.first { $0.key.string == setting }?.key
        return ConfigurationFault(
            path: path,
            line: (key ?? node).mark?.line,
            setting: place(setting),
            message: message,
            instead: instead
        ).error
    }

    /// A fault of one setting, with a line to copy.
    func fail(_ setting: String, _ message: Words, example: String) -> ReportError {
        fail(setting, message, instead: Words("write: \(example)", "应写为：\(example)"))
    }

    /// Puts settings on the list of faults that are not known, which are mostly misspelt.
    /// - Throws: ``ReportError`` `usage` when this is no mapping.
    func allow(_ known: [String]) throws(ReportError) {
        guard let mapping = node.mapping else {
            throw ConfigurationFault(
                path: path,
                line: node.mark?.line,
                setting: name,
                message: Words(
                    "settings with a colon are expected here",
                    "此处应为“名称: 值”形式的设置"
                ),
                instead: Words(
                    "known are " + known.joined(separator: ", "),
                    "可用设置：" + known.joined(separator: "、")
                )
            ).error
        }
        for (key, _) in mapping {
            let word = key.string ?? "?"
            guard !known.contains(word) else { continue }
            let instead: Words
            if let near = Spelling.nearest(to: word, in: known) {
                instead = Words("did you mean '\(near)'?", "是否应为“\(near)”？")
            } else {
                instead = Words(
                    "known are " + known.joined(separator: ", "),
                    "可用设置：" + known.joined(separator: "、")
                )
            }
            list.add(fail(word, Words("unknown setting", "没有这个设置"), instead: instead))
        }
    }

    private func value(_ setting: String) -> Node? {
        guard let value = node[setting], value.null == nil else { return nil }
        return value
    }

    func text(_ setting: String) throws(ReportError) -> String? {
        guard let value = value(setting) else { return nil }
        guard let scalar = value.scalar else {
            throw fail(setting, Words("one value is expected", "此处应为单个值"))
        }
        return scalar.string
    }

    func required(_ setting: String, example: String = "…") throws(ReportError) -> String {
        guard let text = try text(setting), !text.isEmpty else {
            throw fail(setting, Words("is missing", "缺少此项"), example: "\(setting): \(example)")
        }
        return text
    }

    func number(_ setting: String, in range: ClosedRange<Int>) throws(ReportError) -> Int? {
        guard let text = try text(setting) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw fail(
                setting,
                Words(
                    "a whole number from \(range.lowerBound) to \(range.upperBound) is expected",
                    "应为 \(range.lowerBound) 至 \(range.upperBound) 的整数"
                )
            )
        }
        return number
    }

    func texts(_ setting: String) throws(ReportError) -> [String] {
        guard let value = value(setting) else { return [] }
        guard let sequence = value.sequence else {
            throw fail(
                setting,
                Words("a list is expected", "应为列表"),
                example: "\(setting): [\(value.string ?? "…")]"
            )
        }
        var texts: [String] = []
        for element in sequence {
            guard let scalar = element.scalar else {
                throw fail(setting, Words("a list of single values is expected", "列表中每项应为单个值"))
            }
            texts.append(scalar.string)
        }
        return texts
    }

    func mapping(_ setting: String) throws(ReportError) -> SettingReader {
        guard let value = value(setting) else {
            throw fail(setting, Words("is missing", "缺少此项"))
        }
        return inner(value, place(setting))
    }

    func optionalMapping(_ setting: String) throws(ReportError) -> SettingReader? {
        value(setting) == nil ? nil : try mapping(setting)
    }

    /// The absolute path of a program that can be run.
    func program(_ setting: String) throws(ReportError) -> String? {
        guard let path = try text(setting) else { return nil }
        guard path.hasPrefix("/"), access(path, X_OK) == 0 else {
            throw fail(
                setting,
                Words(
                    "the absolute path of a program is expected, and '\(path)' is none",
                    "应为可执行程序的绝对路径，“\(path)”不是"
                )
            )
        }
        return path
    }

    func mappings(_ setting: String) throws(ReportError) -> [SettingReader] {
        guard let value = value(setting) else { return [] }
        guard let sequence = value.sequence else {
            throw fail(
                setting,
                Words("a list is expected, each item after '- '", "应为列表，每项以“- ”开头")
            )
        }
        return sequence.enumerated().map { index, element in
            inner(element, "\(setting)[\(index)]")
        }
    }

    /// Whether a setting stands there, even with nothing behind it.
    func isPresent(_ setting: String) -> Bool { node[setting] != nil }

    /// Whether a setting is a list.
    func isList(_ setting: String) -> Bool { value(setting)?.sequence != nil }

    /// Whether a setting has settings of its own.
    func isMapping(_ setting: String) -> Bool { value(setting)?.mapping != nil }

    /// The elements of a list, each a single value or a mapping.
    func items(_ setting: String) throws(ReportError) -> [ListItem] {
        var items: [ListItem] = []
        for (index, element) in (value(setting)?.sequence ?? []).enumerated() {
            if let scalar = element.scalar {
                items.append(.text(scalar.string, self))
            } else {
                items.append(.mapping(inner(element, "\(setting)[\(index)]")))
            }
        }
        return items
    }

    func flag(_ setting: String) throws(ReportError) -> Bool? {
        switch try text(setting) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw fail(setting, Words("true or false is expected", "应为 true 或 false"))
        }
    }

    /// An absolute path.
    func folder(_ setting: String) throws(ReportError) -> String? {
        guard let path = try text(setting) else { return nil }
        return try absolute(path, setting)
    }

    /// An absolute path that must be there.
    func requiredFolder(_ setting: String, example: String) throws(ReportError) -> String {
        try absolute(try required(setting, example: example), setting)
    }

    private func absolute(
        _ path: String,
        _ setting: String
    ) throws(ReportError) -> String {
        guard path.hasPrefix("/") else {
            throw fail(
                setting,
                Words(
                    "an absolute path is expected: one that begins with /",
                    "应为绝对路径，即以 / 开头"
                )
            )
        }
        return path
    }

    func node(_ text: String, setting: String) throws(ReportError) -> NodeID {
        guard let node = NodeID(parsing: text) else {
            throw fail(
                setting,
                Words("a key is expected: ed25519: and 64 digits", "应为公钥：ed25519: 加 64 位十六进制数字"),
                instead: Words(
                    "`reportd --show-key` at that node prints it",
                    "在该节点运行 reportd --show-key 可得"
                )
            )
        }
        return node
    }

    func address(_ text: String, setting: String) throws(ReportError) -> ListenAddress {
        let fault = fail(
            setting,
            Words("HOST:PORT is expected, not '\(text)'", "应为“主机:端口”，不是“\(text)”"),
            example: "\(setting): 127.0.0.1:7323"
        )
        guard let address = ListenAddress(parsing: text) else { throw fault }
        return address
    }
}

/// An element of a list in a configuration.
enum ListItem {
    case text(String, SettingReader)
    case mapping(SettingReader)
}

extension ListenAddress {
    /// Reads `HOST:PORT`, with brackets around an IPv6 address; nil when it is none.
    init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }
}
