import ReportModel

/// Something wrong in a configuration file: where, and what to write instead.
public struct ConfigurationFault: Error, Hashable, Sendable {
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

    /// `FILE:LINE: SETTING`, as far as they are known.
    public var place: String {
        var place = path
        if let line { place += ":\(line)" }
        return setting.isEmpty ? place : "\(place): \(setting)"
    }

    /// The fault as the error that ends the start of a node.
    /// - Parameter moreCount: how many further faults the file has.
    /// - Returns: an error `usage`.
    func error(moreCount: Int) -> ReportError {
        var message = "\(place): \(message.english)"
        if moreCount > 0 { message += " (and \(moreCount) more)" }
        let all = moreCount > 0 ? "; all of them: reportd check-config \(path)" : ""
        let hint = instead?.english ?? "man reportd.yaml explains every line"
        return ReportError(.usage, message, hint: hint + all)
    }
}

/// The faults found so far while a configuration is read.
///
/// Belongs to one reading, which is synchronous and in one task.
final class FaultList {
    private(set) var faults: [ConfigurationFault] = []

    /// Puts a fault on the list.
    func add(_ fault: ConfigurationFault) { faults.append(fault) }

    /// Reads one part; what is wrong with it goes on the list, and the reading goes on.
    /// - Parameter body: reads the part.
    /// - Returns: the part; nil when something was wrong.
    func attempt<Part>(
        _ body: @autoclosure () throws(ConfigurationFault) -> Part
    ) -> Part? {
        do throws(ConfigurationFault) {
            return try body()
        } catch {
            add(error)
            return nil
        }
    }

    /// Ends a reading.
    /// - Throws: ``ReportModel/ReportError`` `usage` for the first fault, when there is one.
    func throwIfAny() throws(ReportError) {
        let sorted = faults.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
        if let first = sorted.first { throw first.error(moreCount: sorted.count - 1) }
    }
}
