import ReportIntake
import ReportModel

/// Which files of inboxes are asked for.
struct InboxQuestion {
    /// What was found.
    struct Answer {
        var rows: [InboxRow] = []
        /// Files that match and are not shown.
        var more = 0
        /// Inboxes that could not be read.
        var problems: [String] = []

        /// The answer as an object.
        var json: JSONValue {
            [
                "items": .array(rows.map(\.json)), "more": .integer(more),
                "problems": .strings(problems),
            ]
        }
    }

    private let pattern: NamePattern?
    private let since: Timestamp?
    private let outcomes: Set<String>?
    private let limit: Int

    /// Makes a question from what was typed.
    /// - Throws: ``ReportError`` `usage`.
    init(name: String?, since: String?, outcome: String?, limit: Int) throws(ReportError) {
        pattern = name.map { NamePattern($0) }
        self.since = try since.map { text throws(ReportError) in
            try Timestamp(argument: text, bareDate: .beginning)
        }
        outcomes = try outcome.map { text throws(ReportError) in
            let words = OutcomeFolder.allCases.map(\.rawValue) + [InboxRow.waiting]
            let folder = OutcomeFolder.allCases.first { $0.name == text }
            guard let word = folder?.rawValue ?? words.first(where: { $0 == text }) else {
                throw ReportError(
                    .usage,
                    "'\(text)' is no outcome",
                    hint: "one of " + words.joined(separator: ", ")
                )
            }
            return [word]
        }
        guard (1...OutcomeReader.maximumNameCount).contains(limit) else {
            throw ReportError(.usage, "--limit is 1 to \(OutcomeReader.maximumNameCount)")
        }
        self.limit = limit
    }

    /// Looks into the folders.
    /// - Parameter places: the inboxes.
    /// - Returns: the files, the newest first, those that wait before all others.
    /// - Throws: ``ReportError`` when none of the inboxes can be read.
    func answer(_ places: [InboxPlace]) throws(ReportError) -> Answer {
        var answer = Answer()
        var waiting: [InboxRow] = []
        var failure: ReportError?
        for place in places {
            if outcomes?.contains(InboxRow.waiting) ?? true {
                waiting += place.waiting.map { InboxRow(waiting: $0, inbox: place.path) }
                    .filter { pattern?.matches($0.file) ?? true }
                answer.more += place.more
            }
            do throws(ReportError) {
                try add(place.path, to: &answer)
            } catch {
                failure = error
                answer.problems.append(error.message)
            }
        }
        if let failure, answer.problems.count == places.count {
            guard failure.code == .notFound else { throw failure }
            throw ReportError(
                .notFound,
                failure.message,
                hint:
                    "the folders are read on this machine: run it where the inbox is, or give --folder DIR"
            )
        }
        answer.rows.sort { ($0.time ?? .now, $1.file) > ($1.time ?? .now, $0.file) }
        answer.more += max(0, answer.rows.count - limit)
        answer.rows = waiting + answer.rows.prefix(limit)
        return answer
    }

    private func add(_ path: String, to answer: inout Answer) throws(ReportError) {
        let reader = OutcomeReader(inbox: path)
        for folder in OutcomeFolder.allCases where outcomes?.contains(folder.rawValue) ?? true {
            // The order of the folder is that of changes to files, which a move to another disk makes
            // anew: what came since a time is only known when all receipts are read.
            let most = since == nil ? limit : OutcomeReader.maximumNameCount
            let (files, more) = try reader.files(folder, limit: most) { name in
                pattern?.matches(name) ?? true
            }
            let wanted = files.filter { file in since.map { file.time >= $0 } ?? true }
            answer.rows += wanted.map { InboxRow($0, inbox: path) }
            answer.more += more
        }
    }
}

/// A part of a name, or a pattern with `*` and `?`; capitals do not count.
struct NamePattern {
    private let pattern: [Character]
    private let isPart: Bool

    init(_ text: String) {
        isPart = !text.contains { $0 == "*" || $0 == "?" }
        pattern = Array(text.lowercased())
    }

    /// Whether a name has the part, or is like the pattern.
    func matches(_ name: String) -> Bool {
        let name = Array(name.lowercased())
        if isPart {
            guard !pattern.isEmpty else { return true }
            guard name.count >= pattern.count else { return false }
            return (0...(name.count - pattern.count)).contains { start in
                name[start..<(start + pattern.count)].elementsEqual(pattern)
            }
        }
        // Goes back to the last star only, so that no pattern takes long.
        var (at, place) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while at < name.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == name[at] {
                at += 1
                place += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                at = last.name + 1
                place = last.pattern + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
