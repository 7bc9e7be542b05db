import ReportModel
import ReportWire

/// What a client may do that proved no key.
///
/// Source: DESIGN section 6.
enum ClientAuthority: Sendable {
    /// Anybody at the loopback address: reads and hands in files.
    case anyone
    /// Who may open the node's own socket, which is its user and root: everything.
    case administrator

    /// - Throws: ``ReportError`` `not-allowed` with what to do instead.
    func check(_ request: Request) throws(ReportError) {
        guard case .command = request, self == .anyone else { return }
        throw ReportError(
            .notAllowed,
            "\(request.verb.rawValue) is taken at the node's own socket only",
            hint: "on the node's machine: reportctl … --store DIR"
        )
    }
}
