/// The consistency rules.
public enum Rules {
    /// Version written into `rules` of every record.
    public static let version = "1"

    /// All rules in the order in which their findings are listed.
    public static let all: [Rule] = []
}
