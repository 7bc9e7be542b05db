/// Text from outside as it may be shown: one line, nothing that moves the cursor or turns the writing.
package enum SafeText {
    /// Replaces control, direction and private characters, and cuts at a limit of scalars.
    package static func clean(_ text: String, limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else {
                scalars.append("…")
                break
            }
            count += 1
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate, .privateUse:
                // The joiner of emoji is harmless and keeps them whole.
                scalars.append(scalar == "\u{200D}" ? scalar : scalar == "\t" ? " " : "\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// Text that may have several lines as one line.
    package static func line(_ text: String, limit: Int = 500) -> String {
        clean(text.split(whereSeparator: \.isWhitespace).joined(separator: " "), limit: limit)
    }

    /// A file name for people; bytes that are not UTF-8 are replaced.
    package static func name(_ bytes: [UInt8]) -> String {
        clean(String(decoding: bytes, as: UTF8.self), limit: 1024)
    }
}
