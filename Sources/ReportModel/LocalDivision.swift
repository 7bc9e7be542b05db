/// A district that is not in the table of divisions, such as 经开区, as the configuration names it.
public struct LocalDivision: Hashable, Sendable {
    /// The name as it stands in keys.
    public let name: String

    /// The full name of the city it belongs to; a municipality is its own city.
    public let city: String

    /// Makes a local district; both names are cleaned.
    public init(name: String, city: String) {
        self.name = KeyPart.clean(name)
        self.city = KeyPart.clean(city)
    }
}
