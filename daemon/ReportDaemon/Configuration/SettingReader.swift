import Glibc
import ReportModel
import Yams

/// Reads the settings of one YAML mapping, with errors that name the setting.
struct SettingReader {
    private let node: Node
    private let path: String
    private let name: String

    init(_ node: Node, path: String, name: String) {
        self.node = node
        self.path = path
        self.name = name
    }

    /// An error about one setting.
    func fail(_ setting: String, _ message: String) -> ReportError {
        let place = name.isEmpty ? setting : "\(name).\(setting)"
        return ReportError(
            .usage,
            "\(path): \(place): \(message)",
            hint: "ops/reportd.yaml is a commented example"
        )
    }

    /// Refuses settings that are not known, which are mostly misspelt.
    func allow(_ known: [String]) throws(ReportError) {
        guard let mapping = node.mapping else {
            throw ReportError(.usage, "\(path): \(name.isEmpty ? "the file" : name) is no mapping")
        }
        for (key, _) in mapping {
            let word = key.string ?? "?"
            guard known.contains(word) else {
                throw fail(word, "unknown; known are " + known.joined(separator: ", "))
            }
        }
    }

    private func value(_ setting: String) -> Node? {
        guard let value = node[setting], value.null == nil else { return nil }
        return value
    }

    func text(_ setting: String) throws(ReportError) -> String? {
        guard let value = value(setting) else { return nil }
        guard let scalar = value.scalar else { throw fail(setting, "one value is expected") }
        return scalar.string
    }

    func required(_ setting: String) throws(ReportError) -> String {
        guard let text = try text(setting), !text.isEmpty else {
            throw fail(setting, "is missing")
        }
        return text
    }

    func number(_ setting: String) throws(ReportError) -> Int? {
        guard let text = try text(setting) else { return nil }
        guard let number = Int(text) else { throw fail(setting, "a whole number is expected") }
        return number
    }

    func texts(_ setting: String) throws(ReportError) -> [String] {
        guard let value = value(setting) else { return [] }
        guard let sequence = value.sequence else { throw fail(setting, "a list is expected") }
        var texts: [String] = []
        for element in sequence {
            guard let scalar = element.scalar else {
                throw fail(setting, "a list of single values is expected")
            }
            texts.append(scalar.string)
        }
        return texts
    }

    func mapping(_ setting: String) throws(ReportError) -> SettingReader {
        guard let value = value(setting) else { throw fail(setting, "is missing") }
        return SettingReader(value, path: path, name: name.isEmpty ? setting : "\(name).\(setting)")
    }

    func optionalMapping(_ setting: String) throws(ReportError) -> SettingReader? {
        value(setting) == nil ? nil : try mapping(setting)
    }

    /// The absolute path of a program that can be run.
    func program(_ setting: String) throws(ReportError) -> String? {
        guard let path = try text(setting) else { return nil }
        guard path.hasPrefix("/"), access(path, X_OK) == 0 else {
            throw fail(setting, "the absolute path of a program is expected, not '\(path)'")
        }
        return path
    }

    func mappings(_ setting: String) throws(ReportError) -> [SettingReader] {
        guard let value = value(setting) else { return [] }
        guard let sequence = value.sequence else { throw fail(setting, "a list is expected") }
        return sequence.enumerated().map { index, element in
            SettingReader(element, path: path, name: "\(setting)[\(index)]")
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
                let name = "\(setting)[\(index)]"
                items.append(.mapping(SettingReader(element, path: path, name: name)))
            }
        }
        return items
    }

    func flag(_ setting: String) throws(ReportError) -> Bool? {
        switch try text(setting) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw fail(setting, "true or false is expected")
        }
    }

    /// An absolute path.
    func folder(_ setting: String, isRequired: Bool = false) throws(ReportError) -> String? {
        let path = isRequired ? try required(setting) : try text(setting)
        guard path?.hasPrefix("/") ?? true else {
            throw fail(setting, "an absolute path is expected")
        }
        return path
    }

    func node(_ text: String, setting: String) throws(ReportError) -> NodeID {
        guard let node = NodeID(parsing: text) else {
            throw fail(setting, "a key as `reportd --show-key` prints it is expected")
        }
        return node
    }

    func address(_ text: String, setting: String) throws(ReportError) -> ListenAddress {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
        else { throw fail(setting, "HOST:PORT is expected") }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw fail(setting, "HOST:PORT is expected") }
        return ListenAddress(host: String(host), port: port)
    }
}

/// An element of a list in a configuration.
enum ListItem {
    case text(String, SettingReader)
    case mapping(SettingReader)
}
