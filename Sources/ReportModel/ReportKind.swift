/// What a report is about: the part of a key that ends the unit.
///
/// The words are reserved: no district or unit has them as its whole name.
///
/// Source: DESIGN section 3, Key.
public enum ReportKind: Hashable, Sendable, CustomStringConvertible {
    /// 整体支出: the expenditure of a department as a whole.
    case overall
    /// 部门决算: the public explanation of the final account.
    case finalAccount
    /// 项目支出: a project, nil when there are several or it has no name.
    case project(String?)
    /// 三公经费: the explanation of the three public expenses.
    case threePublic
    /// 基础数据: the table of base data.
    case baseData
    /// 其他: anything else.
    case other

    /// The reserved words in the order of the contract.
    public static let reservedWords = ["整体支出", "部门决算", "项目支出", "三公经费", "基础数据", "其他"]

    /// Makes the kind that a reserved word names, without a project.
    ///
    /// - Parameter word: one of ``reservedWords``, cleaned.
    public init?(word: some StringProtocol) {
        switch word {
        case "整体支出": self = .overall
        case "部门决算": self = .finalAccount
        case "项目支出": self = .project(nil)
        case "三公经费": self = .threePublic
        case "基础数据": self = .baseData
        case "其他": self = .other
        default: return nil
        }
    }

    /// Makes a kind from a record's `kind`, such as `整体支出` or `项目支出/工会经费`.
    ///
    /// All that follows the first slash is the project's name, further slashes included.
    public init?(_ text: String) {
        guard let slash = text.utf8.firstIndex(of: 0x2F) else {
            self.init(word: KeyPart.clean(text))
            return
        }
        self.init(word: KeyPart.clean(String(text[..<slash])))
        let name = String(text[text.utf8.index(after: slash)...])
        guard case .project = self, !KeyPart.clean(name).isEmpty else { return nil }
        self = .project(name)
    }

    /// The reserved word.
    public var word: String {
        switch self {
        case .overall: "整体支出"
        case .finalAccount: "部门决算"
        case .project: "项目支出"
        case .threePublic: "三公经费"
        case .baseData: "基础数据"
        case .other: "其他"
        }
    }

    /// The name of the project, if there is one.
    public var project: String? {
        if case .project(let name) = self { name } else { nil }
    }

    /// The kind as a record has it: the reserved word, with `/` and the project's name if it has one.
    public var text: String {
        if let project { "\(word)/\(project)" } else { word }
    }

    /// The kind as a record has it.
    public var description: String { text }
}
