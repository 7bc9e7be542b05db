/// The ceilings of keys, lookups and names, in one place.
public enum KeyLimits {
    /// The longest key in bytes of UTF-8; longer ones have their longest part cut.
    public static let maximumKeyByteCount = 400

    /// The longest text in bytes that is looked at as a key, lookup or name; longer text is refused.
    ///
    /// A control line of the protocol has at most 4 KiB, so nothing longer arrives from there.
    public static let maximumTextByteCount = 4096

    /// The most parts a lookup has, its year left out.
    ///
    /// A key has at most 5; a province and names that repeat the region may stand beside them.
    public static let maximumLookupPartCount = 8

    /// The most alternatives a lookup is expanded to.
    ///
    /// The largest province has about 180 cities and counties, counted over all years.
    public static let maximumAlternativeCount = 512

    /// The earliest and latest year of a key.
    public static let years = 1900...2999

    /// The highest version number that is read.
    public static let maximumVersionNumber = 999_999_999

    /// The most local districts that a node is configured with.
    public static let maximumLocalDivisionCount = 200

    /// The longest name of a local district, or of its city, in scalars.
    public static let maximumLocalNameScalarCount = 20

    /// The longest zone name in scalars, such as 国家高新技术产业开发区.
    static let maximumZoneScalarCount = 20
}
