public import ReportModel

/// What one check of `reportctl doctor` found, and the command that mends it.
public struct Diagnosis: Hashable, Sendable {
    /// How bad it is.
    public enum Level: String, Hashable, Sendable, CaseIterable {
        /// Nothing to do.
        case ok
        /// Worth knowing; the node does its work.
        case notice
        /// Must be mended.
        case fault
    }

    /// Stable word of the check, such as `inotify`.
    public var check: String
    /// How bad it is.
    public var level: Level
    /// What was found.
    public var finding: Words
    /// The command that mends it; nil when there is none, or nothing to mend.
    public var command: String?
    /// The kind of a fault, which decides the exit code.
    public var code: ReportError.Code

    /// The exit code of several diagnoses: 0 without a fault, that of the faults when they are of one kind,
    /// else that of `partial`.
    /// - Parameter all: what was found.
    /// - Returns: an exit code of DESIGN section 7.
    public static func exitCode(of all: [Diagnosis]) -> Int32 {
        let codes = Set(all.filter { $0.level == .fault }.map(\.code.exitCode))
        guard let first = codes.first else { return 0 }
        return codes.count == 1 ? first : ReportError.Code.partial.exitCode
    }
}

/// One question that `reportctl doctor` asks.
protocol DoctorCheck: Sendable {
    /// Stable word for programs.
    static var name: String { get }
    /// What is looked at, for people.
    static var title: Words { get }

    /// Looks.
    /// - Parameter patient: the node and its machine.
    /// - Returns: everything that was found; nothing when the question does not arise.
    static func examine(_ patient: Patient) async -> [Diagnosis]
}

extension DoctorCheck {
    static func ok(_ english: String, _ chinese: String) -> Diagnosis {
        Diagnosis(
            check: name,
            level: .ok,
            finding: Words(english, chinese),
            command: nil,
            code: .internal
        )
    }

    static func notice(
        _ english: String,
        _ chinese: String,
        command: String? = nil
    ) -> Diagnosis {
        Diagnosis(
            check: name,
            level: .notice,
            finding: Words(english, chinese),
            command: command,
            code: .internal
        )
    }

    static func fault(
        _ code: ReportError.Code,
        _ english: String,
        _ chinese: String,
        command: String?
    ) -> Diagnosis {
        Diagnosis(
            check: name,
            level: .fault,
            finding: Words(english, chinese),
            command: command,
            code: code
        )
    }
}
