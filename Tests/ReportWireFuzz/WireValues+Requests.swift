import FuzzSupport
import ReportModel
import ReportWire

extension WireValues {
    /// A request of any verb; those with a payload declare its length.
    func request(_ random: inout FuzzGenerator, payload: Int) -> Request {
        switch random.pick(Verb.allCases) {
        case .ping, .hello, .auth: return .ping
        case .help: return .help
        case .version: return .version
        case .status: return .status
        case .verify: return .verify
        case .renew: return .renew
        case .quit: return .quit
        case .get:
            return .get(
                GetRequest(
                    lookup: Self.text(&random),
                    body: random.pick([.record, .people, .source(0), .source(65_535)]),
                    moment: moment(&random)
                )
            )
        case .resolve: return .resolve(lookup: Self.text(&random), moment: moment(&random))
        case .query(let verb):
            var arguments = QueryArguments()
            for _ in 0..<random.below(3) { arguments.append(Self.text(&random)) }
            for name in ["limit", "after", "as-of", "by"] where random.once(in: 3) {
                arguments.set(name, Self.word(&random))
            }
            return .query(verb, arguments)
        case .command(let verb): return .command(verb, byteCount: payload)
        case .watch:
            return .watch(
                lookup: random.once(in: 2) ? Self.text(&random) : nil,
                from: random.once(in: 2) ? Self.number(&random) >> 1 : nil
            )
        case .put: return .put(file(&random, payload))
        case .parse:
            var file = file(&random, payload)
            file.ifVersion = nil
            return .parse(file, people: random.once(in: 2))
        case .putRecord:
            return .putRecord(byteCount: payload, ifVersion: random.once(in: 2) ? 3 : nil)
        case .join:
            let key = random.pick(keys)
            return .join(
                JoinRequest(
                    token: "0123456789abcdef",
                    secret: Self.hash(&random),
                    key: key,
                    channelBinding: .zero
                )
            )
        }
    }

    /// A word that can be an argument without a name.
    private static func text(_ random: inout FuzzGenerator) -> String {
        let word = word(&random)
        return word.isEmpty ? "2022" : word
    }

    private func moment(_ random: inout FuzzGenerator) -> Moment {
        switch random.below(3) {
        case 0: .asOf(Timestamp(milliseconds: UInt64(random.below(4_000_000_000_000))))
        case 1: .knownHere(Timestamp(milliseconds: UInt64(random.below(4_000_000_000_000))))
        default: .now
        }
    }

    private func file(_ random: inout FuzzGenerator, _ byteCount: Int) -> FileRequest {
        FileRequest(
            byteCount: byteCount,
            name: Self.text(&random),
            given: GivenFacts(
                year: random.once(in: 2) ? 2023 : nil,
                region: random.once(in: 2) ? Self.word(&random) : nil,
                force: random.once(in: 3)
            ),
            ifVersion: random.once(in: 3) ? random.below(1 << 31) : nil
        )
    }
}
