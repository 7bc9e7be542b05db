/// The tables that records become: one row a record, and a long one for each kind of fact.
///
/// Names of tables and columns are stable: columns are only added, at the end.
///
/// Source: docs/export.md.
public enum ExportTable: String, CaseIterable, Hashable, Sendable {
    /// One row for each record.
    case records
    /// One row for each amount of money.
    case amounts
    /// One row for each percentage.
    case rates
    /// One row for each row of an indicator table.
    case indicators
    /// One row for each problem or improvement that a unit names.
    case items
    /// One row for each finding of the rules.
    case findings
    /// One row for each project.
    case projects
    /// One row for each heading.
    case sections
    /// One row for each name or telephone number.
    case people

    /// Name of the sheet.
    public var title: String {
        switch self {
        case .records: "报告"
        case .amounts: "金额"
        case .rates: "比率"
        case .indicators: "指标"
        case .items: "问题与改进"
        case .findings: "发现"
        case .projects: "项目"
        case .sections: "标题"
        case .people: "人员"
        }
    }

    /// The columns.
    public var columns: [TableColumn] {
        switch self {
        case .records: RecordRow.columns
        case .amounts: FactRows.owner + FactRows.amountColumns + FactRows.placeColumns
        case .rates: FactRows.owner + FactRows.rateColumns + FactRows.placeColumns
        case .indicators: FactRows.owner + FactRows.indicatorColumns + FactRows.placeColumns
        case .items: FactRows.owner + FactRows.itemColumns + FactRows.placeColumns
        case .findings: FactRows.owner + FactRows.findingColumns
        case .projects: FactRows.owner + FactRows.projectColumns + FactRows.placeColumns
        case .sections: FactRows.owner + FactRows.sectionColumns
        case .people: FactRows.owner + FactRows.peopleColumns
        }
    }

    /// The rows that a record has in this table.
    /// - Parameter record: a version of a record.
    /// - Returns: rows with a cell for each column.
    public func rows(of record: ExportedRecord) -> [[TableCell]] {
        switch self {
        case .records: [RecordRow.cells(of: record)]
        case .amounts: FactRows(record).amounts
        case .rates: FactRows(record).rates
        case .indicators: FactRows(record).indicators
        case .items: FactRows(record).items
        case .findings: FactRows(record).findings
        case .projects: FactRows(record).projects
        case .sections: FactRows(record).sections
        case .people: FactRows(record).people
        }
    }
}
