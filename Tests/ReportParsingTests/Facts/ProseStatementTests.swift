import ReportModel
import ReportParsing
import Testing

/// A sentence with the facts that it states, one a line: kind, number, label, roles, direction.
struct ProseStatement: Sendable, CustomTestStringConvertible {
    /// The kind of document that the sentence stands in.
    enum Context: Sendable { case finalAccount, department, project }

    /// A fact as the table writes it.
    struct Fact {
        var kind: Character
        var number: String
        var label: String
        var roles: [String]
        var direction: String?

        init(_ line: Substring) {
            kind = line.first ?? " "
            let fields = line.dropFirst(2).split(separator: "|", omittingEmptySubsequences: false)
            number = String(fields[0])
            label = fields.count > 1 ? String(fields[1]) : ""
            roles = fields.count > 2 ? fields[2].split(separator: ",").map(String.init) : []
            direction = fields.count > 3 ? String(fields[3]) : nil
        }
    }

    var context: Context
    var text: String
    var facts: [Fact]
    var testDescription: String { String(text.prefix(40)) }

    init(in context: Context, _ text: String, _ facts: String) {
        self.context = context
        self.text = text
        self.facts = facts.split(separator: "\n").map(Fact.init)
    }

    /// The sentence in a document with a title.
    var document: String {
        let unit = "衡阳市衡南县农业农村局2023"
        switch context {
        case .finalAccount:
            return unit + "年度部门决算\n第三部分 2023年度部门决算情况说明\n一、收入支出决算总体情况说明\n" + text
        case .department: return unit + "年度部门整体支出绩效自评报告\n一、部门概况\n" + text
        case .project: return unit + "年乡村道路建设项目绩效自评报告\n一、项目概况\n" + text
        }
    }

    static let all = first + second
}

@Suite("Statements in running text")
struct ProseStatementTests {
    /// What a record says, in one shape for all kinds of facts.
    private struct Stated {
        var kind: Character
        var number: String
        var label: String
        var role: String
        var direction: String?
    }

    @Test(
        "every number of a sentence is found with its name, role and direction",
        arguments: ProseStatement.all
    )
    func statements(_ statement: ProseStatement) throws {
        let record = try IdentityTests.parse(statement.document).record
        var rest = stated(record)
        for fact in statement.facts {
            let fitting = rest.indices.filter {
                rest[$0].kind == fact.kind && rest[$0].number == fact.number
            }
            let best = fitting.max {
                overlap(rest[$0].label, fact.label) < overlap(rest[$1].label, fact.label)
            }
            guard let best else {
                Issue.record("\(fact.number) is missing")
                continue
            }
            let found = rest.remove(at: best)
            let likeness = overlap(found.label, fact.label)
            #expect(likeness >= 0.5, "\(fact.number): \(found.label), not \(fact.label)")
            if !fact.roles.isEmpty {
                #expect(
                    fact.roles.contains(found.role),
                    "\(fact.number) \(found.label): \(found.role)"
                )
            }
            if let direction = fact.direction { #expect(found.direction == direction) }
        }
        let surplus = rest.filter { $0.kind != "R" }.map { $0.number + " " + $0.label }
        #expect(surplus == [])
    }

    private func stated(_ record: Record) -> [Stated] {
        record.amounts.map {
            Stated(
                kind: "A",
                number: $0.value,
                label: $0.label,
                role: $0.role,
                direction: $0.direction
            )
        }
            + record.rates.map {
                Stated(
                    kind: "R",
                    number: $0.percent,
                    label: $0.label,
                    role: $0.role,
                    direction: $0.direction
                )
            }
            + record.staffing.map {
                Stated(kind: "S", number: $0.count, label: $0.label, role: $0.role)
            }
            + record.scores.map {
                Stated(kind: "G", number: $0.total, label: $0.grade ?? "", role: "")
            }
    }

    /// Dice's measure of the pairs of neighbouring characters, marks left out.
    private func overlap(_ left: String, _ right: String) -> Double {
        func pairs(_ text: String) -> Set<String> {
            let letters = text.filter { !"“”\"（）()、，。：: ".contains($0) }.map(String.init)
            return letters.count > 1
                ? Set(zip(letters, letters.dropFirst()).map { $0 + $1 }) : Set(letters)
        }
        let (a, b) = (pairs(left), pairs(right))
        if a.isEmpty, b.isEmpty { return 1 }
        return 2 * Double(a.intersection(b).count) / Double(a.count + b.count)
    }
}
