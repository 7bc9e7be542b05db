/// A number of a record with its name.
package struct NamedNumber: Hashable, Sendable {
    /// The list whose roles have such names; nil: the name is no role.
    package var list: RoleList?
    /// What follows the beginning that names of the list have.
    package var role: String
    /// The number.
    package var value: ExactDecimal

    /// Makes a number.
    /// - Parameters:
    ///   - list: the list whose roles have such names; nil: the name is no role.
    ///   - role: the role, or the name.
    ///   - value: the number.
    package init(list: RoleList? = nil, role: String, value: ExactDecimal) {
        self.list = list
        self.role = role
        self.value = value
    }

    /// The whole name.
    package var name: String { (list?.prefix ?? "") + role }
}

/// A list of a record whose elements have roles.
package enum RoleList: String, CaseIterable, Sendable {
    case amounts
    case rates
    case staffing

    /// The member with the number.
    var valueName: String {
        switch self {
        case .amounts: "yuan"
        case .rates: "percent"
        case .staffing: "count"
        }
    }

    /// What stands before a role in the names of numbers.
    package var prefix: String {
        switch self {
        case .amounts: "amount:"
        case .rates: "rate:"
        case .staffing: "staff:"
        }
    }
}
