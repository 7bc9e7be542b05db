public import ReportModel

extension NodeSetup {
    /// What is known of the node above when a node is set up.
    public enum Upstream: Hashable, Sendable {
        /// Nothing was said: a token may bring one later.
        case unsaid
        /// There is none.
        case absent
        /// Its address; a token brings its key, and a certificate for this node.
        case address(String)
        /// Its address and its key.
        case known(address: String, key: String)
    }

    /// Whether the key of a node above must be known now, because no token brings it: over loopback there is
    /// no certificate, and a node that takes others has one of its own authority.
    /// - Parameters:
    ///   - address: `HOST:PORT` of the node above.
    ///   - takesOthers: whether other offices connect to this node.
    /// - Returns: whether it must.
    /// - Throws: ``ReportModel/ReportError`` `usage` when the address is none.
    public static func needsUpstreamKey(
        _ address: String,
        takesOthers: Bool
    ) throws(ReportError) -> Bool {
        let place = try place(address)
        return takesOthers || place.isLoopbackName
    }

    /// The node above, checked.
    /// - Parameters:
    ///   - address: its `HOST:PORT`.
    ///   - key: its key; nil: not known.
    ///   - takesOthers: whether other offices connect to this node.
    /// - Returns: what the configuration is written from.
    /// - Throws: ``ReportModel/ReportError`` `usage` when the address or the key is none, or the key must
    ///   be known.
    public static func upstream(
        _ address: String,
        key: String?,
        takesOthers: Bool
    ) throws(ReportError) -> Upstream {
        let place = try place(address)
        guard let key else {
            guard try needsUpstreamKey(address, takesOthers: takesOthers) else {
                return .address(place.description)
            }
            throw ReportError(
                .usage,
                "the key of the node at \(place) is missing",
                hint: "--upstream-key; reportd --show-key prints it there"
            )
        }
        guard let node = NodeID(parsing: key) else {
            throw ReportError(
                .usage,
                "'\(key)' is no key of a node",
                hint: "reportd --show-key prints it there: ed25519: and 64 digits"
            )
        }
        return .known(address: place.description, key: node.description)
    }

    private static func place(_ text: String) throws(ReportError) -> ListenAddress {
        guard let address = ListenAddress(parsing: text), address.port > 0,
            !text.contains(where: \.isWhitespace)
        else {
            throw ReportError(.usage, "'\(text)' is no HOST:PORT", hint: "such as 10.20.0.1:7324")
        }
        return address
    }

    /// Whether a token enrols this node at the one above, before it is started.
    public var joinsByToken: Bool {
        guard listen == nil else { return false }
        switch upstream {
        case .unsaid, .address: return true
        case .absent: return false
        case .known(let address, _):
            return ListenAddress(parsing: address)?.isLoopbackName == false
        }
    }
}
