import ReportModel

/// What the city or a reviewer said about a stored version.
enum ReceiptNews: Sendable {
    /// The city has it; the proof holds its signature.
    case received(at: Timestamp, by: String, proof: JSONValue?)
    /// A reviewer judged it, or its unit took it back.
    case judged(VersionStatus, at: Timestamp, by: String, comment: String?)

    var line: String {
        switch self {
        case .received(let time, let name, _):
            ReceiptWords.cityDoneLabel + ReceiptWords.time(time) + "（"
                + ReceiptWords.line(name, limit: 100) + "）"
        case .judged(let status, let time, let name, let comment):
            ReceiptWords.label(status) + ReceiptWords.time(time) + "（"
                + ReceiptWords.line(name, limit: 100) + "）"
                + (comment.map { "：" + ReceiptWords.line($0) } ?? "")
        }
    }

    func add(to members: inout [String: JSONValue]) {
        switch self {
        case .received(let time, let name, let proof):
            if let proof { members["proof"] = proof }
            members["cityReceivedAt"] = .string(time.description)
            members["cityName"] = .string(name)
        case .judged(let status, let time, let name, let comment):
            let word: JSONValue = [
                "status": .string(status.rawValue), "at": .string(time.description),
                "by": .string(name), "comment": .optional(comment),
            ]
            members["review"] = word
            members["returned"] = status == .returned ? word : .null
        }
    }

    /// Whether a line of a receipt is the one to be replaced.
    func replaces(_ line: String) -> Bool {
        switch self {
        case .received:
            line.hasPrefix(ReceiptWords.cityLabel) || line.hasPrefix(ReceiptWords.cityDoneLabel)
        case .judged: line == self.line
        }
    }
}

extension InboxFiler {
    /// Completes the receipts of a file; receipts that a clerk moved or removed are left alone.
    /// - Returns: whether the text was there.
    func complete(
        _ target: InboxPath,
        _ news: ReceiptNews
    ) async throws(FilerProblem) -> Bool {
        let names = Self.receipts(of: target)
        return try await onDisk { disk throws(FileFault) in
            let limit = InboxLimits.maximumFormByteCount
            if case .file(let bytes, _) = try disk.read(names[1], limit: limit),
                let json = try? JSONValue(parsing: bytes), var members = json.objectValue
            {
                news.add(to: &members)
                let changed = JSONValue.object(members).canonicalBytes + [0x0A]
                if changed != bytes { try disk.write(changed, to: names[1]) }
            }
            guard case .file(let bytes, _) = try disk.read(names[0], limit: limit),
                let text = FormText.decode(bytes), text.hasPrefix(ReceiptWords.headline)
            else { return false }
            let changed = Self.complete(text, news)
            if changed != bytes { try disk.write(changed, to: names[0]) }
            return true
        }
    }

    /// The text with the line that tells the news in place of the one that awaited it.
    private static func complete(_ text: String, _ news: ReceiptNews) -> [UInt8] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map(String.init)
        if lines.last == "" { lines.removeLast() }
        if let index = lines.firstIndex(where: news.replaces) {
            lines[index] = news.line
        } else {
            let index = lines.firstIndex { $0.hasPrefix("记录：") }.map { $0 + 1 } ?? lines.count
            lines.insert(news.line, at: index)
        }
        return ReceiptWords.bytes(lines)
    }
}
