/// What one document of a filing is.
///
/// Source: record schema, paragraph on kinds of parts.
public enum PartKind: String, Hashable, Sendable, CaseIterable {
    case overallSelfEvaluationReport = "department-overall-self-evaluation-report"
    case overallEvaluationReport = "department-overall-evaluation-report"
    case overallSelfEvaluationTable = "department-overall-self-evaluation-table"
    case projectSelfEvaluationTable = "project-self-evaluation-table"
    case projectSelfEvaluationReport = "project-self-evaluation-report"
    case finalAccountExplanation = "final-account-public-explanation"
    case baseDataTable = "base-data-table"
    case threePublicExplanation = "three-public-explanation"
    case other

    /// Whether the part speaks of the department as a whole.
    public var isAboutDepartment: Bool {
        switch self {
        case .overallSelfEvaluationReport, .overallEvaluationReport, .overallSelfEvaluationTable:
            true
        default: false
        }
    }
}
