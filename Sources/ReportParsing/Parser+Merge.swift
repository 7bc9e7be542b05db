public import ReportModel

extension Parser {
    /// Joins a supplement to the record that it completes: the old parts and the new.
    ///
    /// Identity, title, score, grade and rate stay those of the head; what the head lacks comes from
    /// the supplement. Numbers of sources, parts and places of the supplement are shifted behind the
    /// head's; the rules run over the whole.
    ///
    /// Source: DESIGN section 3, filings of several files.
    /// - Parameters:
    ///   - head: the record so far.
    ///   - supplement: the record of the additional file.
    /// - Returns: one record with every source and part, and today's findings.
    public static func merge(head: Record, supplement: Record) -> Record {
        let shifted = shifted(
            supplement,
            sources: head.sources.count,
            parts: head.parts.count
        )
        var record = head
        record.parser = ParserVersions.joined(version, head.parser, supplement.parser)
        record.rules = Rules.version
        record.sources += shifted.sources
        record.parts += shifted.parts
        record.staffing += shifted.staffing
        record.amounts += shifted.amounts
        record.rates += shifted.rates
        record.indicators += shifted.indicators
        record.executionLines += shifted.executionLines
        record.scores += shifted.scores
        record.projects += shifted.projects
        record.counts += shifted.counts
        record.remarks += shifted.remarks
        record.problems += shifted.problems
        record.improvements += shifted.improvements
        record.sections += shifted.sections
        record.unread += shifted.unread
        record.title = head.title ?? shifted.title
        record.reportDate = head.reportDate ?? shifted.reportDate
        record.score = head.score ?? shifted.score
        record.grade = head.grade ?? shifted.grade
        record.executionRate = head.executionRate ?? shifted.executionRate
        let names = [shifted.unit.name].compactMap { $0 } + shifted.unit.aliases
        for name in names
        where name != record.unit.name && !record.unit.aliases.contains(name) {
            record.unit.aliases.append(name)
        }
        for (field, value) in shifted.given where record.given[field] == nil {
            record.given[field] = value
        }
        record.findings = recheck(record)
        return record
    }

    /// Shifts every `source` and `part` index of a record by way of its JSON, so that no field that
    /// holds a place is forgotten.
    static func shifted(_ record: Record, sources: Int, parts: Int) -> Record {
        func shift(_ json: JSONValue) -> JSONValue {
            switch json {
            case .array(let values):
                return .array(values.map(shift))
            case .object(let members):
                var result = members
                for (key, value) in members {
                    if key == "source", case .integer(let index) = value {
                        result[key] = .integer(index + sources)
                    } else if key == "part", case .integer(let index) = value {
                        result[key] = .integer(index + parts)
                    } else {
                        result[key] = shift(value)
                    }
                }
                return .object(result)
            default:
                return json
            }
        }
        return (try? Record(json: shift(record.json))) ?? record
    }
}
