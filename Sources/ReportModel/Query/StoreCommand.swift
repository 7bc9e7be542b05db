/// Something that is written into the store beside filings, with one JSON object as its answer.
///
/// Line protocol and command line carry every command as a verb with a JSON object. Only who may open
/// the node's own socket gives commands. To add one: a verb and a case here, a type with `json` and
/// `init(json:)`, and a line in `ReportStoring.perform(_:)`.
///
/// Source: docs/protocol.md section 3.7.
public enum StoreCommand: Hashable, Sendable {
    /// Explains a finding; answers with the note as it stands in the log.
    case note(NoteCommand)
    /// Judges versions: `{items}`, each with its version or an error.
    case review(ReviewCommand)
    /// Takes a version back.
    case retract(RetractCommand)
    /// Moves a version to the key where it belongs.
    case rekey(RekeyCommand)
    /// Drops bodies by law.
    case erase(EraseCommand)
    /// Reads stored files anew: `{items}`; needs a parser, so a store alone refuses it.
    case reparse(ReparseCommand)
    /// Does something about peers.
    case peer(PeerCommand)
    /// Takes a bundle that another node wrote to a file.
    case bundle(BundleCommand)

    /// Verbs of commands, as the line protocol writes them.
    public enum Verb: String, Hashable, Sendable, CaseIterable {
        case note = "NOTE"
        case review = "REVIEW"
        case retract = "RETRACT"
        case rekey = "REKEY"
        case erase = "ERASE"
        case reparse = "REPARSE"
        case peer = "PEER"
        case bundle = "BUNDLE"
    }

    /// The verb.
    public var verb: Verb {
        switch self {
        case .note: .note
        case .review: .review
        case .retract: .retract
        case .rekey: .rekey
        case .erase: .erase
        case .reparse: .reparse
        case .peer: .peer
        case .bundle: .bundle
        }
    }

    /// The object that stands behind the verb.
    public var json: JSONValue {
        switch self {
        case .note(let command): command.json
        case .review(let command): command.json
        case .retract(let command): command.json
        case .rekey(let command): command.json
        case .erase(let command): command.json
        case .reparse(let command): command.json
        case .peer(let command): command.json
        case .bundle(let command): command.json
        }
    }

    /// Reads a command.
    /// - Parameters:
    ///   - verb: the verb.
    ///   - json: the object behind it.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(_ verb: Verb, json: JSONValue) throws(ReportError) {
        guard json.objectValue != nil else {
            throw ReportError(.usage, "\(verb.rawValue) is followed by a JSON object")
        }
        switch verb {
        case .note: self = .note(try NoteCommand(json: json))
        case .review: self = .review(try ReviewCommand(json: json))
        case .retract: self = .retract(try RetractCommand(json: json))
        case .rekey: self = .rekey(try RekeyCommand(json: json))
        case .erase: self = .erase(try EraseCommand(json: json))
        case .reparse: self = .reparse(try ReparseCommand(json: json))
        case .peer: self = .peer(try PeerCommand(json: json))
        case .bundle: self = .bundle(try BundleCommand(json: json))
        }
    }
}

/// A note and what it is about.
public struct NoteCommand: Hashable, Sendable {
    /// Must name one key; with a version, that one is spoken of, else the current one.
    public var lookup: Lookup
    /// What is said.
    public var note: Note

    /// Makes a command.
    /// - Parameters:
    ///   - lookup: must name one key.
    ///   - note: what is said.
    public init(_ lookup: Lookup, _ note: Note) {
        self.lookup = lookup
        self.note = note
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        self.init(try Lookup(argument: json["lookup"]?.stringValue ?? ""), try Note(json: json))
    }

    /// The note's object with `lookup`.
    public var json: JSONValue {
        var members = note.json.objectValue ?? [:]
        members["lookup"] = .string(lookup.description)
        return .object(members)
    }
}
