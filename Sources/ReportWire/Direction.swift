/// Which way entries go between two nodes, as seen from the one that says it.
///
/// What a node filed itself is no matter of direction: its own logs always come back to it.
///
/// Source: docs/protocol.md section 5.2; docs/decisions/0026-directions.md.
public enum Direction: String, Hashable, Sendable, CaseIterable {
    /// The node sends and takes.
    case both
    /// The node sends, and takes nothing.
    case push
    /// The node takes, and sends nothing.
    case pull

    /// Whether the node sends entries.
    public var sends: Bool { self != .pull }
    /// Whether the node takes entries.
    public var takes: Bool { self != .push }

    /// The word for a direction in `status`.
    /// - Parameter direction: nil: neither way.
    /// - Returns: its name, or `none`.
    public static func text(_ direction: Direction?) -> String { direction?.rawValue ?? "none" }
}
