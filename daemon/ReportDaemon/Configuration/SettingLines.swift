import Yams

/// The lines at which the settings of a configuration stand, by their names: `inboxes[0].path`.
struct SettingLines: Sendable {
    private var lines: [String: Int] = [:]

    /// Knows no line.
    init() {}

    /// Walks through a configuration.
    /// - Parameter root: its YAML.
    init(_ root: Node) { add(root, name: "") }

    /// The line of a setting, from 1; nil when it does not stand there.
    subscript(setting: String) -> Int? { lines[setting] }

    private mutating func add(_ node: Node, name: String) {
        if let mapping = node.mapping {
            for (key, value) in mapping {
                guard let word = key.string else { continue }
                let inner = name.isEmpty ? word : "\(name).\(word)"
                lines[inner] = key.mark?.line
                add(value, name: inner)
            }
        } else if let sequence = node.sequence {
            for (index, element) in sequence.enumerated() {
                let inner = "\(name)[\(index)]"
                lines[inner] = element.mark?.line
                add(element, name: inner)
            }
        }
    }
}
