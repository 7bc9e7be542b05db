import ReportModel
import ReportWire
import Testing

@testable import ReportSync

@Suite("Forms of bodies in a session")
struct BodyFormsTests {
    /// What the county sent of each entry, by a session in which the city reads only some forms.
    private func sent(forms: BodyForms) -> [ReplicatedEntry] {
        let file = Body(kind: .source, bytes: [UInt8](repeating: 0x61, count: 5000))
        let county = Nodes.county()
        county.append("第一版", source: (file, 1))
        county.append("第二版", source: (file, 1))
        let city = Nodes.city()
        let conversation = Conversation(county: county, city: city, cityForms: forms)
        conversation.run()
        #expect(conversation.county.progress.isCaughtUp)
        return city.held(county.own)?.entries ?? []
    }

    @Test("a file that the peer has with an earlier version is not sent again") func held() {
        let entries = sent(forms: .held)
        #expect(entries.count == 2)
        #expect(entries.first?.bodies.last??.bytes.count == 5000)
        #expect(entries.last?.held == [1])
        #expect(entries.last?.bodies.last == .some(nil))
    }

    @Test("a peer that reads no forms gets every body as it is") func plain() {
        let entries = sent(forms: [])
        #expect(entries.count == 2)
        #expect(entries.allSatisfy { $0.held.isEmpty && $0.bodies.last??.bytes.count == 5000 })
    }

    @Test("batches are summed with XXH3 for a peer that stated so, with SHA-256 for any other")
    func checksums() {
        for (forms, expected) in [(BodyForms.xxh3, EntryChecksum.xxh3), ([.zstd, .held], .sha256)] {
            let conversation = Conversation(
                county: Nodes.county(entries: 2),
                city: Nodes.city(),
                cityForms: forms
            )
            conversation.run()
            let checksums = conversation.county.sent.compactMap { message -> EntryChecksum? in
                if case .batch(_, let checksum) = message { checksum } else { nil }
            }
            #expect(conversation.holdTheSame && !checksums.isEmpty)
            #expect(checksums.allSatisfy { $0 == expected })
        }
    }

    @Test("forms after the first positions end the session") func late() {
        let conversation = Conversation(county: Nodes.county(entries: 1), city: Nodes.city())
        conversation.run()
        conversation.city.step(.received(.forms(.zstd)))
        #expect(conversation.city.isEnded)
    }
}
