import ReportModel

extension SimulatedNode {
    /// Files until it is answered for: a report through the inbox, a judgement by its command.
    func submit(_ filing: Filing) {
        guard filing.kind == .submit else { return world.spawn { await self.keepTrying(filing) } }
        let inbox = inbox
        inbox.drop(filing)
        world.spawn { await self.keepTrying(filing, inbox) }
    }

    private func keepTrying(_ filing: Filing, _ inbox: SimulatedInbox) async {
        for _ in 0..<1000 where !Task.isCancelled {
            if let store, await inbox.attempt(filing, store) {
                if let receipt = inbox.receipts[filing.number] { answered(filing, receipt) }
                return
            }
            try? await world.clock.sleep(for: .seconds(2))
        }
    }

    private func keepTrying(_ filing: Filing) async {
        for _ in 0..<500 where !Task.isCancelled {
            if let store {
                // Nobody erases what is not there to be seen.
                let keyHash = Entry.keyHash(of: filing.key)
                if filing.kind == .erase, store.contents.heads(keyHash).isEmpty { return }
                do throws(ReportError) {
                    let key = key
                    let wall = wall
                    let receipt = try await store.perform { contents in
                        do throws(ReportError) {
                            return .success(try contents.append(filing, key: key, clock: wall))
                        } catch {
                            return .failure(error)
                        }
                    }
                    answered(filing, receipt)
                    return
                } catch {
                    if error.code == .notFound { return }
                }
            }
            try? await world.clock.sleep(for: .seconds(2))
        }
    }

    private func answered(_ filing: Filing, _ receipt: StoreContents.Receipt) {
        let position = receipt.position
        world.note(
            "node \(number) has filing \(filing.number) as \(world.name(position.log)):\(position.sequence)"
                + (receipt.isDuplicate ? ", a duplicate" : "")
        )
        world.checker.answered(
            number,
            filing: filing.number,
            world.name(position.log),
            position.sequence
        )
    }
}
