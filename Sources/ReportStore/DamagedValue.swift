public import ReportModel
import Synchronization

/// A stored value that a read found to be another than was written.
public struct DamagedValue: Hashable, Sendable {
    /// A member of the details of errors that tell of one.
    static let placeMember = "place"

    /// Where it stands: table and key of the row, or the version when no row can be named.
    public var place: String
    /// What the reader was told.
    public var message: String

    /// Makes a value.
    /// - Parameters:
    ///   - place: table and key of the row, or the version.
    ///   - message: what the reader was told.
    public init(place: String, message: String) {
        self.place = place
        self.message = message
    }

    /// Whether the message names the version that cannot be served, and not only a row.
    public var isNamed: Bool { !message.contains(place) }

    /// The value as an object.
    public var json: JSONValue { ["place": .string(place), "message": .string(message)] }

    /// Reads the object that ``json`` writes; nil for any other.
    /// - Parameter json: an object.
    public init?(json: JSONValue) {
        guard let place = json["place"]?.stringValue, let message = json["message"]?.stringValue
        else { return nil }
        self.init(place: place, message: message)
    }
}

/// Damaged values that reads met and nobody has taken note of yet.
final class DamagedValues: Sendable {
    private let values = Mutex<[DamagedValue]>([])

    /// Keeps what an error tells, when it tells of a damaged value: each place once.
    func note(_ error: ReportError) {
        guard let place = error.details[DamagedValue.placeMember]?.stringValue else { return }
        let value = DamagedValue(place: place, message: error.message)
        values.withLock { values in
            if let index = values.firstIndex(where: { $0.place == place }) {
                // The short way to a record knows its row only, the long way its version.
                if value.isNamed { values[index] = value }
            } else if values.count < StoreLimits.maximumProblemCount {
                values.append(value)
            }
        }
    }

    /// Hands everything over.
    func take() -> [DamagedValue] {
        values.withLock { values in
            defer { values = [] }
            return values
        }
    }
}
