/// Which units a filing counts in.
///
/// Source: `record-schema.md`, row `unit`.
public enum UnitScope: String, Hashable, Sendable, CaseIterable {
    /// 本级: the unit alone; it adds nothing to the key.
    case own = "本级"
    /// 汇总: the unit with its subordinate units; it makes a unit of its own in the key.
    case consolidated = "汇总"
}
