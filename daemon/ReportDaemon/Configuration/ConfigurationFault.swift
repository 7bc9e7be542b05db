import ReportModel

/// Something wrong in a configuration file: where, and what to write instead.
public struct ConfigurationFault: Hashable, Sendable {
    /// The file.
    public var path: String
    /// The line, from 1; nil when the fault is in no line.
    public var line: Int?
    /// The setting, such as `inboxes[0].region`; empty for the file as a whole.
    public var setting: String
    /// What is wrong.
    public var message: Words
    /// What to write instead; nil when the message says it.
    public var instead: Words?
    /// The kind of error with which a start ends.
    var code = ReportError.Code.usage
    /// Whether a node does not start with it.
    var endsStart = true

    /// `FILE:LINE: SETTING`, as far as they are known.
    public var place: String {
        var place = path
        if let line { place += ":\(line)" }
        return setting.isEmpty ? place : "\(place): \(setting)"
    }
}

extension ConfigurationFault {
    /// Members of an error's details by which a fault passes through code that knows errors only.
    private enum Member {
        static let line = "line"
        static let setting = "setting"
        static let english = "english"
        static let chinese = "chinese"
        static let instead = "instead"
        static let insteadChinese = "insteadChinese"
    }

    /// The fault as an error, from which ``init(_:path:)`` makes the fault again.
    var error: ReportError {
        ReportError(
            code,
            "\(place): \(message.english)",
            hint: instead?.english ?? "man reportd.yaml explains every line",
            details: [
                Member.line: .optional(line), Member.setting: .string(setting),
                Member.english: .string(message.english), Member.chinese: .string(message.chinese),
                Member.instead: .optional(instead?.english),
                Member.insteadChinese: .optional(instead?.chinese),
            ]
        )
    }

    /// The error that ends the start of a node.
    /// - Parameter moreCount: how many further faults the file has.
    /// - Returns: the error of this fault, which says that there are more.
    func error(moreCount: Int) -> ReportError {
        var error = error
        error.details = [:]
        guard moreCount > 0 else { return error }
        error.message += " (and \(moreCount) more)"
        error.hint = (error.hint ?? "") + "; all of them: reportd check-config \(path)"
        return error
    }

    /// Takes an error of a reading; one that is no fault of a setting speaks of the whole file.
    init(_ error: ReportError, path: String) {
        func text(_ name: String) -> String? { error.details[name]?.stringValue }
        guard let english = text(Member.english), let chinese = text(Member.chinese) else {
            self.init(
                path: path,
                setting: "",
                message: Words(error.message, error.message),
                instead: error.hint.map { Words($0, $0) },
                code: error.code
            )
            return
        }
        self.init(
            path: path,
            line: error.details[Member.line]?.integerValue,
            setting: text(Member.setting) ?? "",
            message: Words(english, chinese),
            instead: text(Member.instead).map { Words($0, text(Member.insteadChinese) ?? $0) },
            code: error.code
        )
    }
}

/// The faults found so far while a configuration is read.
///
/// Belongs to one reading, which is synchronous and in one task.
final class FaultList {
    private(set) var faults: [ConfigurationFault] = []
    /// The file that is read.
    let path: String

    init(path: String) { self.path = path }

    /// Puts a fault on the list.
    func add(_ fault: ConfigurationFault) { faults.append(fault) }

    /// Puts an error of a reader on the list.
    func add(_ error: ReportError) { add(ConfigurationFault(error, path: path)) }

    /// Reads one part; what is wrong with it goes on the list, and the reading goes on.
    /// - Parameter body: reads the part.
    /// - Returns: the part; nil when something was wrong.
    func attempt<Part>(_ body: @autoclosure () throws(ReportError) -> Part) -> Part? {
        do throws(ReportError) {
            return try body()
        } catch {
            add(error)
            return nil
        }
    }

    /// The faults by line.
    var sorted: [ConfigurationFault] { faults.sorted { ($0.line ?? 0) < ($1.line ?? 0) } }

    /// Ends a reading.
    /// - Throws: ``ReportModel/ReportError`` for the first fault with which no node starts, when there is one.
    func throwIfAny() throws(ReportError) {
        let first = sorted.first { $0.endsStart }
        if let first { throw first.error(moreCount: faults.count - 1) }
    }
}
