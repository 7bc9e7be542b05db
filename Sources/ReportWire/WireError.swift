public import ReportModel

/// What is wrong with bytes of the line protocol.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Kinds of faults.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// No line end within the limit.
        case lineTooLong
        /// An empty line, two spaces, a control character, or too many arguments.
        case malformedLine
        /// A `%` without two hexadecimal digits.
        case badEscape
        /// Bytes that are not UTF-8 where text is wanted.
        case notUTF8
        /// A verb that this version does not have.
        case unknownVerb
        /// Something needed is not there.
        case missingArgument
        /// An argument too many, an unknown or a repeated option.
        case unexpectedArgument
        /// A value of the wrong form or out of range.
        case badArgument
        /// A payload over its limit.
        case payloadTooLarge
        /// A verb that may not come here, such as a payload before authentication.
        case outOfPlace
        /// The other side closed within a line or a payload.
        case truncated
        /// A payload that is not what its verb promises.
        case badPayload
        /// The server holds as many payload bytes as it may.
        case busy
        /// A version of the protocol that is not spoken here.
        case unsupportedVersion
    }

    /// The kind of fault.
    public var code: Code
    /// One sentence for people, without content.
    public var message: String
    /// Whether the place of the next line is unknown, so that the connection must end.
    public var isFinal: Bool

    /// Makes an error.
    /// - Parameters:
    ///   - code: the kind of fault.
    ///   - message: one sentence for people.
    ///   - isFinal: whether the connection must end.
    public init(_ code: Code, _ message: String, isFinal: Bool = false) {
        self.code = code
        self.message = message
        self.isFinal = isFinal
    }

    /// Code and message in one line.
    public var description: String { "\(code.rawValue): \(message)" }

    /// The same error, after which the connection must end.
    public var asFinal: WireError { WireError(code, message, isFinal: true) }

    /// The error as an `-ERR` line shows it.
    public var reportError: ReportError {
        switch code {
        case .payloadTooLarge: ReportError(.tooLarge, message)
        case .outOfPlace: ReportError(.notAllowed, message)
        case .busy: ReportError(.noSpace, message, hint: "try again in a moment")
        case .unsupportedVersion: ReportError(.unsupported, message)
        case .badPayload: ReportError(.integrity, message)
        default: ReportError(.usage, message)
        }
    }
}
