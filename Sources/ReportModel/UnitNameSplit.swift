/// A unit's name split into its region and the rest.
public struct UnitNameSplit: Hashable, Sendable {
    /// The region that stands in front of the name, or the hint when none does; nil when neither is known.
    ///
    /// A shared name without a city gives a region with candidates.
    public let region: Region?

    /// The text in front of the region that belongs to the unit, such as 中共 or 共青团.
    public let lead: String

    /// The region as printed, empty when none was.
    public let printedRegion: String

    /// The name after the region; the whole name when no region stands in front.
    public let rest: String

    /// Whether the name says a region.
    public var hasRegion: Bool { !printedRegion.isEmpty }
}
