import ReportModel
import ReportSync
import Testing

@testable import ReportDaemon

@Suite("The regions of a request")
struct RequestScopeTests {
    private static let own = "2023/湛江市/麻章区/红星小学/整体支出"
    private static let foreign = "2023/湛江市/赤坎区/红星小学/整体支出"

    private func scope(_ region: String) -> RequestScope {
        RequestScope(grant: Grant(regions: [region], rights: Set(Grant.Right.allCases)))
    }

    private func json(_ lookup: String, also lookups: [String]? = nil) -> [UInt8] {
        var members: [String: JSONValue] = [
            "lookup": .string(lookup), "to": .string(lookup), "reason": "错报", "by": "某人",
            "text": "说明", "author": "某人", "comment": nil, "verdict": "approve",
            "authority": "文号", "parts": ["sources"], "rehearsal": true, "olderThan": nil,
            "fingerprint": "0123456789abcdef",
        ]
        if let lookups { members["lookups"] = .array(lookups.map { .string($0) }) }
        return JSONValue.object(members).canonicalBytes
    }

    private func refusal(
        _ verb: StoreCommand.Verb,
        _ payload: [UInt8],
        in region: String
    ) -> ReportError? {
        do throws(ReportError) {
            _ = try scope(region).command(verb, payload)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "lookups that a verb does not read do not open another region",
        arguments: [StoreCommand.Verb.retract, .rekey, .erase, .note]
    )
    func otherMember(verb: StoreCommand.Verb) {
        let own = refusal(verb, json(Self.own, also: [Self.foreign]), in: "湛江市/麻章区")
        #expect(own == nil)
        for payload in [json(Self.foreign, also: [Self.own]), json(Self.foreign, also: [])] {
            let error = refusal(verb, payload, in: "湛江市/麻章区")
            #expect(error?.code == .notAllowed, "\(verb)")
        }
    }

    @Test(
        "the one lookup does not stand for the many",
        arguments: [StoreCommand.Verb.review, .reparse]
    )
    func many(verb: StoreCommand.Verb) {
        let own = refusal(verb, json(Self.own, also: [Self.own]), in: "湛江市/麻章区")
        #expect(own == nil)
        let mixed = refusal(verb, json(Self.own, also: [Self.own, Self.foreign]), in: "湛江市/麻章区")
        #expect(mixed?.code == .notAllowed)
        let none = refusal(verb, json(Self.own, also: []), in: "湛江市/麻章区")
        #expect(none?.code == .usage)
    }

    @Test("a grant for a province does not open its cities by a longer way of writing them")
    func province() {
        let payload = json("2023/广东省/湛江市/总工会/整体支出")
        for verb in [StoreCommand.Verb.retract, .erase, .note] {
            let error = refusal(verb, payload, in: "广东省")
            #expect(error?.code == .notAllowed, "\(verb)")
        }
    }

    @Test("a unit's full name does not lead out of the region")
    func fullName() {
        let payload = json("2023/湛江市/麻章区/湛江市赤坎区红星小学/整体支出")
        let error = refusal(.retract, payload, in: "湛江市/麻章区")
        #expect(error?.code == .notAllowed)
    }

    @Test("a version is moved neither out of the regions nor into them")
    func rekey() {
        for (from, to) in [(Self.own, Self.foreign), (Self.foreign, Self.own)] {
            let payload = JSONValue.object([
                "lookup": .string(from), "to": .string(to), "reason": "错报", "by": nil,
            ]).canonicalBytes
            let error = refusal(.rekey, payload, in: "湛江市/麻章区")
            #expect(error?.code == .notAllowed)
        }
    }

    @Test("peers and bundles are no matter of a region")
    func peers() {
        let payload = JSONValue.object(["lookups": [], "action": "list"]).canonicalBytes
        #expect(refusal(.peer, payload, in: "湛江市/麻章区") != nil)
    }

    @Test("an answer holds no key of another region, under whatever name")
    func answers() {
        let scope = scope("湛江市/麻章区")
        let good: [JSONValue] = [
            ["key": .string(Self.own), "detail": ["from": .string(Self.own + "@1")]],
            ["changes": [["from": "100 万元", "to": "2023"]], "titles": ["2023/麻章区"]],
        ]
        for answer in good { #expect(throws: Never.self) { try scope.check(answer: answer) } }
        let foreign = JSONValue.string(Self.foreign)
        let bad: [JSONValue] = [
            ["key": foreign], ["items": [["detail": ["from": .string(Self.foreign + "@2")]]]],
            ["detail": ["to": foreign]], ["candidates": [foreign]], ["key": "nonsense"],
        ]
        for answer in bad { #expect(throws: ReportError.self) { try scope.check(answer: answer) } }
        let erased: JSONValue = ["sharedWith": [foreign, .string(Self.own + "@1")], "entry": nil]
        let shown: JSONValue = ["sharedWith": [.string(Self.own + "@1")], "entry": nil]
        #expect(scope.withoutForeignKeys(erased) == shown)
        #expect(RequestScope.everywhere.withoutForeignKeys(erased) == erased)
    }

    @Test("large replies share their room, and one alone always has some")
    func replies() {
        let budget = ReplyBudget(limit: 100)
        #expect(budget.take(500))
        #expect(!budget.take(1))
        budget.giveBack(500)
        #expect(budget.take(60) && budget.take(40) && !budget.take(1))
        let turn = VerifyTurn()
        #expect(turn.take() && !turn.take())
        turn.end()
        #expect(turn.take())
    }
}
